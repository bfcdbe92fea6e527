"""`show ip route`: how next hops stand that are interfaces alone."""

from functools import lru_cache
from typing import Any

from tests.twin.cli.show.fabric import Lab

TEXT = """
hostname r{n}
ip routing
interface Loopback0
   ip address 10.255.0.{n}/32
   ip ospf area 0
interface Ethernet1
   no switchport
   ip address unnumbered Loopback0
   ip ospf network point-to-point
   ip ospf area 0
interface Loopback1
   ip address 10.9.{n}.1/24
   ip ospf area 0
router ospf 1
ip route 203.0.113.0/24 Ethernet1
"""


@lru_cache(maxsize=2)
def lab(*, lent: bool = True) -> Lab:
    """`lent`: r2 advertises the address that its interface borrows."""
    texts = {f"r{n}": TEXT.format(n=n) for n in (1, 2)}
    if not lent:
        texts["r2"] = texts["r2"].replace(".2/32\n   ip ospf area 0", ".2/32")
    return Lab(texts, ("r1:Ethernet1 r2:Ethernet1",), ())


def route(prefix: str) -> dict[str, Any]:
    found = lab().json("r1", "show ip route vrf all")
    return dict(found["vrfs"]["default"]["routes"][prefix])


def test_a_static_route_to_an_interface_is_directly_connected():
    found = route("203.0.113.0/24")
    assert found["directlyConnected"] is True
    assert found["vias"] == [{"interface": "Ethernet1"}]
    assert "preference" not in found
    text = lab().text("r1", "show ip route static")
    assert "203.0.113.0/24\n           directly connected, Ethernet1\n" in text


def test_the_address_behind_an_unnumbered_interface_is_directly_connected():
    found = route("10.255.0.2/32")
    assert (found["routeType"], found["directlyConnected"]) == ("OSPF", True)
    assert found["vias"] == [{"interface": "Ethernet1"}]
    assert "preference" not in found
    behind = route("10.9.2.0/24")
    assert behind["preference"] == 110
    assert behind["vias"] == [{"interface": "Ethernet1", "nexthopAddr": "10.255.0.2"}]


def test_routes_behind_an_address_that_is_not_advertised_are_not_installed():
    found = lab(lent=False).json("r1", "show ip route vrf all")["vrfs"]["default"]["routes"]
    assert "10.9.2.0/24" not in found
    (neighbor,) = lab(lent=False).json("r1", "show ip ospf neighbor")["vrfs"]["default"][
        "instList"
    ]["1"]["ospfNeighborEntries"]
    assert neighbor["adjacencyState"] == "full"
