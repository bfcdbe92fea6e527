"""Cables that swallow the frames of some protocols and keep their carrier."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import PROTOCOLS, Cable, Faults
from avdlab.twin.tables.l2 import MlagStatus

Lab = Callable[..., Fabric]
Wire = Callable[[str], Cable]

ROUTER = (
    "hostname {name}\nip routing\ninterface Loopback0\n   ip address 1.1.1.{n}/32\n"
    "interface Ethernet1\n   no switchport\n   ip address 10.0.0.{n}/24\n"
    "router bgp 6500{n}\n   neighbor 10.0.0.{peer} remote-as 6500{peer}\n"
    "   redistribute connected\n"
)
ROUTERS = {
    "a": ROUTER.format(name="a", n=1, peer=2),
    "b": ROUTER.format(name="b", n=2, peer=1),
}
CABLE = "a:Ethernet1 b:Ethernet1"


def seen(fabric: Fabric) -> dict[str, bool]:
    """Return what of the adjacency between the two routers is there."""
    device = fabric.state.devices["a"]
    assert device.bgp is not None
    return {
        "port": device.ports["Ethernet1"].up,
        "lldp": bool(device.lldp),
        "bgp": device.bgp.sessions[0].state.value == "Established",
        "ping": fabric.ping("a", "default", parse_ipv4("10.0.0.2")).received > 0,
    }


@pytest.mark.parametrize(
    ("protocols", "gone"),
    [
        ((), set()),
        (("lldp",), {"lldp"}),
        (("bgp",), {"bgp"}),
        (("arp",), {"bgp", "ping"}),
        (("vxlan", "lacp"), set()),
        (("lldp", "bgp"), {"lldp", "bgp"}),
        (("all",), {"lldp", "bgp", "ping"}),
    ],
)
def test_only_what_is_dropped_is_gone(
    lab: Lab, wire: Wire, protocols: tuple[str, ...], gone: set[str]
) -> None:
    fabric = lab(ROUTERS, (CABLE,))
    assert set(protocols) <= PROTOCOLS
    fabric.set_faults(Faults(dropped={wire(CABLE): frozenset(protocols)}))
    assert {name for name, there in seen(fabric).items() if not there} == gone
    fabric.set_faults(Faults())
    assert all(seen(fabric).values())


@pytest.fixture
def pair(lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]) -> Fabric:
    return lab(mlag_pair, pair_cables)


def test_a_member_without_lacp_leaves_the_bundle(pair: Fabric, wire: Wire) -> None:
    cable = wire("left:Ethernet1 right:Ethernet1")
    pair.set_faults(Faults(dropped={cable: frozenset({"lacp"})}))
    left = pair.state.devices["left"]
    assert left.port_channels["Port-Channel1"].active == ("Ethernet2",)
    assert left.ports["Ethernet1"].up
    assert set(left.lldp) == {"Ethernet1", "Ethernet2"}
    assert left.mlag.status is MlagStatus.ACTIVE


def test_a_bundle_passes_what_one_member_lets_through(pair: Fabric, wire: Wire) -> None:
    cables = [wire(f"left:Ethernet{n} right:Ethernet{n}") for n in (1, 2)]
    gone = frozenset({"all"})
    pair.set_faults(Faults(dropped={cables[0]: gone}))
    assert pair.state.devices["left"].mlag.status is MlagStatus.ACTIVE
    pair.set_faults(Faults(dropped=dict.fromkeys(cables, gone)))
    assert pair.state.devices["left"].mlag.status is MlagStatus.INACTIVE


VTEP = (
    "hostname v{n}\nip routing\nvrf instance RED\nip routing vrf RED\nvlan 10\n"
    "interface Loopback1\n   ip address 2.2.2.{n}/32\n"
    "interface Loopback9\n   vrf RED\n   ip address 9.9.9.{n}/32\n"
    "interface Ethernet1\n   no switchport\n   ip address 10.0.0.{n}/24\n"
    "interface Vxlan1\n   vxlan source-interface Loopback1\n   vxlan vrf RED vni 50\n"
    "router bgp 6500{n}\n   router-id 2.2.2.{n}\n"
    "   neighbor 10.0.0.{p} remote-as 6500{p}\n   neighbor 10.0.0.{p} send-community extended\n"
    "   redistribute connected\n   address-family evpn\n      neighbor 10.0.0.{p} activate\n"
    "   vrf RED\n      rd 2.2.2.{n}:50\n      route-target import evpn 50:50\n"
    "      route-target export evpn 50:50\n      redistribute connected\n"
)


def test_a_tunnel_needs_the_packets_of_vxlan(lab: Lab, wire: Wire) -> None:
    fabric = lab({"a": VTEP.format(n=1, p=2), "b": VTEP.format(n=2, p=1)}, (CABLE,))

    def ping(vrf: str, to: str) -> bool:
        return fabric.ping("a", vrf, parse_ipv4(to)).received > 0

    assert ping("RED", "9.9.9.2")
    fabric.set_faults(Faults(dropped={wire(CABLE): frozenset({"vxlan"})}))
    assert not ping("RED", "9.9.9.2")
    assert ping("default", "2.2.2.2")
