"""Typed settings of routing policy and BGP: what the configuration text asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from avdlab.net.addresses import Prefix

_NOTHING: Mapping[Any, Any] = MappingProxyType({})


def _nothing() -> Mapping[Any, Any]:
    return _NOTHING


# ---------------------------------------------------------------------------------- policy
@dataclass(frozen=True, slots=True)
class PrefixListEntry:
    sequence: int
    permit: bool
    prefix: Prefix
    ge: int | None = None  # `eq N` is ge = le = N
    le: int | None = None


@dataclass(frozen=True, slots=True)
class RouteMapEntry:
    """A sequence of a route-map. `match`/`set` keep the words after the keyword, in order."""

    sequence: int
    permit: bool
    match: tuple[tuple[str, ...], ...] = ()
    set: tuple[tuple[str, ...], ...] = ()
    continue_to: int | None = None  # 0 means `continue` without a number
    sub_route_map: str | None = None


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry of a community, extcommunity, large-community or as-path list."""

    permit: bool
    # communities that must all be there, or one regular expression (and the origin of its paths)
    values: tuple[str, ...]
    regex: bool = False


@dataclass(frozen=True, slots=True)
class PeerFilterEntry:
    """An entry of a peer-filter: an AS in [low, high] is accepted or rejected."""

    sequence: int
    low: int
    high: int
    accept: bool = True


@dataclass(frozen=True, slots=True)
class PolicySettings:
    prefix_lists: Mapping[str, tuple[PrefixListEntry, ...]] = field(default_factory=_nothing)
    route_maps: Mapping[str, tuple[RouteMapEntry, ...]] = field(default_factory=_nothing)
    community_lists: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=_nothing)
    extcommunity_lists: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=_nothing)
    large_lists: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=_nothing)
    as_path_lists: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=_nothing)
    as_path_strings: bool = False  # ip as-path regex-mode string
    access_lists: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=_nothing)
    peer_filters: Mapping[str, tuple[PeerFilterEntry, ...]] = field(default_factory=_nothing)
    prefix_lists6: Mapping[str, tuple[PrefixListEntry, ...]] = field(default_factory=_nothing)
    standard_lists: frozenset[str] = frozenset()  # those that look at the source alone
    access_lists6: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=_nothing)


# ---------------------------------------------------------------------------------- BGP
# `additional-paths send any|ecmp|backup|best [limit N]`: which, and how many paths in all
MorePaths = tuple[str, int | None]


class Afi(StrEnum):
    IPV4 = "ipv4"
    IPV6 = "ipv6"
    EVPN = "evpn"
    VPN_IPV4 = "vpn-ipv4"
    VPN_IPV6 = "vpn-ipv6"
    RT_MEMBERSHIP = "rt-membership"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AfNeighborSettings:
    """What `address-family X` says of a neighbor or peer group; None where it says nothing."""

    activate: bool | None = None
    route_map_in: str | None = None
    route_map_out: str | None = None
    prefix_list_in: str | None = None
    prefix_list_out: str | None = None
    next_hop_unchanged: bool | None = None
    next_hop_self: bool | None = None
    route_reflector_client: bool | None = None
    default_originate: tuple[str | None, bool] | None = None  # (route-map, always)
    domain_remote: bool | None = None
    next_hop_ipv6_originate: bool | None = None
    encapsulation: str | None = None
    weight: int | None = None
    more_sent: MorePaths | None = None
    more_received: bool | None = None


@dataclass(frozen=True, slots=True)
class NeighborSettings:
    """What a `neighbor` line says, None where it says nothing: peer groups are merged by bgp."""

    name: str  # address, peer-group name, or interface (unnumbered)
    peer_group: str | None = None
    is_peer_group: bool = False
    remote_as: int | None = None
    local_as: int | None = None
    local_as_no_prepend: bool = False
    local_as_replace: bool = False
    description: str = ""
    update_source: str | None = None
    ebgp_multihop: int | None = None  # TTL; `ebgp-multihop` bare is 255
    maximum_hops: int | None = None  # ttl maximum-hops (RFC 5082)
    password: tuple[str, str] | None = None  # (type, value)
    shutdown: bool | None = None
    send_community: frozenset[str] | None = None  # of standard, extended, large; bare = all three
    maximum_routes: int | None = None
    maximum_routes_warn_only: bool = False
    maximum_routes_warning: int | None = None  # warning-limit
    allowas_in: int | None = None
    next_hop_self: bool | None = None
    next_hop_unchanged: bool | None = None
    route_reflector_client: bool | None = None
    route_map_in: str | None = None
    route_map_out: str | None = None
    prefix_list_in: str | None = None
    prefix_list_out: str | None = None
    default_originate: tuple[str | None, bool] | None = None
    remove_private_as: str | None = None  # "", "all", "all replace-as"
    remove_private_as_in: str | None = None  # ingress: "", "replace-as"
    weight: int | None = None
    local_preference: int | None = None  # import-localpref
    export_local_preference: int | None = None
    metric_out: int | None = None
    missing_policy: Mapping[str, str] | None = None  # in, out -> permit, deny, deny-in-out
    next_hop_peer: bool | None = None
    as_path_remote_as_replace: bool = False
    as_path_prepend_own_disabled: bool = False
    enforce_first_as: bool | None = None
    timers: tuple[int, int] | None = None  # keepalive, hold, seconds
    bfd: bool | None = None
    bfd_interval: tuple[int, int, int] | None = None
    passive: bool | None = None
    rib_in_pre_policy_retain: str | None = None  # "" or all
    more_sent: MorePaths | None = None
    more_received: bool | None = None


@dataclass(frozen=True, slots=True)
class Redistribution:
    source: str  # connected, static, ospf, isis, attached-host, dynamic, bgp ...
    route_map: str | None = None
    include_leaked: bool = False
    match: tuple[str, ...] = ()
    levels: frozenset[int] = frozenset({2})  # of IS-IS, that hear of it; EOS: level 2 alone


@dataclass(frozen=True, slots=True)
class AggregateSettings:
    prefix: Prefix
    as_set: bool = False
    summary_only: bool = False
    attribute_map: str | None = None
    match_map: str | None = None
    advertise_only: bool = False


@dataclass(frozen=True, slots=True)
class ListenRange:
    prefix: str
    peer_group: str
    remote_as: int | None = None
    peer_filter: str | None = None


@dataclass(frozen=True, slots=True)
class MacVrfSettings:
    """`vlan N` or `vlan-aware-bundle NAME` under router bgp."""

    name: str
    vlans: frozenset[int]
    bundle: bool
    rd: str | None = None
    import_rts: frozenset[str] = frozenset()
    export_rts: frozenset[str] = frozenset()
    redistribute: frozenset[str] = frozenset()  # learned, router-mac, static ...
    rd_remote: str | None = None
    import_rts_remote: frozenset[str] = frozenset()
    export_rts_remote: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """`evpn ethernet-segment` of an interface, or of an EVPN gateway's domains (RFC 7432 5)."""

    identifier: str
    import_rt: str | None = None
    single_active: bool = False
    algorithm: str = "modulus"  # modulus, preference, hrw
    preference: int = 32767


@dataclass(frozen=True, slots=True)
class AddressFamilySettings:
    neighbors: Mapping[str, AfNeighborSettings] = field(default_factory=_nothing)
    networks: tuple[tuple[Prefix, str | None], ...] = ()
    redistribute: tuple[Redistribution, ...] = ()
    default_activate: bool | None = None  # `bgp default` under the family
    next_hop_unchanged: bool = False  # `bgp next-hop-unchanged` under the family
    more_sent: MorePaths | None = None
    more_received: bool | None = None
    # EVPN only
    next_hop_self_ip_prefix: bool = False
    next_hop_self_inter_domain: bool = False
    next_hop_resolution_disabled: bool = False
    domain_identifier: str | None = None
    domain_identifier_remote: str | None = None
    gateway_segments: tuple[SegmentSettings, ...] = ()  # evpn ethernet-segment domain ...
    encapsulation: str = "vxlan"
    encapsulation_source: str | None = None


@dataclass(frozen=True, slots=True)
class BgpVrfSettings:
    """`router bgp` itself (name `default`) or a `vrf` section under it."""

    name: str
    router_id: int | None = None
    rd: str | None = None
    import_rts: Mapping[str, frozenset[str]] = field(default_factory=_nothing)  # afi -> RTs
    export_rts: Mapping[str, frozenset[str]] = field(default_factory=_nothing)
    export_route_map: str | None = None
    import_route_map: str | None = None
    local_as: int | None = None
    neighbors: Mapping[str, NeighborSettings] = field(default_factory=_nothing)
    listen_ranges: tuple[ListenRange, ...] = ()
    families: Mapping[Afi, AddressFamilySettings] = field(default_factory=_nothing)
    networks: tuple[tuple[Prefix, str | None], ...] = ()
    aggregates: tuple[AggregateSettings, ...] = ()
    redistribute: tuple[Redistribution, ...] = ()
    default_ipv4_unicast: bool = True
    maximum_paths: int = 1
    maximum_paths_ecmp: int | None = None
    maximum_paths_ibgp: int | None = None
    distance: tuple[int, int, int] = (200, 200, 200)
    multipath_relax: bool = True
    cluster_id: int | None = None
    confederation: int | None = None  # RFC 5065: the AS that all member ASs are to others
    confederation_peers: frozenset[int] = frozenset()
    always_compare_med: bool = False
    bestpath_d_path: bool = False
    default_local_preference: int = 100
    shutdown: bool = False
    timers: tuple[int, int] | None = None
    allowas_in: int | None = None
    enforce_first_as: bool = True
    client_to_client_reflection: bool = True
    advertise_inactive: bool = False
    redistribute_internal: bool = True
    missing_policy: Mapping[str, str] = field(default_factory=_nothing)
    med_missing_as_worst: bool = False
    ignore_as_path_length: bool = False
    skip_igp_cost: bool = False
    default_metric: int | None = None  # MED of what is redistributed
    next_hop_unchanged: bool = False  # toward all peers in other ASs
    more_sent: MorePaths | None = None
    more_received: bool | None = None
    ipv4_over_ipv6: bool = False  # bgp default ipv4-unicast transport ipv6
    # default-route export evpn: (route-map, always); a VRF tells EVPN a default route
    default_export: tuple[str | None, bool] | None = None


@dataclass(frozen=True, slots=True)
class BgpSettings:
    asn: int
    asdot: bool = False
    vrfs: Mapping[str, BgpVrfSettings] = field(default_factory=_nothing)  # has "default"
    mac_vrfs: tuple[MacVrfSettings, ...] = ()
