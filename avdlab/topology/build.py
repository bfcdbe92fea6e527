"""The topology of a lab, from the structured configs behind its lab configs."""

from collections.abc import Mapping
from typing import Any

from avdlab.errors import InputError
from avdlab.inventory.model import Inventory
from avdlab.net.interfaces import PortMap, base, canonical, sort_key
from avdlab.overlay.model import LabConfigs
from avdlab.topology.endpoints import endpoint_nodes
from avdlab.topology.links import cable
from avdlab.topology.model import Link, Node, NodeKind, Topology
from avdlab.topology.ports import designed_ports


def build(lab: LabConfigs, inventory: Inventory, name: str) -> Topology:
    """Return nodes, links and endpoints. Raises InputError with every contradiction."""
    structured = {device: item.structured_config for device, item in lab.devices.items()}
    ports = [
        port for device in sorted(structured) for port in designed_ports(device, structured[device])
    ]
    absent = {host.name for host in inventory.design_hosts} - set(structured)
    cabling = cable(ports, absent)
    if cabling.problems:
        raise InputError(cabling.problems)
    links = tuple(sorted(set(cabling.links.values())))
    roles = {port.peer: port.peer_type for port in ports if port.peer in structured}
    nodes = {
        device: _device(device, structured[device], inventory, roles, links)
        for device in sorted(structured)
    }
    nodes |= {node.name: node for node in endpoint_nodes(cabling.ports, structured)}
    return Topology(name, nodes, links, tuple(cabling.notes))


def _device(
    name: str,
    structured: Mapping[str, Any],
    inventory: Inventory,
    roles: Mapping[str, str],
    links: tuple[Link, ...],
) -> Node:
    host = inventory.hosts[name]
    metadata = structured.get("metadata", {})
    management = _management(structured)
    cabled = {end.interface for link in links for end in (link.a, link.b) if end.node == name}
    configured = {
        canonical(base(str(item["name"]))) for item in structured.get("ethernet_interfaces", ())
    }
    return Node(
        name,
        NodeKind.DEVICE,
        role=str(host.variables.get("type") or _role(name, roles)),
        platform=str(metadata.get("platform") or ""),
        fabric=host.fabric or "",
        group=str(structured.get("mlag_configuration", {}).get("domain_id") or ""),
        management_interface=str(management.get("name") or ""),
        management_address=_address(management),
        management_vrf=str(management.get("vrf") or ("default" if management else "")),
        interfaces=tuple(sorted(cabled | configured, key=sort_key)),
    )


def _role(name: str, roles: Mapping[str, str]) -> str:
    role = roles.get(name, "")
    return "" if role == "mlag_peer" else role


def _management(structured: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the out-of-band management interface, or the first one."""
    items = list(structured.get("management_interfaces", ()))
    physical = [item for item in items if item.get("type", "oob") == "oob"]
    found: Mapping[str, Any] = (physical or items or [{}])[0]
    return found


def _address(management: Mapping[str, Any]) -> str:
    address = str(management.get("ip_address") or "")
    return address if "/" in address else ""


def port_map(node: Node) -> PortMap:
    """Return the lab ports (adapters, NICs) of a device."""
    return PortMap.of([*node.interfaces, node.management_interface or "Management0"])
