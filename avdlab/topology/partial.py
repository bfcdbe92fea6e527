"""A topology as a backend builds it that runs only some of its nodes."""

from collections.abc import Collection
from dataclasses import replace

from avdlab.net.interfaces import sort_key
from avdlab.topology.model import Link, Node, Topology


def without(topology: Topology, left_out: Collection[str], why: str) -> Topology:
    """Return the topology without these nodes; the ports that led to them are `absent_ports`.

    `why` says in a note why they are not there.
    """
    gone = sorted(set(left_out) & set(topology.nodes))
    if not gone:
        return topology
    links = tuple(
        link for link in topology.links if link.a.node not in gone and link.b.node not in gone
    )
    nodes = {
        name: _without_cables(node, topology.links, links)
        for name, node in topology.nodes.items()
        if name not in gone
    }
    names = ", ".join(gone) if len(gone) <= 4 else f"{len(gone)} connected nodes"
    note = f"{names} left out: {why}; the ports that lead there are not expected up"
    return replace(topology, nodes=nodes, links=links, notes=(*topology.notes, note))


def _without_cables(node: Node, before: Collection[Link], after: Collection[Link]) -> Node:
    lost = _ports(node.name, before) - _ports(node.name, after)
    if not lost:
        return node
    dark = lost | set(node.open_ports) | set(node.absent_ports)
    channels = {
        channel
        for channel, members in node.channels.items()
        if set(members) <= dark and set(members) & lost
    }
    ports = set(node.absent_ports) | lost | channels
    return replace(node, absent_ports=tuple(sorted(ports, key=sort_key)))


def _ports(node: str, links: Collection[Link]) -> set[str]:
    return {end.interface for link in links for end in (link.a, link.b) if end.node == node}
