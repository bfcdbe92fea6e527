"""What the project of a lab contains: nodes with their files, links, drawings. No server is asked.

`content` is a function of the lab, its options and its record (which keeps ids, adapters and places
from one run to the next); the builder makes a server's project equal to it, and an export can write
it as a file.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from avdlab.backends.base import LabSpec
from avdlab.backends.gns3 import ceos, names
from avdlab.backends.gns3.canvas import drawings
from avdlab.backends.gns3.model import LOCAL, Drawing, Port
from avdlab.backends.gns3.options import Options
from avdlab.backends.gns3.ports import MOST, port_map
from avdlab.backends.gns3.record import CloudRecord, NodeRecord, Record
from avdlab.errors import CannotRunError
from avdlab.net.interfaces import PortMap, is_interface, short
from avdlab.topology.layout import Layout, layout
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology

SWITCH = ":/symbols/multilayer_switch.svg"
ROUTER = ":/symbols/router.svg"
CLOUD = ":/symbols/cloud.svg"
ROUTERS = frozenset({"p", "pe", "rr", "wan_router", "wan_rr"})
SPARE_CLOUD_PORTS = 16
CLOUD_PORTS = 128  # on one cloud at most: the server gets slower with each


@dataclass(frozen=True, slots=True)
class NodeContent:
    """A node. `boot` are the files of every boot, `seed` those of the first one only."""

    device: str  # its name in the topology; a cloud's own name
    id: str
    name: str  # on the canvas
    kind: str  # docker, cloud
    compute: str
    x: int
    y: int
    symbol: str
    adapters: tuple[str, ...]  # port names by adapter number
    properties: Mapping[str, object]
    boot: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    seed: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def boot_digest(self) -> str:
        return digest(self.boot)

    @property
    def seed_digest(self) -> str:
        return digest(self.seed)


@dataclass(frozen=True, slots=True)
class LinkContent:
    """A link: two ports, the labels at its ends, and what it is in words."""

    a: Port
    b: Port
    labels: tuple[str, str]
    about: str

    @property
    def ends(self) -> frozenset[Port]:
        return frozenset((self.a, self.b))


@dataclass(frozen=True, slots=True)
class Content:
    """A project. `record` is what will be known of it when it is there."""

    id: str
    name: str
    width: int
    height: int
    nodes: Mapping[str, NodeContent]  # by device, or by the cloud's name
    links: tuple[LinkContent, ...]
    drawings: tuple[Drawing, ...]
    record: Record


def content(
    spec: LabSpec, options: Options, record: Record, computes: Mapping[str, str] | None = None
) -> Content:
    """Return the project of a lab. `computes` are the places of nodes that are not made yet."""
    topology = spec.topology
    places = layout(topology, _places(record))
    record = _recorded(topology, options, record, places, computes or {})
    nodes: dict[str, NodeContent] = {}
    for name, known in record.nodes.items():
        node = topology.nodes[name]
        nodes[name] = _device(node, known, options, spec.seeds[name])
    for cloud in record.clouds:
        nodes[cloud.name] = _cloud(cloud)
    drawn = drawings(record.project, places)
    return Content(
        record.project,
        record.name,
        *_scene(places),
        nodes,
        tuple(links_of(topology, record)),
        drawn,
        record,
    )


def digest(files: Mapping[str, bytes]) -> str:
    """Return a fingerprint of files."""
    data = json.dumps({path: body.decode("latin-1") for path, body in sorted(files.items())})
    return hashlib.sha256(data.encode()).hexdigest()[:16]


# ---------------------------------------------------------------------- the record
def _places(record: Record) -> dict[str, tuple[int, int]]:
    return {
        name: (node.x, node.y)
        for name, node in record.nodes.items()
        if node.x is not None and node.y is not None
    }


def _recorded(
    topology: Topology,
    options: Options,
    record: Record,
    places: Layout,
    computes: Mapping[str, str],
) -> Record:
    """Return the record with every node of the topology, old ones as they are."""
    devices = [node.name for node in topology.devices]
    known = {name: node for name, node in record.nodes.items() if name in devices}
    labels = names.node_names(devices, {name: node.name for name, node in known.items()})
    old_macs = {name: node.mac for name, node in known.items() if node.mac}
    macs = names.base_macs(record.project, devices, old_macs)
    nodes: dict[str, NodeRecord] = {}
    for name in sorted(devices):
        node = topology.nodes[name]
        x, y = places.positions[name]
        before = known.get(name)
        found = before or NodeRecord(
            names.object_id(record.project, f"node/{name}"),
            labels[name],
            compute=computes.get(name, LOCAL),
        )
        ports = port_map(
            node.interfaces,
            cabled=_cabled(topology, name),
            kept=ports_of(found) if found.adapters else None,
            spare=options.spare_ports,
        )
        nodes[name] = replace(
            found,
            mac=macs[name],
            adapters=(ports.management, *ports.ethernet),
            x=x if found.x is None else found.x,
            y=y if found.y is None else found.y,
            address=node.management_address.partition("/")[0],
        )
    clouds = _clouds(record, devices, options, places)
    return replace(record, nodes=nodes, clouds=clouds)


def ports_of(node: NodeRecord) -> PortMap:
    """Return a device's adapters as the map that says which interface each is."""
    return PortMap(node.adapters[0], node.adapters[1:])


def _cabled(topology: Topology, device: str) -> set[str]:
    return {
        end.interface for link in topology.links for end in (link.a, link.b) if end.node == device
    }


def _clouds(
    record: Record, devices: Iterable[str], options: Options, places: Layout
) -> tuple[CloudRecord, ...]:
    """Give every device a port on a cloud; a cloud that is connected cannot get more ports, so they
    are made with spare ones, and a full one gets another beside it."""
    wanted = list(devices)
    clouds = [
        replace(cloud, ports=tuple(port if port in wanted else "" for port in cloud.ports))
        for cloud in record.clouds
        if cloud.bridge == options.bridge
    ]
    there = {device for cloud in clouds for device in cloud.ports}
    waiting = sorted(device for device in wanted if device not in there)
    filled: list[CloudRecord] = []
    for cloud in clouds:
        ports = tuple(port or (waiting.pop(0) if waiting else "") for port in cloud.ports)
        filled.append(replace(cloud, ports=ports))
    while waiting:
        now, waiting = (
            waiting[: CLOUD_PORTS - SPARE_CLOUD_PORTS],
            waiting[CLOUD_PORTS - SPARE_CLOUD_PORTS :],
        )
        filled.append(_new_cloud(record, len(filled), now, options, places))
    return tuple(filled)


def _new_cloud(
    record: Record, number: int, devices: Sequence[str], options: Options, places: Layout
) -> CloudRecord:
    name = "management" if number == 0 else f"management-{number + 1}"
    left = min((x for x, _ in places.positions.values()), default=0)
    top = min((y for _, y in places.positions.values()), default=0)
    return CloudRecord(
        names.object_id(record.project, f"cloud/{options.bridge}/{number}"),
        name,
        LOCAL,
        options.bridge,
        (*devices, *("" for _ in range(SPARE_CLOUD_PORTS))),
        left - 260,
        top + 120 * number,
    )


# ---------------------------------------------------------------------- nodes
def _device(node: Node, known: NodeRecord, options: Options, seed: str) -> NodeContent:
    device = ceos.Device(node.name, ports_of(known), known.mac, node.serial_number, node.system_mac)
    return NodeContent(
        node.name,
        known.id,
        known.name,
        "docker",
        known.compute,
        known.x or 0,
        known.y or 0,
        ROUTER if node.role in ROUTERS else SWITCH,
        known.adapters,
        ceos.properties(device, options.image, options.naming),
        ceos.boot_files(device, options.naming),
        ceos.seed_files(seed),
    )


def _cloud(cloud: CloudRecord) -> NodeContent:
    ports = [
        {
            "name": port_name(cloud, number),
            "port_number": number,
            "type": "ethernet",
            "interface": cloud.bridge,
        }
        for number in range(len(cloud.ports))
    ]
    return NodeContent(
        cloud.name,
        cloud.id,
        cloud.name,
        "cloud",
        cloud.compute,
        cloud.x or 0,
        cloud.y or 0,
        CLOUD,
        tuple(str(port["name"]) for port in ports),
        {"ports_mapping": ports},
    )


def port_name(cloud: CloudRecord, number: int) -> str:
    """Return a cloud port's name: fixed, as the cloud's ports are once it is connected."""
    return f"{cloud.bridge}-{number}"


# ---------------------------------------------------------------------- links
def links_of(topology: Topology, record: Record) -> Iterable[LinkContent]:
    """Return the cables of the design between nodes of the record, and the management ones."""
    yield from _links(topology.links, record)
    yield from _management_links(record)


def _links(links: Iterable[Link], record: Record) -> Iterable[LinkContent]:
    for link in links:
        if link.a.node in record.nodes and link.b.node in record.nodes:
            yield LinkContent(
                port_at(record, link.a),
                port_at(record, link.b),
                (_label(link.a.interface), _label(link.b.interface)),
                f"{link.a} to {link.b}",
            )


def port_at(record: Record, end: LinkEnd) -> Port:
    """Return the port that a cable's end is. Raises CannotRunError for one without an adapter."""
    node = record.nodes[end.node]
    if end.interface not in node.adapters:
        raise CannotRunError(
            f"{end}: GNS3 gives a node at most {MOST} adapters, and {end.node} has more cables",
            hint="Leave out devices with --limit or is_deployed: false.",
        )
    return Port(node.id, node.adapters.index(end.interface))


def _management_links(record: Record) -> Iterable[LinkContent]:
    for cloud in record.clouds:
        for number, device in enumerate(cloud.ports):
            if device:
                node = record.nodes[device]
                yield LinkContent(
                    Port(node.id, 0),
                    Port(cloud.id, 0, number),
                    (_label(node.adapters[0]), ""),
                    f"{device}:{node.adapters[0]} to {cloud.name}",
                )


def _label(interface: str) -> str:
    return short(interface) if is_interface(interface) else interface


def _scene(places: Layout) -> tuple[int, int]:
    """Return the size of the canvas: GNS3's own, or more where the drawing is larger."""
    reach_x = max((abs(x) for x, _ in places.positions.values()), default=0)
    reach_y = max((abs(y) for _, y in places.positions.values()), default=0)
    return max(2000, 2 * reach_x + 800), max(1000, 2 * reach_y + 500)


def devices_of(topology: Topology) -> tuple[str, ...]:
    """Return the nodes that this backend runs as switches."""
    return tuple(node.name for node in topology.nodes.values() if node.kind is NodeKind.DEVICE)
