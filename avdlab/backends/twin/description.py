"""The description of a fabric that the twin process reads: `fabric.json`.

Nodes with the ports of their eAPI, cables, endpoints with NICs, MACs and addresses. It holds the
control token, so it is private; it holds no configuration.
"""

import hashlib
import secrets
import socket
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from avdlab.backends.base import LabSpec
from avdlab.errors import CannotRunError
from avdlab.topology.model import EndpointAddress, Node, NodeKind, Topology

FIRST_PORT, LAST_PORT = 9443, 32000  # below the ports that Linux gives to clients
MOST = 65535
NODES = 250  # of a lab of usual size; a larger one takes a multiple
KINDS = 3  # HTTPS ports first, then HTTP, then SSH

Description = dict[str, Any]


def describe(
    spec: LabSpec, present: Description, *, address: str, first_port: int = 0
) -> Description:
    """Describe the spec's fabric; what is in `present` keeps its ports, token and faults.

    Raises CannotRunError when there are not enough free ports.
    """
    nodes = sorted(device_names(spec.topology))
    ports = _ports(nodes, present, address, first_port, spec.folder)
    control = present.get("control") or {
        "host": "127.0.0.1",
        "port": _free_port("127.0.0.1"),
        "token": secrets.token_hex(16),
    }
    return {
        "schema_version": 1,
        "name": spec.name,
        "control": control,
        "model": "cEOSLab",
        "nodes": {
            name: ports[name] | {"management_address": spec.topology.nodes[name].management_address}
            for name in nodes
        },
        "links": links(spec.topology),
        "endpoints": endpoints(spec.topology),
        "stopped": [node for node in present.get("stopped", ()) if node in nodes],
        "cut": present.get("cut", []),
        "dropped": present.get("dropped", []),
    }


def _ports(
    nodes: Sequence[str], present: Description, address: str, first_port: int, folder: Path
) -> dict[str, dict[str, Any]]:
    """Give every node three ports; nodes that have them keep them, while the lab fits in its
    block of ports."""
    room = NODES * -(-len(nodes) // NODES)
    kept = {
        name: {key: where[key] for key in ("host", "https", "http")}
        | {"ssh": where.get("ssh", where["https"] + 2 * room)}
        for name, where in present.get("nodes", {}).items()
        if name in nodes and where["http"] == where["https"] + room
    }
    new = [name for name in nodes if name not in kept]
    if not new:
        return kept
    used = {where["https"] for where in kept.values()}
    for first in _candidates(first_port, folder, room):
        free = [port for port in range(first, first + room) if port not in used]
        pairs = list(zip(new, free, strict=False))
        enough = len(pairs) == len(new) and first + KINDS * room <= MOST
        if enough and (first_port or _all_free(address, [port for _, port in pairs], room)):
            return kept | {
                name: {"host": address, "https": port}
                | {"http": port + room, "ssh": port + 2 * room}
                for name, port in pairs
            }
    raise CannotRunError(
        f"no {len(new)} free ports on {address}", hint="Choose them with --eapi-port."
    )


def _candidates(first_port: int, folder: Path, room: int) -> Iterator[int]:
    """Yield first ports to try: labs in other folders begin at other blocks."""
    if first_port:
        yield first_port
        return
    blocks = list(range(FIRST_PORT, LAST_PORT - KINDS * room, KINDS * room))
    begin = zlib.crc32(str(folder).encode()) % max(len(blocks), 1)
    yield from blocks[begin:] + blocks[:begin]


def _all_free(address: str, ports: Sequence[int], room: int) -> bool:
    offsets = (0, room, 2 * room)
    return all(_is_free(address, port + offset) for port in ports for offset in offsets)


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def _free_port(address: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
    return port


def device_names(topology: Topology) -> set[str]:
    """Return the names of the nodes that the twin runs."""
    return {node.name for node in topology.devices}


def links(topology: Topology) -> list[list[str]]:
    """Return the cables as pairs of `node:interface`."""
    return sorted([str(link.a), str(link.b)] for link in topology.links)


def endpoints(topology: Topology) -> list[dict[str, Any]]:
    """Return the nodes that are not devices, with their NICs, bonds and addresses."""
    nics: dict[str, set[str]] = {}
    for link in topology.links:
        for end in (link.a, link.b):
            nics.setdefault(end.node, set()).add(end.interface)
    return [
        _endpoint(node, nics.get(name, set()))
        for name, node in sorted(topology.nodes.items())
        if node.kind is not NodeKind.DEVICE
    ]


def _endpoint(node: Node, cabled: set[str]) -> dict[str, Any]:
    bonds = [nic for nic in node.nics if nic.members]
    single = {nic.name for nic in node.nics if not nic.members}
    nics = cabled | single | {member for bond in bonds for member in bond.members}
    return {
        "name": node.name,
        "nics": sorted(nics),
        "bonds": [
            {"name": bond.name, "nics": list(bond.members), "mode": bond.mode or "static"}
            for bond in bonds
        ],
        "addresses": [_endpoint_address(node.name, address) for address in node.addresses],
        "talking": node.kind is NodeKind.ENDPOINT,
    }


def _endpoint_address(endpoint: str, address: EndpointAddress) -> dict[str, Any]:
    digest = hashlib.sha256(f"{endpoint}/{address.nic}".encode()).hexdigest()
    # locally administered, unicast: 02:xx:xx:xx:xx:xx
    mac = ":".join(["02", *(digest[i : i + 2] for i in range(0, 10, 2))])
    return {
        "nic": address.nic,
        "mac": mac,
        "vlan": address.vlan,
        "address": address.address,
        "gateway": address.gateway,
    }
