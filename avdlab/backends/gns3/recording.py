"""What the record of a lab becomes: ids, names, adapters, places and management ports of all nodes.

What a node has it keeps; new nodes get what is free.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from avdlab.backends.gns3 import endpoints, names
from avdlab.backends.gns3.model import LOCAL
from avdlab.backends.gns3.options import Options
from avdlab.backends.gns3.ports import port_map
from avdlab.backends.gns3.record import CloudRecord, NodeRecord, Record
from avdlab.net.interfaces import PortMap
from avdlab.topology.layout import Layout, Position
from avdlab.topology.model import Node, NodeKind, Topology

SPARE_CLOUD_PORTS = 16
CLOUD_PORTS = 128  # on one cloud at most: the server gets slower with each
BESIDE = 260  # the clouds stand so far left of the fabric
CLOUD_ROW = 120


def places_of(record: Record) -> dict[str, Position]:
    """Return where the nodes stand that have a place."""
    return {
        name: (node.x, node.y)
        for name, node in record.nodes.items()
        if node.x is not None and node.y is not None
    }


def recorded(
    topology: Topology,
    options: Options,
    record: Record,
    places: Layout,
    computes: Mapping[str, str],
) -> Record:
    """Return the record with every node of the topology, old ones as they are.

    `computes` are the places of those that are not made yet.
    """
    known = {name: node for name, node in record.nodes.items() if name in topology.nodes}
    taken = {name: node.name for name, node in known.items()}
    taken |= {
        f"cloud/{number}": cloud
        for number, cloud in enumerate(("management", *_cloud_names(record)))
    }
    labels = names.node_names(topology.nodes, taken)
    old_macs = {name: node.mac for name, node in known.items() if node.mac}
    macs = names.base_macs(record.project, topology.nodes, old_macs)
    nodes: dict[str, NodeRecord] = {}
    for name, node in sorted(topology.nodes.items()):
        x, y = places.positions[name]
        found = known.get(name) or NodeRecord(
            names.object_id(record.project, f"node/{name}"),
            labels[name],
            compute=computes.get(name, LOCAL),
        )
        nodes[name] = replace(
            found,
            mac=macs[name],
            adapters=_adapters(node, found, topology, options),
            x=x if found.x is None else found.x,
            y=y if found.y is None else found.y,
            address=node.management_address.partition("/")[0],
        )
    managed = [node.name for node in topology.devices]
    return replace(record, nodes=nodes, clouds=_clouds(record, managed, options, places))


def _cloud_names(record: Record) -> tuple[str, ...]:
    return tuple(cloud.name for cloud in record.clouds)


def ports_of(node: NodeRecord) -> PortMap:
    """Return a device's adapters as the map that says which interface each is."""
    return PortMap(node.adapters[0], node.adapters[1:])


def _adapters(
    node: Node, found: NodeRecord, topology: Topology, options: Options
) -> tuple[str, ...]:
    if node.kind is not NodeKind.DEVICE:
        return endpoints.adapters(node, endpoints.runs_as(node, options.endpoints))
    ports = port_map(
        node.interfaces,
        cabled=_cabled(topology, node.name),
        kept=ports_of(found) if found.adapters else None,
        spare=options.spare_ports,
    )
    return (ports.management, *ports.ethernet)


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
    room = CLOUD_PORTS - SPARE_CLOUD_PORTS
    while waiting:
        now, waiting = waiting[:room], waiting[room:]
        filled.append(_new_cloud(record, len(filled), now, options, places))
    return tuple(filled)


def _new_cloud(
    record: Record, number: int, devices: Sequence[str], options: Options, places: Layout
) -> CloudRecord:
    left = min((x for x, _ in places.positions.values()), default=0)
    top = min((y for _, y in places.positions.values()), default=0)
    return CloudRecord(
        names.object_id(record.project, f"cloud/{options.bridge}/{number}"),
        "management" if number == 0 else f"management-{number + 1}",
        LOCAL,
        options.bridge,
        (*devices, *("" for _ in range(SPARE_CLOUD_PORTS))),
        left - BESIDE,
        top + CLOUD_ROW * number,
    )
