"""What the project of a lab contains: nodes with their files, links, drawings. No server is asked.

`content` is a function of the lab, its options and its record (which keeps ids, adapters and places
from one run to the next); the builder makes a server's project equal to it, and an export can write
it as a file.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.backends.base import LabSpec
from avdlab.backends.gns3 import ceos, endpoints
from avdlab.backends.gns3.canvas import drawings
from avdlab.backends.gns3.endpoints import Runs
from avdlab.backends.gns3.model import Drawing, Port
from avdlab.backends.gns3.options import Options
from avdlab.backends.gns3.ports import MOST
from avdlab.backends.gns3.record import CloudRecord, NodeRecord, Record
from avdlab.backends.gns3.recording import places_of, ports_of, recorded
from avdlab.errors import CannotRunError
from avdlab.net.interfaces import PortMap, is_interface, short
from avdlab.topology.layout import Layout, layout
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology

SWITCH = ":/symbols/multilayer_switch.svg"
ROUTER = ":/symbols/router.svg"
CLOUD = ":/symbols/cloud.svg"
HOST = ":/symbols/computer.svg"
SERVER = ":/symbols/server.svg"
ROUTERS = frozenset({"p", "pe", "rr", "wan_router", "wan_rr"})


@dataclass(frozen=True, slots=True)
class NodeContent:
    """A node. `boot` are the files of every boot, `seed` those of the first one only."""

    device: str  # its name in the topology
    id: str
    name: str  # on the canvas
    kind: str  # docker, vpcs, cloud
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
    nodes: Mapping[str, NodeContent]  # by `device`
    links: tuple[LinkContent, ...]
    drawings: tuple[Drawing, ...]
    record: Record


def content(
    spec: LabSpec, options: Options, record: Record, computes: Mapping[str, str] | None = None
) -> Content:
    """Return the project of a lab. `computes` are the places of nodes that are not made yet."""
    topology = spec.topology
    places = layout(topology, places_of(record))
    record = recorded(topology, options, record, places, computes or {})
    nodes: dict[str, NodeContent] = {}
    for name, known in record.nodes.items():
        node = topology.nodes[name]
        if node.kind is NodeKind.DEVICE:
            nodes[name] = _device(node, known, options, spec.seeds[name])
        else:
            nodes[name] = _endpoint(node, known, options)
    for cloud in record.clouds:
        made = _cloud(cloud)
        nodes[made.device] = made
    return Content(
        record.project,
        record.name,
        *_scene(places),
        nodes,
        tuple(links_of(topology, record)),
        drawings(record.project, places),
        record,
    )


def digest(files: Mapping[str, bytes]) -> str:
    """Return a fingerprint of files."""
    data = json.dumps({path: body.decode("latin-1") for path, body in sorted(files.items())})
    return hashlib.sha256(data.encode()).hexdigest()[:16]


# ---------------------------------------------------------------------- nodes
def _device(node: Node, known: NodeRecord, options: Options, seed: str) -> NodeContent:
    device = ceos.Device(node.name, ports_of(known), known.mac, node.serial_number, node.system_mac)
    return _node(
        known,
        node.name,
        "docker",
        ROUTER if node.role in ROUTERS else SWITCH,
        ceos.properties(device, options.image, options.naming),
        ceos.boot_files(device, options.naming),
        ceos.seed_files(seed),
    )


def _endpoint(node: Node, known: NodeRecord, options: Options) -> NodeContent:
    runs = endpoints.runs_as(node, options.endpoints)
    if runs is Runs.CEOS:
        ports = [f"Ethernet{number}" for number in range(1, len(known.adapters))]
        device = ceos.Device(node.name, PortMap("Management0", tuple(ports)), known.mac)
        properties = ceos.properties(device, options.image, options.naming)
        seed = endpoints.eos_config(node)
        boot = ceos.boot_files(device, options.naming)
        return _node(known, node.name, "docker", SERVER, properties, boot, ceos.seed_files(seed))
    if runs is Runs.DOCKER:
        properties = {
            "image": ceos.tagged(options.endpoints),
            "adapters": len(known.adapters),
            "mac_address": known.mac,
        }
        return _node(
            known, node.name, "docker", SERVER, properties, endpoints.files(node, runs), {}
        )
    return _node(known, node.name, "vpcs", HOST, {}, endpoints.files(node, runs), {})


def _node(
    known: NodeRecord,
    device: str,
    kind: str,
    symbol: str,
    properties: Mapping[str, object],
    boot: Mapping[str, bytes],
    seed: Mapping[str, bytes],
) -> NodeContent:
    return NodeContent(
        device,
        known.id,
        known.name,
        kind,
        known.compute,
        known.x or 0,
        known.y or 0,
        symbol,
        known.adapters,
        properties,
        boot,
        seed,
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
        f"{cloud.name} cloud",  # no device can have this name
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
