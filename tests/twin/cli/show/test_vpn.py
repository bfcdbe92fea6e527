"""VPN tables and tunnels: two PE routers, a P router between them, over LDP and over segments."""

from functools import lru_cache
from typing import Any

import pytest

from tests.twin.cli.show.fabric import Lab
from tests.twin.mpls import PE, router

CABLES = ("pe1:Ethernet1 p:Ethernet1", "pe2:Ethernet1 p:Ethernet2")


@lru_cache
def core(kind: str) -> Lab:
    texts = {
        "pe1": router(1, ["10.0.0.0"], PE.format(n=1, peer=2), kind),
        "pe2": router(2, ["10.0.0.2"], PE.format(n=2, peer=1), kind),
        "p": router(3, ["10.0.0.1", "10.0.0.3"], "", kind),
    }
    return Lab(texts, CABLES)


@pytest.mark.parametrize("kind", ["ldp", "sr"])
def test_table_of_vpn_routes(kind: str) -> None:
    text = core(kind).text("pe1", "show bgp vpn-ipv4")
    rows = [line for line in text.splitlines() if "IPv4 prefix" in line or "RD:" in line]
    assert len(rows) == 2
    assert "RD: 10.255.0.2:10 IPv4 prefix 192.0.2.2/32" in text
    assert "10.255.0.2" in text.splitlines()[-1]


@pytest.mark.parametrize(("kind", "name"), [("ldp", "LDP"), ("sr", "IS-IS SR IPv4")])
def test_tunnels_in_the_forwarding_table(kind: str, name: str) -> None:
    text = core(kind).text("pe1", "show tunnel fib")
    assert f"Type '{name}', index 1, endpoint 10.255.0.2/32, forwarding Primary" in text


def test_tunnels_of_segment_routing() -> None:
    found: Any = core("sr").json("pe1", "show isis segment-routing tunnel")
    entries = {entry["endpoint"]: entry for entry in found["entries"].values()}
    assert set(entries) == {"10.255.0.2/32", "10.255.0.3/32"}
    (via,) = entries["10.255.0.2/32"]["vias"]
    assert (via["interface"], via["nexthop"], via["type"]) == ("Ethernet1", "10.0.0.1", "ip")


def test_no_tunnels_of_segment_routing_over_ldp() -> None:
    assert core("ldp").json("pe1", "show isis segment-routing tunnel") == {"entries": {}}


@pytest.mark.parametrize(("kind", "name"), [("ldp", "LDP"), ("sr", "IS-IS SR")])
def test_a_vpn_route_in_the_routing_table(kind: str, name: str) -> None:
    """As EOS 4.33 printed a route over a tunnel in a public lab's notes."""
    text = core(kind).text("pe1", "show ip route vrf C1 192.0.2.2")
    route, end, way = text.rstrip().splitlines()[-3:]
    assert route == " B I      192.0.2.2/32 [200/0]"
    assert end == f"           via 10.255.0.2/32, {name} tunnel index 1, label 116384"
    assert way.startswith("              via 10.0.0.1, Ethernet1, label ")


def test_a_vpn_route_in_json() -> None:
    facts: Any = core("ldp").json("pe1", "show ip route vrf C1 192.0.2.2")
    (via,) = facts["vrfs"]["C1"]["routes"]["192.0.2.2/32"]["vias"]
    assert via["nexthopAddr"] == "10.255.0.2"
