"""Reachability by routing tables, tunnels and segments: who owns an address, and the way there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from avdlab.net.addresses import IPV4_BITS, InterfaceAddress, is_link_local
from avdlab.twin.config.settings import InterfaceSettings
from avdlab.twin.protocols.bgp.model import Segments, Speaker
from avdlab.twin.protocols.neighbors6 import link_local
from avdlab.twin.tables.rib import Rib, RouteType, Via
from avdlab.twin.tables.tunnels import Tunnel, TunnelKind

Instance = tuple[str, str]  # node, VRF
Ribs = Mapping[Instance, Rib]
_MAX_HOPS = 64


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a packet to an address ends: the owner, routers on the way, and the first interface."""

    instance: Instance
    hops: int
    interface: str
    connected: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """How a next hop is reached: the vias that a route through it gets, and the metric."""

    metric: int
    vias: tuple[Via, ...]


# EOS (remotely triggered black holes): a next hop may resolve over a static route to Null0
_DISCARDED = Resolved(0, ())


@dataclass(slots=True)
class Addresses:
    """The addresses of one family on interfaces that are up, and who shares a segment with whom."""

    bits: int = IPV4_BITS
    by_interface: dict[tuple[str, str], tuple[InterfaceAddress, ...]] = field(default_factory=dict)
    vrf_of: dict[tuple[str, str], str] = field(default_factory=dict)
    local: dict[Instance, dict[int, str]] = field(default_factory=dict)  # address -> interface
    link_locals: dict[tuple[str, str], int] = field(default_factory=dict)
    on_segment: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    vteps: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, speakers: Mapping[str, Speaker], segments: Segments, bits: int = IPV4_BITS
    ) -> "Addresses":
        found = cls(bits)
        for plug, segment in sorted(segments.items()):
            found.on_segment.setdefault(segment, []).append(plug)
        for node, speaker in speakers.items():
            for name, interface in speaker.settings.interfaces.items():
                port = speaker.ports.get(name)
                if port is not None and port.up:
                    found._add(node, name, interface, speaker)
            if speaker.vxlan is not None and speaker.vxlan.up and speaker.vxlan.source is not None:
                found.vteps.setdefault(speaker.vxlan.source, []).append(node)
        return found

    def _add(self, node: str, name: str, interface: InterfaceSettings, speaker: Speaker) -> None:
        self.vrf_of[node, name] = interface.vrf
        if interface.ipv6_enabled:
            self.link_locals[node, name] = link_local(interface, speaker.ports[name].mac)
        lender = speaker.settings.interfaces.get(interface.unnumbered or "")
        own = _own(interface if lender is None else lender, interface, self.bits)
        if not own:
            return
        self.by_interface[node, name] = own
        table = self.local.setdefault((node, interface.vrf), {})
        for found in own:
            if lender is None:
                table.setdefault(found.address, name)

    def source(self, node: str, interface: str, toward: int | None = None) -> int | None:
        """Return the address of an interface, the one on the subnet of `toward` if it has many."""
        own = self.by_interface.get((node, interface), ())
        for address in own:
            if toward is not None and address.prefix.contains(toward):
                return address.address
        return own[0].address if own else None


def _own(
    lender: InterfaceSettings, interface: InterfaceSettings, bits: int
) -> tuple[InterfaceAddress, ...]:
    """Return what an interface speaks from: no virtual-router addresses, which are shared."""
    if bits != IPV4_BITS:
        return (*lender.addresses6, *interface.virtual6)
    primary = () if lender.address is None else (lender.address,)
    return (*primary, *interface.secondary, *interface.virtual)


def _through(via: Via, next_hop: int) -> Via:
    alone = via.next_hop is None and via.vtep is None and via.endpoint is None
    return replace(via, next_hop=next_hop) if alone else via


Tunnels = Mapping[str, Mapping[int, Tunnel]]  # node -> endpoint -> tunnel


@dataclass(slots=True)
class Reachability:
    """Answers for one state of the routing tables of a family; answers are remembered."""

    addresses: Addresses
    segments: Segments
    ribs: Ribs
    tunnels: Tunnels = field(default_factory=dict)
    _resolved: dict[tuple[Instance, int], Resolved | None] = field(default_factory=dict)

    def resolve(self, instance: Instance, next_hop: int) -> Resolved | None:
        """Return how an instance reaches a next hop, None when it cannot."""
        key = (instance, next_hop)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(instance, next_hop)
        return self._resolved[key]

    def settles(self, instance: Instance, next_hop: int) -> bool:
        """Tell whether BGP has no say in how an instance reaches a next hop."""
        rib = self.ribs.get(instance)
        return rib is None or rib.settles(next_hop)

    def _resolve(self, instance: Instance, next_hop: int) -> Resolved | None:
        tunnel = self._dps(instance, next_hop)
        if tunnel is not None:
            return Resolved(0, tunnel.vias)
        rib = self.ribs.get(instance)
        route = rib.lookup(next_hop) if rib is not None else None
        if route is None:
            return None
        if route.drop:
            return _DISCARDED if route.type is RouteType.STATIC else None
        if route.type is RouteType.CONNECTED:
            return Resolved(0, tuple(Via(via.interface, next_hop) for via in route.vias))
        if route.type is RouteType.STATIC:  # to an interface alone: as good as connected
            return Resolved(route.metric, tuple(_through(via, next_hop) for via in route.vias))
        return Resolved(route.metric, route.vias)

    def switched(self, node: str, next_hop: int) -> Resolved | None:
        """Return how a next hop is reached by labels: MPLS routes use nothing else."""
        tunnel = self.tunnels.get(node, {}).get(next_hop)
        if tunnel is None or tunnel.kind is TunnelKind.DPS:
            return None
        return Resolved(tunnel.metric, tunnel.vias)

    def _dps(self, instance: Instance, address: int) -> Tunnel | None:
        """Dynamic path selection carries packets to its peers, whatever the routing table says."""
        if instance[1] != "default":
            return None
        tunnel = self.tunnels.get(instance[0], {}).get(address)
        return tunnel if tunnel is not None and tunnel.kind is TunnelKind.DPS else None

    def walk(self, start: Instance, address: int) -> Arrival | None:
        """Follow the routing tables from an instance to the owner of an address."""
        if address in self.addresses.local.get(start, {}):
            return None  # EOS: a peer cannot be oneself
        return self._walk(start, address, 0, frozenset())

    def _walk(
        self, here: Instance, address: int, hops: int, seen: frozenset[Instance]
    ) -> Arrival | None:
        tunnel = self._dps(here, address)
        if tunnel is not None:
            end = (tunnel.node, "default")
            return Arrival(end, hops + tunnel.hops - 1, tunnel.vias[0].interface, False)
        rib = self.ribs.get(here)
        route = rib.lookup(address) if rib is not None else None
        if route is None or route.drop or here in seen or hops > _MAX_HOPS:
            return None
        connected = route.type is RouteType.CONNECTED
        for via in route.vias:
            for there in self._behind(here, via, address if connected else None):
                if address in self.addresses.local.get(there, {}):
                    return Arrival(there, hops, via.interface, connected)
                if connected:
                    continue
                onward = self._walk(there, address, hops + 1, seen | {here})
                if onward is not None:
                    return Arrival(onward.instance, onward.hops, via.interface, connected)
        return None

    def _behind(self, here: Instance, via: Via, on_link: int | None) -> list[Instance]:
        """Return the instances that a via leads to."""
        if via.vtep is not None:
            return [(node, here[1]) for node in self.addresses.vteps.get(via.vtep, ())]
        target = on_link if on_link is not None else via.next_hop
        return [
            (plug[0], self.addresses.vrf_of.get(plug, "default"))
            for plug in self.neighbors(here[0], via.interface)
            if target is None or self._has(plug, target)
        ]

    def _has(self, plug: tuple[str, str], address: int) -> bool:
        if is_link_local(address):
            return self.addresses.link_locals.get(plug) == address
        own = self.addresses.by_interface.get(plug, ())
        return any(found.address == address for found in own)

    def neighbors(self, node: str, interface: str) -> list[tuple[str, str]]:
        """Return the other interfaces on the segment of an interface."""
        segment = self.segments.get((node, interface))
        if segment is None:
            return []
        plugs = self.addresses.on_segment[segment]
        return [plug for plug in plugs if plug != (node, interface)]
