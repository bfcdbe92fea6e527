"""What a port says, as its configuration asks."""

import pytest

from avdlab.net.addresses import format_ipv4, parse_ipv4
from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.wire.speaker import Speech, speech

MAC = bytes.fromhex("020000000001")
PORT = "interface Ethernet1\n   no switchport\n"
OTHERS = frozenset({parse_ipv4("2.2.2.2")})


def said(text: str, port: str = "Ethernet1", vteps: frozenset[int] = frozenset()) -> Speech:
    switch = Switch("a", "00:1c:73:00:00:01", read_settings(parse_indented(text)), (port,))
    return speech(switch, port, MAC, vteps)


def ends(frame: bytes) -> tuple[str, str]:
    at = 30 if frame[12:14] == b"\x81\x00" else 26
    return tuple(format_ipv4(int.from_bytes(frame[i : i + 4], "big")) for i in (at, at + 4))


LEAF = (
    PORT + "   ip address 10.0.0.1/31\ninterface Loopback0\n   ip address 1.1.1.1/32\n"
    "interface Vxlan1\n   vxlan source-interface Loopback0\n   vxlan vlan 10 vni 10010\n"
    "router bgp 65001\n   neighbor 10.0.0.0 remote-as 65000\n   neighbor 1.1.1.9 remote-as 65000\n"
)


@pytest.mark.parametrize(
    ("text", "protocols"),
    [
        ("", {"lldp"}),
        ("no lldp run\n", set()),
        ("interface Ethernet1\n   no lldp transmit\n", set()),
        ("interface Ethernet1\n   shutdown\n", set()),
        (PORT + "   ip address 10.0.0.1/31\n", {"lldp", "arp"}),
        ("interface Ethernet1\n   channel-group 5 mode active\n", {"lldp", "lacp"}),
        ("interface Ethernet1\n   channel-group 5 mode on\n", {"lldp"}),
        (LEAF, {"lldp", "arp", "bgp", "vxlan"}),
        (LEAF + "   neighbor 10.0.0.0 shutdown\n   neighbor 1.1.1.9 shutdown\n",
         {"lldp", "arp", "vxlan"}),
    ],
)  # fmt: skip
def test_a_port_says_what_its_configuration_asks(text, protocols):
    assert set(said(text, vteps=OTHERS).sends) == protocols


def test_a_session_to_the_connected_peer_comes_first():
    assert ends(said(LEAF).frames["bgp"]) == ("10.0.0.1", "10.0.0.0")


def test_without_a_connected_peer_the_farther_one_is_spoken_to():
    text = LEAF.replace("   neighbor 10.0.0.0 remote-as 65000\n", "")
    assert ends(said(text).frames["bgp"]) == ("10.0.0.1", "1.1.1.9")


def test_a_vtep_speaks_to_another_one_only():
    assert "vxlan" not in said(LEAF).frames
    assert ends(said(LEAF, vteps=OTHERS).frames["vxlan"]) == ("1.1.1.1", "2.2.2.2")


def test_a_session_over_an_svi_is_tagged_on_the_members_of_the_trunk():
    text = (
        "vlan 4093\ninterface Port-Channel3\n   switchport mode trunk\n"
        "interface Ethernet1\n   channel-group 3 mode active\n"
        "interface Vlan4093\n   ip address 10.1.0.0/31\n"
        "router bgp 65001\n   neighbor 10.1.0.1 remote-as 65001\n"
    )
    frame = said(text).frames["bgp"]
    assert frame[12:16] == b"\x81\x00" + (4093).to_bytes(2, "big")
    assert ends(frame) == ("10.1.0.0", "10.1.0.1")
