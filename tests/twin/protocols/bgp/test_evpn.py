"""EVPN routes of types 2, 3 and 5: originated, carried, imported; and what breaks them."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import format_ipv4, parse_ipv4, parse_prefix
from avdlab.twin.protocols.bgp.model import LocalMac
from avdlab.twin.tables.bgp import EvpnType, SessionState
from avdlab.twin.tables.rib import RouteType

Solve = Callable[..., object]
Texts = dict[str, str]


def dotted(addresses: tuple[int, ...]) -> list[str]:
    return [format_ipv4(address) for address in addresses]


def test_imet_fills_flood_lists(fabric: Solve, vxlan_texts: Texts) -> None:
    outcome = fabric(vxlan_texts).outcomes["leaf1"]
    assert dotted(outcome.flood[11]) == ["10.255.1.2", "10.255.1.3"]
    assert dotted(outcome.vteps) == ["10.255.1.2", "10.255.1.3"]


def test_type_5_gives_vrf_routes_over_vxlan(fabric: Solve, vxlan_texts: Texts) -> None:
    solved = fabric(vxlan_texts)
    routes = {route.prefix: route for route in solved.outcomes["leaf1"].routes["RED"]}
    route = routes[parse_prefix("10.255.2.2/32")]
    (via,) = route.vias
    assert (route.type, route.preference) == (RouteType.EBGP, 200)
    assert (format_ipv4(via.vtep or 0), via.vni) == ("10.255.1.2", 50001)
    assert via.router_mac == solved.speakers["leaf2"].router_mac


def test_local_macs_become_remote_macs_and_host_routes(fabric: Solve, vxlan_texts: Texts) -> None:
    host = LocalMac(11, "00:1c:73:00:00:01", parse_ipv4("10.1.11.10"), "Ethernet5")
    outcome = fabric(vxlan_texts, {"leaf2": (host,)}).outcomes["leaf1"]
    (mac,) = outcome.remote_macs
    assert (mac.vlan, mac.mac, mac.interface) == (11, host.mac, "Vxlan1")
    assert format_ipv4(mac.vtep or 0) == "10.255.1.2"
    (arp,) = outcome.remote_arp
    assert (arp.vrf, arp.interface, arp.mac) == ("RED", "Vlan11", host.mac)
    types = [key.type for key in outcome.bgp.evpn if key.mac == host.mac]
    assert types == [EvpnType.MAC_IP, EvpnType.MAC_IP]  # the MAC, and the MAC with its address
    assert parse_prefix("10.1.11.10/32") in {route.prefix for route in outcome.routes["RED"]}


def test_without_extended_communities_nothing_is_imported(
    fabric: Solve, vxlan_texts: Texts
) -> None:
    """The session stays up and the routes arrive, but no route target comes with them."""
    text = vxlan_texts["spine"].replace("send-community", "send-community standard")
    outcome = fabric({**vxlan_texts, "spine": text}).outcomes["leaf1"]
    assert all(session.state is SessionState.ESTABLISHED for session in outcome.bgp.sessions)
    assert any(key.rd == "10.255.0.2:11" for key in outcome.bgp.evpn)
    assert outcome.flood == {}
    assert outcome.routes["RED"] == ()


def test_spine_that_changes_the_next_hop_attracts_traffic(
    fabric: Solve, vxlan_texts: Texts
) -> None:
    lines = vxlan_texts["spine"].splitlines()
    text = "\n".join(line for line in lines if "next-hop-unchanged" not in line)
    outcome = fabric({**vxlan_texts, "spine": text}).outcomes["leaf1"]
    assert dotted(outcome.vteps) == ["10.255.0.100"]


def test_leaf_without_uplink_disappears_from_the_others(fabric: Solve, vxlan_texts: Texts) -> None:
    text = vxlan_texts["leaf2"].replace(
        "interface Ethernet1\n", "interface Ethernet1\n   shutdown\n"
    )
    outcome = fabric({**vxlan_texts, "leaf2": text}).outcomes["leaf1"]
    assert dotted(outcome.vteps) == ["10.255.1.3"]
    assert not any(key.rd.startswith("10.255.0.2:") for key in outcome.bgp.evpn)


def test_vtep_that_the_underlay_does_not_tell_makes_routes_invalid(
    fabric: Solve, vxlan_texts: Texts
) -> None:
    text = vxlan_texts["leaf2"].replace(
        "redistribute connected\n   vlan 11", "redistribute connected route-map LO0\n   vlan 11"
    )
    text = (
        "ip prefix-list LO0 seq 10 permit 10.255.0.0/24 eq 32\n"
        "route-map LO0 permit 10\n   match ip address prefix-list LO0\n" + text
    )
    solved = fabric({**vxlan_texts, "leaf2": text})
    assert dotted(solved.outcomes["leaf1"].vteps) == ["10.255.1.3"]
    of_leaf2 = [e for k, e in solved.outcomes["spine"].bgp.evpn.items() if k.rd == "10.255.0.2:11"]
    assert of_leaf2
    assert not any(path.valid or path.best for entry in of_leaf2 for path in entry.paths)


def test_route_target_that_nobody_imports(fabric: Solve, vxlan_texts: Texts) -> None:
    text = vxlan_texts["leaf2"].replace("route-target both 11:11", "route-target both 12:12")
    outcome = fabric({**vxlan_texts, "leaf2": text}).outcomes["leaf1"]
    assert dotted(outcome.flood[11]) == ["10.255.1.3"]


def test_same_inputs_same_answers(fabric: Solve, vxlan_texts: Texts) -> None:
    turned = dict(reversed(vxlan_texts.items()))
    assert fabric(vxlan_texts).outcomes == fabric(turned).outcomes


def test_what_is_read_and_not_computed_is_said(fabric: Solve, vxlan_texts: Texts) -> None:
    segment = "interface Port-Channel5\n   evpn ethernet-segment\n"
    segment += "      identifier 0000:0000:0001:0001:0001\n"
    segment += "      designated-forwarder election algorithm hrw\n"
    notes = fabric({**vxlan_texts, "leaf1": vxlan_texts["leaf1"] + segment}).outcomes["leaf1"].notes
    assert any("election by hrw" in note for note in notes)


@pytest.mark.parametrize(
    ("line", "static", "told"),
    [
        ("default-route export evpn", "", False),
        ("default-route export evpn", "ip route vrf RED 0.0.0.0/0 Null0\n", True),
        ("default-route export evpn always", "", True),
    ],
)
def test_a_vrf_may_tell_a_default_route(
    fabric: Solve, vxlan_texts: Texts, line: str, static: str, told: bool
) -> None:
    text = vxlan_texts["leaf2"].replace(
        "      redistribute connected\n", f"      redistribute connected\n      {line}\n"
    )
    outcome = fabric({**vxlan_texts, "leaf2": static + text}).outcomes["leaf1"]
    routes = {route.prefix: route for route in outcome.routes["RED"]}
    assert (parse_prefix("0.0.0.0/0") in routes) is told
