"""From BGP tables to candidates for the routing table."""

from collections.abc import Iterator, Mapping

from avdlab.net.addresses import Prefix
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.exchange import LINK_LOCAL, Candidate
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.reach import Instance, Reachability
from avdlab.twin.tables.rib import Route, RouteType, Via

Shape = tuple[RouteType, int, int, tuple[Via, ...], bool]


def bgp_routes(
    speaker: Speaker,
    instance: Instance,
    table: Mapping[Prefix, tuple[Ranked, ...]],
    reach: Reachability,
) -> Iterator[Route]:
    """Yield the routes that BGP offers: one per prefix whose best path was learned."""
    if speaker.settings.bgp is None:
        return
    distance = speaker.settings.bgp.vrfs[instance[1]].distance
    shapes: dict[int, Shape | None] = {}
    for prefix, ranked in table.items():
        if id(ranked) not in shapes:
            shapes[id(ranked)] = _shape(instance, ranked, distance, reach)
        shape = shapes[id(ranked)]
        if shape is not None:
            kind, preference, metric, vias, drop = shape
            yield Route(prefix, kind, preference, metric, vias, drop=drop)


def _shape(
    instance: Instance,
    ranked: tuple[Ranked, ...],
    distance: tuple[int, int, int],
    reach: Reachability,
) -> Shape | None:
    """Return what all prefixes with these paths have in common."""
    if not ranked or not ranked[0].best:
        return None
    best = ranked[0].candidate
    if best.local:
        if best.source != "aggregate":
            return None
        return (RouteType.BGP_AGGREGATE, distance[2], 0, (Via("Null0"),), True)
    vias: dict[Via, None] = {}
    hops: set[tuple[int, int | None, object]] = set()
    for path in ranked:
        told = path.candidate
        hop = (told.attributes.next_hop, told.vni, _session(told) if not told.vni else 0)
        if (path.best or path.ecmp) and hop not in hops:
            hops.add(hop)
            vias.update(dict.fromkeys(_vias(instance, told, reach)))
    kind = RouteType.EBGP if best.ebgp else RouteType.IBGP
    preference = distance[0] if best.ebgp else distance[1]
    return (kind, preference, best.attributes.med or 0, tuple(sorted(vias, key=_order)), False)


def _session(path: Candidate) -> object:
    """Tell sessions apart: link-local addresses of two peers may be the same."""
    return (path.peer_address, path.edge.interface if path.edge is not None else "")


def _order(via: Via) -> tuple[str, int, int]:
    return (via.interface, via.next_hop or 0, via.vtep or 0)


def _vias(instance: Instance, path: Candidate, reach: Reachability) -> tuple[Via, ...]:
    hop = path.attributes.next_hop
    if path.imported_rd is not None:
        return (Via(vtep=hop, vni=path.vni, router_mac=path.router_mac),)
    if hop >= LINK_LOCAL:
        return (Via(path.edge.interface or ""),) if path.edge is not None else ()
    found = reach.resolve(instance, hop)
    return found.vias if found is not None else ()
