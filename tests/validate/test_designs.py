"""Kinds of AVD designs beside the public fabrics: healthy they are green, broken they are red."""

from pathlib import Path

import pytest

from tests.side import Side, made_from, red

DESIGNS = sorted((Path(__file__).parent / "designs").glob("*.yml"))
# design -> (device, words of its configuration, others in their place, a test that notices)
BROKEN = {
    "ospf-pvst": [
        ("lf2a", "vxlan vlan 112 vni 10112", "vxlan vlan 112 vni 10113", "VerifyVniSymmetry"),
        ("ac1", "spanning-tree mode rapid-pvst", "spanning-tree mode mstp", "VerifySTPMode"),
    ],
    "rfc5549-v6": [
        (
            "lf-a.v6.example",
            "peer-address 2001:db8:61::2",
            "peer-address 2001:db8:61::3",
            "VerifyMlagStatus",
        ),
        (
            "ac-a",
            "spanning-tree priority 32768",
            "spanning-tree priority 0",
            "VerifySTPBridgePriority",
        ),
    ],
}


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.stem)
def test_a_design_is_green_until_something_breaks(path, tmp_path):
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(path.read_text())
    side = Side.of(made_from(inventory))
    assert red(side.run()) == set()
    for device, old, new, test in BROKEN[path.stem]:
        side.edit(device, old, new)
        assert device in {
            name for name, found in red(side.run(only=frozenset({test}))) if found == test
        }
        side.heal()
