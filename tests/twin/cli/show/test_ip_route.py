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
router ospf 1
ip route 203.0.113.0/24 Ethernet1
"""


@lru_cache(maxsize=1)
def lab() -> Lab:
    return Lab({f"r{n}": TEXT.format(n=n) for n in (1, 2)}, ("r1:Ethernet1 r2:Ethernet1",), ())


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


def test_ospf_names_no_next_hop_behind_an_unnumbered_interface():
    found = route("10.255.0.2/32")
    assert (found["routeType"], found["preference"]) == ("OSPF", 110)
    assert found["vias"] == [{"interface": "Ethernet1"}]
