"""From BGP tables to candidates for the routing table."""

from collections.abc import Iterator, Mapping

from avdlab.net.addresses import ALL_ONES, IPV4_BITS, IPV6_BITS, Prefix, is_link_local
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.leaks import leaked_route
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.state import State
from avdlab.twin.tables.rib import Route, RouteType, Via

Shape = tuple[RouteType, int, int, tuple[Via, ...], bool, int]


def bgp_routes(
    state: State, instance: Instance, table: Mapping[Prefix, tuple[Ranked, ...]]
) -> Iterator[Route]:
    """Yield the routes that BGP offers: one per prefix whose best path was learned."""
    bgp = state.speakers[instance[0]].settings.bgp
    if bgp is None:
        return
    distance = bgp.vrfs[instance[1]].distance
    quiet = {found.prefix for found in bgp.vrfs[instance[1]].aggregates if found.advertise_only}
    shapes: dict[int, Shape | None] = {}
    for prefix, ranked in table.items():
        best = ranked[0].candidate if ranked and ranked[0].best else None
        if best is not None and best.local and prefix in quiet:
            continue
        if best is not None and best.leaked_from:
            preference = distance[0] if best.ebgp else distance[1]
            leaked = leaked_route(state, instance, prefix, best, preference)
            if leaked is not None:
                yield leaked
            continue
        if id(ranked) not in shapes:
            shapes[id(ranked)] = _shape(state, instance, ranked, distance)
        shape = shapes[id(ranked)]
        if shape is not None:
            kind, preference, metric, vias, drop, tag = shape
            yield Route(prefix, kind, preference, metric, vias, tag, drop=drop)


def _shape(
    state: State,
    instance: Instance,
    ranked: tuple[Ranked, ...],
    distance: tuple[int, int, int],
) -> Shape | None:
    """Return what all prefixes with these paths have in common."""
    if not ranked or not ranked[0].best:
        return None
    best = ranked[0].candidate
    if best.local:
        if best.source != "aggregate":
            return None
        return (RouteType.BGP_AGGREGATE, distance[2], 0, (Via("Null0"),), True, 0)
    vias: dict[Via, None] = {}
    hops: set[tuple[int, int | None, object]] = set()
    for path in ranked:
        told = path.candidate
        alone = told.vni or told.label  # imported: one next hop, however it was heard
        hop = (told.attributes.next_hop, told.vni, 0 if alone else _session(told))
        if (path.best or path.ecmp) and hop not in hops:
            hops.add(hop)
            vias.update(dict.fromkeys(_vias(state, instance, told)))
    kind = RouteType.EBGP if best.ebgp else RouteType.IBGP
    preference = distance[0] if best.ebgp else distance[1]
    hops_in_order = tuple(sorted(vias, key=_order))
    return (kind, preference, best.attributes.med or 0, hops_in_order, False, best.tag)


def _session(path: Candidate) -> object:
    """Tell sessions apart: link-local addresses of two peers may be the same."""
    return (path.peer_address, path.edge.interface if path.edge is not None else "")


def _order(via: Via) -> tuple[str, int, int]:
    return (via.interface, via.next_hop or 0, via.vtep or 0)


def _vias(state: State, instance: Instance, path: Candidate) -> tuple[Via, ...]:
    hop = path.attributes.next_hop
    if path.label is not None:
        return _labelled(state, instance[0], hop, path.label)
    if path.imported_rd is not None:
        return (Via(vtep=hop, vni=path.vni, router_mac=path.router_mac),)
    if is_link_local(hop):
        return (Via(path.edge.interface or "", hop),) if path.edge is not None else ()
    found = state.resolve(instance, hop)
    return found.vias if found is not None else ()


def _labelled(state: State, node: str, hop: int, label: int) -> tuple[Via, ...]:
    """RFC 4364 4.3.2: the label of the VRF stands inside; the tunnel to the endpoint adds its own
    outside (EOS: `via 10.0.0.1/32, LDP tunnel index 1, label 116384`)."""
    bits = IPV4_BITS if hop <= ALL_ONES else IPV6_BITS
    found = state.reach[bits].switched(node, hop)
    return () if found is None else (Via(labels=(label,), endpoint=hop),)
