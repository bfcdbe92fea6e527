"""`show vlan ...` on the feature fabric."""

from tests.twin.cli.show.fabric import features


def test_trunk_groups():
    answer = features().json("leaf1", "show vlan trunk group")
    assert answer["trunkGroups"]["4094"] == {"names": ["MLAG"]}
    assert "10" not in answer["trunkGroups"]
    lines = features().text("leaf1", "show vlan trunk group").splitlines()
    assert lines[0].split() == ["VLAN", "Trunk", "Groups"]
    assert "4094            MLAG" in lines
    assert "10" in lines
