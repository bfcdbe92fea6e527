"""A derivation of everything below BGP that is as plain as can be: every interface that is not shut
is up, and interfaces share a segment when they share a subnet (and a VLAN, where they are SVIs)."""

from collections.abc import Callable, Mapping

import pytest

from avdlab.net.addresses import InterfaceAddress, Prefix
from avdlab.net.interfaces import base
from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.settings import DeviceSettings, InterfaceSettings
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.protocols.bgp.model import LocalMac, Outcome, Speaker
from avdlab.twin.protocols.bgp.solver import solve_bgp
from avdlab.twin.tables.l2 import Vxlan
from avdlab.twin.tables.ports import InterfaceStatus, LineProtocol, Port, PortKind
from avdlab.twin.tables.rib import Rib, Route, RouteType, Via

Texts = Mapping[str, str]


def _kind(name: str) -> PortKind:
    return next((kind for kind in PortKind if name.startswith(kind.value)), PortKind.OTHER)


def port(node: str, interface: InterfaceSettings) -> Port:
    up = not interface.shutdown
    mac = f"02:00:00:{sum(node.encode()) % 256:02x}:00:{sum(interface.name.encode()) % 256:02x}"
    return Port(
        name=interface.name,
        kind=_kind(interface.name),
        status=InterfaceStatus.CONNECTED if up else InterfaceStatus.DISABLED,
        line=LineProtocol.UP if up else LineProtocol.DOWN,
        mtu=1500,
        bandwidth=0,
        mac=mac,
        routed=interface.switchport is None,
    )


def addresses(interface: InterfaceSettings) -> list[InterfaceAddress]:
    own = [] if interface.address is None else [interface.address]
    return [*own, *interface.secondary, *interface.virtual]


def connected(settings: DeviceSettings, vrf: str) -> list[Route]:
    found: dict[Prefix, Route] = {}
    for interface in settings.interfaces.values():
        if interface.vrf == vrf and not interface.shutdown:
            for address in addresses(interface):
                found.setdefault(
                    address.prefix,
                    Route(
                        address.prefix,
                        RouteType.CONNECTED,
                        0,
                        0,
                        (Via(interface.name),),
                        directly_connected=True,
                    ),
                )
    return list(found.values())


def rib(settings: DeviceSettings, vrf: str) -> Rib:
    table = Rib.of(connected(settings, vrf))
    for asked in settings.static_routes:
        if asked.vrf != vrf:
            continue
        vias: tuple[Via, ...] = ()
        drop = asked.interface == "Null0"
        if drop:
            vias = (Via("Null0"),)
        elif asked.next_hop is not None:
            way = table.lookup(asked.next_hop)
            vias = (Via(way.vias[0].interface, asked.next_hop),) if way else ()
        if vias:
            table.offer(
                Route(asked.prefix, RouteType.STATIC, asked.distance, 0, vias, asked.tag, drop=drop)
            )
    return table


def vxlan(settings: DeviceSettings) -> Vxlan | None:
    asked = settings.vxlan
    if asked is None:
        return None
    source = settings.interfaces.get(asked.source or "")
    address = source.address.address if source is not None and source.address else None
    vrfs = {vrf: (4000 + i, vni) for i, (vrf, vni) in enumerate(sorted(asked.vrfs.items()))}
    up = address is not None
    return Vxlan(asked.name, asked.source, address, up, dict(asked.vlans), vrfs)


def segments(every: Mapping[str, DeviceSettings]) -> dict[tuple[str, str], int]:
    numbers: dict[tuple[str, str], int] = {}
    known: dict[tuple[str, Prefix | str], int] = {}
    for node, settings in every.items():
        for interface in settings.interfaces.values():
            vlan = interface.name if interface.name.startswith("Vlan") else ""
            vlan = vlan or interface.name.removeprefix(base(interface.name))
            if interface.name.startswith("Loopback") or interface.shutdown:
                continue
            subnet: Prefix | str = ""
            if interface.address is not None:
                subnet = interface.address.prefix
            elif interface.ipv6_enabled:
                subnet = interface.description  # unnumbered: "link N" names the cable in tests
            if subnet:
                number = known.setdefault((vlan, subnet), len(known))
                numbers[node, interface.name] = number
    return numbers


def speaker(node: str, settings: DeviceSettings, local_macs: tuple[LocalMac, ...] = ()) -> Speaker:
    vrfs = {"default", *settings.vrfs, *(i.vrf for i in settings.interfaces.values())}
    return Speaker(
        node=node,
        settings=settings,
        ports={name: port(node, i) for name, i in settings.interfaces.items()},
        ribs={vrf: rib(settings, vrf) for vrf in sorted(vrfs)},
        vxlan=vxlan(settings),
        router_mac=f"02:00:00:00:00:{sum(node.encode()) % 256:02x}",
        local_macs=local_macs,
    )


class Fabric:
    """Devices given as configuration texts, and what BGP computes for them."""

    def __init__(
        self, texts: Texts, macs: Mapping[str, tuple[LocalMac, ...]] | None = None
    ) -> None:
        self.settings = {node: read_settings(parse_indented(t)) for node, t in texts.items()}
        macs = macs or {}
        self.speakers = {
            node: speaker(node, settings, macs.get(node, ()))
            for node, settings in self.settings.items()
        }
        self.segments = segments(self.settings)
        self.outcomes: Mapping[str, Outcome] = solve_bgp(self.speakers, self.segments)


@pytest.fixture
def fabric() -> Callable[..., Fabric]:
    """Return the way to solve a fabric from texts: `fabric({"r1": text, ...})`."""
    return Fabric


# ------------------------------------------------------------------------------ an EVPN fabric
def leaf(number: int, asn: int) -> str:
    """A leaf below one spine: VLAN 11 and VRF RED over VXLAN."""
    own = f"10.255.0.{number}"
    return f"""
hostname leaf{number}
vrf instance RED
ip routing
ip routing vrf RED
vlan 11
interface Loopback0
   ip address {own}/32
interface Loopback1
   ip address 10.255.1.{number}/32
interface Loopback100
   vrf RED
   ip address 10.255.2.{number}/32
interface Ethernet1
   no switchport
   ip address 10.0.{number}.1/31
interface Vlan11
   vrf RED
   ip address virtual 10.1.11.1/24
interface Vxlan1
   vxlan source-interface Loopback1
   vxlan vlan 11 vni 10011
   vxlan vrf RED vni 50001
router bgp {asn}
   router-id {own}
   no bgp default ipv4-unicast
   maximum-paths 4
   neighbor 10.0.{number}.0 remote-as 65000
   neighbor 10.255.0.100 remote-as 65000
   neighbor 10.255.0.100 update-source Loopback0
   neighbor 10.255.0.100 ebgp-multihop 3
   neighbor 10.255.0.100 send-community
   redistribute connected
   vlan 11
      rd {own}:11
      route-target both 11:11
      redistribute learned
   address-family evpn
      neighbor 10.255.0.100 activate
   address-family ipv4
      neighbor 10.0.{number}.0 activate
   vrf RED
      rd {own}:1
      route-target import evpn 1:1
      route-target export evpn 1:1
      redistribute connected
"""


def spine(asns: Mapping[int, int]) -> str:
    """The spine above leaves: number -> AS."""
    lines = ["interface Loopback0", "   ip address 10.255.0.100/32"]
    bgp = ["router bgp 65000", "   router-id 10.255.0.100", "   no bgp default ipv4-unicast"]
    evpn, ipv4 = ["   address-family evpn"], ["   address-family ipv4"]
    for number, asn in asns.items():
        lines += [f"interface Ethernet{number}", "   no switchport"]
        lines += [f"   ip address 10.0.{number}.0/31"]
        overlay = f"   neighbor 10.255.0.{number}"
        bgp += [f"   neighbor 10.0.{number}.1 remote-as {asn}", f"{overlay} remote-as {asn}"]
        bgp += [f"{overlay} update-source Loopback0", f"{overlay} ebgp-multihop 3"]
        bgp += [f"{overlay} send-community", f"{overlay} next-hop-unchanged"]
        evpn.append(f"      neighbor 10.255.0.{number} activate")
        ipv4.append(f"      neighbor 10.0.{number}.1 activate")
    return "\n".join([*lines, *bgp, "   redistribute connected", *evpn, *ipv4])


@pytest.fixture
def vxlan_texts() -> dict[str, str]:
    """One spine, three leaves, EVPN over an eBGP underlay."""
    asns = {1: 65101, 2: 65102, 3: 65103}
    leaves = {f"leaf{number}": leaf(number, asn) for number, asn in asns.items()}
    return {"spine": spine(asns), **leaves}
