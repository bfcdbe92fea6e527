"""The part of AVD's structured configuration that the tests are made from, checked at the edge.

Names and defaults are those of `eos_cli_config_gen`. Everything else in a structured configuration
is left alone, so a newer AVD that adds keys changes nothing here.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from avdlab.validate.intent import structured_wan as wan
from avdlab.validate.intent.structured_bfd import RouterBfd, Timers
from avdlab.validate.intent.structured_igp import RouterIsis, RouterOspf

Text = Annotated[str, BeforeValidator(str)]  # YAML writes an AS number or an id as it likes


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


# ---------------------------------------------------------------------------------- interfaces
class Metadata(_Part):
    peer: str = ""
    peer_interface: str = ""
    peer_type: str = ""
    type: str = ""
    validate_state: bool = True
    is_deployed: bool = True
    platform: str = ""


class ChannelGroup(_Part):
    id: int
    mode: str = "on"


class Trunk(_Part):
    groups: tuple[str, ...] = ()


class Switchport(_Part):
    enabled: bool | None = None
    mode: str = "access"
    trunk: Trunk = Trunk()


class Dot1q(_Part):
    vlan: int | None = None


class LacpTimer(_Part):
    mode: str = ""


class Segment(_Part):
    identifier: str = ""


class Interface(_Part):
    name: str
    shutdown: bool | None = None
    mtu: int | None = None
    l2_mtu: int | None = None
    vrf: str = "default"
    ip_address: str = ""
    ipv6_address: str = ""
    ipv6_addresses: tuple[str, ...] = ()
    ip_address_secondaries: tuple[str, ...] = ()
    ip_address_virtual: str = ""
    ip_address_virtual_secondaries: tuple[str, ...] = ()
    ip_virtual_router_addresses: tuple[str, ...] = ()
    no_autostate: bool = False
    channel_group: ChannelGroup | None = None
    switchport: dict[str, Any] = Field(default_factory=dict)
    mlag: int | None = None
    evpn_ethernet_segment: Segment | None = None
    ospf_area: Text = ""
    isis_enable: str = ""
    isis_passive: bool = False
    isis_circuit_type: str = ""
    isis_bfd: bool = False
    isis_metric: int = 10
    isis_network_point_to_point: bool = False
    ospf_cost: int = 10
    access_group_in: str = ""
    access_group_out: str = ""
    dhcp_server_ipv4: bool = False
    encapsulation_dot1q: Dot1q = Dot1q()
    lacp_timer: LacpTimer = LacpTimer()
    metadata: Metadata = Metadata()

    @property
    def trunk_groups(self) -> tuple[str, ...]:
        """The groups of a trunk port."""
        return Switchport.model_validate(self.switchport).trunk.groups


class EthernetDefaults(_Part):
    shutdown: bool = False


class InterfaceDefaults(_Part):
    ethernet: EthernetDefaults = EthernetDefaults()
    mtu: int | None = None


# ---------------------------------------------------------------------------------- layer 2
class Vlan(_Part):
    id: int
    name: str = ""
    state: str = "active"
    trunk_groups: tuple[str, ...] = ()


class MstInstance(_Part):
    id: Text
    priority: int | None = None


class RapidPvst(_Part):
    id: Text
    priority: int | None = None


class SpanningTree(_Part):
    mode: str = "mstp"
    mst_instances: tuple[MstInstance, ...] = ()
    rapid_pvst_instances: tuple[RapidPvst, ...] = ()
    rstp_priority: int | None = None
    no_spanning_tree_vlan: Text = ""


class Heartbeat(_Part):
    peer_ip: str = ""
    vrf: str = "default"


class MlagConfiguration(_Part):
    domain_id: str = ""
    local_interface: str = ""
    peer_address: str = ""
    peer_link: str = ""
    primary_priority: int | None = None
    reload_delay_mlag: Text = ""
    reload_delay_non_mlag: Text = ""
    peer_address_heartbeat: Heartbeat | None = None
    dual_primary_detection_delay: int | None = None


class VniVlan(_Part):
    id: int
    vni: int | None = None
    flood_vteps: tuple[str, ...] = ()


class VniVrf(_Part):
    name: str
    vni: int | None = None


class VxlanEncapsulation(_Part):
    ipv4: bool = False
    ipv6: bool = False


class VxlanSettings(_Part):
    source_interface: str = ""
    mlag_source_interface: str = ""
    udp_port: int = 4789
    encapsulations: VxlanEncapsulation = VxlanEncapsulation()
    flood_vteps: tuple[str, ...] = ()
    vlans: tuple[VniVlan, ...] = ()
    vrfs: tuple[VniVrf, ...] = ()


class Vxlan1(_Part):
    vxlan: VxlanSettings = VxlanSettings()


class VxlanInterface(_Part):
    vxlan1: Vxlan1 | None = None


# ---------------------------------------------------------------------------------- policy
class PrefixListEntry(_Part):
    sequence: int
    action: str  # e.g. permit 10.0.0.0/24 eq 32


class PrefixList(_Part):
    name: str
    sequence_numbers: tuple[PrefixListEntry, ...] = ()


class RouteMapEntry(_Part):
    sequence: int
    type: str
    match: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    continue_: Any = Field(alias="continue", default=None)
    sub_route_map: str = ""


class RouteMap(_Part):
    name: str
    sequence_numbers: tuple[RouteMapEntry, ...] = ()


class AclEntry(_Part):
    """One line of an access list, in parts as AVD's designs have it."""

    action: str = ""
    protocol: Text = "ip"
    source: str = "any"
    destination: str = "any"
    source_ports: tuple[Text, ...] = ()
    destination_ports: tuple[Text, ...] = ()
    icmp_type: Text = ""
    extra: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Write the line as EOS does, as far as a ping is concerned."""
        if not self.action:
            return "remark"
        ports = " ports" if self.source_ports or self.destination_ports else ""
        ends = f"{self.source} {self.destination}{ports}"
        return f"{self.action} {self.protocol} {ends} {self.icmp_type}"


class IpAccessList(_Part):
    name: str
    entries: tuple[AclEntry, ...] = ()


class AclLine(_Part):
    sequence: int
    action: str


class AccessList(_Part):
    name: str
    sequence_numbers: tuple[AclLine, ...] = ()


# ---------------------------------------------------------------------------------- BGP
class AllowasIn(_Part):
    enabled: bool = False


class NeighborPart(_Part):
    """What a neighbor and a peer group have in common; None where it says nothing."""

    peer_group: str = ""
    remote_as: Text = ""
    shutdown: bool | None = None
    bfd: bool | None = None
    bfd_timers: Timers | None = None
    update_source: str = ""
    ebgp_multihop: int | None = None
    send_community: str | None = None
    maximum_routes: int | None = None
    maximum_routes_warning_only: bool | None = None
    next_hop_self: bool | None = None
    next_hop_unchanged: bool | None = None
    route_reflector_client: bool | None = None
    route_map_in: str = ""
    route_map_out: str = ""
    allowas_in: AllowasIn | None = None
    metadata: Metadata = Metadata()


class PeerGroup(NeighborPart):
    name: str


class Neighbor(NeighborPart):
    ip_address: str


class NeighborInterface(NeighborPart):
    name: str


class AfPeerGroup(_Part):
    name: str
    activate: bool | None = None
    encapsulation: str = ""
    route_map_in: str = ""
    route_map_out: str = ""
    domain_remote: bool = False


class AfNeighbor(_Part):
    ip_address: str
    activate: bool | None = None
    encapsulation: str = ""
    route_map_in: str = ""
    route_map_out: str = ""


class ReceivedPrefixes(_Part):
    enable: bool = False
    inter_domain: bool = False


class NeighborDefault(_Part):
    next_hop_self_received_evpn_routes: ReceivedPrefixes = ReceivedPrefixes()


class AddressFamily(_Part):
    networks: tuple[Any, ...] = ()
    peer_groups: tuple[AfPeerGroup, ...] = ()
    neighbors: tuple[AfNeighbor, ...] = ()
    neighbor_default: NeighborDefault = NeighborDefault()


class BgpDefault(_Part):
    ipv4_unicast: bool | None = None


class BgpOptions(_Part):
    default: BgpDefault = BgpDefault()


class MaximumPaths(_Part):
    paths: int = 1
    ecmp: int | None = None


class FilteredRedistribution(_Part):
    enabled: bool = False
    route_map: str = ""


class Enabled(_Part):
    enabled: bool = False


class Redistribute(_Part):
    connected: FilteredRedistribution = FilteredRedistribution()
    isis: Enabled = Enabled()
    ospf: Enabled = Enabled()
    rip: Enabled = Enabled()
    static: FilteredRedistribution = FilteredRedistribution()
    user: Enabled = Enabled()

    @property
    def others(self) -> bool:
        """Tell whether more than connected routes are told."""
        others = (self.isis, self.ospf, self.rip, self.static, self.user)
        return any(other.enabled for other in others)


class DomainTarget(_Part):
    domain: str
    route_target: str


class DomainRd(_Part):
    domain: str = ""
    rd: str = ""


class RouteTargets(_Part):
    both: tuple[str, ...] = ()
    import_: tuple[str, ...] = Field(alias="import", default=())
    export: tuple[str, ...] = ()
    import_evpn_domains: tuple[DomainTarget, ...] = ()
    export_evpn_domains: tuple[DomainTarget, ...] = ()
    import_export_evpn_domains: tuple[DomainTarget, ...] = ()


class MacVrf(_Part):
    id: int = 0
    name: str = ""
    vlan: Text = ""
    rd: str = ""
    rd_evpn_domain: DomainRd = DomainRd()
    route_targets: RouteTargets = RouteTargets()
    redistribute_routes: tuple[str, ...] = ()


class FamilyTargets(_Part):
    address_family: str
    route_targets: tuple[str, ...] = ()


class VrfTargets(_Part):
    import_: tuple[FamilyTargets, ...] = Field(alias="import", default=())
    export: tuple[FamilyTargets, ...] = ()


class BgpVrf(_Part):
    name: str
    rd: str = ""
    router_id: str = ""
    route_targets: VrfTargets = VrfTargets()
    neighbors: tuple[Neighbor, ...] = ()
    neighbor_interfaces: tuple[NeighborInterface, ...] = ()
    redistribute: Redistribute = Redistribute()
    address_family_ipv4: AddressFamily = AddressFamily()
    networks: tuple[Any, ...] = ()
    aggregate_addresses: tuple[Any, ...] = ()
    eos_cli: str = ""

    @property
    def tells_more(self) -> bool:
        """Tell whether it has other routes to tell than connected ones."""
        return _more(self)


class RouterBgp(_Part):
    asn: Text = Field(alias="as", default="")
    router_id: str = ""
    bgp: BgpOptions = BgpOptions()
    maximum_paths: MaximumPaths = MaximumPaths()
    peer_groups: tuple[PeerGroup, ...] = ()
    neighbors: tuple[Neighbor, ...] = ()
    neighbor_interfaces: tuple[NeighborInterface, ...] = ()
    redistribute: Redistribute = Redistribute()
    aggregate_addresses: tuple[Any, ...] = ()
    networks: tuple[Any, ...] = ()
    eos_cli: str = ""
    vlans: tuple[MacVrf, ...] = ()
    vlan_aware_bundles: tuple[MacVrf, ...] = ()
    vrfs: tuple[BgpVrf, ...] = ()
    address_family_ipv4: AddressFamily = AddressFamily()
    address_family_evpn: AddressFamily | None = None
    address_family_vpn_ipv4: AddressFamily | None = None

    @property
    def tells_more(self) -> bool:
        """Tell whether it has other routes to tell than connected ones."""
        return _more(self)


def _more(part: BgpVrf | RouterBgp) -> bool:
    listed = (part.networks, part.aggregate_addresses, part.address_family_ipv4.networks)
    return part.redistribute.others or any(listed) or bool(part.eos_cli)


# ---------------------------------------------------------------------------------- the whole
class Vrf(_Part):
    name: str
    ip_routing: bool = False


class StructuredConfig(_Part):
    hostname: str = ""
    vrfs: tuple[Vrf, ...] = ()
    metadata: Metadata = Metadata()
    ip_routing: bool = False
    ip_virtual_router_mac_address: str = ""
    interface_defaults: InterfaceDefaults = InterfaceDefaults()
    ethernet_interfaces: tuple[Interface, ...] = ()
    port_channel_interfaces: tuple[Interface, ...] = ()
    vlan_interfaces: tuple[Interface, ...] = ()
    loopback_interfaces: tuple[Interface, ...] = ()
    dps_interfaces: tuple[Interface, ...] = ()
    vlans: tuple[Vlan, ...] = ()
    spanning_tree: SpanningTree = SpanningTree()
    mlag_configuration: MlagConfiguration | None = None
    vxlan_interface: VxlanInterface = VxlanInterface()
    prefix_lists: tuple[PrefixList, ...] = ()
    route_maps: tuple[RouteMap, ...] = ()
    ip_access_lists: tuple[IpAccessList, ...] = ()
    access_lists: tuple[AccessList, ...] = ()
    router_bgp: RouterBgp | None = None
    router_ospf: RouterOspf = RouterOspf()
    router_isis: RouterIsis | None = None
    router_bfd: RouterBfd = RouterBfd()
    router_path_selection: wan.PathSelection = wan.PathSelection()
    router_adaptive_virtual_topology: wan.Topologies = wan.Topologies()
    dhcp_servers: tuple[wan.DhcpServer, ...] = ()
    static_routes: tuple[wan.StaticRoute, ...] = ()
