"""Connected and static routes of one switch, of IPv4 and IPv6."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from avdlab.net.addresses import IPV4_BITS, InterfaceAddress, Prefix, is_link_local
from avdlab.twin.config.settings import InterfaceSettings, StaticRoute
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.tables.ports import Port
from avdlab.twin.tables.rib import Rib, Route, RouteType, Via

_ROUNDS = 10  # static routes that resolve over static routes that resolve ...


def own_addresses(
    settings: InterfaceSettings, bits: int = IPV4_BITS
) -> tuple[InterfaceAddress, ...]:
    """Return every address that an interface answers for, the primary first."""
    if bits != IPV4_BITS:
        return (*settings.addresses6, *settings.virtual6, *settings.varp6)
    primary = (settings.address,) if settings.address else ()
    return (*primary, *settings.secondary, *settings.virtual, *settings.varp)


def connected(
    switch: Switch, ports: Mapping[str, Port], bits: int = IPV4_BITS
) -> dict[str, list[Route]]:
    """Return VRF -> connected routes. They exist also where `ip routing` is off."""
    found: dict[str, list[Route]] = {name: [] for name in switch.settings.vrfs}
    for name, settings in switch.settings.interfaces.items():
        port = ports.get(name)
        if port is None or not port.up or settings.vrf not in found or not port.routed:
            continue
        for prefix in dict.fromkeys(_subnets(settings, bits)):
            found[settings.vrf].append(
                Route(prefix, RouteType.CONNECTED, 0, 0, (Via(name),), directly_connected=True)
            )
    return found


def _subnets(settings: InterfaceSettings, bits: int) -> Iterable[Prefix]:
    virtual_router = (*settings.varp, *settings.varp6)
    for address in own_addresses(settings, bits):
        if address not in virtual_router or not address.host:
            yield address.prefix


def with_static(
    switch: Switch, ribs: Mapping[str, Rib], up: Mapping[str, Port], bits: int = IPV4_BITS
) -> None:
    """Offer the static routes of a family to its tables, until they resolve as they did before:
    each may resolve over others, which other next hops or distances come to stand before."""
    settings = switch.settings
    asked = settings.static_routes if bits == IPV4_BITS else settings.static_routes6
    before: list[tuple[str, Route]] = []
    for _ in range(_ROUNDS if asked else 0):
        resolved = [(route, _resolve(route, ribs, up)) for route in asked]
        found = _merged([(route, vias) for route, vias in resolved if vias is not None])
        if found == before:
            return
        for vrf, route in found:
            table = ribs.get(vrf)
            if table is not None:
                table.offer(route)
        before = found


def _resolve(
    route: StaticRoute, ribs: Mapping[str, Rib], ports: Mapping[str, Port]
) -> tuple[Via, ...] | None:
    """Return the next hops of a route; () discards, None does not resolve."""
    if route.interface == "Null0":
        return ()
    if route.interface is not None:
        port = ports.get(route.interface)
        up = port is not None and port.up
        return (Via(route.interface, route.next_hop),) if up else None
    if route.next_hop is None or is_link_local(route.next_hop):
        return None  # RFC 4291 2.5.6: a link-local address names no interface
    vrf = route.egress_vrf or route.vrf
    table = ribs.get(vrf)
    found = table.lookup(route.next_hop) if table else None
    # a route must not resolve over itself
    if found is None or (found.prefix == route.prefix and vrf == route.vrf):
        return None
    if found.drop:
        return () if found.type is RouteType.STATIC else None
    leak = route.egress_vrf if route.egress_vrf != route.vrf else None
    return tuple(_over(via, route.next_hop, found.directly_connected, leak) for via in found.vias)


def _over(via: Via, next_hop: int, direct: bool, vrf: str | None) -> Via:
    """A static route to an interface alone is as good as a connected one to what lies in it."""
    alone = via.next_hop is None and via.vtep is None and via.endpoint is None
    return replace(via, next_hop=next_hop if direct or alone else via.next_hop, vrf=vrf)


def _merged(
    usable: list[tuple[StaticRoute, tuple[Via, ...]]],
) -> list[tuple[str, Route]]:
    """Join equal routes into one with several next hops; the lowest distance alone is kept."""
    groups: dict[tuple[str, Prefix], list[tuple[StaticRoute, tuple[Via, ...]]]] = {}
    for route, vias in usable:
        groups.setdefault((route.vrf, route.prefix), []).append((route, vias))
    found = []
    for (vrf, prefix), members in groups.items():
        distance = min(route.distance for route, _ in members)
        best = [(route, vias) for route, vias in members if route.distance == distance]
        vias = tuple(sorted({via for _, vias in best for via in vias}, key=_order))
        first = best[0][0]
        found.append(
            (
                vrf,
                Route(
                    prefix,
                    RouteType.STATIC,
                    distance,
                    first.metric,
                    vias,
                    first.tag,
                    drop=not vias,
                ),
            )
        )
    return found


def _order(via: Via) -> tuple[str, int, int]:
    return (via.interface, via.next_hop or 0, via.vtep or 0)
