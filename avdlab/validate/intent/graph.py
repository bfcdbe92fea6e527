"""Questions about the design as a graph: who is cabled to whom, who tunnels to whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from avdlab.topology.model import NodeKind
from avdlab.validate.intent.model import Device, Intent, Interface, Ospf


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a cable between two devices of the design."""

    device: Device
    interface: Interface


def cables(intent: Intent) -> Iterator[tuple[Side, Side]]:
    """Yield the cables between two devices whose interfaces the design configures."""
    for link in intent.links:
        ends = [_side(intent, end.node, end.interface) for end in (link.a, link.b)]
        if ends[0] and ends[1]:
            yield ends[0], ends[1]


def _side(intent: Intent, node: str, interface: str) -> Side | None:
    device = intent.devices.get(node)
    found = device.interfaces.get(interface) if device else None
    return Side(device, found) if device and found else None


def is_cabled(intent: Intent, device: str, interface: str) -> bool:
    """Tell whether a port has a cable to something that the lab runs."""
    kinds = {NodeKind.DEVICE, NodeKind.ENDPOINT}
    for link in intent.links:
        for own, other in ((link.a, link.b), (link.b, link.a)):
            if (own.node, own.interface) == (device, interface):
                return intent.topology.nodes[other.node].kind in kinds
    return False


def routed_cables(intent: Intent, device: Device) -> Iterator[tuple[Side, Side]]:
    """Yield the device's cables between routed ports that are not shut, its own end first."""
    for a, b in cables(intent):
        for own, other in ((a, b), (b, a)):
            up = not (own.interface.shutdown or other.interface.shutdown)
            if own.device is device and own.interface.routed and other.interface.routed and up:
                yield own, other


def ospf_neighbors(intent: Intent, device: Device) -> Iterator[tuple[Ospf, Side, Side]]:
    """Yield the OSPF adjacencies of a device: the process, its own end, the other end."""
    for process in device.ospf:
        for own, other in routed_cables(intent, device):
            theirs = any(
                other.interface.name in o.active and o.vrf == other.interface.vrf
                for o in other.device.ospf
            )
            if own.interface.name in process.active and theirs and other.interface.ip:
                yield process, own, other


# ---------------------------------------------------------------------------------- VXLAN
@dataclass(frozen=True, slots=True)
class Vtep:
    """A tunnel endpoint: one device, or the two of an MLAG pair that share its address."""

    address: str
    devices: tuple[str, ...]


def vteps(intent: Intent) -> tuple[Vtep, ...]:
    """Return the tunnel endpoints that the devices of the design have."""
    found: dict[str, list[str]] = {}
    for device in intent.devices.values():
        if device.vxlan and device.vxlan.source:
            found.setdefault(device.vxlan.source, []).append(device.name)
    return tuple(Vtep(address, tuple(names)) for address, names in sorted(found.items()))


def components(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return name -> the names that a chain of pairs leads to, itself among them."""
    found = {name: {name} for name in names}
    for a, b in pairs:
        if a in found and b in found and found[a] is not found[b]:
            found[a] |= found[b]
            for name in found[b]:
                found[name] = found[a]
    return {name: frozenset(members) for name, members in found.items()}
