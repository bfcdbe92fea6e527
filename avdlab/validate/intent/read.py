"""Structured configurations to `Intent`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from avdlab.errors import InputError, Problem
from avdlab.net import interfaces as names
from avdlab.topology.model import Link, LinkEnd, Topology
from avdlab.topology.ports import expand_vlans, switching_of
from avdlab.validate.intent import structured as sc
from avdlab.validate.intent.bgp import ip_vrfs, mac_vrfs, peers, redistribution, takes_prefixes
from avdlab.validate.intent.model import (
    Device,
    Intent,
    Interface,
    Mlag,
    Ospf,
    PathGroup,
    PolicyStep,
    SpanningTree,
    StaticRoute,
    Vlan,
    Vxlan,
)

_ISIS_LEVELS = {"level-1": {1}, "level-2": {2}, "level-1-2": {1, 2}}


def read_intent(structured: Mapping[str, Mapping[str, Any]], topology: Topology) -> Intent:
    """Read the structured configurations of the lab's devices. Raises InputError."""
    configs = {name: _config(name, data) for name, data in structured.items() if data}
    owners = _owners(configs)
    devices = {
        name: _device(name, config, topology, owners) for name, config in sorted(configs.items())
    }
    return Intent(devices, topology, _links(devices, topology), owners)


def _links(devices: Mapping[str, Device], topology: Topology) -> tuple[Link, ...]:
    """Return the cables that the structured configurations name, and those of the lab beside.

    Where a design names an endpoint and not its port, the port is the lab's.
    """
    named: dict[LinkEnd, LinkEnd] = {}
    built = {own: other for k in topology.links for own, other in ((k.a, k.b), (k.b, k.a))}
    for device in devices.values():
        for interface in device.interfaces.values():
            if interface.peer in topology.nodes and names.is_physical(interface.name):
                end, port = LinkEnd(device.name, interface.name), interface.peer_interface
                if interface.peer in devices:
                    if not names.is_physical(port):
                        continue
                    port = names.canonical(port)
                elif not port and end in built and built[end].node == interface.peer:
                    port = built[end].interface
                named[end] = LinkEnd(interface.peer, port)
    ends = set(named) | set(named.values())
    beside = {link for link in topology.links if not {link.a, link.b} & ends}
    return tuple(sorted({Link.between(a, b) for a, b in named.items()} | beside))


def _config(device: str, data: Mapping[str, Any]) -> sc.StructuredConfig:
    try:
        return sc.StructuredConfig.model_validate(data)
    except ValidationError as exc:
        problems = [
            Problem(error["msg"], host=device, path=".".join(str(part) for part in error["loc"]))
            for error in exc.errors()
        ]
        raise InputError(problems, hint="Is this a structured configuration of AVD 6?") from exc


def _owners(configs: Mapping[str, sc.StructuredConfig]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return who has an address of its own in a VRF."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, config in sorted(configs.items()):
        for entry in _all_interfaces(config):
            for text in (entry.ip_address, *entry.ip_address_secondaries):
                if "/" in text:
                    found.setdefault((entry.vrf, text.partition("/")[0]), []).append(name)
    return {key: tuple(devices) for key, devices in found.items()}


def _device(
    name: str,
    config: sc.StructuredConfig,
    topology: Topology,
    owners: Mapping[tuple[str, str], tuple[str, ...]],
) -> Device:
    bgp = config.router_bgp
    node = topology.nodes.get(name)
    interfaces = {entry.name: entry for entry in _interfaces(config)}
    mlag = _mlag(config, interfaces)
    return Device(
        name=name,
        role=node.role if node else "",
        interfaces=interfaces,
        vlans={v.id: Vlan(v.id, v.name, frozenset(v.trunk_groups)) for v in config.vlans},
        stp=_spanning_tree(config.spanning_tree),
        asn=bgp.asn if bgp else "",
        router_id=bgp.router_id if bgp else "",
        peers=peers(bgp, owners, mlag.peer if mlag else "") if bgp else (),
        mac_vrfs=mac_vrfs(bgp) if bgp else (),
        ip_vrfs=ip_vrfs(bgp) if bgp else {},
        takes_prefixes=takes_prefixes(bgp) if bgp else "",
        redistributes=redistribution(bgp) if bgp else None,
        vxlan=_vxlan(config, interfaces),
        mlag=mlag,
        ospf=tuple(_ospf(config)),
        isis=config.router_isis.instance if config.router_isis else "",
        maximum_paths=bgp.maximum_paths.paths if bgp else 1,
        igp_paths=_igp_paths(config),
        virtual_mac=config.ip_virtual_router_mac_address,
        routing_vrfs=frozenset(v.name for v in config.vrfs if v.ip_routing)
        | ({"default"} if config.ip_routing else set()),
        bfd=config.router_bfd.values,
        bfd_multihop=config.router_bfd.multihop.values,
        path_groups=tuple(_path_groups(config)),
        avt_role=config.router_adaptive_virtual_topology.topology_role,
        site=config.router_adaptive_virtual_topology.site.name,
        static_routes=tuple(
            StaticRoute(
                r.prefix, r.vrf, r.next_hop if not r.interface else "", r.interface == "Null0"
            )
            for r in config.static_routes
            if not r.track_bfd and r.distance in {None, 1}
        ),
        access_lists={
            **{
                entry.name: tuple(line.words for line in entry.entries)
                for entry in config.ip_access_lists
            },
            **{
                entry.name: tuple(line.action for line in _in_order(entry.sequence_numbers))
                for entry in config.access_lists
            },
        },
        prefix_lists={
            entry.name: tuple(line.action for line in _in_order(entry.sequence_numbers))
            for entry in config.prefix_lists
        },
        route_maps={
            entry.name: tuple(_step(line) for line in _in_order(entry.sequence_numbers))
            for entry in config.route_maps
        },
    )


def _in_order(lines: Iterable[Any]) -> list[Any]:
    return sorted(lines, key=lambda line: line.sequence)


def _step(line: sc.RouteMapEntry) -> PolicyStep:
    lists = [words.split()[3:] for words in line.match if _is_prefix_match(words)]
    return PolicyStep(
        line.type == "permit",
        tuple(name for part in lists for name in part),
        all(_is_prefix_match(words) for words in line.match)
        and not (line.continue_ or line.sub_route_map),
        line.set,
    )


def _is_prefix_match(words: str) -> bool:
    return words.startswith("ip address prefix-list ")


# ---------------------------------------------------------------------------------- interfaces
def _all_interfaces(config: sc.StructuredConfig) -> Iterator[sc.Interface]:
    yield from config.ethernet_interfaces
    yield from config.port_channel_interfaces
    yield from config.vlan_interfaces
    yield from config.loopback_interfaces
    yield from config.dps_interfaces


def _interfaces(config: sc.StructuredConfig) -> Iterator[Interface]:
    lenders = {s.vrf for s in config.dhcp_servers if s.ipv4_subnets and not s.disabled}
    for entry in _all_interfaces(config):
        if not names.is_interface(entry.name):
            continue
        name = names.canonical(entry.name)
        default = config.interface_defaults.ethernet.shutdown if "Ethernet" in name else False
        switching = switching_of(entry.model_dump(include={"switchport"}))
        yield Interface(
            name=name,
            shutdown=default if entry.shutdown is None else entry.shutdown,
            routed=_is_routed(name, entry),
            mtu=entry.mtu or _default_mtu(name, config),
            vrf=entry.vrf,
            address=entry.ip_address if "/" in entry.ip_address else "",
            asks_dhcp=entry.ip_address == "dhcp",
            lends_dhcp=entry.dhcp_server_ipv4 and entry.vrf in lenders,
            virtual=tuple(
                text
                for text in (entry.ip_address_virtual, *entry.ip_address_virtual_secondaries)
                if text
            ),
            varp=tuple(t.partition("/")[0] for t in entry.ip_virtual_router_addresses),
            autostate=not entry.no_autostate,
            dot1q=entry.encapsulation_dot1q.vlan,
            channel=f"Port-Channel{entry.channel_group.id}" if entry.channel_group else "",
            lacp_fast=entry.lacp_timer.mode == "fast",
            channel_mode=entry.channel_group.mode if entry.channel_group else "",
            mlag=entry.mlag,
            segment=entry.evpn_ethernet_segment.identifier if entry.evpn_ethernet_segment else "",
            switching=switching,
            trunk_groups=entry.trunk_groups,
            isis_levels=_levels(config, entry),
            isis_passive=entry.isis_passive,
            isis_metric=entry.isis_metric,
            isis_p2p=entry.isis_network_point_to_point,
            ospf_area=entry.ospf_area,
            ospf_cost=entry.ospf_cost,
            acl_in=entry.access_group_in,
            acl_out=entry.access_group_out,
            validated=entry.metadata.validate_state,
            peer=entry.metadata.peer,
            peer_interface=entry.metadata.peer_interface,
            peer_type=entry.metadata.peer_type,
        )


def _is_routed(name: str, entry: sc.Interface) -> bool:
    if names.split(name)[0] in {"Vlan", "Loopback", "Dps"} or names.is_subinterface(name):
        return True
    return entry.switchport.get("enabled") is False and entry.channel_group is None


def _default_mtu(name: str, config: sc.StructuredConfig) -> int | None:
    """`interface defaults` / `mtu` is that of routed ports and SVIs, not of loopbacks."""
    kinds = {"Ethernet", "Port-Channel", "Vlan"}
    return config.interface_defaults.mtu if names.split(name)[0] in kinds else None


def _levels(config: sc.StructuredConfig, entry: sc.Interface) -> frozenset[int]:
    """The levels of an IS-IS circuit: what both the instance and the interface allow."""
    if not entry.isis_enable or config.router_isis is None:
        return frozenset()
    own = _ISIS_LEVELS.get(entry.isis_circuit_type, {1, 2})
    return frozenset(own & _ISIS_LEVELS.get(config.router_isis.is_type, {1, 2}))


# ---------------------------------------------------------------------------------- features
def _spanning_tree(config: sc.SpanningTree) -> SpanningTree:
    instances: list[tuple[str, int | None]] = [(i.id, i.priority) for i in config.mst_instances]
    if config.mode == "rapid-pvst":
        instances = [
            (str(vlan), entry.priority)
            for entry in config.rapid_pvst_instances
            for vlan in expand_vlans(entry.id)
        ]
    if config.mode == "rstp":
        instances = [("0", config.rstp_priority)]
    return SpanningTree(
        config.mode,
        {int(number): priority for number, priority in instances if priority is not None},
        frozenset(expand_vlans(config.no_spanning_tree_vlan))
        if config.no_spanning_tree_vlan
        else frozenset(),
    )


def _vxlan(config: sc.StructuredConfig, interfaces: Mapping[str, Interface]) -> Vxlan | None:
    if config.vxlan_interface.vxlan1 is None:
        return None
    settings = config.vxlan_interface.vxlan1.vxlan
    source = interfaces.get(settings.mlag_source_interface or settings.source_interface)
    if source is None:
        return None
    address = source.ip
    if settings.encapsulations.ipv6 and not settings.encapsulations.ipv4:
        address = _ipv6_of(config, source.name)
    return Vxlan(
        names.canonical(settings.source_interface) if settings.source_interface else source.name,
        address,
        {entry.id: entry.vni for entry in settings.vlans if entry.vni is not None},
        {entry.name: entry.vni for entry in settings.vrfs if entry.vni is not None},
        settings.udp_port,
        {
            entry.id: frozenset(entry.flood_vteps or settings.flood_vteps) - {address}
            for entry in settings.vlans
        },
    )


def _ipv6_of(config: sc.StructuredConfig, name: str) -> str:
    found = (entry for entry in config.loopback_interfaces if names.canonical(entry.name) == name)
    texts = (text for entry in found for text in (entry.ipv6_address, *entry.ipv6_addresses))
    return next((text.partition("/")[0] for text in texts if text), "")


def _mlag(config: sc.StructuredConfig, interfaces: Mapping[str, Interface]) -> Mlag | None:
    found = config.mlag_configuration
    if found is None or not found.domain_id:
        return None
    # the addresses of the pair are often those of every other pair too: the peer-link tells
    ends = [
        i.peer for i in interfaces.values() if found.peer_link in {i.channel, i.name} and i.peer
    ]
    return Mlag(
        found.domain_id,
        found.local_interface,
        found.peer_address,
        found.peer_link,
        _seconds(found.reload_delay_mlag),
        _seconds(found.reload_delay_non_mlag),
        found.primary_priority,
        ends[0] if ends else "",
    )


def _path_groups(config: sc.StructuredConfig) -> Iterator[PathGroup]:
    for group in config.router_path_selection.path_groups:
        yield PathGroup(
            group.id,
            tuple(names.canonical(entry.name) for entry in group.local_interfaces),
            frozenset(peer.router_ip for peer in group.static_peers),
            group.dynamic_peers.enabled,
        )


def _seconds(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _igp_paths(config: sc.StructuredConfig) -> int | None:
    """Return how many equal paths the IGP of the default VRF uses."""
    if config.router_isis:
        return config.router_isis.address_family_ipv4.maximum_paths
    return next(
        (p.maximum_paths for p in config.router_ospf.process_ids if p.vrf == "default"), None
    )


def _ospf(config: sc.StructuredConfig) -> Iterator[Ospf]:
    for process in config.router_ospf.process_ids:
        if process.shutdown:
            continue
        running = {
            entry.name
            for entry in _all_interfaces(config)
            if entry.ospf_area and entry.vrf == process.vrf and not entry.shutdown
        }
        if process.passive_interface_default:
            running &= set(process.no_passive_interfaces)
        running -= set(process.passive_interfaces)
        running = {name for name in running if not name.startswith("Loopback")}
        yield Ospf(process.id, process.vrf, process.router_id, frozenset(running))
