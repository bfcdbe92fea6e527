"""The topology of a lab: devices, the cables between them, and what is plugged into them."""

from collections.abc import Mapping
from typing import Any

from avdlab.errors import InputError
from avdlab.inventory.fabrics import node_type
from avdlab.inventory.model import Inventory
from avdlab.inventory.problems import merged
from avdlab.net import interfaces
from avdlab.overlay.model import LabConfigs
from avdlab.topology.declared import declared_links
from avdlab.topology.endpoints import AddressPlan, nics_of
from avdlab.topology.links import OUTSIDE_TYPES, Cabling, Plug, cable
from avdlab.topology.model import EndpointAddress, Link, LinkEnd, Node, NodeKind, Topology
from avdlab.topology.ports import ports_of
from avdlab.topology.sessions import sessions


def build(lab: LabConfigs, inventory: Inventory, name: str) -> Topology:
    """Return the topology that the structured configs describe. Raises InputError."""
    configs = {device.name: device.structured_config for device in lab.devices.values()}
    ports = {device: ports_of(device, config) for device, config in configs.items()}
    design = {host.name: host for host in inventory.design_hosts}
    roles = {host: node_type(host, design[host].variables) or "" for host in design}
    undeployed = frozenset(design) - frozenset(configs)
    declared, problems = declared_links(inventory, configs)
    cabling = cable(ports, undeployed, frozenset(roles.values()) - OUTSIDE_TYPES, declared)
    if problems or cabling.problems:
        raise InputError(merged([*problems, *cabling.problems]))
    nodes = {
        device: _device(device, config, roles.get(device, ""), inventory, _used(device, cabling))
        for device, config in sorted(configs.items())
    }
    notes = list(cabling.notes)
    nodes |= _outside(cabling, configs, notes)
    links = (*cabling.links.values(), *(_link(plug) for plug in cabling.plugs))
    ordered = tuple(sorted(links, key=_link_order))
    return Topology(name, nodes, ordered, tuple(notes), sessions(configs))


def _link(plug: Plug) -> Link:
    return Link.between(LinkEnd(plug.port.device, plug.port.name), LinkEnd(plug.node, plug.nic))


def _link_order(link: Link) -> tuple[object, ...]:
    ends = (link.a, link.b)
    return tuple((end.node, interfaces.sort_key(end.interface)) for end in ends)


def _used(device: str, cabling: Cabling) -> set[str]:
    """Return the ports of a device that cables use: the other end may name more than it has."""
    inside = {end.interface for pair in cabling.links for end in pair if end.node == device}
    return inside | {plug.port.name for plug in cabling.plugs if plug.port.device == device}


def _device(
    name: str, config: Mapping[str, Any], role: str, inventory: Inventory, cabled: set[str]
) -> Node:
    metadata = config.get("metadata") or {}
    management = _management(config)
    host = inventory.hosts.get(name)
    variables: Mapping[str, Any] = host.variables if host else {}
    configured = {str(entry["name"]) for entry in config.get("ethernet_interfaces") or ()}
    ports = {interfaces.base(port) for port in configured} | cabled
    ports |= {str(management["name"])} if management else set()
    return Node(
        name,
        NodeKind.DEVICE,
        role=role,
        platform=str(metadata.get("platform") or ""),
        fabric=str(metadata.get("fabric_name") or (host.fabric if host else "") or ""),
        group=str((config.get("mlag_configuration") or {}).get("domain_id") or ""),
        management_interface=str(management.get("name") or ""),
        management_address=_static(management.get("ip_address")),
        management_vrf=str(management.get("vrf") or ("default" if management else "")),
        interfaces=tuple(sorted(ports, key=interfaces.sort_key)),
        open_ports=tuple(sorted(_open_ports(config, cabled), key=interfaces.sort_key)),
        channels=_channels(config),
        dc=str(variables.get("dc_name") or ""),
        pod=str(variables.get("pod_name") or ""),
        serial_number=str(metadata.get("serial_number") or ""),
        system_mac=str(metadata.get("system_mac_address") or ""),
    )


def _open_ports(config: Mapping[str, Any], cabled: set[str]) -> set[str]:
    """Return the ports without a cable, and the port-channels that have no other members."""
    channels: dict[str, set[bool]] = {}
    found: set[str] = set()
    for entry in config.get("ethernet_interfaces") or ():
        port = interfaces.base(str(entry["name"]))
        if port not in cabled:
            found.add(port)
        if "id" in (entry.get("channel_group") or {}):
            channel = f"Port-Channel{entry['channel_group']['id']}"
            channels.setdefault(channel, set()).add(port in cabled)
    return found | {channel for channel, members in channels.items() if members == {False}}


def _channels(config: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for entry in config.get("ethernet_interfaces") or ():
        if "id" in (entry.get("channel_group") or {}):
            channel = f"Port-Channel{entry['channel_group']['id']}"
            found.setdefault(channel, []).append(interfaces.base(str(entry["name"])))
    return {channel: tuple(members) for channel, members in sorted(found.items())}


def _static(address: object) -> str:
    return str(address) if address and "/" in str(address) else ""


def _management(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the out-of-band management interface; of several, the one with an address."""
    listed = [
        entry
        for entry in config.get("management_interfaces") or ()
        if interfaces.is_management(str(entry["name"]))
    ]
    return next((e for e in listed if e.get("ip_address")), listed[0] if listed else {})


def _outside(
    cabling: Cabling, configs: Mapping[str, Mapping[str, Any]], notes: list[str]
) -> dict[str, Node]:
    """Return the nodes that no structured config describes, in the order of their names."""
    plugs: dict[str, list[Plug]] = {}
    for plug in cabling.plugs:
        plugs.setdefault(plug.node, []).append(plug)
    plan = AddressPlan(configs, _neighbors(cabling))
    nodes = {name: _outside_node(name, plugs[name], plan) for name in sorted(plugs)}
    notes += plan.notes
    return nodes


def _neighbors(cabling: Cabling) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for link in cabling.links.values():
        found.setdefault(link.a.node, set()).add(link.b.node)
        found.setdefault(link.b.node, set()).add(link.a.node)
    return found


def _outside_node(name: str, plugs: list[Plug], plan: AddressPlan) -> Node:
    role = plugs[0].port.peer_type
    used = tuple(sorted((plug.nic for plug in plugs), key=interfaces.sort_key))
    if role in OUTSIDE_TYPES:
        return Node(name, NodeKind.EXTERNAL, role=role, interfaces=used)
    nics = nics_of(plugs)
    addresses: list[EndpointAddress] = []
    for nic in sorted(nics, key=lambda item: item.nic.name):
        addresses += plan.addresses(name, nic)
    return Node(
        name,
        NodeKind.ENDPOINT,
        role=role,
        interfaces=used,
        nics=tuple(nic.nic for nic in nics),
        addresses=tuple(addresses),
    )
