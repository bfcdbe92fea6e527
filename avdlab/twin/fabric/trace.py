"""Traces between endpoints: every way that a packet may take, there and back.

A ping (walk.py) takes the one way that a hash of its addresses chooses. Here all next hops, and all
devices that answer for an address, are followed, so that a way which drops packets is found even
where others work.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from avdlab.net.addresses import format_address
from avdlab.twin.fabric.inputs import EndpointAddress, FabricInputs
from avdlab.twin.fabric.plant import host_domain
from avdlab.twin.fabric.state import FabricState
from avdlab.twin.fabric.walk import MAX_HOPS, Lost, Packet, Place, Walk
from avdlab.twin.protocols.dps import INTERFACE as DPS
from avdlab.twin.tables.rib import Via

SIZE = 100  # bytes of the packets: what passes does not depend on the MTU here


@dataclass(frozen=True, slots=True)
class Stop:
    """Where packets end: the device, and why."""

    node: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """How packets between two endpoints fare. `reached`: on any way; `stops`: where others end."""

    reached: bool
    hops: tuple[str, ...] = ()  # the devices of one way that arrives
    stops: tuple[Stop, ...] = ()

    @property
    def whole(self) -> bool:
        """Every packet arrives, whichever way it takes."""
        return self.reached and not self.stops


class Tracer(Walk):
    """Follows packets between endpoints over one state of the fabric."""

    def __init__(self, state: FabricState, inputs: FabricInputs) -> None:
        super().__init__(state, inputs)
        self._inputs = inputs

    def trace(self, source: tuple[str, str, int | None], to: tuple[str, str, int | None]) -> Trace:
        """Trace from an address of an endpoint (name, NIC, VLAN tag) to one of another, and back.

        Addresses without IP are in one broadcast domain or not: there are no hops between them.
        """
        here, there = self._address(source), self._address(to)
        if here is None or there is None:
            missing = source if here is None else to
            return Trace(False, (), (Stop(missing[0], f"{missing[0]} is not there"),))
        if here.address is None or there.address is None:
            return self._bridged((source[0], here), (to[0], there))
        packet = Packet.echo(here.address, there.address, SIZE, df=False)
        forth = self._follow(Place(source[0], "", here), packet)
        if not forth.reached:
            return forth
        back = self._follow(Place(to[0], "", there), packet.back())
        return Trace(back.reached, forth.hops, (*forth.stops, *back.stops))

    def _address(self, key: tuple[str, str, int | None]) -> EndpointAddress | None:
        name, nic, tag = key
        endpoint = self._inputs.endpoints.get(name)
        if endpoint is None or name in self._inputs.faults.stopped:
            return None
        return next((a for a in endpoint.addresses if (a.nic, a.vlan) == (nic, tag)), None)

    def _bridged(
        self, source: tuple[str, EndpointAddress], to: tuple[str, EndpointAddress]
    ) -> Trace:
        segments = self._state.segments
        one, other = (segments.get(host_domain(*end)) for end in (source, to))
        if one is not None and one == other:
            return Trace(True)
        reason = f"{source[0]} and {to[0]} are in different broadcast domains"
        return Trace(False, (), (Stop(source[0], reason),))

    # ------------------------------------------------------------------------------ following
    def _follow(self, start: Place, packet: Packet) -> Trace:
        """Follow all ways to the owner of the destination."""
        found: tuple[str, ...] | None = None
        stops: dict[Stop, None] = {}
        seen: set[tuple[Place, str]] = set()
        queue: list[tuple[Place, tuple[str, ...]]] = [(start, ())]
        while queue:
            place, hops = queue.pop(0)
            if self._is_own(place, packet.destination):
                found = found if found is not None else hops
                continue
            if len(hops) >= MAX_HOPS:
                stops[Stop(place.node, f"{place.node}: the packet loops")] = None
                continue
            for step in self._steps(place, packet, first=not hops):
                if isinstance(step, Stop):
                    stops[step] = None
                elif (step, step.entered) not in seen:
                    seen.add((step, step.entered))
                    queue.append((step, hops if step.host else (*hops, step.node)))
        return Trace(found is not None, found or (), tuple(stops))

    def _steps(self, place: Place, packet: Packet, *, first: bool) -> Iterator[Place | Stop]:
        """Yield where a packet may be next, and where it ends."""
        try:
            ways = list(self._from(place, packet, first=first))
        except Lost as lost:
            yield Stop(place.node, lost.reason)
            return
        for way in ways:
            if isinstance(way, Stop):
                yield way
                continue
            try:
                self._admit(way, packet)
            except Lost as lost:
                yield Stop(way.node, lost.reason)
            else:
                yield way

    def _from(self, place: Place, packet: Packet, *, first: bool) -> Iterator[Place | Stop]:
        if place.host is not None:
            yield from self._out_of_host(place, place.host, packet)
            return
        if place.vrf == "default" and packet.destination in self._tunnels(place.node):
            yield self._switched(place.node, packet.destination)
            return
        for via in self._route(place, packet.destination, first).vias:
            try:
                yield from self._over(place, via, packet)
            except Lost as lost:
                yield Stop(place.node, lost.reason)

    def _out_of_host(self, place: Place, host: EndpointAddress, packet: Packet) -> Iterator[Place]:
        shift = 32 - host.length
        direct = host.address is not None and (host.address >> shift == packet.destination >> shift)
        target = packet.destination if direct else host.gateway
        if target is None:
            raise Lost(f"{place.node}: no gateway to {format_address(packet.destination)}")
        yield from self._answering_on(host_domain(place.node, host), target, place.node)

    def _over(self, place: Place, via: Via, packet: Packet) -> Iterator[Place | Stop]:
        if via.vtep is not None:
            yield from self._through(place, via, packet)
            return
        if via.interface == DPS and via.next_hop is not None:
            yield self._switched(place.node, via.next_hop)
            return
        here = Place(place.node, via.vrf) if via.vrf is not None else place
        self._fits(here, via.interface, packet)
        self._filter(here, via.interface, packet, "out")
        target = packet.destination if via.next_hop is None else via.next_hop
        yield from self._answering_on((place.node, via.interface), target, place.node)

    def _through(self, place: Place, via: Via, packet: Packet) -> Iterator[Place | Stop]:
        """Carry the packet to every device that has the VTEP's address."""
        vtep = via.vtep or 0
        outer = self._wrapped(place.node, vtep, packet)
        queue, seen = [(Place(place.node, "default"), True)], set[Place]()
        while queue:
            under, first = queue.pop(0)
            if self._is_own(under, vtep):
                yield self._unwrapped(under.node, via.vni)
                continue
            for step in self._steps(under, outer, first=first):
                if isinstance(step, Stop):
                    yield step
                elif step not in seen:
                    seen.add(step)
                    queue.append((step, False))

    def _unwrapped(self, node: str, vni: int | None) -> Place | Stop:
        vxlan = self._state.devices[node].vxlan
        for vrf, (_, own) in vxlan.vrfs.items() if vxlan and vxlan.up else ():
            if own == vni:
                return Place(node, vrf)
        return Stop(node, f"{node}: VNI {vni} is in no VRF")

    def _answering_on(self, key: tuple[str, str], target: int, node: str) -> Iterator[Place]:
        """Yield all that answer ARP for an address: those without VXLAN between, or any."""
        for segments in (self._state.local, self._state.segments):
            segment = segments.get(key)
            found = [
                replace(place, entered=owner[1])
                for owner, place in self._owners.get(target, ())
                if segment is not None and owner != key and segments.get(owner) == segment
            ]
            if found:
                yield from found
                return
        raise Lost(f"{node}: nobody answers ARP for {format_address(target)} on {key[1]}")
