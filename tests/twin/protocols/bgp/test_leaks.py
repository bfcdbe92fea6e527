"""Routes between VRFs of one device: the leak agent, route targets, static routes across VRFs."""

import pytest

from avdlab.twin.fabric.fabric import Fabric
from tests.scenarios import Network, bgp, network, peer
from tests.twin.protocols.bgp.eos import paths, route, run, told

VRFS = "vrf instance RED\nvrf instance BLUE\nip routing vrf RED\nip routing vrf BLUE\n"
PORTS = (
    "interface Loopback1\n   vrf RED\n   ip address 10.1.0.1/24\n"
    "interface Loopback2\n   vrf BLUE\n   ip address 10.2.0.1/24\n"
)


def alone(text: str) -> Fabric:
    return run(network((), {1: VRFS + PORTS + text}))


LEAK = "router general\n   vrf BLUE\n      leak routes source-vrf RED subscribe-policy {}\n"


def test_the_agent_takes_what_its_route_map_permits() -> None:
    policy = (
        "ip prefix-list ONE seq 10 permit 10.1.0.0/24\n"
        "route-map ONE permit 10\n   match ip address prefix-list ONE\n"
        "ip route vrf RED 192.0.2.0/24 Null0\n"
    )
    fabric = alone(policy + LEAK.format("ONE"))
    found = route(fabric, "r1", "10.1.0.0/24", "BLUE")
    assert found is not None
    assert (found.type, found.source_vrf) == ("connected", "RED")
    assert [(via.interface, via.vrf) for via in found.vias] == [("Loopback1", "RED")]
    assert route(fabric, "r1", "192.0.2.0/24", "BLUE") is None
    assert route(fabric, "r1", "10.2.0.0/24", "RED") is None


def test_an_own_route_stands_before_a_leaked_one() -> None:
    both = "".join(f"ip route vrf {vrf} 192.0.2.0/24 Null0\n" for vrf in ("RED", "BLUE"))
    found = route(alone(both + LEAK.format("ALL")), "r1", "192.0.2.0/24", "BLUE")
    assert found is not None
    assert found.source_vrf == ""


def test_what_was_leaked_is_not_leaked_again() -> None:
    text = (
        LEAK.format("ALL") + "   vrf RED\n      leak routes source-vrf BLUE subscribe-policy ALL\n"
    )
    fabric = alone(text + "vrf instance GREEN\nip routing vrf GREEN\n")
    assert route(fabric, "r1", "10.2.0.0/24", "RED") is not None
    found = route(fabric, "r1", "10.1.0.0/24", "RED")
    assert found is not None
    assert found.source_vrf == ""


@pytest.mark.parametrize(("words", "heard"), [("", False), (" include leaked", True)])
def test_leaked_routes_are_redistributed_only_where_asked(words: str, heard: bool) -> None:
    blue = (
        "interface Ethernet1\n   vrf BLUE\n"
        + VRFS
        + PORTS
        + LEAK.format("ALL")
        + "router bgp 65001\n   vrf BLUE\n      rd 1:2\n"
        + f"      neighbor 10.0.18.1 remote-as 65002\n      redistribute connected{words}\n"
    )
    fabric = run(in_vrf(blue))
    assert (told(fabric, "r2", "10.1.0.0/24") is not None) == heard
    assert told(fabric, "r2", "10.2.0.0/24") is not None


def in_vrf(text: str) -> Network:
    """r1's port to r2 stands in VRF BLUE."""
    built = network(((1, 2),), {1: text, 2: bgp(2, 65002, peer(2, 1, 65001))})
    before = "interface Ethernet1\n   no switchport\n"
    texts = dict(built.texts)
    head = "vrf instance BLUE\n" + before + "   vrf BLUE\n"
    texts["r1"] = (
        texts["r1"]
        .replace(before, head)
        .replace("interface Ethernet1\n   vrf BLUE\nvrf instance RED", "vrf instance RED")
    )
    return Network(texts, built.cables)


TARGETS = """router bgp 65001
   vrf RED
      rd 1:1
      route-target import {family}1:1
      route-target export {family}1:1
      redistribute connected
   vrf BLUE
      rd 1:2
      route-target import {family}1:1
      route-target import {family}1:2
      route-target export {family}1:2
      redistribute connected
      neighbor 10.0.18.1 remote-as 65002
"""


@pytest.mark.parametrize("family", ["vpn-ipv4 ", "evpn ", ""])
def test_route_targets_join_vrfs_of_one_device(family: str) -> None:
    text = "interface Ethernet1\n   vrf BLUE\n" + VRFS + PORTS + TARGETS.format(family=family)
    fabric = run(in_vrf(text))
    found = route(fabric, "r1", "10.1.0.0/24", "BLUE")
    assert found is not None
    assert (found.type, found.source_vrf, found.directly_connected) == ("BGP", "RED", True)
    assert [(via.interface, via.vrf) for via in found.vias] == [("Loopback1", "RED")]
    (path,) = paths(fabric, "r1", "10.1.0.0/24", "BLUE")
    assert (path.best, path.local) == (True, False)
    assert route(fabric, "r1", "10.2.0.0/24", "RED") is None
    assert told(fabric, "r2", "10.1.0.0/24") is not None


def test_a_route_with_its_next_hop_in_another_vrf() -> None:
    fabric = alone("ip route vrf BLUE 192.0.2.0/24 egress-vrf RED 10.1.0.9\n")
    found = route(fabric, "r1", "192.0.2.0/24", "BLUE")
    assert found is not None
    assert [(via.interface, via.vrf) for via in found.vias] == [("Loopback1", "RED")]
    assert found.source_vrf == ""


def test_router_id_of_router_general_is_everybodys() -> None:
    text = "router general\n   router-id ipv4 9.9.9.9\n!\nrouter ospf 1\nrouter bgp 65001\n"
    fabric = alone(text)
    device = fabric.state.devices["r1"]
    assert device.bgp is not None
    assert device.bgp.router_ids["default"] == 0x09090909
    assert device.ospf[0].router_id == 0x09090909
