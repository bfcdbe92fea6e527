"""Everything that the rounds of the BGP solver carry."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from avdlab.net.addresses import ALL_ONES, IPV4_BITS, IPV6_BITS, Prefix
from avdlab.twin.config.settings import AddressFamilySettings, Afi
from avdlab.twin.protocols.bgp.classes import GraphSolver, Metric, SolvedClass
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import EvpnNlri, Relearned
from avdlab.twin.protocols.bgp.evpn_import import Importer, Imports
from avdlab.twin.protocols.bgp.evpn_index import Index
from avdlab.twin.protocols.bgp.exchange import Candidate, Router
from avdlab.twin.protocols.bgp.graph import Graph
from avdlab.twin.protocols.bgp.memory import Memory
from avdlab.twin.protocols.bgp.model import Segments, Speaker
from avdlab.twin.protocols.bgp.originate import Interner
from avdlab.twin.protocols.bgp.peers import Peer
from avdlab.twin.protocols.bgp.reach import Addresses, Instance, Reachability, Resolved
from avdlab.twin.protocols.bgp.ribs import GraphTable
from avdlab.twin.protocols.bgp.sessions import Sessions
from avdlab.twin.protocols.bgp.wiring import Edges, components, routers_of
from avdlab.twin.tables.rib import Rib, Route

FAMILIES = {IPV4_BITS: Afi.IPV4, IPV6_BITS: Afi.IPV6}
OVERLAYS = (Afi.EVPN, Afi.VPN_IPV4, Afi.VPN_IPV6)
_NO_FAMILY = AddressFamilySettings()
Make = Callable[["Unicast", Instance], Rib]


@dataclass(slots=True)
class Unicast:
    """Unicast routes of one family, of every instance.

    `lazy` graphs are VRFs whose imports nobody else depends on (see lazy.py): their tables here
    hold what they originate themselves, and `whole` makes the full ones when somebody looks.
    """

    bits: int
    local: dict[Instance, dict[Prefix, Candidate]] = field(default_factory=dict)
    classes: dict[Graph, list[SolvedClass[Prefix]]] = field(default_factory=dict)
    tables: dict[Instance, GraphTable] = field(default_factory=dict)
    lazy: frozenset[Graph] = frozenset()
    graph_of: dict[Instance, Graph] = field(default_factory=dict)
    suppressed: dict[Prefix, frozenset[Instance]] = field(default_factory=dict)  # by aggregates
    inactive: dict[Prefix, frozenset[Instance]] = field(default_factory=dict)  # see inactive.py
    asked: object = None  # the question of the last round
    whole: dict[Graph, tuple[list[SolvedClass[Prefix]], GraphTable]] = field(default_factory=dict)

    @property
    def afi(self) -> Afi:
        return FAMILIES[self.bits]


@dataclass(slots=True)
class Overlay:
    """Routes that tell what VRFs and VLANs hold: EVPN, VPN-IPv4 or VPN-IPv6."""

    afi: Afi
    classes: list[SolvedClass[EvpnNlri]] = field(default_factory=list)
    index: Index = field(default_factory=Index)
    asked: object = None


@dataclass(slots=True, eq=False)
class Settled:
    """Routes that stay as they are while the table and the routes without BGP do, by these two."""

    _known: dict[tuple[int, int], tuple[GraphTable, Rib, dict[Prefix, Route | None]]] = field(
        default_factory=dict
    )

    def routes(self, table: GraphTable | None, base: Rib) -> dict[Prefix, Route | None] | None:
        """Return where the routes of an instance are kept."""
        if table is None:
            return None
        key = (id(table), id(base))
        return self._known.setdefault(key, (table, base, {}))[2]


@dataclass(slots=True)
class State:
    """The rounds' variables, and what they end with. `devices` are all that forward, `speakers`
    those of them that run BGP."""

    speakers: Mapping[str, Speaker]
    devices: Mapping[str, Speaker]
    segments: Segments
    addresses: Mapping[int, Addresses]
    over: tuple[Mapping[int, Addresses], Segments]  # of the packets of the sessions
    routers: dict[Instance, Router]
    edges: Edges
    peers: tuple[Peer, ...]
    memory: Memory
    importers: dict[str, Importer]
    unicast: dict[int, Unicast]
    overlays: dict[Afi, Overlay]
    reach: dict[int, Reachability] = field(default_factory=dict)
    session_reach: dict[int, Reachability] = field(default_factory=dict)
    sessions: Sessions = field(default_factory=Sessions)
    imports: dict[Instance, Imports] = field(default_factory=dict)  # of VRFs that are not lazy
    relearned: dict[str, tuple[Relearned, ...]] = field(default_factory=dict)  # by gateways
    over_limit: frozenset[tuple[str, str, str]] = frozenset()
    settled: Settled = field(default_factory=Settled)
    converged: bool = False
    rounds: int = 0

    @classmethod
    def of(
        cls,
        speakers: Mapping[str, Speaker],
        segments: Segments,
        devices: Mapping[str, Speaker],
        over: Segments | None = None,
        memory: Memory | None = None,
    ) -> "State":
        memory = memory or Memory()
        memory.begin()
        addresses = {bits: Addresses.of(devices, segments, bits) for bits in FAMILIES}
        carried = segments if over is None else over
        carriers = addresses
        if carried != segments:
            carriers = {bits: Addresses.of(devices, carried, bits) for bits in FAMILIES}
        routers = {
            instance: memory.router(router)
            for instance, router in routers_of(speakers, addresses).items()
        }
        return cls(
            speakers=speakers,
            devices=devices,
            segments=segments,
            addresses=addresses,
            over=(carriers, carried),
            routers=routers,
            edges=Edges(routers, addresses, memory),
            peers=tuple(peer for speaker in speakers.values() for peer in memory.peers(speaker)),
            memory=memory,
            importers={n: Importer.of(s, memory.interner) for n, s in speakers.items()},
            unicast={bits: Unicast(bits) for bits in FAMILIES},
            overlays={afi: Overlay(afi) for afi in OVERLAYS},
        )

    @property
    def interner(self) -> Interner:
        return self.memory.interner

    def base(self, bits: int) -> dict[Instance, Rib]:
        """Return the routing tables without BGP."""
        return {
            (node, vrf): rib
            for node, speaker in self.devices.items()
            for vrf, rib in (speaker.ribs if bits == IPV4_BITS else speaker.ribs6).items()
        }

    def look_again(self, make: Make | None) -> None:
        """Answer questions of reachability from the routing tables as they are now. `make` puts
        BGP's routes into the table of an instance."""
        tunnels = {node: speaker.tunnels for node, speaker in self.devices.items()}
        carriers, carried = self.over
        for bits, unicast in self.unicast.items():
            ribs = self.base(bits)
            if make is not None:
                ribs.update({i: make(unicast, i) for i in unicast.tables})
            reach = Reachability(self.addresses[bits], self.segments, ribs, tunnels)
            self.reach[bits] = self.session_reach[bits] = reach
            if carried != self.segments:
                self.session_reach[bits] = Reachability(carriers[bits], carried, ribs, tunnels)

    def graphs(self, family: Afi) -> list[Graph]:
        """Return the graphs of a family, the same objects while the sessions are the same."""
        routers = self.routers
        if family in OVERLAYS:
            routers = {i: router for i, router in routers.items() if i[1] == "default"}
        found = self.edges.of(self.sessions.up, family)
        return [self.memory.graph(family, parts) for parts in components(routers, found)]

    def solvers(self, family: Afi, graphs: Iterable[Graph]) -> list[GraphSolver[Any]]:
        """Return the solvers of graphs."""
        return [self.memory.solver(graph, family) for graph in graphs]

    def resolve(self, instance: Instance, next_hop: int) -> Resolved | None:
        """Return how an instance reaches a next hop of either family."""
        bits = IPV4_BITS if next_hop <= ALL_ONES else IPV6_BITS
        return self.reach[bits].resolve(instance, next_hop)

    def metric(self, instance: Instance, next_hop: int) -> int | None:
        """Return the metric to a next hop, None when it is not reachable."""
        found = self.resolve(instance, next_hop)
        return None if found is None else found.metric

    def metric_of(self, afi: Afi) -> Metric:
        """Return how next hops of a family resolve: VXLAN over the routing table, MPLS over labels,
        and not at all where `next-hop resolution disabled` says so."""
        if afi in (Afi.IPV4, Afi.IPV6):
            return self.metric

        def metric(instance: Instance, next_hop: int) -> int | None:
            speaker = self.speakers.get(instance[0])
            if speaker is None:  # it does not speak BGP any more
                return None
            family = family_settings(speaker, afi)
            if family.next_hop_resolution_disabled:
                return 0
            if afi is not Afi.EVPN or family.encapsulation == "mpls":
                bits = IPV4_BITS if next_hop <= ALL_ONES else IPV6_BITS
                found = self.reach[bits].switched(instance[0], next_hop)
                return None if found is None else found.metric
            return self.metric(instance, next_hop)

        return metric

    def metrics(self) -> dict[Afi, Metric]:
        return {afi: self.metric_of(afi) for afi in OVERLAYS}

    def indices(self) -> dict[Afi, Index]:
        return {afi: overlay.index for afi, overlay in self.overlays.items()}

    def ranked(
        self, bits: int, instance: Instance, prefix: Prefix, table: GraphTable
    ) -> tuple[Ranked, ...]:
        """Return the paths of an instance to a prefix, the best first."""
        solved = table.solved(prefix)
        return () if solved is None else solved.ranked(instance, self.metric)


def family_settings(speaker: Speaker, afi: Afi) -> AddressFamilySettings:
    """Return what `router bgp` says of an address family."""
    bgp = speaker.settings.bgp
    found = bgp.vrfs["default"].families.get(afi) if bgp is not None else None
    return found or _NO_FAMILY
