"""What the entries of the policy are about: ports, peers and addresses that are so by design."""

from collections.abc import Iterator

from avdlab.topology.model import NodeKind, Topology
from avdlab.validate.intent import wan
from avdlab.validate.intent.graph import ospf_neighbors
from avdlab.validate.intent.model import Device, Intent
from avdlab.validate.intent.routing import connected, is_told

OPEN_PORT = "port without a cable"
ABSENT_PORT = "port of an endpoint that the lab leaves out"
ENDPOINT_PORT = "port of an endpoint"
ABSENT_BUNDLES = "number of port-channels without a cable"
OUTSIDE_PEER = "peer outside of the lab"
NO_CIRCUIT = "WAN router to which the lab has no circuit"
BEHIND_CIRCUIT = "address behind circuits that the lab does not have"
NO_PATH = "WAN router to which the design has no path"
UNTOLD = "address that the design tells nobody of"
OSPF_NEIGHBOR = "ospf neighbor"

Subjects = dict[str, frozenset[tuple[str, str]]]  # kind of thing -> (device, name)


def dark_ports(topology: Topology) -> Subjects:
    """Return the ports that the design leaves open or the lab's backend leaves out, and that no
    cable was given since."""
    cabled = {(end.node, end.interface) for link in topology.links for end in (link.a, link.b)}
    left_open: set[tuple[str, str]] = set()
    absent: set[tuple[str, str]] = set()
    bundles: set[tuple[str, str]] = set()
    for node in topology.devices:
        left_open |= {(node.name, port) for port in node.open_ports}
        absent |= {(node.name, port) for port in (*node.open_ports, *node.absent_ports)}
        if node.absent_ports:
            count = sum(
                port.startswith("Port-Channel") for name, port in absent if name == node.name
            )
            bundles |= {(node.name, str(number)) for number in range(1, count + 1)}
    return {
        OPEN_PORT: frozenset(left_open - cabled),
        ABSENT_PORT: frozenset(absent - cabled),
        ABSENT_BUNDLES: frozenset(bundles),
        ENDPOINT_PORT: frozenset(
            (own.node, own.interface)
            for link in topology.links
            for own, other in ((link.a, link.b), (link.b, link.a))
            if topology.nodes[other.node].kind is NodeKind.ENDPOINT
        ),
    }


def outside_peers(intent: Intent) -> Iterator[tuple[str, str]]:
    for device in intent.devices.values():
        for peer in device.peers:
            if peer.address and (peer.vrf, peer.address) not in intent.owners:
                yield device.name, peer.address


def wan_subjects(intent: Intent) -> Subjects:
    """Return the pairs of WAN routers without a path, and what is behind paths that are missing."""
    designed, real = wan.designed_paths(intent), wan.lab_paths(intent)
    if not designed.near:
        return {}
    addresses = {name: wan.router_address(intent.devices[name]) for name in designed.near}
    pairs = [(near, far) for near in addresses for far in addresses if near != far]
    whole, left = connected(intent, designed), connected(intent, real)
    behind = {
        (near, address)
        for near in intent.devices
        for far in whole[near] - left[near]
        for address in _own_addresses(intent.devices[far])
    }
    for near, far in pairs:
        if far in designed.reached(near) and far not in real.reached(near):
            behind.add((near, addresses[far]))
    return {
        NO_CIRCUIT: frozenset(
            (near, addresses[far])
            for near, far in pairs
            if far in designed.near[near] and far not in real.near[near]
        ),
        BEHIND_CIRCUIT: frozenset(behind),
        NO_PATH: frozenset(
            (near, addresses[far]) for near, far in pairs if far not in designed.reached(near)
        ),
    }


def _own_addresses(device: Device) -> list[str]:
    return [i.ip for i in device.interfaces.values() if i.ip and i.vrf == "default"]


def untold(intent: Intent) -> Iterator[tuple[str, str]]:
    for owner in intent.devices.values():
        for interface in owner.interfaces.values():
            if not (interface.name.startswith("Loopback") and interface.ip):
                continue
            if interface.vrf == "default" and not is_told(intent, owner, interface.ip):
                for device in intent.devices:
                    yield device, interface.ip


def has_ospf_neighbor(intent: Intent, device: Device) -> bool:
    """Tell whether another device of the lab speaks OSPF on a link of this one."""
    return next(ospf_neighbors(intent, device), None) is not None
