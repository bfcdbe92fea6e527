"""OSPF routes from outside: type 5 across areas (RFC 2328 16.4), type 7 in NSSAs (RFC 3101).

A router of an NSSA tells its area type 7, with one of its addresses there for the way to it; the
border router with the highest id translates them for the others, and keeps that address. Stub areas
and NSSAs hear no type 5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from avdlab.net.addresses import Prefix
from avdlab.twin.protocols.igp import Hop, is_default, permitted, redistributed
from avdlab.twin.protocols.ospf_links import Circuit, Process
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
    addresses = {key: _forwarding(network, key) for key, entries in told.items() if entries}
    found: dict[Key, Table] = {}
    for key in network.processes:
        inside = _inside(intra[key], inter[key])
        views = Views(network, key, intra[key], inside)
        found[key] = {**_outside(views, told, addresses), **inside}
    return found


@dataclass(frozen=True, slots=True)
class Views:
    """What one router knows when it looks for ways out: its tables by area, and all of them."""

    network: Network
    key: Key
    intra: Mapping[int, Table]
    inside: Table

    def toward(self, address: int, area: int | None = None) -> tuple[int, frozenset[Hop]] | None:
        """Return distance and first hops to an address, in one area or anywhere inside."""
        table = self.inside if area is None else self.intra.get(area, {})
        covering = [prefix for prefix in table if prefix.contains(address)]
        if not covering:
            return None
        prefix = max(covering, key=lambda known: known.length)
        best = table[prefix]
        if best.hops:
            return best.metric, best.hops
        attached = (c for c in self.network.circuits[self.key] if c.address.prefix == prefix)
        return best.metric, frozenset(Hop(circuit.name, address) for circuit in attached)


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


def _outside(
    views: Views,
    told: Mapping[Key, Mapping[Prefix, External]],
    addresses: Mapping[Key, Mapping[int, int]],
) -> Table:
    found: Table = {}
    for other, entries in told.items():
        if other == views.key or not entries:
            continue
        for lsa, way in _ways(views, other, addresses[other]):
            for prefix, external in entries.items():
                offer(found, prefix, _best(external, lsa, *way))
    _nssa_defaults(views.network, views.key, found)
    return found


def _forwarding(network: Network, key: Key) -> dict[int, int]:
    """Return the address that a router's type 7 has in each NSSA. A border router's has none: it
    tells type 5 itself, and nobody is to translate (RFC 3101 2.3, 2.4)."""
    if network.border(key):
        return {}
    found: dict[int, int] = {}
    for area in network.areas(key):
        if network.kind(key, area) == "nssa":
            own = [circuit for circuit in network.circuits[key] if circuit.area == area]
            found[area] = min(own, key=_internal_first).address.address
    return found


def _internal_first(circuit: Circuit) -> tuple[bool, bool, int]:
    """RFC 3101 2.3: an internal address, else one of a network without other routers, else any."""
    loopback = circuit.name.startswith("Loopback")
    return not loopback, not circuit.passive, circuit.address.address


def _best(external: External, lsa: int, distance: int, hops: frozenset[Hop]) -> Best:
    kind = _TYPES[lsa, external.kind]
    if external.kind == 1:
        return Best(external.metric + distance, hops, kind, tag=external.tag)
    return Best(external.metric, hops, kind, distance, external.tag)


def _ways(
    views: Views, other: Key, addresses: Mapping[int, int]
) -> Iterator[tuple[int, tuple[int, frozenset[Hop]]]]:
    """Yield how a router hears of another's external routes: as type 7 of an NSSA that both are in,
    or else as type 5, its own or a translated one."""
    network, key = views.network, views.key
    shared = [
        area
        for area in network.areas(key)
        if network.kind(key, area) == "nssa" and other in network.paths[area][key]
    ]
    if shared:
        ways = [
            views.toward(addresses[area], area)
            if area in addresses
            else network.paths[area][key][other]
            for area in shared
        ]
        known = [way for way in ways if way is not None]
        if known:
            yield 7, min(known, key=lambda way: way[0])
        return
    if all(network.kind(key, area) for area in network.areas(key)):
        return
    if _tells_type_5(network, other) and network.floods(key, other):
        way = way_to(network, key, other)
        if way is not None:
            yield 5, way
    for area, address in addresses.items():
        if _translated(network, key, other, area):
            way = views.toward(address)
            if way is not None:
                yield 5, way


def _translated(network: Network, key: Key, other: Key, area: int) -> bool:
    """Tell whether a router hears what the border router with the highest id makes of the type 7 of
    another (RFC 3101 3.1)."""
    borders = [k for k in network.paths[area][other] if k != other and network.border(k)]
    if not borders:
        return False
    translator = max(borders, key=lambda border: network.processes[border].router_id)
    return key == translator or network.floods(key, translator)


def _tells_type_5(network: Network, key: Key) -> bool:
    """Tell whether a router has a foot in an area that type 5 is flooded in."""
    return any(not network.kind(key, area) for area in network.areas(key))


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
    # RFC 2328 12.4.1: in a stub no router says that it brings routes in
    inside = {area: found for area in areas if (found := network.paths[area][key].get(other))}
    old = network.processes[key].settings.rfc1583
    for area, found in inside.items():
        if old or area != BACKBONE:
            best = _nearer(best, found)
    if best is not None:
        return best  # RFC 2328 16.4.1: through other areas than the backbone before all else
    best = inside.get(BACKBONE)
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
