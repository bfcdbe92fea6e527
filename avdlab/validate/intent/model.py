"""What the design promises, as values: one `Device` per structured configuration, and the cabling.

Names, addresses and route targets stay the texts that EOS prints, because tests compare with what
EOS prints.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from avdlab.topology.model import Link, Topology
from avdlab.topology.ports import Switching


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface of the design. `mtu` None: the device's default."""

    name: str
    shutdown: bool = False
    routed: bool = False
    mtu: int | None = None
    vrf: str = "default"
    address: str = ""  # A.B.C.D/len
    asks_dhcp: bool = False  # ip address dhcp
    lends_dhcp: bool = False  # dhcp server ipv4, and the device has subnets to lend of
    virtual: tuple[str, ...] = ()  # ip address virtual, first the primary one
    varp: tuple[str, ...] = ()  # ip virtual-router address, without a length
    autostate: bool = True
    dot1q: int | None = None  # of a subinterface
    channel: str = ""  # the Port-Channel that it belongs to
    channel_mode: str = ""
    lacp_fast: bool = False
    mlag: int | None = None
    segment: str = ""  # ESI
    switching: Switching | None = None
    trunk_groups: tuple[str, ...] = ()
    isis_levels: frozenset[int] = frozenset()  # empty: IS-IS is not enabled
    isis_passive: bool = False
    isis_metric: int = 10
    isis_p2p: bool = False
    ospf_area: str = ""
    ospf_cost: int = 10
    acl_in: str = ""
    acl_out: str = ""
    validated: bool = True  # AVD's validate_state
    peer: str = ""
    peer_interface: str = ""
    peer_type: str = ""

    @property
    def ip(self) -> str:
        """The address without its length."""
        return self.address.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Peer:
    """A BGP neighbor, its peer group's words merged in. Either `address` or `interface`."""

    vrf: str
    address: str = ""
    interface: str = ""
    asn: str = ""
    group: str = ""
    families: frozenset[str] = frozenset()  # ipv4, evpn, vpn-ipv4
    communities: frozenset[str] = frozenset()  # standard, extended, large
    source: str = ""  # update-source
    multihop: int | None = None
    maximum_routes: int | None = None  # 0: no limit
    routes_warn_only: bool = False  # the limit only warns
    bfd: bool = False
    bfd_timers: tuple[int, int, int] | None = None  # of this session; None: the device's
    next_hop_self: bool = False
    next_hop_unchanged: bool = False
    route_reflector_client: bool = False
    route_map_in: str = ""
    route_map_out: str = ""
    validated: bool = True
    device: str = ""  # the device of the design that this is; "": outside of it
    encapsulation: str = ""  # of its EVPN routes where it is not vxlan: path-selection, mpls
    remote_domain: bool = False  # it is in the remote EVPN domain of this gateway


@dataclass(frozen=True, slots=True)
class Vlan:
    number: int
    name: str
    trunk_groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MacVrf:
    """`vlan N` or `vlan-aware-bundle NAME` of router bgp; a gateway's is in two EVPN domains."""

    name: str
    vlans: frozenset[int]
    rd: str
    imports: frozenset[str]
    exports: frozenset[str]
    bundle: bool = False
    remote_rd: str = ""
    remote_imports: frozenset[str] = frozenset()
    remote_exports: frozenset[str] = frozenset()

    def rd_in(self, *, remote: bool) -> str:
        return self.remote_rd if remote else self.rd

    def imports_in(self, *, remote: bool) -> frozenset[str]:
        return self.remote_imports if remote else self.imports

    def exports_in(self, *, remote: bool) -> frozenset[str]:
        return self.remote_exports if remote else self.exports


@dataclass(frozen=True, slots=True)
class IpVrf:
    """`vrf NAME` of router bgp; the route targets of EVPN. `redistributes` connected routes.

    `more`: it has other routes to tell, too.
    """

    name: str
    rd: str
    imports: frozenset[str] = frozenset()
    exports: frozenset[str] = frozenset()
    redistributes: bool = False
    route_map: str = ""
    more: bool = False
    router_id: str = ""
    vpn_imports: frozenset[str] = frozenset()  # of VPN-IPv4
    vpn_exports: frozenset[str] = frozenset()
    statics: bool = False  # it redistributes all static routes


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """A static route of the design. `next_hop` "": none, or none that is an address."""

    prefix: str
    vrf: str
    next_hop: str = ""
    discards: bool = False


@dataclass(frozen=True, slots=True)
class Vxlan:
    source_interface: str
    source: str  # the VTEP's address: of the source interface, or of MLAG's own
    vlans: Mapping[int, int]  # VLAN -> VNI
    vrfs: Mapping[str, int]  # VRF -> VNI
    udp_port: int = 4789
    floods: Mapping[int, frozenset[str]] = field(
        default_factory=dict
    )  # VLAN -> VTEPs that are named


@dataclass(frozen=True, slots=True)
class Mlag:
    domain: str
    local_interface: str
    peer_address: str
    peer_link: str
    reload_delay: int | None = None
    reload_delay_non_mlag: int | None = None
    primary_priority: int | None = None
    peer: str = ""  # the other device; "": not in the design


@dataclass(frozen=True, slots=True)
class SpanningTree:
    mode: str
    priorities: Mapping[int, int] = field(default_factory=dict)  # instance (or VLAN) -> priority
    disabled_vlans: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Ospf:
    instance: int
    vrf: str
    router_id: str
    active: frozenset[str]  # interfaces that may have neighbors


@dataclass(frozen=True, slots=True)
class PathGroup:
    """A path group of a WAN router. `interfaces`: its circuits; `peers`: router addresses."""

    number: int
    interfaces: tuple[str, ...]
    peers: frozenset[str] = frozenset()
    dynamic: bool = False  # it takes peers that a pathfinder tells of


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """One sequence of a route-map. `only_prefixes`: prefix lists alone decide if it matches."""

    permit: bool
    prefix_lists: tuple[str, ...] = ()
    only_prefixes: bool = True
    sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """One device as the design has it."""

    name: str
    role: str
    interfaces: Mapping[str, Interface]
    vlans: Mapping[int, Vlan]
    stp: SpanningTree
    asn: str = ""
    router_id: str = ""
    peers: tuple[Peer, ...] = ()
    mac_vrfs: tuple[MacVrf, ...] = ()
    ip_vrfs: Mapping[str, IpVrf] = field(default_factory=dict)
    # whose prefixes it passes on with itself as next hop: "", "all", "inter-domain"
    takes_prefixes: str = ""
    redistributes: IpVrf | None = None  # of the default VRF
    vxlan: Vxlan | None = None
    mlag: Mlag | None = None
    ospf: tuple[Ospf, ...] = ()
    isis: str = ""  # the instance's name
    maximum_paths: int = 1  # of BGP
    igp_paths: int | None = None  # None: as many as there are
    virtual_mac: str = ""
    routing_vrfs: frozenset[str] = frozenset()  # where routing is on
    # interval, min-rx, multiplier of BFD: sessions over one hop, over several
    bfd: tuple[int, int, int] = (300, 300, 3)
    bfd_multihop: tuple[int, int, int] = (300, 300, 3)
    path_groups: tuple[PathGroup, ...] = ()
    avt_role: str = ""  # edge, transit region, pathfinder
    site: str = ""  # of a WAN router
    static_routes: tuple[StaticRoute, ...] = ()
    access_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name -> lines
    prefix_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name -> actions
    route_maps: Mapping[str, tuple[PolicyStep, ...]] = field(default_factory=dict)

    @property
    def has_evpn(self) -> bool:
        return any("evpn" in peer.families for peer in self.peers)


@dataclass(frozen=True, slots=True)
class Intent:
    """The whole design. `devices` are those that the lab runs, `links` the cables of the design:
    the lab's own may be others."""

    devices: Mapping[str, Device]
    topology: Topology
    links: tuple[Link, ...] = ()
    # (VRF, address) -> devices whose own (not virtual) address it is by design
    owners: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
