"""Ping: a walk over routing tables, segments and tunnels, there and back, past access lists.

Packets take one path, chosen by a hash of the addresses as a switch does. A packet is answered when
both walks arrive; where one stops, the reason says at which node and why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from zlib import crc32

from avdlab.net.addresses import ALL_ONES, IPV4_BITS, IPV6_BITS, format_address
from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.inputs import EndpointAddress, FabricInputs
from avdlab.twin.fabric.plant import host_domain
from avdlab.twin.fabric.state import FabricState
from avdlab.twin.protocols import acl
from avdlab.twin.protocols.bgp.vpn import vrf_labels
from avdlab.twin.protocols.dps import INTERFACE as DPS
from avdlab.twin.protocols.neighbors6 import link_local
from avdlab.twin.protocols.routing import own_addresses
from avdlab.twin.tables.ping import PingResult
from avdlab.twin.tables.rib import Route, Via
from avdlab.twin.tables.tunnels import Tunnel, TunnelKind

MAX_HOPS = 64
VXLAN_HEADER = 50  # outer IP, UDP and VXLAN headers, and the inner Ethernet header (RFC 7348)


class Lost(Exception):
    """The packet went no further. `unreachable`: the sender itself has no route."""

    def __init__(self, reason: str, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.unreachable = unreachable


@dataclass(frozen=True, slots=True)
class Place:
    """Where a packet is: a device and VRF, or an endpoint (VRF "")."""

    node: str
    vrf: str
    host: EndpointAddress | None = None
    entered: str = field(default="", compare=False)  # the interface that it came in by


@dataclass(frozen=True, slots=True)
class Packet:
    source: int
    destination: int
    size: int
    df: bool
    flow: acl.Flow

    @classmethod
    def echo(cls, source: int, destination: int, size: int, df: bool) -> "Packet":
        return cls(source, destination, size, df, acl.echo(source, destination))

    @property
    def bits(self) -> int:
        return family_of(self.destination)

    def back(self) -> "Packet":
        """Return the answer to an echo."""
        source, destination = self.destination, self.source
        flow = acl.echo(source, destination, reply=True)
        return Packet(source, destination, self.size, self.df, flow)


def family_of(address: int) -> int:
    """Return the bits of the family that an address is of."""
    return IPV4_BITS if address <= ALL_ONES else IPV6_BITS


class Walk:
    """Walks over one state of the fabric."""

    def __init__(self, state: FabricState, inputs: FabricInputs) -> None:
        self._state = state
        self._inputs = inputs
        self._owners = _owners(state, inputs)

    def ping(
        self,
        node: str,
        vrf: str,
        destination: int,
        source: int | None,
        size: int,
        df: bool,
        repeat: int,
    ) -> PingResult:
        """Ping from a device. Every packet fares alike."""
        start = Place(node, vrf)
        try:
            found = self._source(start, destination) if source is None else source
            packet = Packet.echo(found, destination, size, df)
            there = self._arrive(start, packet)
            back = self._arrive(there, packet.back())
        except Lost as lost:
            return PingResult(repeat, 0, lost.reason, lost.unreachable)
        if back != start:
            reason = f"the reply went to {back.node}, which has the same address"
            return PingResult(repeat, 0, reason)
        return PingResult(repeat, repeat)

    def _source(self, start: Place, destination: int) -> int:
        """EOS: the address of the egress interface."""
        if self._is_own(start, destination):
            return destination
        via = _pick(self._route(start, destination, first=True), destination, destination)
        device = self._state.devices[start.node]
        interface = device.settings.interfaces.get(via.interface)
        bits = family_of(destination)
        own = own_addresses(interface, bits) if interface else ()
        if not own:  # over VXLAN or unnumbered: any address of the VRF, the first in EOS order
            own = tuple(
                address
                for settings in device.settings.interfaces.values()
                if settings.vrf == start.vrf and _up(device, settings.name)
                for address in own_addresses(settings, bits)
            )
        if not own:
            raise Lost(f"{start.node}: no source address in VRF {start.vrf}", True)
        return own[0].address

    # ------------------------------------------------------------------------------ hops
    def _arrive(self, place: Place, packet: Packet, *, outer: bool = False) -> Place:
        """Walk until the owner of the destination is reached. `outer`: a VXLAN tunnel's packet."""
        for hop in range(MAX_HOPS):
            if self._is_own(place, packet.destination):
                return place
            if place.host is not None:
                place = self._from_host(place, place.host, packet)
            else:
                place = self._from_device(place, packet, first=hop == 0, outer=outer)
            self._admit(place, packet)
        raise Lost(f"{place.node}: the packet loops, TTL exceeded")

    def _from_host(self, place: Place, host: EndpointAddress, packet: Packet) -> Place:
        key = host_domain(place.node, host)
        direct = host.address is not None and (
            host.address >> (32 - host.length) == packet.destination >> (32 - host.length)
        )
        target = packet.destination if direct else host.gateway
        if target is None:
            raise Lost(f"{place.node}: no gateway to {format_address(packet.destination)}")
        return self._resolve(key, target, place.node)

    def _from_device(self, place: Place, packet: Packet, *, first: bool, outer: bool) -> Place:
        if place.vrf == "default" and packet.destination in self._tunnels(place.node):
            return self._switched(place.node, packet.destination)
        route = self._route(place, packet.destination, first)
        via = _pick(route, packet.source, packet.destination)
        if via.vtep is not None:
            return self._tunnel(place, via, packet)
        if via.interface == DPS and via.next_hop is not None:
            return self._switched(place.node, via.next_hop)
        if via.endpoint is not None:
            return self._labelled(place, via.endpoint, via.labels[-1])
        if via.interface == "":
            raise Lost(f"{place.node}: the route to {route.prefix} has no interface")
        if via.vrf is not None:
            place = Place(place.node, via.vrf)
        self._fits(place, via.interface, packet)
        if not first:
            self._filter(place, via.interface, packet, "out")
        target = packet.destination if via.next_hop is None else via.next_hop
        return self._resolve((place.node, via.interface), target, place.node, outer=outer)

    def _labelled(self, place: Place, endpoint: int, label: int) -> Place:
        """Carry the packet along a label-switched path, into the VRF of the inner label there."""
        tunnel = self._state.devices[place.node].tunnels.get(endpoint)
        if tunnel is None:
            raise Lost(f"{place.node}: no label-switched path to {format_address(endpoint)}")
        bgp = self._state.devices[tunnel.node].settings.bgp
        for vrf, own in vrf_labels(bgp).items() if bgp is not None else ():
            if own == label:
                return Place(tunnel.node, vrf)
        raise Lost(f"{tunnel.node}: label {label} is of no VRF")

    def _tunnels(self, node: str) -> Mapping[int, Tunnel]:
        """Return the tunnels that take packets to their ends whatever the routing table says."""
        every = self._state.devices[node].tunnels
        return {end: tunnel for end, tunnel in every.items() if tunnel.kind is TunnelKind.DPS}

    def _switched(self, node: str, endpoint: int) -> Place:
        tunnel = self._tunnels(node).get(endpoint)
        if tunnel is None:
            raise Lost(f"{node}: no path to {format_address(endpoint)}")
        return Place(tunnel.node, "default")

    def _route(self, place: Place, destination: int, first: bool = False) -> Route:
        device = self._state.devices[place.node]
        six = family_of(destination) == IPV6_BITS
        ribs = device.ribs6 if six else device.ribs
        if place.vrf not in ribs:
            raise Lost(f"{place.node}: VRF {place.vrf} does not exist", True)
        vrf = device.settings.vrfs.get(place.vrf)
        if not first and (vrf is None or not (vrf.routing6 if six else vrf.routing)):
            raise Lost(f"{place.node}: routing is off in VRF {place.vrf}")
        route = ribs[place.vrf].lookup(destination)
        where = f"{place.node}: no route to {format_address(destination)} in VRF {place.vrf}"
        if route is None:
            raise Lost(where, unreachable=first)
        if route.drop or not route.vias:
            raise Lost(f"{place.node}: {route.prefix} is discarded")
        return route

    def _admit(self, place: Place, packet: Packet) -> None:
        """Meet the access list of the interface that the packet comes in by."""
        if place.entered and place.host is None:
            self._filter(place, place.entered, packet, "in")

    def _filter(self, place: Place, interface: str, packet: Packet, way: str) -> None:
        settings = self._state.devices[place.node].settings
        port = settings.interfaces.get(interface)
        if port is None:
            return
        if packet.bits == IPV4_BITS:
            name, lists = (port.acl_in if way == "in" else port.acl_out), settings.policy
            lines = lists.access_lists.get(name) if name else None
        else:
            name, lists = (port.acl6_in if way == "in" else port.acl6_out), settings.policy
            lines = lists.access_lists6.get(name) if name else None
        standard = name in lists.standard_lists
        verdict = acl.judge(lines, packet.flow, standard=standard)
        if not verdict.permit:
            where = f"{place.node}: {name} on {interface} {way}"
            raise Lost(f"{where} drops the packet: {verdict.line}")

    def _fits(self, place: Place, interface: str, packet: Packet) -> None:
        port = self._state.devices[place.node].ports.get(interface)
        if port is not None and packet.df and 0 < port.mtu < packet.size:
            raise Lost(f"{place.node}: {interface} has an MTU of {port.mtu}, {packet.size} needed")

    def _resolve(
        self, key: tuple[str, str], target: int, node: str, *, outer: bool = False
    ) -> Place:
        """Find who answers ARP for the address: first without VXLAN, then anywhere."""
        bridged = (self._state.tunnels,) if outer else (self._state.local, self._state.segments)
        for segments in bridged:
            segment = segments.get(key)
            owners = [
                (owner, place)
                for owner, place in self._owners.get(target, ())
                if segment is not None and owner != key and segments.get(owner) == segment
            ]
            if owners:
                key, place = owners[0]
                return replace(place, entered=key[1])
        raise Lost(f"{node}: nobody answers ARP for {format_address(target)} on {key[1]}")

    def _wrapped(self, node: str, vtep: int, packet: Packet) -> Packet:
        """Return the VXLAN packet that carries this one to a VTEP."""
        vxlan = self._state.devices[node].vxlan
        if vxlan is None or not vxlan.up or vxlan.source is None:
            raise Lost(f"{node}: Vxlan1 is down")
        flow = acl.Flow(
            vxlan.source, vtep, acl.PROTOCOLS["udp"], destination_port=acl.PORTS["vxlan"]
        )
        # RFC 7348 4.3: VTEPs do not fragment
        return Packet(vxlan.source, vtep, packet.size + VXLAN_HEADER, True, flow)

    def _tunnel(self, place: Place, via: Via, packet: Packet) -> Place:
        """Carry the packet to the VTEP over the underlay, and on in the VRF of the VNI there."""
        outer = self._wrapped(place.node, via.vtep or 0, packet)
        far = self._arrive(Place(place.node, "default"), outer, outer=True)
        if far.host is not None:
            raise Lost(f"{far.node}: is no VTEP")
        vxlan = self._state.devices[far.node].vxlan
        for vrf, (_, vni) in vxlan.vrfs.items() if vxlan and vxlan.up else ():
            if vni == via.vni:
                return Place(far.node, vrf)
        raise Lost(f"{far.node}: VNI {via.vni} is in no VRF")

    def _is_own(self, place: Place, address: int) -> bool:
        if place.host is not None:
            return place.host.address == address
        return any(found == place for _, found in self._owners.get(address, ()))


def _pick(route: Route, source: int, destination: int) -> Via:
    """Choose one of several next hops by a hash of the flow."""
    flow = crc32(f"{source}-{destination}".encode())
    return route.vias[flow % len(route.vias)]


def _up(device: DeviceState, interface: str) -> bool:
    port = device.ports.get(interface)
    return port is not None and port.up


_Owners = dict[int, list[tuple[tuple[str, str], Place]]]


def _owners(state: FabricState, inputs: FabricInputs) -> _Owners:
    """Return address -> who has it: the interface or endpoint that answers, and where that is."""
    found: _Owners = {}
    for address, key, place in _answering(state, inputs):
        found.setdefault(address, []).append((key, place))
    return found


def _answering(
    state: FabricState, inputs: FabricInputs
) -> Iterator[tuple[int, tuple[str, str], Place]]:
    for node, device in state.devices.items():
        for name, settings in device.settings.interfaces.items():
            if _up(device, name):
                place = Place(node, settings.vrf)
                for address in (*own_addresses(settings), *own_addresses(settings, IPV6_BITS)):
                    yield address.address, (node, name), place
                if settings.ipv6_enabled:
                    yield link_local(settings, device.ports[name].mac), (node, name), place
    for name, endpoint in inputs.endpoints.items():
        if name not in inputs.faults.stopped:
            for own in endpoint.addresses:
                if own.address is not None:
                    yield own.address, host_domain(name, own), Place(name, "", own)
