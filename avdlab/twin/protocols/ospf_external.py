"""OSPF routes from outside: type 5 across areas (RFC 2328 16.4), type 7 in NSSAs (RFC 3101).

A router of an NSSA tells its area type 7; the border router with the highest id translates them for
the others. Stub areas and NSSAs hear no type 5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from avdlab.net.addresses import Prefix
from avdlab.twin.protocols.igp import Hop, is_default, permitted, redistributed
from avdlab.twin.protocols.ospf_links import Process
from avdlab.twin.protocols.ospf_tables import BACKBONE, Best, Key, Network, Table, offer
from avdlab.twin.tables.rib import Route, RouteType

# EOS: of a redistributed route, where neither a route-map nor default-metric says another (recorded
# for BGP on 4.23: a route arrives as [110/1])
EXTERNAL_METRIC = 1
_OWN = frozenset(
    {
        *(RouteType.OSPF_INTRA, RouteType.OSPF_INTER, RouteType.OSPF_E1, RouteType.OSPF_E2),
        *(RouteType.OSPF_N1, RouteType.OSPF_N2),
    }
)
_TYPES = {
    (5, 1): RouteType.OSPF_E1,
    (5, 2): RouteType.OSPF_E2,
    (7, 1): RouteType.OSPF_N1,
    (7, 2): RouteType.OSPF_N2,
}


@dataclass(frozen=True, slots=True)
class External:
    """A route from outside, as it is told: `kind` is its metric's type, 1 or 2."""

    metric: int
    kind: int = 2
    tag: int = 0


def with_external(
    network: Network, intra: Mapping[Key, Mapping[int, Table]], inter: Mapping[Key, Table]
) -> dict[Key, Table]:
    """Return the whole table of every router: inside beats between beats outside (RFC 2328 11)."""
    told = {key: brought(process) for key, process in network.processes.items()}
    return {
        key: {**_outside(network, key, told), **_inside(intra[key], inter[key])}
        for key in network.processes
    }


def _inside(intra: Mapping[int, Table], inter: Table) -> Table:
    table: Table = dict(inter)
    for found in intra.values():
        for prefix, best in found.items():
            known = table.get(prefix)
            if known is None or known.type is not RouteType.OSPF_INTRA:
                table[prefix] = best
            else:
                offer(table, prefix, best)
    return table


def _outside(network: Network, key: Key, told: Mapping[Key, Mapping[Prefix, External]]) -> Table:
    found: Table = {}
    for other, entries in told.items():
        if other == key or not entries:
            continue
        for lsa, way in _ways(network, key, other):
            for prefix, external in entries.items():
                offer(found, prefix, _best(external, lsa, *way))
    _nssa_defaults(network, key, found)
    return found


def _best(external: External, lsa: int, distance: int, hops: frozenset[Hop]) -> Best:
    kind = _TYPES[lsa, external.kind]
    if external.kind == 1:
        return Best(external.metric + distance, hops, kind, tag=external.tag)
    return Best(external.metric, hops, kind, distance, external.tag)


def _ways(
    network: Network, key: Key, other: Key
) -> Iterator[tuple[int, tuple[int, frozenset[Hop]]]]:
    """Yield how a router hears of another's external routes: as type 7 of an NSSA that both are in,
    or else as type 5."""
    shared = [
        network.paths[area][key][other]
        for area in network.areas(key)
        if network.kind(key, area) == "nssa" and other in network.paths[area][key]
    ]
    if shared:
        yield 7, min(shared, key=lambda way: way[0])
        return
    stubby = all(network.kind(key, area) for area in network.areas(key))
    way = None if stubby else way_to(network, key, other)
    if way is not None and _tells_type_5(network, other):
        yield 5, way


def _tells_type_5(network: Network, key: Key) -> bool:
    """Tell whether others hear of its routes: not those of a router that stands in stubs only."""
    kinds = {network.kind(key, area) for area in network.areas(key)}
    return bool(kinds - {"stub"})


def _nssa_defaults(network: Network, key: Key, found: Table) -> None:
    """`area A nssa default-information-originate` of the border routers of an own NSSA."""
    for area in network.areas(key):
        if network.kind(key, area) != "nssa":
            continue
        for border, (distance, hops) in network.paths[area][key].items():
            asked = network.processes[border].area(area).nssa_default
            if border != key and asked is not None and network.border(border):
                offer(found, Prefix(0, 0), _best(External(*asked), 7, distance, hops))


def brought(process: Process) -> dict[Prefix, External]:
    """Return what a router brings in from outside."""
    settings = process.settings
    metric = EXTERNAL_METRIC if settings.default_metric is None else settings.default_metric
    found = {
        prefix: External(
            metric if entry.metric is None else entry.metric,
            1 if entry.metric_type == "type-1" else 2,
            entry.tag,
        )
        for prefix, entry in redistributed(
            process.router, settings.vrf, settings.redistribute, _OWN
        ).items()
        if not is_default(prefix)
    }
    found = _summarised(found, settings.summaries)
    if settings.default_originate is not None:
        always, own_metric, kind = settings.default_originate
        default = Prefix(0, 0)
        table = process.router.ribs.get(settings.vrf)
        held = table.get(default) if table is not None else None
        if always or held is not None:
            route = held or Route(default, RouteType.STATIC, 1, 0, ())
            told = permitted(process.router.settings, settings.default_map, route)
            if told is not None:
                kind = _KINDS.get(told.metric_type, kind)
                found[default] = External(
                    own_metric if told.metric is None else told.metric, kind, told.tag
                )
    return found


_KINDS = {"type-1": 1, "type-2": 2}


def _summarised(
    found: dict[Prefix, External], summaries: tuple[tuple[Prefix, bool], ...]
) -> dict[Prefix, External]:
    """EOS `summary-address`: what is inside is told as one route, or not at all."""
    told: dict[Prefix, External] = {}
    for prefix, external in found.items():
        over = [entry for entry in summaries if entry[0].covers(prefix)]
        widest = max(over, key=lambda entry: entry[0].length, default=(prefix, True))
        if widest[1]:
            known = told.get(widest[0], external)
            told[widest[0]] = min(known, external, key=lambda e: (e.kind, e.metric))
    return told


# ---------------------------------------------------------------------------------- ways
def way_to(network: Network, key: Key, other: Key) -> tuple[int, frozenset[Hop]] | None:
    """Return distance and first hops to a router that brings routes in, across areas."""
    best: tuple[int, frozenset[Hop]] | None = None
    areas = [area for area in sorted(network.areas(key)) if not network.kind(key, area)]
    for area in areas:  # RFC 2328 12.4.1: in a stub no router says that it brings routes in
        if other in network.paths[area][key]:
            best = _nearer(best, network.paths[area][key][other])
    if best is not None:
        return best
    # RFC 2328 16.2: a border router listens to the summaries of the backbone alone
    for area in [BACKBONE] if network.border(key) else areas:
        for border, (distance, hops) in network.paths[area][key].items():
            if border != key and network.border(border):
                rest = _beyond(network, border, other, area)
                if rest is not None:
                    best = _nearer(best, (distance + rest, hops))
    return best


def _beyond(network: Network, border: Key, other: Key, came_from: int) -> int | None:
    found = []
    for area in network.areas(border) - {came_from}:
        paths = network.paths[area][border]
        if network.kind(border, area) == "stub":
            continue
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
