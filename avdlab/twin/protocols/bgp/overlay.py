"""EVPN and VPN routes: what devices tell of their VRFs and VLANs, and what the others import."""

from collections.abc import Iterable, Iterator, Mapping

from avdlab.net.addresses import IPV4_BITS, IPV6_BITS, Prefix
from avdlab.twin.config.settings import Afi
from avdlab.twin.protocols.bgp import evpn, vpn
from avdlab.twin.protocols.bgp.classes import Offer
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import EvpnNlri, EvpnPath
from avdlab.twin.protocols.bgp.evpn_index import Index
from avdlab.twin.protocols.bgp.exchange import Sample
from avdlab.twin.protocols.bgp.graph import Graph
from avdlab.twin.protocols.bgp.ribs import GraphTable
from avdlab.twin.protocols.bgp.state import FAMILIES, OVERLAYS, Overlay, State

_VPN_BITS = {Afi.VPN_IPV4: IPV4_BITS, Afi.VPN_IPV6: IPV6_BITS}
# VRF -> bits of the family -> prefix -> paths, the best first
VrfTables = Mapping[str, Mapping[int, Mapping[Prefix, tuple[Ranked, ...]]]]


def solve_overlays(state: State, *, tables_moved: bool) -> bool:
    """Solve EVPN and VPN routes and import from them; tell whether a question differs from the
    last round's."""
    offers = _offers(state) if tables_moved else None
    moved = [_solve(state, state.overlays[afi], offers) for afi in OVERLAYS]
    if not any(moved):
        return False
    index, metric = state.overlays[Afi.EVPN].index, state.metric_of(Afi.EVPN)
    state.relearned = {
        node: importer.learn(index, metric).relearned
        for node, importer in state.importers.items()
        if importer.gateway is not None
    }
    _import(state)
    return True


def _import(state: State) -> None:
    """Import into the VRFs that others depend on; the lazy ones import when somebody looks."""
    indices, metrics = state.indices(), state.metrics()
    lazy = {
        instance
        for unicast in state.unicast.values()
        for instance, graph in unicast.graph_of.items()
        if graph in unicast.lazy
        and all(u.graph_of.get(instance) in u.lazy for u in state.unicast.values())
    }
    state.imports = {
        (node, vrf): state.importers[node].imports(vrf, indices, metrics)
        for node, vrf in state.routers
        if (node, vrf) not in lazy and state.importers[node].wants(vrf)
    }


Offers = Mapping[Afi, list[Offer[EvpnNlri]]]


def _solve(state: State, overlay: Overlay, offers: Offers | None) -> bool:
    graphs = state.graphs(overlay.afi)
    metric = state.metric_of(overlay.afi)
    question = (graphs, state.relearned)
    solvers = state.solvers(overlay.afi, graphs)
    same = question == overlay.asked and offers is None
    if same and not any(solver.moved(metric) for solver in solvers):
        return False
    overlay.asked = question
    told = (offers or _offers(state))[overlay.afi]
    overlay.classes = []
    inside = _by_graph(told, [solver.graph for solver in solvers])
    for solver in solvers if told else ():
        overlay.classes += solver.solve(inside.get(solver.graph, ()), metric)
    overlay.index = Index.of(overlay.classes)
    return True


def _by_graph(
    told: Iterable[Offer[EvpnNlri]], graphs: Iterable[Graph]
) -> dict[Graph, list[Offer[EvpnNlri]]]:
    """Return the offers by the graph that they are told in: where somebody originates them."""
    graph_of = {instance: graph for graph in graphs for instance in graph.routers}
    found: dict[Graph, list[Offer[EvpnNlri]]] = {}
    for offer in told:
        for graph in dict.fromkeys(graph_of[i] for i in offer.origins if i in graph_of):
            found.setdefault(graph, []).append(offer)
    return found


def _offers(state: State) -> Offers:
    found: dict[Afi, dict[object, Offer[EvpnNlri]]] = {afi: {} for afi in OVERLAYS}
    for node in state.speakers:
        tables = local_tables(state, node)
        for afi in OVERLAYS:
            for path in originated(state, afi, node, tables):
                _add(found[afi], path, node)
    return {afi: list(offers.values()) for afi, offers in found.items()}


def _add(offers: dict[object, Offer[EvpnNlri]], found: EvpnPath, node: str) -> None:
    sample = Sample(found.nlri.key.prefix, found.nlri.key.type.value)
    offer = Offer(found.nlri, sample, {(node, "default"): (found.path,)})
    same = offers.setdefault(found.nlri, offer)
    if same is not offer:
        here = same.origins.get((node, "default"), ())
        same.origins[node, "default"] = (*here, found.path)


def originated(state: State, afi: Afi, node: str, tables: VrfTables) -> Iterator[EvpnPath]:
    """Yield what a device tells of its VRFs and VLANs in one family."""
    speaker = state.speakers[node]
    bgp = speaker.settings.bgp
    if bgp is None:
        return
    ids = {name: state.routers[node, name].router_id for name in bgp.vrfs}
    if afi is Afi.EVPN:
        relearned = state.relearned.get(node, ())
        yield from evpn.originated(speaker, ids, tables, state.interner, relearned)
    elif afi in bgp.vrfs["default"].families:
        table = {name: found[_VPN_BITS[afi]] for name, found in tables.items()}
        yield from vpn.originated(speaker, afi, ids["default"], table, state.interner)


def local_tables(state: State, node: str) -> VrfTables:
    """Return the tables of the VRFs of a node that export anything, as they are in the rounds."""
    found: dict[str, dict[int, Mapping[Prefix, tuple[Ranked, ...]]]] = {}
    for name in _exporting(state, node):
        found[name] = {}
        for bits in FAMILIES:
            table = state.unicast[bits].tables.get((node, name))
            found[name][bits] = {} if table is None else rows(state, bits, (node, name), table)
    return found


def _exporting(state: State, node: str) -> list[str]:
    """Return the VRFs with an RD and targets to export by."""
    bgp = state.speakers[node].settings.bgp
    return [
        name
        for name, vrf in (bgp.vrfs.items() if bgp is not None else ())
        if vrf.rd is not None and vrf.export_rts
    ]


def rows(
    state: State, bits: int, instance: tuple[str, str], table: GraphTable
) -> dict[Prefix, tuple[Ranked, ...]]:
    """Return the whole table of an instance."""
    made: dict[int, tuple[Ranked, ...]] = {}
    found: dict[Prefix, tuple[Ranked, ...]] = {}
    for prefix, solved in table.classes.items():
        key = id(solved.solved)
        if key not in made:
            made[key] = solved.solved.ranked(instance, state.metric)
        if made[key]:
            found[prefix] = made[key]
    return found
