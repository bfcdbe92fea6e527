"""Reading VRFs and static routes."""

import pytest

from avdlab.net.addresses import format_ipv4
from avdlab.twin.config.read.routing import read_routing
from avdlab.twin.config.settings import StaticRoute
from avdlab.twin.config.tree import parse_indented


def only_route(text: str) -> StaticRoute:
    (route,) = read_routing(parse_indented(text)).routes
    return route


@pytest.mark.parametrize(
    ("line", "vrf", "prefix", "next_hop", "interface", "distance"),
    [
        ("ip route 0.0.0.0/0 10.0.0.1", "default", "0.0.0.0/0", "10.0.0.1", None, 1),
        ("ip route 0.0.0.0 0.0.0.0 10.0.0.1", "default", "0.0.0.0/0", "10.0.0.1", None, 1),
        ("ip route vrf A 10.0.0.0/8 Null0", "A", "10.0.0.0/8", None, "Null0", 1),
        (
            "ip route vrf A 10.0.0.0/8 Ethernet1 10.0.0.1 200 tag 5 name X",
            "A",
            "10.0.0.0/8",
            "10.0.0.1",
            "Ethernet1",
            200,
        ),
    ],
)
def test_static_routes(
    line: str, vrf: str, prefix: str, next_hop: str | None, interface: str | None, distance: int
) -> None:
    route = only_route(line)
    assert (route.vrf, str(route.prefix), route.distance) == (vrf, prefix, distance)
    assert (format_ipv4(route.next_hop) if route.next_hop else None) == next_hop
    assert route.interface == interface


def test_options_of_a_static_route() -> None:
    route = only_route("ip route 10.0.0.0/8 10.0.0.1 tag 7 name UP")
    assert (route.tag, route.name) == (7, "UP")


@pytest.mark.parametrize("word", ["instance", "definition"])
def test_vrfs_in_both_spellings(word: str) -> None:
    found = read_routing(
        parse_indented(f"vrf {word} A\n   rd 1:1\nvrf {word} B\nip routing\nip routing vrf A\n")
    ).vrfs
    assert {name: vrf.routing for name, vrf in found.items()} == {
        "default": True,
        "A": True,
        "B": False,
    }
    assert found["A"].rd == "1:1"


def test_routing_is_off_unless_asked() -> None:
    assert not read_routing(parse_indented("hostname a")).vrfs["default"].routing


def test_igps_are_named_as_not_computed() -> None:
    text = "router rip\n   network 10.0.0.0\nrouter ospfv3\n"
    assert read_routing(parse_indented(text)).uncomputed == ["rip", "ospfv3"]
