"""OSPFv2 (RFC 2328): routes inside areas, between areas, and from outside.

The link-state database is not simulated: every router's shortest paths are computed from the
adjacencies that are full, area by area, then the area border routers' summaries, then externals.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import Prefix
from avdlab.twin.protocols.igp import Hop, Router, Segments, is_default, redistributed, vias
from avdlab.twin.protocols.ospf_links import (
    Adjacency,
    Circuit,
    Process,
    adjacencies,
    circuits,
    neighbors,
    processes,
)
from avdlab.twin.protocols.spf import shortest_paths
from avdlab.twin.tables.igp import OspfInstance
from avdlab.twin.tables.rib import Route, RouteType

BACKBONE = 0
EXTERNAL_METRIC = 20  # EOS: of redistributed routes, type 2
_OWN = frozenset({RouteType.OSPF_INTRA, RouteType.OSPF_INTER, RouteType.OSPF_E1, RouteType.OSPF_E2})
Key = tuple[str, int]  # node, instance
Paths = Mapping[Key, tuple[int, frozenset[Hop]]]


@dataclass(frozen=True, slots=True)
class _Best:
    """The best way to a prefix so far."""

    metric: int
    hops: frozenset[Hop]
    type: RouteType
    cost: int = 0  # of type 2 externals: distance to the router that brings them in


@dataclass(slots=True)
class _Network:
    """Everything about all processes of the fabric."""

    processes: dict[Key, Process] = field(default_factory=dict)
    circuits: dict[Key, list[Circuit]] = field(default_factory=dict)
    adjacencies: list[Adjacency] = field(default_factory=list)
    # area -> router -> shortest paths inside the area
    paths: dict[int, dict[Key, Paths]] = field(default_factory=dict)

    def areas(self, key: Key) -> set[int]:
        return {circuit.area for circuit in self.circuits[key]}

    def border(self, key: Key) -> bool:
        """RFC 2328 3.3: an area border router has a foot in the backbone and one elsewhere."""
        areas = self.areas(key)
        return len(areas) > 1 and BACKBONE in areas


Table = dict[Prefix, _Best]


def solve_ospf(
    routers: Iterable[Router], segments: Segments
) -> tuple[dict[str, tuple[OspfInstance, ...]], dict[str, dict[str, list[Route]]]]:
    """Return node -> instances, and node -> VRF -> routes."""
    network = _network(routers, segments)
    intra = {key: _intra(network, key) for key in network.processes}
    inter = _inter(network, intra)
    tables = _external(network, intra, inter)
    routes: dict[str, dict[str, list[Route]]] = defaultdict(lambda: defaultdict(list))
    for key, table in tables.items():
        process = network.processes[key]
        routes[key[0]][process.settings.vrf] += _routes(network, key, table)
    return _instances(network), {node: dict(vrfs) for node, vrfs in routes.items()}


def _network(routers: Iterable[Router], segments: Segments) -> _Network:
    network = _Network()
    for router in routers:
        for process in processes(router):
            network.processes[process.key] = process
            network.circuits[process.key] = circuits(process)
    everywhere = [circuit for found in network.circuits.values() for circuit in found]
    network.adjacencies = adjacencies(everywhere, segments)
    for area in sorted({circuit.area for circuit in everywhere}):
        edges = _edges(network, area)
        members = [key for key in network.processes if area in network.areas(key)]
        network.paths[area] = {key: shortest_paths(edges, key) for key in members}
    return network


def _edges(network: _Network, area: int) -> dict[Key, list[tuple[Key, int, Hop]]]:
    edges: dict[Key, list[tuple[Key, int, Hop]]] = defaultdict(list)
    for item in network.adjacencies:
        near, far = item.near, item.far
        same = near.ospf.point_to_point == far.ospf.point_to_point
        if near.area == area and item.state == "full" and same:
            hop = Hop(near.name, far.address.address)
            edges[near.process.key].append((far.process.key, near.cost, hop))
    return edges


# ---------------------------------------------------------------------------------- inside areas
def _intra(network: _Network, key: Key) -> dict[int, Table]:
    """Return area -> prefixes that routers of the area are attached to."""
    found: dict[int, Table] = {}
    for area in network.areas(key):
        table: Table = {}
        for other, (distance, hops) in network.paths[area][key].items():
            for circuit in network.circuits[other]:
                if circuit.area == area:
                    for prefix in _stubs(circuit):
                        best = _Best(distance + circuit.cost, hops, RouteType.OSPF_INTRA)
                        _offer(table, prefix, best)
        found[area] = table
    return found


def _stubs(circuit: Circuit) -> list[Prefix]:
    """A loopback is advertised as a host (RFC 2328 9.1), other interfaces with their subnets."""
    own = [] if circuit.interface.unnumbered else [circuit.address]
    return [address.prefix for address in (*own, *circuit.interface.secondary)]


def _offer(table: Table, prefix: Prefix, best: _Best) -> None:
    known = table.get(prefix)
    if known is None or (best.metric, best.cost) < (known.metric, known.cost):
        table[prefix] = best
    elif (best.metric, best.cost) == (known.metric, known.cost) and known.hops and best.hops:
        table[prefix] = _Best(best.metric, known.hops | best.hops, best.type, best.cost)


# ---------------------------------------------------------------------------------- between areas
def _inter(network: _Network, intra: Mapping[Key, Mapping[int, Table]]) -> dict[Key, Table]:
    """Summaries into the backbone, over it, and out of it again (RFC 2328 12.4.3)."""
    found: dict[Key, Table] = {key: {} for key in network.processes}
    borders = [key for key in network.processes if network.border(key)]
    into_backbone = {key: _summaries(intra[key], but=BACKBONE) for key in borders}
    for key in network.paths.get(BACKBONE, {}):
        _learn(found[key], network.paths[BACKBONE][key], into_backbone, key)
    for area in network.paths:
        if area == BACKBONE:
            continue
        out_of = {
            key: _join(_summaries(intra[key], but=area), found[key])
            for key in borders
            if area in network.areas(key)
        }
        for key in network.paths[area]:
            if BACKBONE not in network.areas(key):
                _learn(found[key], network.paths[area][key], out_of, key)
    return found


def _summaries(tables: Mapping[int, Table], but: int) -> dict[Prefix, int]:
    found: dict[Prefix, int] = {}
    for area, table in tables.items():
        for prefix, best in table.items() if area != but else ():
            found[prefix] = min(best.metric, found.get(prefix, best.metric))
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
            _offer(table, prefix, _Best(distance + metric, hops, RouteType.OSPF_INTER))


# ---------------------------------------------------------------------------------- from outside
def _external(
    network: _Network, intra: Mapping[Key, Mapping[int, Table]], inter: Mapping[Key, Table]
) -> dict[Key, Table]:
    tables: dict[Key, Table] = {}
    brought = {key: _brought(process) for key, process in network.processes.items()}
    for key, process in network.processes.items():
        table: Table = dict(inter[key])
        for found in intra[key].values():  # inside beats between beats outside (RFC 2328 11)
            for prefix, best in found.items():
                known = table.get(prefix)
                if known is None or known.type is not RouteType.OSPF_INTRA:
                    table[prefix] = best
                else:
                    _offer(table, prefix, best)
        outside: Table = {}
        stub = network.areas(key) and network.areas(key) <= process.settings.stub_areas
        for other, entries in brought.items() if not stub else ():
            way = _way(network, key, other)
            if other != key and way is not None:
                for prefix, (metric, kind) in entries.items():
                    _offer(outside, prefix, _outside(metric, kind, *way))
        tables[key] = {**outside, **table}
    return tables


def _outside(metric: int, kind: int, distance: int, hops: frozenset[Hop]) -> _Best:
    if kind == 1:
        return _Best(metric + distance, hops, RouteType.OSPF_E1)
    return _Best(metric, hops, RouteType.OSPF_E2, distance)


def _brought(process: Process) -> dict[Prefix, tuple[int, int]]:
    """Return what a router brings in from outside: prefix -> (metric, type)."""
    settings = process.settings
    routes = redistributed(process.router, settings.vrf, settings.redistribute, _OWN)
    found = {prefix: (EXTERNAL_METRIC, 2) for prefix in routes if not is_default(prefix)}
    if settings.default_originate is not None:
        always, metric, kind = settings.default_originate
        default = Prefix(0, 0)
        table = process.router.ribs.get(settings.vrf)
        if always or (table is not None and default in table):
            found[default] = (metric, kind)
    return found


def _way(network: _Network, key: Key, other: Key) -> tuple[int, frozenset[Hop]] | None:
    """Return distance and first hops to a router that brings routes in, across areas."""
    best: tuple[int, frozenset[Hop]] | None = None
    for area in network.areas(key):
        paths = network.paths[area][key]
        if other in paths:
            best = _nearer(best, paths[other])
            continue
        for border, (distance, hops) in paths.items():
            if border != key and network.border(border):
                rest = _beyond(network, border, other, area)
                if rest is not None:
                    best = _nearer(best, (distance + rest, hops))
    return best


def _beyond(network: _Network, border: Key, other: Key, came_from: int) -> int | None:
    found = []
    for area in network.areas(border) - {came_from}:
        paths = network.paths[area][border]
        if other in paths:
            found.append(paths[other][0])
        elif area == BACKBONE:
            found += [
                distance + network.paths[far][second][other][0]
                for second, (distance, _) in paths.items()
                if second != border and network.border(second)
                for far in network.areas(second) - {BACKBONE}
                if other in network.paths[far][second]
            ]
    return min(found, default=None)


def _nearer(
    known: tuple[int, frozenset[Hop]] | None, new: tuple[int, frozenset[Hop]]
) -> tuple[int, frozenset[Hop]]:
    if known is None or new[0] < known[0]:
        return new
    return (known[0], known[1] | new[1]) if new[0] == known[0] else known


# ---------------------------------------------------------------------------------- results
def _routes(network: _Network, key: Key, table: Table) -> list[Route]:
    settings = network.processes[key].settings
    intra, inter, external = settings.distances
    preferences = {RouteType.OSPF_INTRA: intra, RouteType.OSPF_INTER: inter}
    return [
        Route(
            prefix,
            best.type,
            preferences.get(best.type, external),
            best.metric,
            vias(best.hops, settings.maximum_paths),
        )
        for prefix, best in sorted(table.items())
        if best.hops
    ]


def _instances(network: _Network) -> dict[str, tuple[OspfInstance, ...]]:
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
                neighbors(process, network.adjacencies),
                {area: tuple(items) for area, items in sorted(areas.items())},
                _lsa_count(network, key),
                process.settings.max_lsa,
            )
        )
    return {node: tuple(items) for node, items in found.items()}


def _lsa_count(network: _Network, key: Key) -> int:
    """Count the LSAs a router holds: one per router and area, and one per external prefix."""
    reached = {(area, other) for area in network.areas(key) for other in network.paths[area][key]}
    outside = {
        (other, prefix) for _, other in reached for prefix in _brought(network.processes[other])
    }
    return len(reached) + len(outside)
