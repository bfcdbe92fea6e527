"""VPN tables and tunnels: two PE routers, a P router between them, over LDP and over segments."""

from functools import lru_cache
from typing import Any

import pytest

from tests.twin.cli.show.fabric import Lab

HEAD = """
ip routing
mpls ip
interface Loopback0
   ip address 10.255.0.{n}/32
   node-segment ipv4 index {n}
   isis enable CORE
   isis passive
   mpls ldp interface
router isis CORE
   net 49.0001.0000.0000.000{n}.00
   is-type level-2
   address-family ipv4 unicast
"""
PORT = """
interface Ethernet{port}
   no switchport
   ip address {address}/31
   mpls ip
   mpls ldp interface
   isis enable CORE
   isis network point-to-point
"""
LABELS = {
    "ldp": """
mpls ldp
   router-id interface Loopback0
   transport-address interface Loopback0
   interface disabled default
   no shutdown
""",
    "sr": """
router isis CORE
   segment-routing mpls
      no shutdown
""",
}
PE = """
vrf instance C1
ip routing vrf C1
interface Loopback100
   vrf C1
   ip address 192.0.2.{n}/32
router bgp 65001
   router-id 10.255.0.{n}
   no bgp default ipv4-unicast
   neighbor 10.255.0.{peer} remote-as 65001
   neighbor 10.255.0.{peer} update-source Loopback0
   neighbor 10.255.0.{peer} send-community
   address-family vpn-ipv4
      neighbor 10.255.0.{peer} activate
      neighbor default encapsulation mpls next-hop-self source-interface Loopback0
   vrf C1
      rd 10.255.0.{n}:10
      route-target import vpn-ipv4 10:10
      route-target export vpn-ipv4 10:10
      redistribute connected
"""
CABLES = ("pe1:Ethernet1 p:Ethernet1", "pe2:Ethernet1 p:Ethernet2")


@lru_cache
def core(kind: str) -> Lab:
    def router(n: int, *addresses: str, more: str = "") -> str:
        ports = [PORT.format(port=i, address=a) for i, a in enumerate(addresses, start=1)]
        return HEAD.format(n=n) + "".join(ports) + LABELS[kind] + more

    texts = {
        "pe1": router(1, "10.0.0.0", more=PE.format(n=1, peer=2)),
        "pe2": router(2, "10.0.0.2", more=PE.format(n=2, peer=1)),
        "p": router(3, "10.0.0.1", "10.0.0.3"),
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
