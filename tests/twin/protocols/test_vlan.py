"""VLANs on ports and on the wire."""

from collections.abc import Callable

from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.protocols.vlan import internal, taps

Lab = Callable[..., Fabric]
VLANS = "vlan 10\nvlan 20\n   trunk group G\nvlan 30\n   state suspend\n"


def made(text: str) -> Switch:
    return Switch("a", "00:00:00:00:00:01", read_settings(parse_indented(VLANS + text)))


def test_a_trunk_carries_what_is_allowed_exists_and_is_in_its_groups() -> None:
    trunk = "interface Ethernet1\n   switchport mode trunk\n"
    assert taps(made(trunk), "Ethernet1") == {None: ("a", 1), 10: ("a", 10)}
    grouped = trunk + "   switchport trunk group G\n   switchport trunk allowed vlan 10,20,99\n"
    assert taps(made(grouped), "Ethernet1") == {10: ("a", 10), 20: ("a", 20)}


def test_native_and_access_vlans_are_untagged() -> None:
    trunk = "interface Ethernet1\n   switchport mode trunk\n   switchport trunk native vlan 10\n"
    assert taps(made(trunk), "Ethernet1")[None] == ("a", 10)
    access = "interface Ethernet1\n   switchport access vlan 10\n"
    assert taps(made(access), "Ethernet1") == {None: ("a", 10)}
    missing = "interface Ethernet1\n   switchport access vlan 99\n"
    assert taps(made(missing), "Ethernet1") == {}


def test_a_routed_port_and_its_subinterfaces() -> None:
    text = (
        "interface Ethernet1\n   no switchport\n"
        "interface Ethernet1.100\n   encapsulation dot1q vlan 100\n"
    )
    assert taps(made(text), "Ethernet1") == {None: ("a", "Ethernet1"), 100: ("a", "Ethernet1.100")}


def test_internal_vlans_step_over_configured_ones() -> None:
    numbers, of_vrf = internal(
        made(
            "vlan internal order ascending range 1006 1199\nvlan 1006,1199\n"
            "interface Ethernet1\n   no switchport\n"
            "interface Vxlan1\n   vxlan vrf A vni 1\n   vxlan vrf B vni 2\n"
        )
    )
    assert numbers[1007] == "Ethernet1"
    assert of_vrf == {"A": 1195, "B": 1194}


def test_show_vlan_lists_ports_that_are_up(lab: Lab) -> None:
    text = (
        "vlan 10\ninterface Ethernet1\n   switchport access vlan 10\n"
        "interface Ethernet2\n   switchport access vlan 10\n"
    )
    fabric = lab({"a": text, "b": ""}, ("a:Ethernet1 b:Ethernet1",))
    assert fabric.state.devices["a"].vlans[10].interfaces == ("Ethernet1",)
