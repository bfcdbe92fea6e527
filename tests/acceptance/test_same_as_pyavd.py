"""What makes rendering fast changes no byte: against the plain public functions of pyavd."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from avdlab.inventory.load import load
from avdlab.render import render
from avdlab.render.model import Rendered
from benchmarks.render.fabric import write_fabric
from benchmarks.render.plain import plain

FABRICS = ("own", "single-dc-l3ls", "l2ls-fabric", "isis-ldp-ipvpn", "cv-pathfinder")


def same(rendered: Rendered, expected: Mapping[str, Any]) -> None:
    assert set(rendered.devices) == set(expected)
    for name, device in rendered.devices.items():
        want = expected[name]
        assert device.config == want["config"], name
        assert device.documentation == want["documentation"], name
        assert json.dumps(device.structured_config) == json.dumps(want["structured_config"]), name
        assert rendered.catalogs.get(name) == want["catalog"], name


@pytest.mark.parametrize("name", FABRICS)
def test_a_fabric_is_what_the_public_functions_make(
    data: Callable[[str], Path], repository: Path, name: str
) -> None:
    own = repository / "inventory/inventory.yml"
    inventory = load(own if name == "own" else data(f"fabrics/{name}") / "inventory.yml")
    same(render(inventory), plain(inventory))


def test_a_flat_fabric_is_the_same_with_and_without_helpers(tmp_path: Path) -> None:
    inventory = load(write_fabric(tmp_path / "fabric", 20, vrfs=2, svis=3))
    expected = plain(inventory)
    same(render(inventory, workers=0), expected)
    same(render(inventory, workers=2), expected)
