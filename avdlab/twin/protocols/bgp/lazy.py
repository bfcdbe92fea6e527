"""Which VRFs may be solved without what they import.

Every leaf imports what every other leaf tells: a fabric of a thousand leaves has millions of such
routes, and nobody looks at most of them. VRFs whose imports change nothing elsewhere are therefore
solved without them, and once more with them when somebody looks. That holds for VRFs that have no
peers but the MLAG peer, where nothing else depends on what they import, and where what one peer
imports and the other would tell EVPN again meets its own AS at every neighbor, and is dropped.
"""

from collections.abc import Iterable, Mapping

from avdlab.net.addresses import IPV4_BITS, Prefix
from avdlab.twin.protocols.bgp.exchange import Edge
from avdlab.twin.protocols.bgp.graph import Graph
from avdlab.twin.protocols.bgp.leaks import leaking
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.state import OVERLAYS, State, Unicast
from avdlab.twin.tables.rib import RouteType

OverlayEdges = Mapping[str, tuple[Edge, ...]]  # node -> its edges, both directions


def find_lazy(state: State, unicast: Unicast, graphs: Iterable[Graph]) -> frozenset[Graph]:
    """Return the graphs that may be solved without their imports."""
    told = _overlay_edges(state)
    shared: frozenset[Prefix] = frozenset().union(*unicast.local.values())
    return frozenset(g for g in graphs if _is_lazy(state, unicast, g, told, shared))


def _overlay_edges(state: State) -> OverlayEdges:
    """Return the edges of EVPN and VPN sessions by node."""
    found: dict[str, list[Edge]] = {}
    for afi in OVERLAYS:
        for edge in state.edges.of(state.sessions.up, afi):
            for end in (edge.source, edge.target):
                found.setdefault(end.instance[0], []).append(edge)
    return {node: tuple(edges) for node, edges in found.items()}


def _is_lazy(
    state: State, unicast: Unicast, graph: Graph, told: OverlayEdges, shared: frozenset[Prefix]
) -> bool:
    if graph.default_originators or graph.reflects or not graph.ordered:
        return False
    if any(vrf == "default" for _, vrf in graph.routers):
        return False
    if any(edge.ebgp for edge in graph.edges()):
        return False
    if not all(_stands_alone(state, instance) for instance in graph.routers):
        return False
    if any(_may_outrank(state, unicast, instance, shared) for instance in graph.routers):
        return False
    alone = len(graph.routers) == 1
    return alone or all(_dead_ends(told.get(node, ())) for node, _ in graph.routers)


def _stands_alone(state: State, instance: Instance) -> bool:
    """Tell whether nothing on the device follows from what the VRF imports."""
    node, name = instance
    settings = state.speakers[node].settings
    vrf = settings.bgp.vrfs[name] if settings.bgp is not None else None
    if vrf is None or vrf.aggregates or vrf.import_route_map or vrf.export_route_map:
        return False
    if any(name in (leak.source, leak.vrf) for leak in settings.leaks):
        return False
    if any(name in (source.name, target.name) for source, target, _ in leaking(state, node)):
        return False
    redistributed = (
        ospf.vrf == name and any(rule.source == "bgp" for rule in ospf.redistribute)
        for ospf in settings.ospf
    )
    return not any(redistributed) and not _has_static_over_bgp(state, instance)


def _has_static_over_bgp(state: State, instance: Instance) -> bool:
    """Tell whether a static route leads to another VRF, or to where only BGP may know the way."""
    node, name = instance
    speaker = state.speakers[node]
    rib = speaker.ribs.get(name)
    for route in (*speaker.settings.static_routes, *speaker.settings.static_routes6):
        if route.egress_vrf is not None and name in (route.vrf, route.egress_vrf):
            return True
        if route.vrf == name and route.next_hop is not None and route.interface is None:
            way = rib.lookup(route.next_hop) if rib is not None else None
            if way is None or way.type is not RouteType.CONNECTED:
                return True
    return False


def _may_outrank(
    state: State, unicast: Unicast, instance: Instance, shared: frozenset[Prefix]
) -> bool:
    """Tell whether a route of another protocol, which BGP does not tell here, may keep an imported
    one out of the routing table (see inactive.py)."""
    speaker, own = state.speakers[instance[0]], unicast.local[instance]
    rib = (speaker.ribs if unicast.bits == IPV4_BITS else speaker.ribs6).get(instance[1], ())
    return any(
        route.prefix not in own
        and (route.prefix in shared or route.prefix.length in (0, unicast.bits))
        for route in rib
    )


def _dead_ends(edges: Iterable[Edge]) -> bool:
    """Tell whether an imported path, told again by the MLAG peer, is dropped by every neighbor.

    By eBGP every imported path has the neighbors' AS in it. By iBGP the MLAG peer is not told.
    """
    kinds = {edge.ebgp for edge in edges}
    if len(kinds) > 1 or any(edge.prefers for edge in edges):
        return False
    if kinds != {True}:
        return True
    asns = {(edge.receiver.outer_as, edge.sender.outer_as) for edge in edges}
    pairs = {frozenset(pair) for pair in asns}
    plain = all(
        edge.sender.prepend_own
        and not edge.sender.remote_as_replace
        and not edge.receiver.allowas_in
        and edge.sender.local_as == edge.sender.outer_as
        and edge.into.domain_remote == edge.out.domain_remote
        for edge in edges
    )
    return plain and len(pairs) == 1
