"""Everything that the rounds of the BGP solver carry."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import ALL_ONES, IPV4_BITS, IPV6_BITS, Prefix
from avdlab.twin.config.settings import Afi
from avdlab.twin.protocols.bgp.classes import GraphSolver, SolvedClass
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import EvpnNlri
from avdlab.twin.protocols.bgp.evpn_import import Imported, Importer
from avdlab.twin.protocols.bgp.exchange import Candidate, Router
from avdlab.twin.protocols.bgp.model import Segments, Speaker
from avdlab.twin.protocols.bgp.originate import Interner
from avdlab.twin.protocols.bgp.peers import Peer, peers_of
from avdlab.twin.protocols.bgp.propagate import Graph
from avdlab.twin.protocols.bgp.reach import Addresses, Instance, Reachability, Resolved
from avdlab.twin.protocols.bgp.sessions import Sessions
from avdlab.twin.protocols.bgp.wiring import Edges, graphs, routers_of
from avdlab.twin.tables.rib import Rib, Route

Table = dict[Prefix, tuple[Ranked, ...]]
FAMILIES = {IPV4_BITS: Afi.IPV4, IPV6_BITS: Afi.IPV6}
OVERLAYS = (Afi.EVPN, Afi.VPN_IPV4, Afi.VPN_IPV6)


@dataclass(slots=True)
class Unicast:
    """Unicast routes of one family, of every instance."""

    bits: int
    local: dict[Instance, dict[Prefix, Candidate]] = field(default_factory=dict)
    tables: dict[Instance, Table] = field(default_factory=dict)
    classes: list[SolvedClass[Prefix]] = field(default_factory=list)
    routes: dict[Instance, tuple[Route, ...]] = field(default_factory=dict)
    suppressed: dict[Prefix, frozenset[Instance]] = field(default_factory=dict)  # by aggregates
    inactive: dict[Prefix, frozenset[Instance]] = field(default_factory=dict)  # see inactive.py
    asked: object = None  # the question of the last round
    solvers: dict[Graph, GraphSolver[Prefix]] = field(default_factory=dict)

    @property
    def afi(self) -> Afi:
        return FAMILIES[self.bits]


@dataclass(slots=True)
class Overlay:
    """Routes that tell what VRFs and VLANs hold: EVPN, VPN-IPv4 or VPN-IPv6."""

    afi: Afi
    classes: list[SolvedClass[EvpnNlri]] = field(default_factory=list)
    asked: object = None
    solvers: dict[Graph, GraphSolver[EvpnNlri]] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """The rounds' variables, and what they end with. `devices` are all that forward, `speakers`
    those of them that run BGP."""

    speakers: Mapping[str, Speaker]
    devices: Mapping[str, Speaker]
    segments: Segments
    addresses: Mapping[int, Addresses]
    routers: dict[Instance, Router]
    edges: Edges
    peers: tuple[Peer, ...]
    importers: dict[str, Importer]
    interner: Interner
    reach: dict[int, Reachability]
    over: tuple[Mapping[int, Addresses], Segments]  # of the packets of the sessions
    session_reach: dict[int, Reachability]
    unicast: dict[int, Unicast]
    overlays: dict[Afi, Overlay]
    sessions: Sessions = field(default_factory=Sessions)
    imported: dict[str, Imported] = field(default_factory=dict)
    over_limit: frozenset[tuple[str, str, str]] = frozenset()
    converged: bool = False
    rounds: int = 0
    _graphs: dict[tuple[Afi, tuple[int, ...]], list[Graph]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        speakers: Mapping[str, Speaker],
        segments: Segments,
        devices: Mapping[str, Speaker],
        over: Segments | None = None,
    ) -> "State":
        addresses = {bits: Addresses.of(devices, segments, bits) for bits in FAMILIES}
        carried = segments if over is None else over
        carriers = addresses
        if carried != segments:
            carriers = {bits: Addresses.of(devices, carried, bits) for bits in FAMILIES}
        routers = routers_of(speakers, addresses)
        interner = Interner()
        state = cls(
            speakers=speakers,
            segments=segments,
            addresses=addresses,
            routers=routers,
            edges=Edges(routers, addresses, speakers),
            peers=tuple(peer for speaker in speakers.values() for peer in peers_of(speaker)),
            importers={node: Importer.of(s, interner) for node, s in speakers.items()},
            interner=interner,
            devices=devices,
            reach={},
            over=(carriers, carried),
            session_reach={},
            unicast={bits: Unicast(bits) for bits in FAMILIES},
            overlays={afi: Overlay(afi) for afi in OVERLAYS},
        )
        state.look_again()
        return state

    def look_again(self) -> None:
        """Answer questions of reachability from the routing tables as they are now."""
        tunnels = {node: speaker.tunnels for node, speaker in self.devices.items()}
        carriers, carried = self.over
        for bits in FAMILIES:
            ribs = self._ribs(bits)
            reach = Reachability(self.addresses[bits], self.segments, ribs, tunnels)
            self.reach[bits] = self.session_reach[bits] = reach
            if carried != self.segments:
                self.session_reach[bits] = Reachability(carriers[bits], carried, ribs, tunnels)

    def _ribs(self, bits: int) -> dict[Instance, Rib]:
        """Return the tables with what BGP found so far."""
        ribs = {
            (node, vrf): rib
            for node, speaker in self.devices.items()
            for vrf, rib in (speaker.ribs if bits == IPV4_BITS else speaker.ribs6).items()
        }
        for instance, routes in self.unicast[bits].routes.items():
            if routes:
                base = ribs.get(instance)
                table = ribs[instance] = Rib(bits) if base is None else base.copy()
                for route in routes:
                    table.offer(route)
        return ribs

    def graphs(self, family: Afi) -> list[Graph]:
        """Return the graphs of a family, the same objects while the sessions are the same."""
        found = self.edges.of(self.sessions.up, family)
        key = (family, tuple(edge.index for edge in found))
        if key not in self._graphs:
            routers = self.routers
            if family in OVERLAYS:
                routers = {i: router for i, router in routers.items() if i[1] == "default"}
            self._graphs[key] = graphs(routers, found)
        return self._graphs[key]

    def resolve(self, instance: Instance, next_hop: int) -> Resolved | None:
        """Return how an instance reaches a next hop of either family."""
        bits = IPV4_BITS if next_hop <= ALL_ONES else IPV6_BITS
        return self.reach[bits].resolve(instance, next_hop)

    def metric(self, instance: Instance, next_hop: int) -> int | None:
        """Return the metric to a next hop, None when it is not reachable."""
        found = self.resolve(instance, next_hop)
        return None if found is None else found.metric
