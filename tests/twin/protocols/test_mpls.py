"""Label-switched paths and the VPN routes over them: two PE routers, a P router, a reflector."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import format_ipv4, parse_address, parse_prefix
from avdlab.twin.config.settings import Afi
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.mpls import Mpls
from avdlab.twin.tables.tunnels import TunnelKind
from tests.twin.mpls import PE, router

Lab = Callable[..., Fabric]

REFLECTOR = """
router bgp 65001
   router-id 10.255.0.3
   no bgp default ipv4-unicast
   neighbor PE peer group
   neighbor PE remote-as 65001
   neighbor PE update-source Loopback0
   neighbor PE route-reflector-client
   neighbor PE send-community
   neighbor 10.255.0.1 peer group PE
   neighbor 10.255.0.2 peer group PE
   address-family vpn-ipv4
      neighbor PE activate
"""
CABLES = ("pe1:Ethernet1 p:Ethernet1", "pe2:Ethernet1 p:Ethernet2", "rr:Ethernet1 p:Ethernet3")


def core(lab: Lab, kind: str, **texts: str) -> Fabric:
    known = {
        "pe1": router(1, ["10.0.0.0"], PE.format(n=1, peer=3), kind),
        "pe2": router(2, ["10.0.0.2"], PE.format(n=2, peer=3), kind),
        "rr": router(3, ["10.0.0.4"], REFLECTOR, kind),
        "p": router(4, ["10.0.0.1", "10.0.0.3", "10.0.0.5"], "", kind),
    }
    return lab({**known, **texts}, CABLES)


def mpls(fabric: Fabric, node: str) -> Mpls:
    found = fabric.state.devices[node].mpls
    assert found is not None
    return found


def vpn_ping(fabric: Fabric) -> str:
    source = parse_address("192.0.2.1")
    found = fabric.ping("pe1", "C1", parse_address("192.0.2.2"), source)
    return found.reason or f"{found.received} of {found.sent}"


@pytest.mark.parametrize("kind", ["ldp", "sr"])
def test_vpn_routes_go_over_label_switched_paths(lab: Lab, kind: str) -> None:
    fabric = core(lab, kind)
    pe1 = fabric.state.devices["pe1"]
    route = pe1.ribs["C1"].get(parse_prefix("192.0.2.2/32"))
    assert route is not None
    (via,) = route.vias
    assert (format_ipv4(via.endpoint or 0), via.labels) == ("10.255.0.2", (116384,))
    assert vpn_ping(fabric) == "5 of 5"
    assert pe1.bgp is not None
    rds = {key.rd for key in pe1.bgp.vpn[Afi.VPN_IPV4]}
    assert rds == {"10.255.0.1:10", "10.255.0.2:10"}


def test_labels_of_ldp_stop_one_router_before_the_end(lab: Lab) -> None:
    """RFC 3031 3.16: the router before the last takes the label off."""
    fabric = core(lab, "ldp")
    to_p, to_pe2 = (
        fabric.state.devices["pe1"].tunnels[parse_address(end)]
        for end in ("10.255.0.4", "10.255.0.2")
    )
    assert (to_p.kind, to_p.node, to_p.vias[0].labels) == (TunnelKind.LDP, "p", ())
    assert to_pe2.node == "pe2"
    (label,) = to_pe2.vias[0].labels
    (row,) = [row for row in mpls(fabric, "p").labels if row.label == label]
    assert [(via.interface, via.labels) for via in row.vias] == [("Ethernet2", ())]


def test_node_segments_have_one_label_everywhere(lab: Lab) -> None:
    """RFC 8667: SRGB plus index. EOS starts its SRGB at 900000."""
    fabric = core(lab, "sr")
    tunnel = fabric.state.devices["pe1"].tunnels[parse_address("10.255.0.2")]
    assert (tunnel.kind, tunnel.vias[0].labels) == (TunnelKind.ISIS_SR, (900002,))
    segments = {segment.node: segment.label for segment in mpls(fabric, "pe1").segments}
    assert segments == {"pe1": 900001, "pe2": 900002, "rr": 900003, "p": 900004}


def test_a_session_of_ldp_needs_both_ends(lab: Lab) -> None:
    quiet = router(4, ["10.0.0.1", "10.0.0.3", "10.0.0.5"], "", "ldp")
    fabric = core(lab, "ldp", p=quiet.replace("   no shutdown\n", ""))
    assert mpls(fabric, "pe1").neighbors == ()
    assert fabric.state.devices["pe1"].tunnels == {}
    assert fabric.state.devices["pe1"].ribs["C1"].get(parse_prefix("192.0.2.2/32")) is None


def test_a_transport_address_without_a_way_keeps_ldp_down(lab: Lab) -> None:
    lost = router(1, ["10.0.0.0"], PE.format(n=1, peer=3), "ldp").replace(
        "transport-address interface Loopback0", "transport-address interface Loopback9"
    )
    lost += "interface Loopback9\n   ip address 10.99.0.1/32\n"
    (neighbor,) = mpls(core(lab, "ldp", pe1=lost), "pe1").neighbors
    assert neighbor.state == "nonexistent"
    assert "no way to the transport address of pe1" in neighbor.reason


def test_one_router_without_mpls_breaks_the_path(lab: Lab) -> None:
    plain = router(4, ["10.0.0.1", "10.0.0.3", "10.0.0.5"], "", "sr").replace("mpls ip\n", "", 1)
    fabric = core(lab, "sr", p=plain)
    assert fabric.state.devices["pe1"].tunnels == {}
    bgp = fabric.state.devices["rr"].bgp
    assert bgp is not None
    (told, _) = bgp.vpn[Afi.VPN_IPV4].values()
    assert not told.paths[0].valid  # so the reflector passes nothing on
    assert "no route" in vpn_ping(fabric)


def test_route_targets_decide_what_a_vrf_takes(lab: Lab) -> None:
    text = router(2, ["10.0.0.2"], PE.format(n=2, peer=3), "ldp")
    fabric = core(lab, "ldp", pe2=text.replace("export vpn-ipv4 10:10", "export vpn-ipv4 11:11"))
    assert fabric.state.devices["pe1"].ribs["C1"].get(parse_prefix("192.0.2.2/32")) is None


# ------------------------------------------------------------------------------ IPv6 by IS-IS
SIX = """
ipv6 unicast-routing
interface Loopback0
   ipv6 address 2001:db8::{n}/128
   isis enable CORE
   isis passive
interface Ethernet1
   no switchport
   ipv6 enable
   isis enable CORE
   isis network point-to-point
router isis CORE
   net 49.0001.0000.0000.000{n}.00
   is-type level-2
   address-family ipv6 unicast
"""


def test_is_is_carries_ipv6_over_link_local_addresses(lab: Lab) -> None:
    """RFC 5308: adjacent by link-local addresses, which are the next hops."""
    fabric = lab({f"r{n}": SIX.format(n=n) for n in (1, 2)}, ("r1:Ethernet1 r2:Ethernet1",))
    source = parse_address("2001:db8::1")
    assert fabric.ping("r1", "default", parse_address("2001:db8::2"), source).received == 5


def test_multi_topology_needs_both_ends(lab: Lab) -> None:
    """RFC 5120: a router that has no IPv6 topology is not on the way of IPv6."""
    multi = "      multi-topology\n"
    texts = {"r1": SIX.format(n=1) + multi, "r2": SIX.format(n=2) + multi}
    cable = ("r1:Ethernet1 r2:Ethernet1",)
    reached = parse_address("2001:db8::2")
    assert lab(texts, cable).state.devices["r1"].ribs6["default"].lookup(reached) is not None
    texts["r2"] = SIX.format(n=2)
    assert lab(texts, cable).state.devices["r1"].ribs6["default"].lookup(reached) is None
