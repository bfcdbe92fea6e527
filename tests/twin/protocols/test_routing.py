"""Connected and static routes, and those that real EOS printed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from avdlab.net.addresses import format_ipv4, parse_prefix
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.rib import Rib, RouteType

Lab = Callable[..., Fabric]
PORTS = (
    "ip routing\ninterface Ethernet1\n   no switchport\n   ip address 10.0.1.1/24\n"
    "interface Ethernet2\n   no switchport\n   ip address 10.0.2.1/24\n"
)
CABLES = ("a:Ethernet1 b:Ethernet1", "a:Ethernet2 b:Ethernet2")


def rib(lab: Lab, lines: str, cables: tuple[str, ...] = CABLES) -> Rib:
    return lab({"a": PORTS + lines, "b": ""}, cables).state.devices["a"].ribs["default"]


def hops(table: Rib, prefix: str) -> list[str] | None:
    route = table.get(parse_prefix(prefix))
    if route is None:
        return None
    return [f"{v.interface} {format_ipv4(v.next_hop) if v.next_hop else '-'}" for v in route.vias]


def test_connected_routes_of_ports_that_are_up(lab: Lab) -> None:
    table = rib(lab, "", CABLES[:1])
    assert [str(route.prefix) for route in table] == ["10.0.1.0/24"]


def test_static_routes_resolve_over_connected_ones(lab: Lab) -> None:
    table = rib(lab, "ip route 0.0.0.0/0 10.0.1.9\nip route 0.0.0.0/0 10.0.2.9\n")
    assert hops(table, "0.0.0.0/0") == ["Ethernet1 10.0.1.9", "Ethernet2 10.0.2.9"]


def test_the_lower_distance_alone_is_used_and_the_other_takes_over(lab: Lab) -> None:
    lines = "ip route 10.9.0.0/16 10.0.1.9\nip route 10.9.0.0/16 10.0.2.9 200\n"
    assert hops(rib(lab, lines), "10.9.0.0/16") == ["Ethernet1 10.0.1.9"]
    assert hops(rib(lab, lines, CABLES[1:]), "10.9.0.0/16") == ["Ethernet2 10.0.2.9"]


def test_a_static_route_has_the_metric_that_is_asked_for(lab: Lab) -> None:
    found = rib(lab, "ip route 10.9.0.0/16 10.0.1.9 20 metric 5\n").get(parse_prefix("10.9.0.0/16"))
    assert found is not None
    assert (found.preference, found.metric) == (20, 5)


def test_recursion_stops_at_the_connected_hop(lab: Lab) -> None:
    table = rib(lab, "ip route 10.8.0.0/16 10.9.0.1\nip route 10.9.0.0/16 10.0.1.9\n")
    assert hops(table, "10.8.0.0/16") == ["Ethernet1 10.0.1.9"]


def test_a_route_does_not_resolve_over_itself(lab: Lab) -> None:
    assert hops(rib(lab, "ip route 10.9.0.0/16 10.9.0.1\n"), "10.9.0.0/16") is None


def test_null_and_interface_routes(lab: Lab) -> None:
    table = rib(lab, "ip route 10.7.0.0/16 Null0\nip route 10.6.0.0/16 Ethernet1 10.0.1.7\n")
    found = table.get(parse_prefix("10.7.0.0/16"))
    assert found is not None
    assert found.drop
    assert hops(table, "10.6.0.0/16") == ["Ethernet1 10.0.1.7"]


def test_what_a_static_route_resolves_over(lab: Lab) -> None:
    """Nowhere is a way too (black holes); an interface alone leads to the next hop itself."""
    table = rib(
        lab,
        "ip route 10.7.0.0/16 Null0\nip route 10.6.0.0/16 10.7.0.1\n"
        "ip route 10.5.0.0/16 Ethernet1\nip route 10.4.0.0/16 10.5.0.1\n",
    )
    found = table.get(parse_prefix("10.6.0.0/16"))
    assert found is not None
    assert found.drop
    assert hops(table, "10.4.0.0/16") == ["Ethernet1 10.5.0.1"]


def test_next_hops_that_resolve_later_share_with_the_others(lab: Lab) -> None:
    lines = "ip route 10.9.0.0/16 10.0.1.9\nip route 10.9.0.0/16 10.8.0.1\n"
    table = rib(lab, f"{lines}ip route 10.8.0.0/16 10.0.2.9\n")
    assert hops(table, "10.9.0.0/16") == ["Ethernet1 10.0.1.9", "Ethernet2 10.0.2.9"]


def test_a_leak_into_another_vrf(lab: Lab) -> None:
    lines = "vrf instance A\nip route vrf A 10.5.0.0/16 egress-vrf default 10.0.1.5\n"
    table = lab({"a": PORTS + lines, "b": ""}, CABLES).state.devices["a"].ribs["A"]
    route = table.get(parse_prefix("10.5.0.0/16"))
    assert route is not None
    assert route.vias[0].vrf == "default"


LOCAL = {RouteType.CONNECTED.value, RouteType.STATIC.value}


def printed(folder: Path, node: str) -> dict[str, Any]:
    (path,) = (folder / "show" / node).glob("show_ip_route_vrf_all_*json*")
    found = json.loads(path.read_text())
    return dict((found[0] if isinstance(found, list) else found)["vrfs"])


@pytest.mark.parametrize(
    ("lab_name", "routes"),
    [
        ("eos_bgp_aggregate", 11),
        ("eos_bgp_weight_behavior_multi_agent", 8),
        ("eos_ceos_ebgp", 6),
        ("eos_evpn_l3_design_guide", 161),
        ("eos_ibgp_local_preference", 8),
        ("eos_ospf_bgp", 10),
        ("eos_private_asn", 29),
        ("eos_switchport_order", 6),
        ("eos_undefined_route_map", 47),
    ],
)
def test_connected_and_static_routes_as_recorded(
    recorded_lab: Callable[[str], Fabric], oracle: Path, lab_name: str, routes: int
) -> None:
    """Every one that EOS printed, with its next hops; none more. Prefixes that EOS printed as of
    another protocol are compared with that protocol's."""
    fabric = recorded_lab(lab_name)
    compared = 0
    for node, device in fabric.state.devices.items():
        for vrf, data in printed(oracle / lab_name, node).items():
            others = {
                str(parse_prefix(prefix))
                for prefix, route in data["routes"].items()
                if route["routeType"] not in LOCAL
            }
            want = {
                str(parse_prefix(prefix)): sorted(
                    (via.get("interface", ""), via.get("nexthopAddr", "")) for via in route["vias"]
                )
                for prefix, route in data["routes"].items()
                if route["routeType"] in LOCAL
            }
            have = {
                str(route.prefix): sorted(
                    (via.interface, format_ipv4(via.next_hop) if via.next_hop else "")
                    for via in route.vias
                )
                for route in device.ribs[vrf]
                if route.type.value in LOCAL and str(route.prefix) not in others
            }
            assert have == want, f"{node} VRF {vrf}"
            compared += len(want)
    assert compared == routes
