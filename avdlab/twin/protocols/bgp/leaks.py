"""Routes that one VRF of a device takes from another by route target.

EOS "inter-VRF local route leaking using BGP VPN": a VRF that imports a target which another VRF of
the same device exports gets its routes, whether or not anybody else hears of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from avdlab.net.addresses import Prefix
from avdlab.twin.config.settings import Afi, BgpVrfSettings
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn_import import Imports
from avdlab.twin.protocols.bgp.exchange import Candidate, learned_as
from avdlab.twin.protocols.bgp.policy import apply_route_map
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute
from avdlab.twin.protocols.bgp.reach import Instance, Reachability
from avdlab.twin.protocols.bgp.state import State, Unicast
from avdlab.twin.protocols.leaks import in_other_vrf
from avdlab.twin.tables.communities import route_target
from avdlab.twin.tables.rib import Route, RouteType

_FAMILIES = (Afi.EVPN.value, Afi.VPN_IPV4.value, Afi.VPN_IPV6.value)


def with_leaked(
    state: State, unicast: Unicast, imports: dict[Instance, Imports]
) -> dict[Instance, Imports]:
    """Add to what instances import what they take from the other VRFs of their device."""
    found = dict(imports)
    for node in state.speakers:
        for source, target, targets in leaking(state, node):
            table = unicast.tables.get((node, source.name))
            into = found[node, target.name] = dict(found.get((node, target.name), {}))
            if table is None:
                continue
            for prefix in table.classes:
                ranked = state.ranked(unicast.bits, (node, source.name), prefix, table)
                path = _taken(state, node, (source, target), targets, prefix, ranked)
                if path is not None:
                    into[prefix] = (*into.get(prefix, ()), path)
    return found


Joined = tuple[BgpVrfSettings, BgpVrfSettings, frozenset[str]]


def leaking(state: State, node: str) -> Iterator[Joined]:
    """Yield source, target, and the route targets that join them, of the VRFs of a device."""
    bgp = state.speakers[node].settings.bgp
    vrfs = bgp.vrfs.values() if bgp is not None else ()
    for source in vrfs if len(vrfs) > 1 else ():
        for target in vrfs:
            joined = frozenset[str]().union(
                *(
                    source.export_rts.get(afi, frozenset())
                    & target.import_rts.get(afi, frozenset())
                    for afi in _FAMILIES
                )
            )
            if joined and source.name != target.name and source.rd != target.rd:
                yield source, target, joined


def _taken(
    state: State,
    node: str,
    vrfs: tuple[BgpVrfSettings, BgpVrfSettings],
    targets: frozenset[str],
    prefix: Prefix,
    ranked: tuple[Ranked, ...],
) -> Candidate | None:
    """Return the best path of the source as the target holds it; what it imported stays there."""
    source, target = vrfs
    best = ranked[0].candidate if ranked and ranked[0].best else None
    if best is None or best.imported_rd is not None:
        return None
    communities = best.attributes.ext_communities | frozenset(map(route_target, targets))
    route: PolicyRoute | None = PolicyRoute(
        prefix,
        replace(best.attributes, ext_communities=communities),
        source=best.source,
        learned=learned_as(best),
    )
    policy = state.speakers[node].settings.policy
    for name in (source.export_route_map, target.import_route_map):
        if route is not None and name is not None:
            route = apply_route_map(policy, name, route)
    if route is None:
        return None
    return state.interner.candidate(
        replace(
            best,
            attributes=route.attributes,
            edge=None,
            local=False,
            weight=0,
            imported_rd=source.rd or "",
            leaked_from=source.name,
            vni=None,
            router_mac=None,
        )
    )


def leaked_route(
    reach: Mapping[int, Reachability],
    instance: Instance,
    prefix: Prefix,
    path: Candidate,
    preference: int,
) -> Route | None:
    """Return the route of a leaked path: it leaves as the source's own route does."""
    rib = reach[prefix.bits].ribs.get((instance[0], path.leaked_from))
    route = rib.get(prefix) if rib is not None else None
    if route is None:
        return None
    found = in_other_vrf(route, path.leaked_from)
    metric = path.attributes.med or 0
    return replace(found, type=RouteType.BGP, preference=preference, metric=metric, tag=path.tag)
