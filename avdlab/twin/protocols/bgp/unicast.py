"""Unicast routes of one family: what instances originate and import, and how it spreads."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from avdlab.net.addresses import IPV4_BITS, Prefix, default_prefix
from avdlab.twin.protocols.bgp.aggregates import active_aggregates
from avdlab.twin.protocols.bgp.classes import GraphSolver, Offer, SolvedClass
from avdlab.twin.protocols.bgp.evpn_import import Imports, merge_imports
from avdlab.twin.protocols.bgp.exchange import Candidate, Sample
from avdlab.twin.protocols.bgp.inactive import default_holders, find_inactive, hidden
from avdlab.twin.protocols.bgp.leaks import with_leaked
from avdlab.twin.protocols.bgp.originate import local_paths
from avdlab.twin.protocols.bgp.propagate import Graph
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.state import State, Table, Unicast


def originated(state: State, bits: int, instance: Instance) -> Iterator[tuple[Prefix, Candidate]]:
    """Yield networks and redistributed routes: they depend on no other device."""
    node, name = instance
    speaker = state.speakers[node]
    rib = (speaker.ribs if bits == IPV4_BITS else speaker.ribs6).get(name)
    if speaker.settings.bgp is None or rib is None:
        return
    vrf = speaker.settings.bgp.vrfs[name]
    own = state.routers[instance].router_id
    for prefix, path in local_paths(vrf, speaker.settings.policy, rib, own):
        yield prefix, state.interner.candidate(path)


def solve_unicast(state: State, unicast: Unicast) -> bool:
    """Solve every graph of VRFs; tell whether the question differs from the last round's."""
    imports = with_leaked(state, unicast, merge_imports(state.imported, unicast.bits))
    aggregates, unicast.suppressed = active_aggregates(state, unicast)
    unicast.inactive = find_inactive(state, unicast)
    silent = hidden(state, unicast)
    graphs = state.graphs(unicast.afi)
    defaults = default_holders(state, unicast.bits) if _originates_default(graphs) else frozenset()
    question = (graphs, imports, aggregates, silent, defaults)
    solvers = (unicast.solvers[graph] for graph in graphs if graph in unicast.solvers)
    if question == unicast.asked and not next_hops_moved(state, solvers):
        return False
    unicast.asked = question
    unicast.classes = []
    tables: dict[Instance, Table] = {instance: {} for instance in state.routers}
    for graph in graphs:
        solver = unicast.solvers.get(graph)
        if solver is None:
            solver = unicast.solvers[graph] = GraphSolver.of(graph)
        offers = _offers(unicast, solver, imports, aggregates, silent, defaults)
        for solved in solver.solve(offers, state.metric):
            unicast.classes.append(solved)
            _tabulate(tables, solved)
    unicast.tables = {instance: dict(sorted(table.items())) for instance, table in tables.items()}
    return True


def _originates_default(graphs: Iterable[Graph]) -> bool:
    return any(graph.default_originators for graph in graphs)


def next_hops_moved(state: State, solvers: Iterable[GraphSolver[Any]]) -> bool:
    """Tell whether a next hop that was asked for is reached otherwise now."""
    return any(solver.moved(state.metric) for solver in solvers)


def _tabulate(tables: dict[Instance, Table], solved: SolvedClass[Prefix]) -> None:
    for instance, ranked in solved.solved.ranked.items():
        table = tables[instance]
        for prefix in solved.members:
            table[prefix] = ranked


def _offers(
    unicast: Unicast,
    solver: GraphSolver[Prefix],
    imports: Mapping[Instance, Imports],
    aggregates: Mapping[Instance, Mapping[Prefix, Candidate]],
    silent: Mapping[Prefix, frozenset[Instance]],
    defaults: frozenset[Instance],
) -> Iterator[Offer[Prefix]]:
    """Yield every prefix that an instance of the graph originates or imports."""
    origins: dict[Prefix, dict[Instance, tuple[Candidate, ...]]] = {}
    if solver.verdicts.default_originated:
        origins[default_prefix(unicast.bits)] = {}
    for instance in solver.graph.routers:
        for prefix, path in {**aggregates.get(instance, {}), **unicast.local[instance]}.items():
            origins.setdefault(prefix, {})[instance] = (path,)
        for prefix, paths in imports.get(instance, {}).items():
            at = origins.setdefault(prefix, {})
            at[instance] = (*at.get(instance, ()), *paths)
    here = frozenset(solver.graph.routers)
    for prefix in sorted(origins):
        held = defaults if prefix.length == 0 else frozenset()
        sample = Sample(prefix, hidden=silent.get(prefix, frozenset()) & here, held=held & here)
        yield Offer(prefix, sample, origins[prefix])
