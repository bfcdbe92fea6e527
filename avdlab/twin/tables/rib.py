"""The routing table of one VRF: selection by preference, and longest-prefix match."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from avdlab.net.addresses import IPV4_BITS, Prefix, mask
from avdlab.twin.tables.bgp import Attributes


class RouteType(StrEnum):
    """`routeType` as EOS prints it in `show ip route | json`: recorded, or as ANTA reads it."""

    CONNECTED = "connected"
    STATIC = "static"
    EBGP = "eBGP"
    IBGP = "iBGP"
    BGP_AGGREGATE = "bgpAggregate"
    BGP = "BGP"  # of another VRF, by route target (as ANTA names it)
    OSPF_INTRA = "OSPF"
    OSPF_INTER = "ospfInterArea"
    OSPF_E1 = "ospfExternalType1"
    OSPF_E2 = "ospfExternalType2"
    OSPF_N1 = "ospfNssaExternalType1"
    OSPF_N2 = "ospfNssaExternalType2"
    OSPF_SUMMARY = "ospfSummary"  # of an area range, to Null0
    ISIS_L1 = "ISISLevel1"
    ISIS_L2 = "ISISLevel2"
    ATTACHED_HOST = "attachedHost"


@dataclass(frozen=True, slots=True, order=True)
class Via:
    """One next hop: an address and the interface behind it, or a VXLAN tunnel."""

    interface: str = ""
    next_hop: int | None = None
    vtep: int | None = None
    vni: int | None = None
    router_mac: str | None = None
    vrf: str | None = None  # where the next hop lies, if not in the route's own VRF
    labels: tuple[int, ...] = ()  # MPLS labels pushed, the outermost first
    endpoint: int | None = None  # of the tunnel that the next hop resolves over


@dataclass(frozen=True, slots=True)
class Route:
    prefix: Prefix
    type: RouteType
    preference: int
    metric: int
    vias: tuple[Via, ...]
    tag: int = 0
    directly_connected: bool = False
    drop: bool = False  # Null0
    source_vrf: str = ""  # where it was leaked from
    attributes: Attributes | None = None  # of a BGP route, for policies of other protocols


def stays(present: Route, route: Route) -> bool:
    """Tell whether a route stays before another: of equals the first, but own before leaked; a
    static one that resolves otherwise now is the same route."""
    if present.preference == route.preference:
        if present.type is route.type is RouteType.STATIC and not present.source_vrf:
            return bool(route.source_vrf) or present == route
        return not present.source_vrf or bool(route.source_vrf)
    return present.preference < route.preference


@dataclass(eq=False)
class Rib:
    """The best routes of one VRF and family. Build it with `offer`: the lowest preference wins
    (EOS)."""

    bits: int = IPV4_BITS
    _routes: dict[Prefix, Route] = field(default_factory=dict)
    _by_length: dict[int, dict[int, Route]] = field(default_factory=dict)
    _lengths: list[tuple[int, int]] = field(default_factory=list)  # (length, mask), longest first

    @classmethod
    def of(cls, routes: Iterable[Route], bits: int = IPV4_BITS) -> "Rib":
        """Build a table from candidates."""
        rib = cls(bits)
        for route in routes:
            rib.offer(route)
        return rib

    def copy(self) -> "Rib":
        """Return a table with the same routes, to be changed apart."""
        by_length = {length: dict(found) for length, found in self._by_length.items()}
        return Rib(self.bits, dict(self._routes), by_length, list(self._lengths))

    def offer(self, route: Route) -> bool:
        """Take the route if it beats what is there; tell whether it was taken."""
        present = self._routes.get(route.prefix)
        if present is not None and stays(present, route):
            return False
        self._routes[route.prefix] = route
        length = route.prefix.length
        table = self._by_length.get(length)
        if table is None:
            table = self._by_length[length] = {}
            self._lengths.append((length, mask(length, self.bits)))
            self._lengths.sort(reverse=True)
        table[route.prefix.network] = route
        return True

    def get(self, prefix: Prefix) -> Route | None:
        """Return the route to exactly this prefix."""
        return self._routes.get(prefix)

    def lookup(self, address: int, *, skip_default: bool = False) -> Route | None:
        """Return the longest match for an address."""
        for length, bits in self._lengths:
            if skip_default and length == 0:
                continue
            found = self._by_length[length].get(address & bits)
            if found is not None:
                return found
        return None

    def settles(self, _address: int) -> bool:
        """Tell whether no protocol that is still computed has a say in how an address is
        reached."""
        return True

    def lengths(self) -> list[tuple[int, int]]:
        """Return the prefix lengths in use with their masks, longest first."""
        return self._lengths

    def statics(self) -> Iterator[Route]:
        """Yield the static routes in the table."""
        return (route for route in self._routes.values() if route.type is RouteType.STATIC)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rib) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # a table changes

    def __iter__(self) -> Iterator[Route]:
        return iter(sorted(self._routes.values(), key=lambda route: route.prefix))

    def __len__(self) -> int:
        return len(self._routes)

    def __contains__(self, prefix: object) -> bool:
        return prefix in self._routes
