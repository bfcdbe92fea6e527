"""`show running-config all` names the defaults that client libraries read."""

from avdlab.twin.cli.all_defaults import with_defaults
from avdlab.twin.config.tree import parse_indented


def test_vlans_and_interfaces():
    config = parse_indented("vlan 77\ninterface Ethernet1\n   shutdown\ninterface Ethernet2\n")
    vlan, shut, plain = with_defaults(config).children
    assert [child.text for child in vlan.children] == ["name VLAN0077", "state active"]
    assert [child.text for child in shut.children] == ["shutdown"]
    assert [child.text for child in plain.children] == ["no shutdown"]


def test_a_name_that_is_given_stays():
    [vlan] = with_defaults(parse_indented("vlan 77\n   name seven\n")).children
    assert [child.text for child in vlan.children] == ["state active", "name seven"]
