"""AVD fabrics on FRR: the same routes, BGP paths and EVPN routes, before and after a link cut."""

from collections.abc import Callable
from pathlib import Path

from tests.fabrics import Rendered, rendered

from .conftest import Agree
from .fabric import run
from .rig import Rig

TABLES = ("routes", "bgp", "evpn")


def check(rig: Rig, agree: Agree, fabric: Rendered, leaf: str, spine: str) -> None:
    both = run(
        *(rig, fabric.name, fabric.texts, fabric.cables, fabric.endpoints),
        compared=TABLES,
    )
    assert not rig.complaints()
    agree(fabric.name, "before the cut", both.settle())
    cable = fabric.cable(leaf, spine)
    both.cut(cable)
    agree(fabric.name, f"{leaf} cut from {spine}", both.settle())
    both.heal(cable)
    agree(fabric.name, "healed", both.settle())
    both.talk(fabric.endpoints)
    agree(fabric.name, "endpoints talk", both.settle())


def test_our_fabric(rig: Rig, agree: Agree, repository: Path):
    fabric = rendered(repository / "inventory" / "inventory.yml")
    check(rig, agree, fabric, "osl-leaf1a", "osl-spine1")


def test_single_dc(rig: Rig, agree: Agree, data: Callable[[str], Path]):
    fabric = rendered(data("fabrics/single-dc-l3ls") / "inventory.yml")
    check(rig, agree, fabric, "dc1-leaf2a", "dc1-spine2")
