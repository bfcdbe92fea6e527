"""Reachability by routing tables and segments: who owns an address, and how to get there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import InterfaceAddress
from avdlab.twin.config.settings import InterfaceSettings
from avdlab.twin.protocols.bgp.model import Segments, Speaker
from avdlab.twin.tables.rib import Rib, RouteType, Via

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


@dataclass(slots=True)
class Addresses:
    """The addresses of interfaces that are up, and who shares a segment with whom."""

    by_interface: dict[tuple[str, str], tuple[InterfaceAddress, ...]] = field(default_factory=dict)
    vrf_of: dict[tuple[str, str], str] = field(default_factory=dict)
    local: dict[Instance, dict[int, str]] = field(default_factory=dict)  # address -> interface
    on_segment: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    vteps: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, speakers: Mapping[str, Speaker], segments: Segments) -> "Addresses":
        found = cls()
        for plug, segment in sorted(segments.items()):
            found.on_segment.setdefault(segment, []).append(plug)
        for node, speaker in speakers.items():
            for name, interface in speaker.settings.interfaces.items():
                port = speaker.ports.get(name)
                if port is not None and port.up:
                    found._add(node, name, interface, speaker.settings.interfaces)
            if speaker.vxlan is not None and speaker.vxlan.up and speaker.vxlan.source is not None:
                found.vteps.setdefault(speaker.vxlan.source, []).append(node)
        return found

    def _add(
        self,
        node: str,
        name: str,
        interface: InterfaceSettings,
        every: Mapping[str, InterfaceSettings],
    ) -> None:
        self.vrf_of[node, name] = interface.vrf
        lender = every.get(interface.unnumbered or "")
        address = lender.address if lender is not None else interface.address
        own = (() if address is None else (address,)) + interface.secondary + interface.virtual
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


@dataclass(slots=True)
class Reachability:
    """Answers for one state of the routing tables; answers are remembered."""

    addresses: Addresses
    segments: Segments
    ribs: Ribs
    _resolved: dict[tuple[Instance, int], Resolved | None] = field(default_factory=dict)

    def resolve(self, instance: Instance, next_hop: int) -> Resolved | None:
        """Return how an instance reaches a next hop, None when it cannot."""
        key = (instance, next_hop)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(instance, next_hop)
        return self._resolved[key]

    def _resolve(self, instance: Instance, next_hop: int) -> Resolved | None:
        rib = self.ribs.get(instance)
        route = rib.lookup(next_hop) if rib is not None else None
        if route is None or route.drop:
            return None
        if route.type is not RouteType.CONNECTED:
            return Resolved(route.metric, route.vias)
        vias = tuple(Via(via.interface, next_hop) for via in route.vias)
        return Resolved(0, vias)

    def walk(self, start: Instance, address: int) -> Arrival | None:
        """Follow the routing tables from an instance to the owner of an address."""
        if address in self.addresses.local.get(start, {}):
            return None  # EOS: a peer cannot be oneself
        return self._walk(start, address, 0, frozenset())

    def _walk(
        self, here: Instance, address: int, hops: int, seen: frozenset[Instance]
    ) -> Arrival | None:
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
        found: list[Instance] = []
        for node, interface in self.neighbors(here[0], via.interface):
            own = self.addresses.by_interface.get((node, interface), ())
            if target is None or any(address.address == target for address in own):
                found.append((node, self.addresses.vrf_of.get((node, interface), "default")))
        return found

    def neighbors(self, node: str, interface: str) -> list[tuple[str, str]]:
        """Return the other interfaces on the segment of an interface."""
        segment = self.segments.get((node, interface))
        if segment is None:
            return []
        plugs = self.addresses.on_segment[segment]
        return [plug for plug in plugs if plug != (node, interface)]
