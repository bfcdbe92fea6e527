"""EVPN and VPN routes: what devices tell of their VRFs and VLANs, and what the others import."""

from collections.abc import Iterator, Mapping

from avdlab.net.addresses import IPV4_BITS, IPV6_BITS
from avdlab.twin.config.settings import AddressFamilySettings, Afi
from avdlab.twin.protocols.bgp import evpn, vpn
from avdlab.twin.protocols.bgp.classes import GraphSolver, Metric, Offer
from avdlab.twin.protocols.bgp.evpn import EvpnNlri, EvpnPath
from avdlab.twin.protocols.bgp.evpn_import import grouped
from avdlab.twin.protocols.bgp.exchange import Sample
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.state import FAMILIES, Overlay, State, Table

_NO_FAMILY = AddressFamilySettings()
_VPN_BITS = {Afi.VPN_IPV4: IPV4_BITS, Afi.VPN_IPV6: IPV6_BITS}


def solve_overlays(state: State, *, tables_moved: bool) -> bool:
    """Solve EVPN and VPN routes and import from them; tell whether a question differs from the
    last round's."""
    moved = [
        _solve(state, overlay, tables_moved=tables_moved) for overlay in state.overlays.values()
    ]
    if not any(moved):
        return False
    groups = {afi: grouped(overlay.classes) for afi, overlay in state.overlays.items()}
    state.imported = {node: importer.take(groups) for node, importer in state.importers.items()}
    return True


def _solve(state: State, overlay: Overlay, *, tables_moved: bool) -> bool:
    graphs = state.graphs(overlay.afi)
    metric = metric_of(state, overlay.afi)
    relearned = {n: found.relearned for n, found in state.imported.items() if found.relearned}
    question = (graphs, relearned)
    same = question == overlay.asked and not tables_moved
    solvers = (overlay.solvers[graph] for graph in graphs if graph in overlay.solvers)
    if same and not any(solver.moved(metric) for solver in solvers):
        return False
    overlay.asked = question
    offers = _offers(state, overlay)
    overlay.classes = []
    for graph in graphs if offers else ():
        solver = overlay.solvers.get(graph)
        if solver is None:
            solver = overlay.solvers[graph] = GraphSolver.of(graph)
        here = graph.routers.keys()
        inside = [offer for offer in offers if offer.origins.keys() & here]
        overlay.classes += solver.solve(inside, metric)
    return True


def metric_of(state: State, afi: Afi) -> Metric:
    """Return how next hops of the family resolve: VXLAN over the routing table, MPLS over labels,
    and not at all where `next-hop resolution disabled` says so."""

    def metric(instance: Instance, next_hop: int) -> int | None:
        family = family_settings(state.speakers[instance[0]], afi)
        if family.next_hop_resolution_disabled:
            return 0
        if afi is not Afi.EVPN or family.encapsulation == "mpls":
            bits = IPV4_BITS if next_hop < 1 << 32 else IPV6_BITS
            found = state.reach[bits].switched(instance[0], next_hop)
            return None if found is None else found.metric
        return state.metric(instance, next_hop)

    return metric


def family_settings(speaker: Speaker, afi: Afi) -> AddressFamilySettings:
    """Return what `router bgp` says of an address family."""
    bgp = speaker.settings.bgp
    found = bgp.vrfs["default"].families.get(afi) if bgp is not None else None
    return found or _NO_FAMILY


def _offers(state: State, overlay: Overlay) -> list[Offer[EvpnNlri]]:
    offers: dict[object, Offer[EvpnNlri]] = {}
    for node in state.speakers:
        for found in _originated(state, overlay.afi, node):
            sample = Sample(found.nlri.key.prefix, found.nlri.key.type.value)
            offer = Offer(found.nlri, sample, {(node, "default"): (found.path,)})
            same = offers.setdefault(found.nlri, offer)
            if same is not offer:
                here = same.origins.get((node, "default"), ())
                same.origins[node, "default"] = (*here, found.path)
    return list(offers.values())


def _originated(state: State, afi: Afi, node: str) -> Iterator[EvpnPath]:
    speaker = state.speakers[node]
    bgp = speaker.settings.bgp
    if bgp is None:
        return
    ids = {name: state.routers[node, name].router_id for name in bgp.vrfs}
    if afi is Afi.EVPN:
        known = state.imported.get(node)
        relearned = known.relearned if known is not None else ()
        yield from evpn.originated(speaker, ids, _tables(state, node), state.interner, relearned)
    elif family_settings(speaker, afi) is not _NO_FAMILY:
        table = {name: found[_VPN_BITS[afi]] for name, found in _tables(state, node).items()}
        yield from vpn.originated(speaker, afi, ids["default"], table, state.interner)


def _tables(state: State, node: str) -> Mapping[str, Mapping[int, Table]]:
    """Return VRF -> bits -> table, of the VRFs of a node."""
    bgp = state.speakers[node].settings.bgp
    return {
        name: {bits: state.unicast[bits].tables.get((node, name), {}) for bits in FAMILIES}
        for name in (bgp.vrfs if bgp is not None else ())
    }
