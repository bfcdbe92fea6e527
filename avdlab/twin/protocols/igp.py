"""What OSPF and IS-IS share: the routers handed to them, the routes they give, redistribution."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from avdlab.net.addresses import IPV4_BITS, Prefix
from avdlab.twin.config.settings import DeviceSettings, InterfaceSettings, Redistribution
from avdlab.twin.protocols.bgp.policy import apply_route_map
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute
from avdlab.twin.protocols.redistribution import source_of, takes
from avdlab.twin.tables.bgp import Attributes
from avdlab.twin.tables.ports import Port
from avdlab.twin.tables.rib import Rib, Route, RouteType, Via

# (node, routed interface) -> broadcast domain: equal numbers can talk at layer 2 right now.
Segments = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Router:
    """A powered-on device as an IGP sees it. `ribs`: VRF -> what may be redistributed, `ribs6`
    of IPv6."""

    node: str
    settings: DeviceSettings
    ports: Mapping[str, Port]
    ribs: Mapping[str, Rib]
    ribs6: Mapping[str, Rib] = field(default_factory=dict)

    def up(self, interface: InterfaceSettings) -> bool:
        """Tell whether the interface can carry the protocol."""
        port = self.ports.get(interface.name)
        return port is not None and port.up and port.routed

    def mtu(self, interface: str) -> int:
        return self.ports[interface].mtu


@dataclass(frozen=True, slots=True, order=True)
class Hop:
    """How a router reaches a neighbor: its own interface and the neighbor's address."""

    interface: str
    address: int | None


@dataclass(slots=True)
class Ways:
    """Next hops in order, no more than the maximum of paths. Many prefixes lie behind the same."""

    most: int
    _known: dict[frozenset[Hop], tuple[Via, ...]] = field(default_factory=dict)

    def over(self, hops: frozenset[Hop]) -> tuple[Via, ...]:
        """Return the vias over some next hops."""
        if hops not in self._known:
            found = sorted(hops, key=_order)[: self.most]
            self._known[hops] = tuple(Via(hop.interface, hop.address) for hop in found)
        return self._known[hops]


def _order(hop: Hop) -> tuple[str, int]:
    return hop.interface, hop.address or 0


@dataclass(frozen=True, slots=True)
class Brought:
    """A route that redistribution lets into a protocol, and what its route-map said of it."""

    route: Route
    metric: int | None = None
    metric_type: str = ""
    tag: int = 0


def redistributed(
    router: Router,
    vrf: str,
    wanted: Iterable[Redistribution],
    own: frozenset[RouteType],
    bits: int = IPV4_BITS,
) -> dict[Prefix, Brought]:
    """Return the routes of the table that redistribution lets into the protocol."""
    table = (router.ribs if bits == IPV4_BITS else router.ribs6).get(vrf)
    found: dict[Prefix, Brought] = {}
    bgp = router.settings.bgp
    internal = bgp is None or vrf not in bgp.vrfs or bgp.vrfs[vrf].redistribute_internal
    for entry in wanted:
        for route in table or ():
            if route.type in own or (route.type is RouteType.IBGP and not internal):
                continue
            if takes(entry, route) and route.prefix not in found:
                brought = permitted(router.settings, entry.route_map, route)
                if brought is not None:
                    found[route.prefix] = brought
    return found


def permitted(settings: DeviceSettings, route_map: str | None, route: Route) -> Brought | None:
    """Return what a route-map makes of a route, None where it denies it."""
    hop = next((via.next_hop for via in route.vias if via.next_hop is not None), 0)
    interface = route.vias[0].interface if route.vias else ""
    offered = PolicyRoute(
        route.prefix,
        replace(route.attributes or Attributes(0), next_hop=hop or 0, med=route.metric),
        source=source_of(route),
        interface=interface,
        tag=route.tag,
        kind=route.type,
    )
    found = apply_route_map(settings.policy, route_map, offered)
    return None if found is None else Brought(route, found.metric, found.metric_type, found.tag)


def is_default(prefix: Prefix) -> bool:
    """Tell whether the prefix is 0.0.0.0/0."""
    return prefix.length == 0
