"""The record of a lab whose project avdlab did not make, or that is a copy of one that it made.

What of it belongs to the design is found by name. No server is asked.
"""

from collections.abc import Mapping
from dataclasses import replace

from avdlab.backends.gns3.difference import Observed
from avdlab.backends.gns3.model import ServerNode
from avdlab.backends.gns3.names import label
from avdlab.backends.gns3.record import CloudRecord, NodeRecord, Record
from avdlab.topology.model import NodeKind, Topology


def found_by_name(record: Record, observed: Observed, topology: Topology, bridge: str) -> Record:
    """Return the record of an adopted project: its nodes that have the name of one of the design,
    and its clouds on the management bridge.

    They keep their id, place and name; the rest follows from the design.
    """
    named = {node.name.lower(): node for node in observed.nodes.values()}
    nodes = dict(record.nodes)
    for wanted in topology.nodes.values():
        kinds = {"docker"} if wanted.kind is NodeKind.DEVICE else {"docker", "vpcs"}
        node = named.get(wanted.name.lower()) or named.get(label(wanted.name).lower())
        if node is not None and node.kind in kinds:
            nodes[wanted.name] = NodeRecord(
                node.id, node.name, compute=node.compute, x=node.x, y=node.y
            )
    clouds = tuple(
        CloudRecord(cloud.id, cloud.name, cloud.compute, bridge, ports, cloud.x, cloud.y)
        for cloud in sorted(observed.nodes.values(), key=lambda node: node.name)
        if (ports := _management_ports(cloud, nodes, observed, bridge))
    )
    found = sorted([*(node.id for node in nodes.values()), *(cloud.id for cloud in clouds)])
    return replace(record, nodes=nodes, clouds=clouds, found=tuple(found))


def _management_ports(
    cloud: ServerNode, nodes: Mapping[str, NodeRecord], observed: Observed, bridge: str
) -> tuple[str, ...]:
    """Return the devices at a cloud's ports; () for what is no cloud of the management bridge
    alone, or is used for something else."""
    mapping = cloud.properties.get("ports_mapping") or () if cloud.kind == "cloud" else ()
    if [(p.get("port_number"), p.get("interface")) for p in mapping] != [
        (number, bridge) for number in range(len(mapping))
    ]:
        return ()
    devices = {node.id: device for device, node in nodes.items()}
    ports = [""] * len(mapping)
    for link in observed.links:
        for end in link.ends:
            if end.node == cloud.id:
                far = link.b if end == link.a else link.a
                if far.node not in devices or far.adapter:
                    return ()
                ports[end.number] = devices[far.node]
    return tuple(ports)
