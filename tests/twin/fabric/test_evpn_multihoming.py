"""Hosts on two leaves without MLAG: Ethernet segments (RFC 7432), as pyavd 6.4 renders them."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import format_ipv4, parse_address, parse_ipv4
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Bond, Cable, Endpoint, EndpointAddress, Faults, Plug
from avdlab.twin.tables.bgp import Bgp, EvpnType
from avdlab.twin.tables.l2 import Segment

Lab = Callable[..., Fabric]
ESI = "0000:0000:0011:2233:4455"

LEAF = """
ip routing
vlan 10-13
interface Loopback0
   ip address 10.255.0.{n}/32
interface Loopback1
   ip address 10.255.1.{n}/32
interface Ethernet1
   no switchport
   ip address 10.0.0.{n}/24
interface Port-Channel5
   switchport mode trunk
{segment}
   lacp system-id 0011.2233.4455
interface Ethernet5
   channel-group 5 mode active
interface Vxlan1
   vxlan source-interface Loopback1
   vxlan vlan 10 vni 10010
   vxlan vlan 11 vni 10011
ip route 10.255.0.1/32 10.0.0.1
ip route 10.255.0.2/32 10.0.0.2
ip route 10.255.0.3/32 10.0.0.3
ip route 10.255.1.1/32 10.0.0.1
ip route 10.255.1.2/32 10.0.0.2
ip route 10.255.1.3/32 10.0.0.3
router bgp 6500{n}
   router-id 10.255.0.{n}
   no bgp default ipv4-unicast
   neighbor MESH peer group
   neighbor MESH update-source Loopback0
   neighbor MESH ebgp-multihop 3
   neighbor MESH send-community
   vlan 10
      rd 10.255.0.{n}:10
      route-target both 10:10
      redistribute learned
   vlan 11
      rd 10.255.0.{n}:11
      route-target both 11:11
      redistribute learned
   address-family evpn
      neighbor MESH activate
{peers}
"""
SEGMENT = """   evpn ethernet-segment
      identifier 0000:0000:0011:2233:4455
      route-target import 00:11:22:33:44:55
{more}"""
HOST = Endpoint(
    "host",
    ("e0", "e1"),
    (Bond("bond0", ("e0", "e1")),),
    tuple(
        EndpointAddress("bond0", "02:00:00:00:00:10", vlan, parse_ipv4(f"10.10.{vlan}.5"))
        for vlan in (10, 11)
    ),
)
CABLES = (
    *(f"leaf{n}:Ethernet1 switch:Ethernet{n}" for n in (1, 2, 3)),
    "leaf1:Ethernet5 host:e0",
    "leaf2:Ethernet5 host:e1",
)


def leaf(n: int, segment: str = "") -> str:
    peers = [
        line
        for m in (1, 2, 3)
        if m != n
        for line in (
            f"   neighbor 10.255.0.{m} peer group MESH",
            f"   neighbor 10.255.0.{m} remote-as 6500{m}",
        )
    ]
    return LEAF.format(n=n, segment=segment, peers="\n".join(peers))


def multihomed(lab: Lab, more: str = "", other: str | None = None) -> Fabric:
    texts = {
        "leaf1": leaf(1, SEGMENT.format(more=more)),
        "leaf2": leaf(2, SEGMENT.format(more=more if other is None else other)),
        "leaf3": leaf(3),
        "switch": "",
    }
    return lab(texts, CABLES, [HOST])


def bgp(fabric: Fabric, node: str) -> Bgp:
    found = fabric.state.devices[node].bgp
    assert found is not None
    return found


def segment(fabric: Fabric, node: str) -> Segment:
    (found,) = bgp(fabric, node).segments
    return found


def test_both_leaves_tell_of_the_segment(lab: Lab) -> None:
    fabric = multihomed(lab)
    keys = [key for key in bgp(fabric, "leaf3").evpn if key.esi == ESI]
    told = {(key.type, key.rd, key.eti) for key in keys}
    assert told == {
        (EvpnType.ETHERNET_SEGMENT, "10.255.1.1:1", 0),
        (EvpnType.ETHERNET_SEGMENT, "10.255.1.2:1", 0),
        (EvpnType.AUTO_DISCOVERY, "10.255.1.1:1", 0xFFFFFFFF),
        (EvpnType.AUTO_DISCOVERY, "10.255.1.2:1", 0xFFFFFFFF),
        (EvpnType.AUTO_DISCOVERY, "10.255.0.1:10", 0),
        (EvpnType.AUTO_DISCOVERY, "10.255.0.1:11", 0),
        (EvpnType.AUTO_DISCOVERY, "10.255.0.2:10", 0),
        (EvpnType.AUTO_DISCOVERY, "10.255.0.2:11", 0),
    }


def test_a_bundle_forms_over_both_leaves(lab: Lab) -> None:
    """The same `lacp system-id` at both makes them one system to the host."""
    fabric = multihomed(lab)
    for node in ("leaf1", "leaf2"):
        assert fabric.state.devices[node].port_channels["Port-Channel5"].active == ("Ethernet5",)


def test_a_remote_leaf_reaches_the_host_over_both(lab: Lab) -> None:
    """RFC 7432 8.4, aliasing."""
    fabric = multihomed(lab)
    (entry, _) = fabric.state.devices["leaf3"].macs
    assert [format_ipv4(vtep) for vtep in entry.vteps] == ["10.255.1.1", "10.255.1.2"]


def test_the_other_leaf_of_the_segment_uses_its_own_port(lab: Lab) -> None:
    silent = HOST.addresses
    fabric = multihomed(lab)
    assert {mac.interface for mac in fabric.state.devices["leaf2"].macs} == {"Port-Channel5"}
    assert len(fabric.state.devices["leaf2"].macs) == len(silent)


def test_a_lost_port_withdraws_the_segment(lab: Lab) -> None:
    """RFC 7432 8.2: the route of the whole segment goes, and with it every alias."""
    fabric = multihomed(lab)
    cut = Cable.between(Plug("leaf1", "Ethernet5"), Plug("host", "e0"))
    fabric.set_faults(Faults(cut=frozenset({cut})))
    (entry, _) = fabric.state.devices["leaf3"].macs
    assert [format_ipv4(vtep) for vtep in entry.vteps] == ["10.255.1.2"]
    assert bgp(fabric, "leaf1").segments == ()
    assert segment(fabric, "leaf2").vteps == (parse_address("10.255.1.2"),)


# RFC 7432 8.5: candidates in order of their addresses, VLAN modulo their number; RFC 9785: the
# highest preference, then the lowest address
ELECTIONS = [
    ("", "", {10: "10.255.1.1", 11: "10.255.1.2"}),
    (
        "      designated-forwarder election algorithm preference 100\n",
        "      designated-forwarder election algorithm preference 200\n",
        {10: "10.255.1.2", 11: "10.255.1.2"},
    ),
    (
        "      designated-forwarder election algorithm preference 100\n",
        "      designated-forwarder election algorithm preference 100\n",
        {10: "10.255.1.1", 11: "10.255.1.1"},
    ),
]


@pytest.mark.parametrize(("one", "two", "expected"), ELECTIONS, ids=["modulus", "higher", "tie"])
def test_one_leaf_forwards_broadcasts_per_vlan(
    lab: Lab, one: str, two: str, expected: dict[int, str]
) -> None:
    fabric = multihomed(lab, one, two)
    for node in ("leaf1", "leaf2"):
        found = segment(fabric, node).forwarders
        assert {v: format_ipv4(found[v]) for v in (10, 11)} == expected
