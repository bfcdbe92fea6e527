"""OSPFv2 (RFC 2328): routes inside areas, between areas, and from outside.

The link-state database is not simulated: every router's shortest paths are computed from the
adjacencies that are full, area by area, then the area border routers' summaries, then externals.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from avdlab.net.addresses import IPV4_BITS, Prefix, host_prefix
from avdlab.twin.config.settings import OspfArea
from avdlab.twin.protocols.bgp.policy_match import named_prefix_list, prefix_list_permits
from avdlab.twin.protocols.igp import Hop, Router, Segments, Ways, permitted
from avdlab.twin.protocols.ospf_database import Databases
from avdlab.twin.protocols.ospf_external import brought, with_external
from avdlab.twin.protocols.ospf_links import (
    Circuit,
    Process,
    adjacencies,
    circuits,
    processes,
)
from avdlab.twin.protocols.ospf_tables import BACKBONE, Best, Key, Network, Paths, Table, offer
from avdlab.twin.protocols.pending import NOTHING, Pending
from avdlab.twin.protocols.spf import shortest_paths
from avdlab.twin.tables.igp import OspfInstance
from avdlab.twin.tables.rib import Route, RouteType, Via

MAX_METRIC = 0xFFFF  # RFC 6987: a router that wants no transit traffic


def solve_ospf(
    routers: Iterable[Router], segments: Segments, pending: Pending = NOTHING
) -> tuple[dict[str, tuple[OspfInstance, ...]], dict[str, dict[str, list[Route]]]]:
    """Return node -> instances, and node -> VRF -> routes."""
    network = _network(routers, segments, pending)
    intra = {key: _intra(network, key) for key in network.processes}
    inter, told = _inter(network, intra)
    tables = with_external(network, intra, inter)
    routes: dict[str, dict[str, list[Route]]] = defaultdict(lambda: defaultdict(list))
    for key, table in tables.items():
        own = routes[key[0]][network.processes[key].settings.vrf]
        own += _routes(network, key, table)
        own += _to_nowhere(network, key, intra[key], {route.prefix for route in own})
    databases = Databases(network, told)
    return _instances(network, databases), {node: dict(vrfs) for node, vrfs in routes.items()}


def _network(routers: Iterable[Router], segments: Segments, pending: Pending) -> Network:
    network = Network()
    for router in routers:
        for process in processes(router):
            network.processes[process.key] = process
            network.circuits[process.key] = circuits(process)
    everywhere = [circuit for found in network.circuits.values() for circuit in found]
    network.adjacencies = adjacencies(everywhere, segments, pending)
    for key, found in network.circuits.items():
        for circuit in found:
            attached = network.attached.setdefault((circuit.area, key), [])
            attached += [(prefix, circuit.cost) for prefix in _stubs(circuit)]
    for area in sorted({circuit.area for circuit in everywhere}):
        edges = _edges(network, area)
        members = [key for key in network.processes if area in network.areas(key)]
        network.paths[area] = {key: shortest_paths(edges, key) for key in members}
    return network


def _edges(network: Network, area: int) -> dict[Key, list[tuple[Key, int, Hop]]]:
    edges: dict[Key, list[tuple[Key, int, Hop]]] = defaultdict(list)
    for item in network.adjacencies:
        near, far = item.near, item.far
        same = near.ospf.point_to_point == far.ospf.point_to_point
        if near.area == area and item.state == "full" and same:
            hop = Hop(near.name, far.address.address)
            cost = MAX_METRIC if near.process.settings.max_metric else near.cost
            edges[near.process.key].append((far.process.key, cost, hop))
    return edges


# ---------------------------------------------------------------------------------- inside areas
def _intra(network: Network, key: Key) -> dict[int, Table]:
    """Return area -> prefixes that routers of the area are attached to."""
    found: dict[int, Table] = {}
    for area in network.areas(key):
        table: Table = {}
        for other, (distance, hops) in network.paths[area][key].items():
            for prefix, cost in network.attached[area, other]:
                offer(table, prefix, Best(distance + cost, hops, RouteType.OSPF_INTRA))
        found[area] = table
    return found


def _stubs(circuit: Circuit) -> list[Prefix]:
    """A loopback is advertised as a host (RFC 2328 9.1), other interfaces with their subnets."""
    own = [] if circuit.interface.unnumbered else [circuit.address]
    return [address.prefix for address in (*own, *circuit.interface.secondary)]


# ---------------------------------------------------------------------------------- between areas
def _inter(
    network: Network, intra: Mapping[Key, Mapping[int, Table]]
) -> tuple[dict[Key, Table], dict[tuple[Key, int], list[Prefix]]]:
    """Summaries into the backbone, over it, and out of it again (RFC 2328 12.4.3): the tables, and
    what border routers tell each area."""
    found: dict[Key, Table] = {key: {} for key in network.processes}
    borders = [key for key in network.processes if network.border(key)]
    into_backbone = {key: _summaries(network, key, intra[key], but=BACKBONE) for key in borders}
    told = {(key, BACKBONE): sorted(prefixes) for key, prefixes in into_backbone.items()}
    for key in network.paths.get(BACKBONE, {}):
        _learn(found[key], network.paths[BACKBONE][key], into_backbone, key)
        own = _active_ranges(network, key, intra[key])
        for prefix in [p for p in found[key] if any(r.covers(p) for r in own)]:
            del found[key][prefix]  # RFC 2328 16.2 (3)
    for area in network.paths:
        if area == BACKBONE:
            continue
        out_of = {
            key: _into(network, key, area, intra[key], found[key])
            for key in borders
            if area in network.areas(key)
        }
        told |= {(key, area): sorted(prefixes) for key, prefixes in out_of.items()}
        for key in network.paths[area]:
            if BACKBONE not in network.areas(key):
                _learn(found[key], network.paths[area][key], out_of, key)
    return found, told


def _into(
    network: Network, key: Key, area: int, intra: Mapping[int, Table], learned: Table
) -> dict[Prefix, int]:
    """Return what a border router tells an area: summaries, and a default where it is a stub."""
    process = network.processes[key]
    settings = process.area(area)
    inside = {prefix for table in intra.values() for prefix in table}
    beyond = {prefix: best for prefix, best in learned.items() if prefix not in inside}
    told = _join(_summaries(network, key, intra, but=area), beyond)
    told = {prefix: cost for prefix, cost in told.items() if _enters(process, settings, prefix)}
    if settings.no_summary and settings.kind:
        told = {}
    if settings.kind == "stub" or (settings.kind == "nssa" and settings.no_summary):
        told[Prefix(0, 0)] = settings.default_cost  # RFC 2328 12.4.3.1, RFC 3101 2.7
    return told


def _enters(process: Process, area: OspfArea, prefix: Prefix) -> bool:
    """Tell whether `area A filter` lets a summary into the area."""
    if any(found.covers(prefix) for found in area.filters):
        return False
    if area.filter_list is None:
        return True
    lists = process.router.settings.policy
    return prefix_list_permits(named_prefix_list(lists, area.filter_list, prefix), prefix)


def _summaries(
    network: Network, key: Key, tables: Mapping[int, Table], but: int
) -> dict[Prefix, int]:
    """Return the prefixes of the other areas, those inside of a configured range as the range."""
    found: dict[Prefix, int] = {}
    process = network.processes[key]
    for area, table in tables.items():
        ranges = process.area(area).ranges
        wide: dict[Prefix, int] = {}
        for prefix, best in table.items() if area != but else ():
            inside = next((entry for entry in ranges if entry[0].covers(prefix)), None)
            if inside is None:
                found[prefix] = min(best.metric, found.get(prefix, best.metric))
            elif inside[1]:  # RFC 2328 12.4.3: a range costs what its farthest part costs
                fixed = inside[2]
                cost = max(best.metric, wide.get(inside[0], 0)) if fixed is None else fixed
                wide[inside[0]] = cost
        found.update(wide)
    return found


def _active_ranges(
    network: Network, key: Key, tables: Mapping[int, Table]
) -> dict[Prefix, tuple[int, bool]]:
    """Return the ranges of a border router that something is inside of, with the cost of the range
    and whether it is told."""
    found: dict[Prefix, tuple[int, bool]] = {}
    for area, table in tables.items() if network.border(key) else ():
        for wide, told, fixed in network.processes[key].area(area).ranges:
            costs = [best.metric for prefix, best in table.items() if wide.covers(prefix)]
            if costs:
                found[wide] = (max(costs) if fixed is None else fixed, told)
    return found


def _join(summaries: Mapping[Prefix, int], learned: Table) -> dict[Prefix, int]:
    joined = dict(summaries)
    for prefix, best in learned.items():
        joined[prefix] = min(best.metric, joined.get(prefix, best.metric))
    return joined


def _learn(table: Table, paths: Paths, told: Mapping[Key, Mapping[Prefix, int]], own: Key) -> None:
    for border, summaries in told.items():
        if border == own or border not in paths:
            continue
        distance, hops = paths[border]
        for prefix, metric in summaries.items():
            offer(table, prefix, Best(distance + metric, hops, RouteType.OSPF_INTER))


# ---------------------------------------------------------------------------------- results
def _routes(network: Network, key: Key, table: Table) -> list[Route]:
    settings = network.processes[key].settings
    intra, inter, external = settings.distances
    preferences = {RouteType.OSPF_INTRA: intra, RouteType.OSPF_INTER: inter}  # the rest: external
    ways = Ways(settings.maximum_paths)
    table = _anchored(network, key, table)
    found = [
        Route(
            prefix,
            best.type,
            preferences.get(best.type, external),
            best.metric,
            ways.over(best.hops),
            best.tag,
        )
        for prefix, best in sorted(table.items())
        if best.hops
    ]
    return [route for route in found if _installed(network.processes[key], route)]


def _anchored(network: Network, key: Key, table: Table) -> Table:
    """Leave out next hops behind an unnumbered interface that OSPF has no route to: the neighbor
    does not advertise the address that it borrows (cEOS 4.30 installs none of its routes then)."""
    bare = {c.name for c in network.circuits[key] if c.interface.unnumbered is not None}
    if not bare:
        return table

    def hangs(hop: Hop) -> bool:
        return hop.interface in bare and host_prefix(hop.address or 0, IPV4_BITS) not in table

    return {
        prefix: replace(best, hops=frozenset(hop for hop in best.hops if not hangs(hop)))
        for prefix, best in table.items()
    }


def _installed(process: Process, route: Route) -> bool:
    """Tell whether `distribute-list ... in` lets a route into the routing table."""
    if process.settings.distribute_list is None:
        return True
    kind, name = process.settings.distribute_list
    settings = process.router.settings
    if kind == "route-map":
        return permitted(settings, name, route) is not None
    lists = named_prefix_list(settings.policy, name, route.prefix)
    return prefix_list_permits(lists, route.prefix)


def _to_nowhere(
    network: Network, key: Key, intra: Mapping[int, Table], known: set[Prefix]
) -> list[Route]:
    """Return the routes to Null0 of ranges that are told (EOS `A O`): what is inside of them and
    not there must not follow a default back."""
    preference = network.processes[key].settings.distances[0]
    null = (Via("Null0"),)
    return [
        Route(prefix, RouteType.OSPF_SUMMARY, preference, cost, null, drop=True)
        for prefix, (cost, told) in sorted(_active_ranges(network, key, intra).items())
        if told and prefix not in known
    ]


def _instances(network: Network, databases: Databases) -> dict[str, tuple[OspfInstance, ...]]:
    found: dict[str, list[OspfInstance]] = defaultdict(list)
    for key, process in network.processes.items():
        areas: dict[int, list[str]] = defaultdict(list)
        for circuit in network.circuits[key]:
            areas[circuit.area].append(circuit.name)
        found[key[0]].append(
            OspfInstance(
                key[1],
                process.settings.vrf,
                process.router_id,
                databases.neighbors(key),
                {area: tuple(items) for area, items in sorted(areas.items())},
                databases.of(key),
                process.settings.max_lsa,
                bool(brought(process)),
                {area: process.area(area).kind for area in sorted(areas)},
            )
        )
    return {node: tuple(items) for node, items in found.items()}
