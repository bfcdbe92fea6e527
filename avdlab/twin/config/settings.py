"""Typed settings of one device: what the configuration text asks for, before any state is computed.

Frozen values; the readers that make them from a `Config` stand in `config/read/`. Defaults are
EOS's own (multi-agent model). Addresses are ints (net.addresses).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from avdlab.net.addresses import InterfaceAddress, Prefix

_NOTHING: Mapping[Any, Any] = MappingProxyType({})


def _nothing() -> Mapping[Any, Any]:
    return _NOTHING


# ---------------------------------------------------------------------------------- interfaces
class SwitchportMode(StrEnum):
    ACCESS = "access"
    TRUNK = "trunk"
    TRUNK_PHONE = "trunk phone"
    DOT1Q_TUNNEL = "dot1q-tunnel"


@dataclass(frozen=True, slots=True)
class Switchport:
    """Layer-2 settings. `allowed` None means every VLAN; `native` None means native tagged."""

    mode: SwitchportMode = SwitchportMode.ACCESS
    access_vlan: int = 1
    native_vlan: int | None = 1
    allowed: frozenset[int] | None = None
    trunk_groups: frozenset[str] = frozenset()
    phone_vlan: int | None = None


@dataclass(frozen=True, slots=True)
class ChannelGroup:
    """Membership of a Port-Channel: `mode` is active, passive or on."""

    number: int
    mode: str


@dataclass(frozen=True, slots=True)
class LacpFallback:
    """`port-channel lacp fallback static|individual` with its timeout in seconds."""

    mode: str
    timeout: int = 90


@dataclass(frozen=True, slots=True)
class OspfInterface:
    """`ip ospf ...` of an interface. Times in seconds; `keys` are what authentication compares."""

    area: int | None = None
    cost: int | None = None
    point_to_point: bool = False
    hello: int = 10
    dead: int = 40
    priority: int = 1
    authentication: str = ""  # "", simple, message-digest
    keys: tuple[tuple[str, ...], ...] = ()  # the words after the key command
    mtu_ignore: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class IsisInterface:
    """`isis ...` of an interface. `levels` are those of its circuit type."""

    instance: str | None = None
    metric: int | None = None
    levels: frozenset[int] = frozenset({1, 2})
    passive: bool = False
    point_to_point: bool = False
    hello_padding: bool = True
    authentication: str = ""  # mode: "", text, md5, sha
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InterfaceSettings:
    """One `interface` section. A port that has no section gets the defaults (up, switchport)."""

    name: str
    description: str = ""
    shutdown: bool = False
    mtu: int | None = None
    speed: str | None = None
    switchport: Switchport | None = None  # None: routed port, SVI, loopback ...
    vrf: str = "default"
    address: InterfaceAddress | None = None
    secondary: tuple[InterfaceAddress, ...] = ()
    virtual: tuple[InterfaceAddress, ...] = ()  # ip address virtual A/B [secondary]
    varp: tuple[InterfaceAddress, ...] = ()  # ip virtual-router address A[/B]; /32 when bare
    dhcp: bool = False
    unnumbered: str | None = None
    ipv6_enabled: bool = False
    ipv6_addresses: tuple[str, ...] = ()  # as typed, for printing
    addresses6: tuple[InterfaceAddress, ...] = ()  # the same as values, without link-local
    virtual6: tuple[InterfaceAddress, ...] = ()  # ipv6 address virtual A/B
    varp6: tuple[InterfaceAddress, ...] = ()  # ipv6 virtual-router address A; /128 when bare
    link_local6: int | None = None  # ipv6 address A link-local
    channel_group: ChannelGroup | None = None
    lacp_port_priority: int = 32768
    lacp_system_id: str | None = None
    lacp_fallback: LacpFallback | None = None
    min_links: int = 0
    mlag: int | None = None
    autostate: bool = True
    dot1q: int | None = None
    lldp_transmit: bool = True
    lldp_receive: bool = True
    spanning_tree: Mapping[str, str] = field(default_factory=_nothing)
    esi: str | None = None
    bfd: bool = False
    ospf: OspfInterface | None = None
    isis: IsisInterface | None = None
    # settings of protocols that this twin does not compute yet, e.g. "pim": text lines
    other: tuple[str, ...] = ()


# ---------------------------------------------------------------------------------- layer 2
@dataclass(frozen=True, slots=True)
class VlanSettings:
    number: int
    name: str
    trunk_groups: frozenset[str] = frozenset()
    active: bool = True


@dataclass(frozen=True, slots=True)
class SpanningTreeSettings:
    mode: str = "mstp"
    priorities: Mapping[int, int] = field(default_factory=_nothing)  # instance -> priority
    disabled_vlans: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class MlagSettings:
    domain_id: str | None = None
    local_interface: str | None = None
    peer_address: int | None = None
    peer_link: str | None = None
    heartbeat: tuple[int, str] | None = None  # peer-address heartbeat A [vrf V]
    primary_priority: int = 32767
    reload_delay: int = 300
    reload_delay_non_mlag: int = 0
    dual_primary_delay: int = 0
    shutdown: bool = False


@dataclass(frozen=True, slots=True)
class VxlanSettings:
    name: str = "Vxlan1"
    source: str | None = None
    mlag_source: str | None = None
    udp_port: int = 4789
    vlans: Mapping[int, int] = field(default_factory=_nothing)  # VLAN -> VNI
    vrfs: Mapping[str, int] = field(default_factory=_nothing)  # VRF -> VNI
    flood: tuple[int, ...] = ()
    flood_vlans: Mapping[int, tuple[int, ...]] = field(default_factory=_nothing)
    mlag_system_id: bool = False  # virtual-router encapsulation mac-address mlag-system-id


# ---------------------------------------------------------------------------------- layer 3
@dataclass(frozen=True, slots=True)
class StaticRoute:
    """`ip route` or `ipv6 route`: the prefix tells the family."""

    vrf: str
    prefix: Prefix
    next_hop: int | None = None
    interface: str | None = None  # may be Null0
    distance: int = 1
    tag: int = 0
    name: str = ""
    egress_vrf: str | None = None


@dataclass(frozen=True, slots=True)
class VrfSettings:
    name: str
    routing: bool = False
    rd: str | None = None
    routing6: bool = False  # ipv6 unicast-routing


@dataclass(frozen=True, slots=True)
class UserSettings:
    """A local user. `secret` is None for `nopassword`, else (type, value): ('sha512', '$6$...')."""

    name: str
    privilege: int = 1
    role: str = "network-operator"
    secret: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class EapiSettings:
    """`management api http-commands`. EOS serves HTTPS only and is shut unless asked."""

    shutdown: bool = True
    http: bool = False
    https: bool = True
    vrfs: Mapping[str, bool] = field(default_factory=_nothing)  # VRF -> enabled
    ssl_profile: str | None = None


@dataclass(frozen=True, slots=True)
class SystemSettings:
    hostname: str = "localhost"
    domain: str = ""
    routing_model: str = "multi-agent"
    users: Mapping[str, UserSettings] = field(default_factory=_nothing)
    enable_secret: tuple[str, str] | None = None
    eapi: EapiSettings = EapiSettings()
    ntp_servers: tuple[str, ...] = ()
    lldp_enabled: bool = True


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
    values: tuple[str, ...]  # communities that must all be there, or one regular expression
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
    prefix_lists: Mapping[str, tuple[PrefixListEntry, ...]] = field(
        default_factory=lambda: _NOTHING
    )
    route_maps: Mapping[str, tuple[RouteMapEntry, ...]] = field(default_factory=_nothing)
    community_lists: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=_nothing)
    extcommunity_lists: Mapping[str, tuple[ListEntry, ...]] = field(
        default_factory=lambda: _NOTHING
    )
    as_path_lists: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=_nothing)
    access_lists: Mapping[str, tuple[tuple[str, ...], ...]] = field(
        default_factory=lambda: _NOTHING
    )
    peer_filters: Mapping[str, tuple[PeerFilterEntry, ...]] = field(default_factory=_nothing)
    prefix_lists6: Mapping[str, tuple[PrefixListEntry, ...]] = field(
        default_factory=lambda: _NOTHING
    )
    access_lists6: Mapping[str, tuple[tuple[str, ...], ...]] = field(
        default_factory=lambda: _NOTHING
    )


# ---------------------------------------------------------------------------------- BGP
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
    password: tuple[str, str] | None = None  # (type, value)
    shutdown: bool | None = None
    send_community: frozenset[str] | None = None  # of standard, extended, large; bare = all three
    maximum_routes: int | None = None
    maximum_routes_warn_only: bool = False
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
    weight: int | None = None
    local_preference: int | None = None
    as_path_prepend_own_disabled: bool = False
    enforce_first_as: bool | None = None
    timers: tuple[int, int] | None = None  # keepalive, hold, seconds
    bfd: bool | None = None
    bfd_interval: tuple[int, int, int] | None = None
    passive: bool | None = None
    rib_in_pre_policy_retain: bool | None = None


@dataclass(frozen=True, slots=True)
class Redistribution:
    source: str  # connected, static, ospf, isis, attached-host, dynamic, bgp ...
    route_map: str | None = None
    include_leaked: bool = False
    match: tuple[str, ...] = ()


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
class AddressFamilySettings:
    neighbors: Mapping[str, AfNeighborSettings] = field(default_factory=_nothing)
    networks: tuple[tuple[Prefix, str | None], ...] = ()
    redistribute: tuple[Redistribution, ...] = ()
    default_activate: bool | None = None  # `bgp default` under the family
    # EVPN only
    next_hop_self_ip_prefix: bool = False
    next_hop_self_inter_domain: bool = False
    next_hop_resolution_disabled: bool = False
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
    always_compare_med: bool = False
    default_local_preference: int = 100
    shutdown: bool = False


@dataclass(frozen=True, slots=True)
class BgpSettings:
    asn: int
    asdot: bool = False
    vrfs: Mapping[str, BgpVrfSettings] = field(default_factory=_nothing)  # has "default"
    mac_vrfs: tuple[MacVrfSettings, ...] = ()


# ---------------------------------------------------------------------------------- IGPs
@dataclass(frozen=True, slots=True)
class OspfArea:
    """`area A ...`. `kind` is "" (normal), stub or nssa; a range is (prefix, advertised, cost)."""

    kind: str = ""
    no_summary: bool = False
    default_cost: int = 10  # of the default route that an area border router tells a stub area
    nssa_default: tuple[int, int] | None = None  # default-information-originate: metric, type
    ranges: tuple[tuple[Prefix, bool, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class OspfSettings:
    """`router ospf N [vrf V]`."""

    instance: int
    vrf: str = "default"
    router_id: int | None = None
    networks: tuple[tuple[Prefix, int], ...] = ()  # network P area A
    passive_default: bool = False
    passive: frozenset[str] = frozenset()
    active: frozenset[str] = frozenset()  # no passive-interface
    redistribute: tuple[Redistribution, ...] = ()
    # (always, metric, type 1 or 2) of default-information originate
    default_originate: tuple[bool, int, int] | None = None
    areas: Mapping[int, OspfArea] = field(default_factory=_nothing)
    default_metric: int | None = None
    reference_bandwidth: int | None = None  # auto-cost, Mbit/s
    max_metric: bool = False  # max-metric router-lsa
    max_lsa: int = 12000
    distances: tuple[int, int, int] = (110, 110, 110)  # intra-area, inter-area, external
    maximum_paths: int = 128
    shutdown: bool = False


@dataclass(frozen=True, slots=True)
class IsisSettings:
    """`router isis NAME` (the default VRF)."""

    instance: str
    net: str = ""
    levels: frozenset[int] = frozenset({1, 2})
    router_id: int | None = None
    redistribute: tuple[Redistribution, ...] = ()
    advertise_passive_only: bool = False
    passive_default: bool = False
    overload: bool = False
    distance: int = 115
    maximum_paths: int = 128
    ipv4: bool = False  # address-family ipv4 unicast
    shutdown: bool = False

    @property
    def area(self) -> str:
        """The area of the NET: all but the system id (6 bytes) and the selector."""
        return ".".join(self.net.split(".")[:-4])

    @property
    def system_id(self) -> str:
        """The system id of the NET, e.g. 0102.5500.1001."""
        return ".".join(self.net.split(".")[-4:-1])


# ---------------------------------------------------------------------------------- the whole
@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """Everything the engine reads from one configuration."""

    system: SystemSettings = SystemSettings()
    interfaces: Mapping[str, InterfaceSettings] = field(default_factory=_nothing)
    vlans: Mapping[int, VlanSettings] = field(default_factory=_nothing)
    internal_vlans: tuple[int, int] = (1006, 4094)  # vlan internal order ascending range
    spanning_tree: SpanningTreeSettings = SpanningTreeSettings()
    mlag: MlagSettings | None = None
    vxlan: VxlanSettings | None = None
    vrfs: Mapping[str, VrfSettings] = field(default_factory=_nothing)  # has "default"
    static_routes: tuple[StaticRoute, ...] = ()
    static_routes6: tuple[StaticRoute, ...] = ()
    virtual_router_mac: str | None = None
    source_nat: Mapping[str, int] = field(default_factory=_nothing)  # VRF -> address
    policy: PolicySettings = PolicySettings()
    ospf: tuple[OspfSettings, ...] = ()
    isis: IsisSettings | None = None
    bgp: BgpSettings | None = None
    default_mtu: int = 1500  # interface defaults, mtu: of routed interfaces that set none
    default_shutdown: bool = False  # interface defaults, ethernet, shutdown
    default_routed: bool = False  # switchport default mode routed
    # protocols that are configured and not computed by this twin: ospf, isis ...
    uncomputed: tuple[str, ...] = ()
