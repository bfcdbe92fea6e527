"""The lab for containerlab: cEOS nodes that boot with their lab config, Linux hosts as endpoints.

The interface mapping gives every port its EOS name (Ethernet1/1, Management1), whatever number its
NIC has; cEOS wants all ports listed in it. Endpoints get NICs from eth1 on: eth0 is containerlab's.
"""

import ipaddress
import json
import re
from collections.abc import Iterator

import yaml

from avdlab.exports.model import Files, Subject
from avdlab.net.interfaces import PortMap
from avdlab.topology.model import LinkEnd, Node, NodeKind

MAPPING = "/mnt/flash/EosIntfMapping.json"
CEOS_IMAGE = "ceos:latest"
HOST_IMAGE = "alpine:latest"


def containerlab(lab: Subject) -> Files:
    """Return topology.clab.yml, and startup-config and interface mapping of each device."""
    devices = {node.name: PortMap.of(node.interfaces) for node in lab.topology.devices}
    subnet = _subnet(lab)
    nodes = {
        name: _device(node, subnet) if node.kind is NodeKind.DEVICE else _host(node)
        for name, node in sorted(lab.topology.nodes.items())
    }
    topology: dict[str, object] = {
        "kinds": {
            "arista_ceos": {"image": CEOS_IMAGE, "enforce-startup-config": True},
            "linux": {"image": HOST_IMAGE},
        },
        "nodes": nodes,
        "links": [
            {"endpoints": [_end(lab, end, devices) for end in (link.a, link.b)]}
            for link in lab.topology.links
        ],
    }
    data: dict[str, object] = {"name": _safe(lab.name)}
    if subnet is not None:
        data["mgmt"] = {"network": f"{_safe(lab.name)}-mgmt", "ipv4-subnet": str(subnet)}
    text = yaml.safe_dump({**data, "topology": topology}, sort_keys=False, width=120)
    files = {"topology.clab.yml": "---\n" + text}
    for name, ports in devices.items():
        files[f"configs/{name}.cfg"] = lab.configs[name]
        files[f"mapping/{name}.json"] = json.dumps(ports.eos_mapping(), indent=2) + "\n"
    return files


def _device(node: Node, subnet: ipaddress.IPv4Network | None) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": "arista_ceos",
        "group": node.role,
        "startup-config": f"configs/{node.name}.cfg",
        "binds": [f"mapping/{node.name}.json:{MAPPING}:ro"],
    }
    if subnet is not None:
        found["mgmt-ipv4"] = node.management_address.partition("/")[0]
    return found


def _subnet(lab: Subject) -> ipaddress.IPv4Network | None:
    """Return the management network when all devices share one."""
    devices = lab.topology.devices
    found = {
        ipaddress.ip_interface(node.management_address).network
        for node in devices
        if node.management_address
    }
    if len(found) != 1 or not all(node.management_address for node in devices):
        return None
    network = found.pop()
    return network if isinstance(network, ipaddress.IPv4Network) else None


def _host(node: Node) -> dict[str, object]:
    found: dict[str, object] = {"kind": "linux", "group": node.role or "endpoint"}
    commands = list(_commands(node))
    if commands:
        found["exec"] = commands
    return found


def _commands(node: Node) -> Iterator[str]:
    """Bring up bonds, VLANs and addresses as the design has them; the first gateway is taken."""
    bonded = {member for nic in node.nics for member in nic.members}
    for nic in node.nics:
        if nic.members:
            mode = "balance-xor" if nic.mode == "static" else "802.3ad"
            yield f"ip link add {nic.name} type bond mode {mode}"
            for member in nic.members:
                yield f"ip link set {_nic(node, member)} down"
                yield f"ip link set {_nic(node, member)} master {nic.name}"
            yield f"ip link set {nic.name} up"
    gateways: list[str] = []
    for address in node.addresses:
        name = address.nic if address.nic not in node.interfaces else _nic(node, address.nic)
        if address.nic in bonded or not address.address:
            continue
        if address.vlan is not None:
            parent, name = name, f"{name}.{address.vlan}"
            yield f"ip link add link {parent} name {name} type vlan id {address.vlan}"
            yield f"ip link set {name} up"
        yield f"ip addr add {address.address} dev {name}"
        gateways += [address.gateway] if address.gateway else []
    if gateways:
        yield f"ip route replace default via {gateways[0]}"


def _end(lab: Subject, end: LinkEnd, devices: dict[str, PortMap]) -> str:
    if end.node in devices:
        return f"{end.node}:{devices[end.node].linux(end.interface)}"
    return f"{end.node}:{_nic(lab.topology.nodes[end.node], end.interface)}"


def _nic(node: Node, interface: str) -> str:
    return f"eth{node.interfaces.index(interface) + 1}"


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-") or "lab"
