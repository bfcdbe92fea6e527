"""The connected endpoints: which address stands in which VLAN, behind which devices."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from avdlab.net.interfaces import base
from avdlab.topology.model import Node, NodeKind
from avdlab.validate.intent.model import Device, Intent, Interface


@dataclass(frozen=True, slots=True)
class Host:
    """An address of an endpoint. `devices` are those whose own ports lead to it, switches between
    them and the endpoint crossed; `ports` are those that it is plugged into."""

    endpoint: str
    nic: str
    tag: int | None
    address: str
    length: int
    gateway: str
    vlan: int
    devices: tuple[str, ...]
    ports: tuple[tuple[str, str], ...] = ()


def hosts_of(intent: Intent) -> Iterator[Host]:
    """Yield the IP addresses that the lab gives to endpoints, by name."""
    return (host for host in all_hosts(intent) if host.address)


def all_hosts(intent: Intent) -> Iterator[Host]:
    """Yield what the lab gives to endpoints, by name; `address` "" where the VLAN has no subnet."""
    for name, node in sorted(intent.topology.nodes.items()):
        if node.kind is not NodeKind.ENDPOINT:
            continue
        for address in node.addresses:
            ports = tuple(_ports(intent, node, address.nic))
            vlan = address.vlan if address.vlan is not None else _untagged(intent, ports)
            if ports and vlan is not None:
                text, _, length = (address.address or "").partition("/")
                yield Host(
                    name,
                    address.nic,
                    address.vlan,
                    text,
                    int(length or 0),
                    address.gateway or "",
                    vlan,
                    tuple(reached(intent, [device for device, _ in ports], vlan)),
                    ports,
                )


def _ports(intent: Intent, node: Node, nic: str) -> Iterator[tuple[str, str]]:
    """Yield the device ports that a NIC, or a bond's members, are plugged into and that are on."""
    bonds = {bond.name: bond.members for bond in node.nics if bond.members}
    members = bonds.get(nic, (nic,))
    for link in intent.links:
        for own, other in ((link.a, link.b), (link.b, link.a)):
            if own.node == node.name and own.interface in members and other.node in intent.devices:
                port = intent.devices[other.node].interfaces.get(other.interface)
                if port is None or not is_shut(intent.devices[other.node], port):
                    yield other.node, other.interface


def _untagged(intent: Intent, ports: tuple[tuple[str, str], ...]) -> int | None:
    for device, name in ports:
        interfaces = intent.devices[device].interfaces
        port = interfaces.get(name)
        channel = interfaces.get(port.channel, port) if port else None
        if channel and channel.switching:
            return channel.switching.passed_untagged
    return None


def reached(intent: Intent, devices: Iterable[str], vlan: int) -> Iterator[str]:
    """Yield the devices that hear frames of a VLAN on one of some devices, without VXLAN. No frame
    leaves by the bundle that it came in by."""
    seen: set[str] = set()
    queue = [(device, "") for device in devices if vlan in intent.devices[device].vlans]
    while queue:
        device, entered = queue.pop(0)
        if device in seen:
            continue
        seen.add(device)
        yield device
        queue += [
            (other.node, _bundle(intent.devices[other.node], other.interface))
            for link in intent.links
            for own, other in ((link.a, link.b), (link.b, link.a))
            if own.node == device
            and other.node in intent.devices
            and _bundle(intent.devices[device], own.interface) != entered
            and carries(intent, device, own.interface, vlan)
            and carries(intent, other.node, other.interface, vlan)
        ]


def _bundle(device: Device, port: str) -> str:
    found = device.interfaces.get(port)
    return found.channel if found and found.channel else port


def is_shut(device: Device, port: Interface) -> bool:
    """Tell whether a port, or the bundle that it belongs to, is shut by design."""
    return port.shutdown or device.interfaces.get(port.channel, port).shutdown


def carries(intent: Intent, device: str, name: str, vlan: int) -> bool:
    """Tell whether a port carries a VLAN by design."""
    known = intent.devices[device]
    port = known.interfaces.get(name)
    channel = known.interfaces.get(port.channel, port) if port else None
    if port is None or channel is None or channel.switching is None or vlan not in known.vlans:
        return False
    if is_shut(known, port):
        return False
    groups = known.vlans[vlan].trunk_groups
    tagged = channel.switching.tagged
    allowed = tagged is None or vlan in tagged or vlan == channel.switching.passed_untagged
    return allowed and (not groups or bool(groups & set(channel.trunk_groups)))


def tagged_interfaces(intent: Intent, device: str, vlan: int) -> Iterator[tuple[Device, Interface]]:
    """Yield the subinterfaces with the VLAN's tag of routers at the ports of a switch."""
    for link in intent.links:
        for own, other in ((link.a, link.b), (link.b, link.a)):
            router = intent.devices.get(other.node)
            if own.node != device or router is None:
                continue
            if carries(intent, device, own.interface, vlan):
                parent = _bundle(router, other.interface)
                for interface in router.interfaces.values():
                    if interface.dot1q == vlan and base(interface.name) == parent:
                        yield router, interface
