"""Unicast routes of one family: what instances originate and import, and how it spreads."""

from collections.abc import Iterable, Iterator, Mapping

from avdlab.net.addresses import IPV4_BITS, Prefix, default_prefix
from avdlab.twin.protocols.bgp.aggregates import active_aggregates
from avdlab.twin.protocols.bgp.classes import GraphSolver, Offer, SolvedClass
from avdlab.twin.protocols.bgp.evpn_import import Imports
from avdlab.twin.protocols.bgp.exchange import Candidate, Sample
from avdlab.twin.protocols.bgp.graph import Graph
from avdlab.twin.protocols.bgp.inactive import default_holders, find_inactive, hidden
from avdlab.twin.protocols.bgp.lazy import find_lazy
from avdlab.twin.protocols.bgp.leaks import with_leaked
from avdlab.twin.protocols.bgp.originate import local_paths
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.ribs import GraphTable
from avdlab.twin.protocols.bgp.state import State, Unicast

Aggregates = Mapping[Instance, Mapping[Prefix, Candidate]]
Silent = Mapping[Prefix, frozenset[Instance]]


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
    graphs = state.graphs(unicast.afi)
    lazy = find_lazy(state, unicast, graphs)
    aggregates, unicast.suppressed = active_aggregates(state, unicast)
    unicast.inactive = find_inactive(state, unicast)
    silent = hidden(state, unicast)
    imports = with_leaked(state, unicast, _imports(state, unicast, graphs, lazy))
    asks = any(graph.default_originators for graph in graphs)
    defaults = default_holders(state, unicast.bits) if asks else frozenset()
    question = (graphs, lazy, imports, aggregates, silent, defaults)
    solvers = state.solvers(unicast.afi, graphs)
    if question == unicast.asked and not any(s.moved(state.metric) for s in solvers):
        return False
    unicast.asked, unicast.lazy = question, lazy
    unicast.classes, unicast.tables, unicast.graph_of = {}, {}, {}
    unicast.whole = {}
    for solver in solvers:
        offers = _offers(unicast, solver, imports, aggregates, silent, defaults)
        classes = solver.solve(offers, state.metric)
        table = GraphTable.of(unicast.bits, classes)
        unicast.classes[solver.graph] = classes
        unicast.tables.update(dict.fromkeys(solver.graph.routers, table))
        unicast.graph_of.update(dict.fromkeys(solver.graph.routers, solver.graph))
    return True


def _imports(
    state: State, unicast: Unicast, graphs: Iterable[Graph], lazy: frozenset[Graph]
) -> dict[Instance, Imports]:
    found: dict[Instance, Imports] = {}
    for graph in graphs:
        for instance in graph.routers if graph not in lazy else ():
            known = state.imports.get(instance)
            if known:
                found[instance] = {p: c for p, c in known.items() if p.bits == unicast.bits}
    return found


def _offers(
    unicast: Unicast,
    solver: GraphSolver[Prefix],
    imports: Mapping[Instance, Imports],
    aggregates: Aggregates,
    silent: Silent,
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


# ---------------------------------------------------------------------------------- lazy VRFs
def whole(
    state: State, unicast: Unicast, graph: Graph
) -> tuple[list[SolvedClass[Prefix]], GraphTable]:
    """Return all classes of a graph and their table, with the imports that were left out."""
    if graph not in unicast.lazy:
        instance = next(iter(graph.routers))
        return unicast.classes[graph], unicast.tables[instance]
    known = unicast.whole.get(graph)
    if known is None:
        known = unicast.whole[graph] = _with_imports(state, unicast, graph)
    return known


def _with_imports(
    state: State, unicast: Unicast, graph: Graph
) -> tuple[list[SolvedClass[Prefix]], GraphTable]:
    indices, metrics = state.indices(), state.metrics()
    imports = {
        (node, vrf): {
            prefix: paths
            for prefix, paths in state.importers[node].imports(vrf, indices, metrics).items()
            if prefix.bits == unicast.bits
        }
        for node, vrf in graph.routers
    }
    solver: GraphSolver[Prefix] = GraphSolver.of(graph)
    classes = solver.solve(_offers(unicast, solver, imports, {}, {}, frozenset()), state.metric)
    return classes, GraphTable.of(unicast.bits, classes)
