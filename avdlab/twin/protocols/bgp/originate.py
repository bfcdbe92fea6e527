"""Paths that an instance originates: networks, redistribution and aggregates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile

from avdlab.net.addresses import IPV4_BITS, Prefix
from avdlab.twin.config.settings import (
    AddressFamilySettings,
    Afi,
    AggregateSettings,
    BgpVrfSettings,
    PolicySettings,
    Redistribution,
)
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.policy import apply_route_map
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute
from avdlab.twin.protocols.redistribution import takes
from avdlab.twin.tables.bgp import Attributes, Origin
from avdlab.twin.tables.communities import find_router_mac, without_router_mac
from avdlab.twin.tables.rib import Rib, Route, RouteType

# EOS: the route decides, whether a `network` or redistribution brings it in: connected ones and
# OSPF's are of origin IGP, static ones incomplete (cEOS texts at bgplabs.net; RFC 1403 3 for OSPF)
_IGP_ROUTES = frozenset(
    {
        *(RouteType.CONNECTED, RouteType.ATTACHED_HOST, RouteType.OSPF_INTRA),
        *(RouteType.OSPF_INTER, RouteType.ISIS_L1, RouteType.ISIS_L2),
    }
)
_NO_FAMILY = AddressFamilySettings()
_ORIGINS = (Origin.IGP, Origin.EGP, Origin.INCOMPLETE)


# Stands for the extended communities of each NLRI while its class travels (see evpn.py)
AS_ORIGINATED = "*"
PLACEHOLDER = frozenset({AS_ORIGINATED})


def restored(attributes: Attributes, communities: frozenset[str]) -> Attributes:
    """Put extended communities where their placeholder stands."""
    present = attributes.ext_communities
    if AS_ORIGINATED not in present:
        return attributes
    return replace(attributes, ext_communities=filled(present, communities))


def filled(present: frozenset[str], communities: frozenset[str]) -> frozenset[str]:
    """Put communities where the placeholder stands. A router MAC set on the way replaces theirs."""
    set_on_the_way = present - PLACEHOLDER
    if find_router_mac(set_on_the_way) is not None:
        communities = without_router_mac(communities)
    return set_on_the_way | communities


@dataclass(slots=True)
class Interner:
    """Makes equal candidates the same object, so that classes are told by identity."""

    _known: dict[tuple[object, ...], Candidate] = field(default_factory=dict)
    _restored: dict[tuple[Attributes, frozenset[str]], Attributes] = field(default_factory=dict)
    settled: int = 0  # paths after the first computation

    def crowded(self) -> bool:
        """Tell whether much more is remembered than the first computation needed."""
        size = len(self._known) + len(self._restored)
        if not self.settled:
            self.settled = size
        return size > 4 * self.settled + 20000

    def restored(self, attributes: Attributes, communities: frozenset[str]) -> Attributes:
        """Put the extended communities of an EVPN route where their placeholder stands."""
        key = (attributes, communities)
        if key not in self._restored:
            self._restored[key] = restored(attributes, communities)
        return self._restored[key]

    def candidate(self, fresh: Candidate) -> Candidate:
        key = (
            fresh.attributes,
            fresh.local,
            fresh.ebgp,
            fresh.weight,
            fresh.peer_address,
            fresh.peer_id,
            fresh.source,
            fresh.metric,
            fresh.originated_next_hop,
            fresh.imported_rd,
            fresh.vni,
            fresh.router_mac,
            fresh.order,
            fresh.learned,
            fresh.label,
            fresh.tag,
            fresh.distance,
            fresh.domain,
            fresh.leaked_from,
            fresh.own_hop,
        )
        return self._known.setdefault(key, fresh)


def local_paths(
    vrf: BgpVrfSettings, policy: PolicySettings, rib: Rib, router_id: int
) -> Iterator[tuple[Prefix, Candidate]]:
    """Yield the networks and redistributed routes of an instance, one path a prefix."""
    afi = Afi.IPV4 if rib.bits == IPV4_BITS else Afi.IPV6
    family = vrf.families.get(afi, _NO_FAMILY)
    seen: set[Prefix] = set()
    networks = (*vrf.networks, *family.networks)
    for prefix, name in (found for found in networks if found[0].bits == rib.bits):
        route = rib.get(prefix)
        if route is not None and prefix not in seen:
            path = _path(policy, name, route, "network", router_id)
            if path is not None:
                seen.add(prefix)
                yield prefix, path
    rules = (*vrf.redistribute, *family.redistribute)
    for route in rib if rules else ():
        if route.prefix in seen:
            continue
        asked = (rule for rule in rules if takes(rule, route))
        metric = vrf.default_metric
        paths = (_redistributed(policy, rule, route, router_id, metric) for rule in asked)
        path = next((found for found in paths if found is not None), None)
        if path is not None:
            yield route.prefix, path


def _redistributed(
    policy: PolicySettings,
    rule: Redistribution,
    route: Route,
    router_id: int,
    metric: int | None,
) -> Candidate | None:
    return _path(policy, rule.route_map, route, rule.source, router_id, metric)


def _path(
    policy: PolicySettings,
    name: str | None,
    route: Route,
    source: str,
    router_id: int,
    metric: int | None = None,
) -> Candidate | None:
    """`metric`: what EOS's `default-metric` says. The route's own is no MED (recorded under ribd:
    peers hear 0 of what is 1 here; cEOS shows none), yet `match metric` looks at it."""
    origin = Origin.IGP if route.type in _IGP_ROUTES else Origin.INCOMPLETE
    fresh = Attributes(0, origin=origin, med=metric or route.metric or None)
    interface = route.vias[0].interface if route.vias else ""
    hop = next((via.next_hop for via in route.vias if via.next_hop is not None), 0)
    asked = PolicyRoute(
        route.prefix, fresh, source=source, interface=interface, tag=route.tag, kind=route.type
    )
    found = apply_route_map(policy, name, asked) if name else asked
    if found is None:
        return None
    med = metric if found.metric is None else found.metric
    return Candidate(
        replace(found.attributes, med=med or None),
        local=True,
        weight=found.weight,
        source=source,
        peer_id=router_id,
        tag=found.tag,
        own_hop=hop or 0,
    )


# ------------------------------------------------------------------------------ aggregates
Table = Mapping[Prefix, tuple[Ranked, ...]]


def aggregate_path(
    aggregate: AggregateSettings,
    policy: PolicySettings,
    table: Table,
    asn: int,
    router_id: int,
) -> Candidate | None:
    """Return the path of an aggregate, None while no more specific route contributes."""
    parts = [ranked[0].candidate for _, ranked in contributors(aggregate, policy, table)]
    if not parts:
        return None
    path, members = _joined_paths(parts)
    if not aggregate.as_set:  # EOS 4.29: what all paths begin with stays in any case
        members = frozenset()
    route: PolicyRoute | None = PolicyRoute(
        aggregate.prefix,
        Attributes(
            0,
            path,
            _aggregate_origin(parts),
            as_set=members,
            aggregator=(asn, router_id),
            atomic=_loses_path(parts, path, as_set=aggregate.as_set),
        ),
        source="aggregate",
    )
    if aggregate.attribute_map is not None and route is not None:
        route = apply_route_map(policy, aggregate.attribute_map, route)
    if route is None:
        return None
    return Candidate(route.attributes, local=True, source="aggregate", peer_id=router_id)


def _joined_paths(parts: Iterable[Candidate]) -> tuple[tuple[int, ...], frozenset[int]]:
    """Return what all paths begin with, and the set of the other numbers (RFC 4271 9.2.2.2)."""
    paths = [part.attributes.as_path for part in parts]
    alike = takewhile(lambda numbers: len(set(numbers)) == 1, zip(*paths, strict=False))
    common = tuple(numbers[0] for numbers in alike)
    others = {asn for path in paths for asn in path[len(common) :]}
    others.update(*(part.attributes.as_set for part in parts))
    return common, frozenset(others)


def _loses_path(parts: Iterable[Candidate], path: tuple[int, ...], *, as_set: bool) -> bool:
    """RFC 4271 9.1.4: an aggregate says so when its path leaves numbers of its parts out."""
    told = [part.attributes for part in parts]
    return any(found.atomic or (found.as_path != path and not as_set) for found in told)


def _aggregate_origin(parts: Iterable[Candidate]) -> Origin:
    """RFC 4271 9.2.2.2: the worst of the parts' origins."""
    return max((part.attributes.origin for part in parts), key=_ORIGINS.index)


def contributors(
    aggregate: AggregateSettings, policy: PolicySettings, table: Table
) -> Iterator[tuple[Prefix, tuple[Ranked, ...]]]:
    """Yield the routes inside an aggregate that are best and not aggregates of their own."""
    for prefix, ranked in table.items():
        inside = prefix.length > aggregate.prefix.length and aggregate.prefix.covers(prefix)
        if not inside or not ranked or not ranked[0].best:
            continue
        if ranked[0].candidate.source == "aggregate":
            continue
        asked = PolicyRoute(prefix, ranked[0].candidate.attributes)
        if aggregate.match_map is None or apply_route_map(policy, aggregate.match_map, asked):
            yield prefix, ranked
