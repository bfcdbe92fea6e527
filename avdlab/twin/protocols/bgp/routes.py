"""From BGP tables to candidates for the routing table."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from avdlab.net.addresses import ALL_ONES, IPV4_BITS, IPV6_BITS, Prefix, is_link_local
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.leaks import leaked_route
from avdlab.twin.protocols.bgp.preferring import maps_set
from avdlab.twin.protocols.bgp.reach import Instance, Reachability
from avdlab.twin.protocols.bgp.ribs import BgpRib, GraphTable
from avdlab.twin.protocols.bgp.state import State, Unicast
from avdlab.twin.tables.rib import Rib, Route, RouteType, Via


def route_of(
    state: State,
    instance: Instance,
    prefix: Prefix,
    ranked: tuple[Ranked, ...],
    reach: Mapping[int, Reachability],
) -> Route | None:
    """Return the route that BGP offers for a prefix, None where the best path is the device's own
    or there is none."""
    bgp = state.speakers[instance[0]].settings.bgp
    if bgp is None or not ranked or not ranked[0].best:
        return None
    distance = bgp.vrfs[instance[1]].distance
    best = ranked[0].candidate
    quiet = (found.prefix for found in bgp.vrfs[instance[1]].aggregates if found.advertise_only)
    if best.local and prefix in quiet:
        return None
    preference = best.distance or (distance[0] if best.ebgp else distance[1])
    if best.leaked_from:
        return leaked_route(reach, instance, prefix, best, preference)
    if best.local:
        if best.source != "aggregate":
            return None
        null = (Via("Null0"),)
        return Route(prefix, RouteType.BGP_AGGREGATE, distance[2], 0, null, drop=True)
    vias: dict[Via, None] = {}
    hops: set[tuple[int, int | None, object]] = set()
    for path in ranked:
        told = path.candidate
        alone = told.vni or told.label  # imported: one next hop, however it was heard
        hop = (told.attributes.next_hop, told.vni, 0 if alone else _session(told))
        if (path.best or path.ecmp) and hop not in hops:
            hops.add(hop)
            vias.update(dict.fromkeys(_vias(instance, told, reach)))
    kind = RouteType.EBGP if best.ebgp else RouteType.IBGP
    ordered, said = tuple(sorted(vias, key=_order)), best.attributes
    drop = not ordered and best.label is None
    found = Route(prefix, kind, preference, said.med or 0, ordered, best.tag, attributes=said)
    return replace(found, vias=(Via("Null0"),), drop=True) if drop else found


def bgp_rib(
    state: State,
    unicast: Unicast,
    instance: Instance,
    before: Mapping[int, Reachability],
    table: Callable[[], GraphTable],
) -> BgpRib:
    """Return the routing table of an instance with BGP in it. `before`: how next hops resolve, by
    the tables of the round before."""
    base = (
        state.devices[instance[0]].ribs
        if unicast.bits == IPV4_BITS
        else state.devices[instance[0]].ribs6
    ).get(instance[1]) or Rib(unicast.bits)

    def metric(at: Instance, next_hop: int) -> int | None:
        found = before[_bits(next_hop)].resolve(at, next_hop)
        return None if found is None else found.metric

    known = state.settled.routes(unicast.tables.get(instance), base)

    def make(prefix: Prefix) -> Route | None:
        solved = table().solved(prefix)
        if solved is None or solved.winner(instance, metric) is None:
            return None
        ranked = solved.ranked(instance, metric)
        found = route_of(state, instance, prefix, ranked, before)
        if known is not None and _settled(instance, ranked, before):
            known[prefix] = found
        return found

    settings = state.speakers[instance[0]].settings
    bgp, policy = settings.bgp, settings.policy
    least = min(bgp.vrfs[instance[1]].distance) if bgp is not None else 255
    if maps_set(policy, policy.route_maps, frozenset({"distance"})):
        least = 1
    return BgpRib(base, table, make, least, known)


def _settled(
    instance: Instance, ranked: tuple[Ranked, ...], before: Mapping[int, Reachability]
) -> bool:
    """Tell whether the route stays as it is while the paths do: no next hop is reached by BGP."""
    return not any(
        r.candidate.leaked_from or not before[_bits(hop)].settles(instance, hop)
        for r in ranked
        for hop in (r.candidate.attributes.next_hop,)
        if not is_link_local(hop)
    )


def _bits(next_hop: int) -> int:
    return IPV4_BITS if next_hop <= ALL_ONES else IPV6_BITS


def _session(path: Candidate) -> object:
    """Tell sessions apart: link-local addresses of two peers may be the same."""
    return (path.peer_address, path.edge.interface if path.edge is not None else "")


def _order(via: Via) -> tuple[str, int, int]:
    return (via.interface, via.next_hop or 0, via.vtep or 0)


def _vias(
    instance: Instance, path: Candidate, reach: Mapping[int, Reachability]
) -> tuple[Via, ...]:
    hop = path.attributes.next_hop
    if path.label is not None:
        # RFC 4364 4.3.2: the label of the VRF stands inside; the tunnel to the endpoint adds its
        # own outside (EOS: `via 10.0.0.1/32, LDP tunnel index 1, label 116384`)
        found = reach[_bits(hop)].switched(instance[0], hop)
        return () if found is None else (Via(labels=(path.label,), endpoint=hop),)
    if path.imported_rd is not None:
        return (Via(vtep=hop, vni=path.vni, router_mac=path.router_mac),)
    if is_link_local(hop):
        return (Via(path.edge.interface or "", hop),) if path.edge is not None else ()
    found = reach[_bits(hop)].resolve(instance, hop)
    return found.vias if found is not None else ()
