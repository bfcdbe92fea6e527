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
from avdlab.twin.config.settings_bgp import (
    AddressFamilySettings,
    Afi,
    AfNeighborSettings,
    AggregateSettings,
    BgpSettings,
    BgpVrfSettings,
    ListenRange,
    ListEntry,
    MacVrfSettings,
    MorePaths,
    NeighborSettings,
    PeerFilterEntry,
    PolicySettings,
    PrefixListEntry,
    Redistribution,
    RouteMapEntry,
    SegmentSettings,
)
from avdlab.twin.config.settings_mpls import MplsInterface, MplsSettings
from avdlab.twin.config.settings_wan import DhcpServer, WanSettings

__all__ = (
    "AddressFamilySettings",
    "AfNeighborSettings",
    "Afi",
    "AggregateSettings",
    "BgpSettings",
    "BgpVrfSettings",
    "ChannelGroup",
    "DeviceSettings",
    "EapiSettings",
    "InterfaceSettings",
    "IsisInterface",
    "IsisSettings",
    "LacpFallback",
    "ListEntry",
    "ListenRange",
    "MacVrfSettings",
    "MlagSettings",
    "MorePaths",
    "NeighborSettings",
    "OspfInterface",
    "OspfSettings",
    "PeerFilterEntry",
    "PolicySettings",
    "PrefixListEntry",
    "Redistribution",
    "RouteMapEntry",
    "SegmentSettings",
    "SpanningTreeSettings",
    "StaticRoute",
    "Switchport",
    "SwitchportMode",
    "SystemSettings",
    "UserSettings",
    "VlanSettings",
    "VrfSettings",
    "VxlanSettings",
    "WanSettings",
)

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
    metric6: int | None = None  # of the IPv6 topology
    levels: frozenset[int] = frozenset({1, 2})
    passive: bool = False
    point_to_point: bool = False
    hello_padding: bool = True
    authentication: str = ""  # mode: "", text, md5, sha
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PimInterface:
    """`pim ipv4 ...` of an interface. `count`: hellos that a neighbor's entry outlives."""

    sparse: bool = False
    hello: int = 30  # RFC 7761 4.11: Hello_Period, seconds
    count: float = 3.5
    priority: int = 1
    local: str | None = None  # the interface whose address hellos come from


@dataclass(frozen=True, slots=True)
class TunnelInterface:
    """`tunnel ...` of an interface: its packets go from `source`, or the address of `interface`."""

    mode: str = ""
    source: int | None = None
    interface: str | None = None
    destination: int | None = None
    key: str = ""


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
    dhcp_default_route: bool = False  # dhcp client accept default-route
    dhcp_server: bool = False  # dhcp server ipv4
    unnumbered: str | None = None
    ipv6_enabled: bool = False
    ipv6_addresses: tuple[str, ...] = ()  # as typed, for printing
    addresses6: tuple[InterfaceAddress, ...] = ()  # the same as values, without link-local
    virtual6: tuple[InterfaceAddress, ...] = ()  # ipv6 address virtual A/B
    varp6: tuple[InterfaceAddress, ...] = ()  # ipv6 virtual-router address A; /128 when bare
    link_local6: int | None = None  # ipv6 address A link-local
    channel_group: ChannelGroup | None = None
    lacp_port_priority: int = 32768
    lacp_fast: bool = False  # it asks its partner for packets every second
    lacp_system_id: str | None = None
    lacp_fallback: LacpFallback | None = None
    min_links: int = 0
    mlag: int | None = None
    acl_in: str | None = None  # ip access-group
    acl_out: str | None = None
    acl6_in: str | None = None
    acl6_out: str | None = None
    autostate: bool = True
    dot1q: int | None = None
    bridged_vlan: int | None = None  # of a subinterface: `vlan id`
    lldp_transmit: bool = True
    lldp_receive: bool = True
    spanning_tree: Mapping[str, str] = field(default_factory=_nothing)
    segment: SegmentSettings | None = None  # evpn ethernet-segment
    bfd: bool = False
    ospf: OspfInterface | None = None
    isis: IsisInterface | None = None
    mpls: MplsInterface = field(default_factory=MplsInterface)
    pim: PimInterface | None = None
    tunnel: TunnelInterface | None = None
    other: tuple[str, ...] = ()  # lines that show commands mirror


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
    over_ipv6: bool = False  # vxlan encapsulation ipv6
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
    metric: int = 0


@dataclass(frozen=True, slots=True)
class VrfSettings:
    name: str
    routing: bool = False
    rd: str | None = None
    routing6: bool = False  # ipv6 unicast-routing


@dataclass(frozen=True, slots=True)
class LeakSettings:
    """`router general, vrf VRF: leak routes source-vrf SOURCE subscribe-policy ROUTE-MAP`."""

    vrf: str
    source: str
    route_map: str


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


# ---------------------------------------------------------------------------------- IGPs
@dataclass(frozen=True, slots=True)
class OspfArea:
    """`area A ...`. `kind` is "" (normal), stub or nssa; a range is (prefix, advertised, cost)."""

    kind: str = ""
    no_summary: bool = False
    default_cost: int = 10  # of the default route that an area border router tells a stub area
    nssa_default: tuple[int, int] | None = None  # default-information-originate: metric, type
    ranges: tuple[tuple[Prefix, bool, int | None], ...] = ()
    filters: tuple[Prefix, ...] = ()  # summaries from inside of these do not enter the area
    filter_list: str | None = None  # prefix list of the summaries that enter


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
    default_map: str | None = None  # its route-map
    areas: Mapping[int, OspfArea] = field(default_factory=_nothing)
    default_metric: int | None = None
    reference_bandwidth: int | None = None  # auto-cost, Mbit/s
    max_metric: bool = False  # max-metric router-lsa
    max_lsa: int = 12000
    # summary-address: prefix, and whether it is told (`not-advertise` hides what is inside)
    summaries: tuple[tuple[Prefix, bool], ...] = ()
    distances: tuple[int, int, int] = (110, 110, 110)  # intra-area, inter-area, external
    # distribute-list ... in: (prefix-list or route-map, name); what it denies is not installed
    distribute_list: tuple[str, str] | None = None
    maximum_paths: int = 128
    rfc1583: bool = False  # compatible rfc1583
    shutdown: bool = False


@dataclass(frozen=True, slots=True)
class IsisSettings:
    """`router isis NAME [vrf VRF]`."""

    instance: str
    vrf: str = "default"
    net: str = ""
    levels: frozenset[int] = frozenset({1, 2})
    router_id: int | None = None
    redistribute: tuple[Redistribution, ...] = ()
    leaks_down: bool = False  # redistribute isis level-2 into level-1
    leak_map: str | None = None
    advertise_passive_only: bool = False
    passive_default: bool = False
    passive: frozenset[str] = frozenset()  # passive-interface NAME
    hostname: str = ""  # is-hostname, "" for that of the device
    authentication: tuple[str, ...] = ()  # mode and key of LSPs; hellos have their own
    overload: bool = False
    distance: int = 115
    maximum_paths: int = 128
    ipv4: bool = False  # address-family ipv4 unicast
    ipv6: bool = False
    multi_topology: bool = False  # RFC 5120: IPv6 has a topology of its own
    maximum_paths6: int = 128
    segment_routing: bool = False  # segment-routing mpls, not shut
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
    leaks: tuple[LeakSettings, ...] = ()
    router_id: int | None = None  # router general, router-id ipv4
    virtual_router_mac: str | None = None
    source_nat: Mapping[str, int] = field(default_factory=_nothing)  # VRF -> address
    policy: PolicySettings = field(default_factory=PolicySettings)
    ospf: tuple[OspfSettings, ...] = ()
    isis: IsisSettings | None = None
    isis_vrfs: tuple[IsisSettings, ...] = ()  # router isis NAME vrf VRF
    bgp: BgpSettings | None = None
    wan: WanSettings | None = None
    mpls: MplsSettings = field(default_factory=MplsSettings)
    dhcp_servers: Mapping[str, DhcpServer] = field(default_factory=_nothing)  # VRF -> server
    default_mtu: int = 1500  # interface defaults, mtu: of routed interfaces that set none
    default_shutdown: bool = False  # interface defaults, ethernet, shutdown
    default_routed: bool = False  # switchport default mode routed
    # protocols that are configured and not computed by this twin: ospf, isis ...
    uncomputed: tuple[str, ...] = ()
