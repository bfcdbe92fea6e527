"""The BGP and EVPN solver: rounds of sessions, routes and routing tables until nothing moves.

    sessions (from the routing tables) -> IPv4 unicast per VRF -> EVPN -> imports into VRFs
      ^                                                                        |
      +------------------------- routing tables <------------------------------+

Overlay sessions need the routes of the underlay, so a fabric takes a few rounds. A round that had
nothing to compute is the fixed point. After `MAX_ROUNDS` the state is reported as not converged.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from avdlab.net.addresses import Prefix
from avdlab.twin.config.settings import Afi
from avdlab.twin.protocols.bgp.classes import GraphSolver, Offer, SolvedClass
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import EvpnNlri, originated
from avdlab.twin.protocols.bgp.evpn_import import (
    Imported,
    Importer,
    Imports,
    grouped,
    merge_imports,
)
from avdlab.twin.protocols.bgp.exchange import Candidate, Edge, Router, Sample
from avdlab.twin.protocols.bgp.model import Outcome, Segments, Speaker
from avdlab.twin.protocols.bgp.originate import (
    Interner,
    aggregate_path,
    contributors,
    local_paths,
)
from avdlab.twin.protocols.bgp.peers import Peer, peers_of
from avdlab.twin.protocols.bgp.propagate import Graph, Solved
from avdlab.twin.protocols.bgp.reach import Addresses, Instance, Reachability
from avdlab.twin.protocols.bgp.routes import bgp_routes
from avdlab.twin.protocols.bgp.sessions import Matcher, Sessions
from avdlab.twin.protocols.bgp.wiring import Edges, graphs, routers_of
from avdlab.twin.tables.bgp import Attributes
from avdlab.twin.tables.rib import Rib, Route

MAX_ROUNDS = 10
Table = dict[Prefix, tuple[Ranked, ...]]


def solve_bgp(
    speakers: Mapping[str, Speaker], segments: Segments, over: Segments | None = None
) -> Mapping[str, Outcome]:
    """Return what BGP and EVPN compute for every speaker that has `router bgp`.

    `over`: the segments over which the sessions' own packets pass, where they differ.
    """
    from avdlab.twin.protocols.bgp.outcome import outcomes

    running = {
        node: speaker
        for node, speaker in sorted(speakers.items())
        if speaker.settings.bgp is not None
    }
    return outcomes(run(running, segments, speakers, over))


@dataclass(slots=True)
class State:
    """Everything that the rounds carry, and what they end with."""

    speakers: Mapping[str, Speaker]
    devices: Mapping[str, Speaker]
    segments: Segments
    addresses: Addresses
    routers: dict[Instance, Router]
    edges: Edges
    peers: tuple[Peer, ...]
    importers: dict[str, Importer]
    interner: Interner
    reach: Reachability
    over: tuple[Addresses, Segments]  # of the packets of the sessions
    local: dict[Instance, dict[Prefix, Candidate]] = field(default_factory=dict)
    sessions: Sessions = field(default_factory=Sessions)
    tables: dict[Instance, Table] = field(default_factory=dict)
    unicast: list[SolvedClass[Prefix]] = field(default_factory=list)
    evpn: list[SolvedClass[EvpnNlri]] = field(default_factory=list)
    imported: dict[str, Imported] = field(default_factory=dict)
    routes: dict[Instance, tuple[Route, ...]] = field(default_factory=dict)
    over_limit: frozenset[tuple[str, str, str]] = frozenset()
    asked: object = None  # the question of the last round
    asked_evpn: object = None
    converged: bool = False
    rounds: int = 0
    _graphs: dict[tuple[Afi, tuple[int, ...]], list[Graph]] = field(default_factory=dict)
    _solvers: dict[Graph, GraphSolver[Prefix]] = field(default_factory=dict)
    _evpn_solvers: dict[Graph, GraphSolver[EvpnNlri]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        speakers: Mapping[str, Speaker],
        segments: Segments,
        devices: Mapping[str, Speaker],
        over: Segments | None = None,
    ) -> "State":
        addresses = Addresses.of(devices, segments)
        same = over is None or over == segments
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
            reach=Reachability(addresses, segments, _base_ribs(devices)),
            over=(addresses, segments) if same else (Addresses.of(devices, over or {}), over or {}),
        )
        state.local = {instance: dict(state.originated(instance)) for instance in routers}
        return state

    def originated(self, instance: Instance) -> Iterator[tuple[Prefix, Candidate]]:
        """Yield networks and redistributed routes: they depend on no other device."""
        node, name = instance
        speaker = self.speakers[node]
        rib = speaker.ribs.get(name)
        if speaker.settings.bgp is None or rib is None:
            return
        vrf = speaker.settings.bgp.vrfs[name]
        own = self.routers[instance].router_id
        for prefix, path in local_paths(vrf, speaker.settings.policy, rib, own):
            yield prefix, self.interner.candidate(path)

    def graphs(self, family: Afi) -> list[Graph]:
        """Return the graphs of a family, the same objects while the sessions are the same."""
        found = self.edges.of(self.sessions.up, family)
        key = (family, tuple(edge.index for edge in found))
        if key not in self._graphs:
            routers = self.routers
            if family is Afi.EVPN:
                routers = {i: router for i, router in routers.items() if i[1] == "default"}
            self._graphs[key] = graphs(routers, found)
        return self._graphs[key]

    def metric(self, instance: Instance, next_hop: int) -> int | None:
        """Return the metric to a next hop, None when it is not reachable."""
        found = self.reach.resolve(instance, next_hop)
        return None if found is None else found.metric


def _base_ribs(speakers: Mapping[str, Speaker]) -> dict[Instance, Rib]:
    return {
        (node, vrf): rib for node, speaker in speakers.items() for vrf, rib in speaker.ribs.items()
    }


def run(
    speakers: Mapping[str, Speaker],
    segments: Segments,
    devices: Mapping[str, Speaker] | None = None,
    over: Segments | None = None,
) -> State:
    """Run rounds to the fixed point. `devices` are all that forward, those without BGP too."""
    state = State.of(speakers, segments, devices or speakers, over)
    for number in range(1, MAX_ROUNDS + 1):
        state.rounds = number
        if not _round(state):
            state.converged = True
            break
    return state


def _round(state: State) -> bool:
    """Run one round; tell whether anything moved."""
    reach = Reachability(*state.over, state.reach.ribs)
    matcher = Matcher(state.speakers, reach, state.over_limit)
    state.sessions = matcher.match(state.peers)
    moved = _solve_unicast(state)
    moved = _solve_evpn(state, tables_moved=moved) or moved
    routes = {
        instance: tuple(bgp_routes(state.speakers[instance[0]], instance, table, state.reach))
        for instance, table in state.tables.items()
    }
    over = state.over_limit | _over_limit(state)
    moved = moved or over != state.over_limit or routes != state.routes
    state.routes, state.over_limit = routes, over
    state.reach = Reachability(state.addresses, state.segments, _ribs(state))
    return moved


def _ribs(state: State) -> dict[Instance, Rib]:
    ribs = _base_ribs(state.devices)
    for instance, routes in state.routes.items():
        if routes:
            base = ribs.get(instance)
            ribs[instance] = Rib.of((*(base or ()), *routes))
    return ribs


# ------------------------------------------------------------------------------ IPv4 unicast
def _solve_unicast(state: State) -> bool:
    """Solve every graph of VRFs; tell whether the question differs from the last round's."""
    imports = merge_imports(state.imported)
    aggregates, suppressed = _aggregates(state)
    graphs = state.graphs(Afi.IPV4)
    question = (graphs, imports, aggregates, suppressed)
    if question == state.asked and not _next_hops_moved(
        state, (state._solvers[graph] for graph in graphs)
    ):
        return False
    state.asked = question
    state.unicast = []
    tables: dict[Instance, Table] = {instance: {} for instance in state.routers}
    for graph in graphs:
        solver = state._solvers.get(graph)
        if solver is None:
            solver = state._solvers[graph] = GraphSolver.of(graph)
        offers = _offers(state, solver, imports, aggregates, suppressed)
        for solved in solver.solve(offers, state.metric):
            state.unicast.append(solved)
            _tabulate(tables, solved)
    state.tables = {instance: dict(sorted(table.items())) for instance, table in tables.items()}
    return True


def _next_hops_moved(state: State, solvers: Iterable[GraphSolver[Any]]) -> bool:
    return any(solver.moved(state.metric) for solver in solvers)


def _tabulate(tables: dict[Instance, Table], solved: SolvedClass[Prefix]) -> None:
    for instance, ranked in solved.solved.ranked.items():
        table = tables[instance]
        for prefix in solved.members:
            table[prefix] = ranked


def _offers(
    state: State,
    solver: GraphSolver[Prefix],
    imports: Mapping[Instance, Imports],
    aggregates: Mapping[Instance, Mapping[Prefix, Candidate]],
    suppressed: Mapping[Prefix, frozenset[Instance]],
) -> Iterator[Offer[Prefix]]:
    """Yield every prefix that an instance of the graph originates or imports."""
    origins: dict[Prefix, dict[Instance, tuple[Candidate, ...]]] = {}
    if solver.verdicts.default_originated:
        origins[Prefix(0, 0)] = {}
    for instance in solver.graph.routers:
        for prefix, path in {**aggregates.get(instance, {}), **state.local[instance]}.items():
            origins.setdefault(prefix, {})[instance] = (path,)
        for prefix, paths in imports.get(instance, {}).items():
            at = origins.setdefault(prefix, {})
            at[instance] = (*at.get(instance, ()), *paths)
    here = frozenset(solver.graph.routers)
    for prefix in sorted(origins):
        hidden = suppressed.get(prefix, frozenset())
        sample = Sample(prefix, suppressed=hidden & here)
        yield Offer(prefix, sample, origins[prefix])


def _aggregates(
    state: State,
) -> tuple[dict[Instance, dict[Prefix, Candidate]], dict[Prefix, frozenset[Instance]]]:
    """Return the active aggregates, and who hides which prefix behind `summary-only`."""
    active: dict[Instance, dict[Prefix, Candidate]] = {}
    hidden: dict[Prefix, set[Instance]] = {}
    for instance in state.routers:
        node, name = instance
        speaker = state.speakers[node]
        bgp = speaker.settings.bgp
        aggregates = bgp.vrfs[name].aggregates if bgp is not None else ()
        table = _contributing(state, instance) if aggregates else {}
        for aggregate in aggregates:
            policy = speaker.settings.policy
            own = state.routers[instance].router_id
            asn = bgp.asn if bgp is not None else 0
            path = aggregate_path(aggregate, policy, table, asn, own)
            if path is None or _outranked(state, instance, aggregate.prefix):
                continue
            active.setdefault(instance, {})[aggregate.prefix] = state.interner.candidate(path)
            if aggregate.summary_only:
                for prefix, _ in contributors(aggregate, policy, table):
                    hidden.setdefault(prefix, set()).add(instance)
    return active, {prefix: frozenset(found) for prefix, found in hidden.items()}


def _ribd(state: State, node: str) -> bool:
    return state.speakers[node].settings.system.routing_model == "ribd"


def _contributing(state: State, instance: Instance) -> Table:
    """Return what may contribute to aggregates: BGP's table; under ribd the whole routing table."""
    table = state.tables.get(instance, {})
    rib = state.reach.ribs.get(instance)
    if rib is None or not _ribd(state, instance[0]):
        return table
    others = {
        route.prefix: (Ranked(Candidate(Attributes(0)), best=True),)
        for route in rib
        if route.prefix not in table
    }
    return {**table, **others}


def _outranked(state: State, instance: Instance, prefix: Prefix) -> bool:
    """Tell whether a better route keeps an aggregate out (recorded under ribd, lab of 4.23)."""
    bgp, rib = state.speakers[instance[0]].settings.bgp, state.reach.ribs.get(instance)
    if bgp is None or rib is None or not _ribd(state, instance[0]):
        return False
    present = rib.get(prefix)
    return present is not None and present.preference < bgp.vrfs[instance[1]].distance[2]


# ------------------------------------------------------------------------------ EVPN
def _solve_evpn(state: State, *, tables_moved: bool) -> bool:
    """Solve EVPN and import from it; tell whether the question differs from the last round's."""
    graphs = state.graphs(Afi.EVPN)
    same = graphs == state.asked_evpn and not tables_moved
    if same and not _next_hops_moved(state, (state._evpn_solvers[graph] for graph in graphs)):
        return False
    state.asked_evpn = graphs
    offers = _evpn_offers(state)
    state.evpn = []
    for graph in graphs:
        solver = state._evpn_solvers.get(graph)
        if solver is None:
            solver = state._evpn_solvers[graph] = GraphSolver.of(graph)
        here = graph.routers.keys()
        inside = [offer for offer in offers if offer.origins.keys() & here]
        state.evpn += solver.solve(inside, state.metric)
    groups = grouped(state.evpn)
    state.imported = {node: importer.take(groups) for node, importer in state.importers.items()}
    return True


def _evpn_offers(state: State) -> list[Offer[EvpnNlri]]:
    offers: dict[object, Offer[EvpnNlri]] = {}
    for node, speaker in state.speakers.items():
        bgp = speaker.settings.bgp
        if bgp is None:
            continue
        names = [name for name in bgp.vrfs if (node, name) in state.tables]
        for found in originated(
            speaker,
            {name: state.routers[node, name].router_id for name in names},
            {name: state.tables[node, name] for name in names if name != "default"},
            state.interner,
        ):
            sample = Sample(found.nlri.key.prefix, found.nlri.key.type.value)
            offer = Offer(found.nlri, sample, {(node, "default"): (found.path,)})
            same = offers.setdefault(found.nlri, offer)
            if same is not offer:
                here = same.origins.get((node, "default"), ())
                same.origins[node, "default"] = (*here, found.path)
    return list(offers.values())


# ------------------------------------------------------------------------------ limits
def _over_limit(state: State) -> frozenset[tuple[str, str, str]]:
    """Return the peers that sent more than their `maximum-routes`."""
    received: dict[Edge, int] = {}
    by_index = {edge.index: edge for edge in state.edges.every()}
    for size, solved in _sizes(state):
        for index in solved.received:
            edge = by_index[index]
            received[edge] = received.get(edge, 0) + size
    return frozenset(
        edge.receiver.key
        for edge, count in received.items()
        if edge.receiver.maximum_routes and count > edge.receiver.maximum_routes
    )


def _sizes(state: State) -> Iterator[tuple[int, Solved]]:
    for unicast in state.unicast:
        yield len(unicast.members), unicast.solved
    for evpn in state.evpn:
        yield len(evpn.members), evpn.solved
