"""WAN routers of the design: the paths between them, and which of these a lab can have.

A path needs a circuit at both ends. The lab has a circuit when one of its devices is the provider
that the circuit leads to, and when somebody there lends the address that it asks for.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from avdlab.net.interfaces import base
from avdlab.topology.model import NodeKind
from avdlab.validate.intent.model import Device, Intent, Interface

DPS = "Dps1"


@dataclass(frozen=True, slots=True)
class Paths:
    """Who has a path to whom. `transit`: routers that lead from path to path."""

    near: Mapping[str, frozenset[str]]
    transit: frozenset[str] = frozenset()

    def reached(self, start: str) -> frozenset[str]:
        """Return the WAN routers that a router has a way to, over one path or several."""
        found, queue = {start}, deque([start])
        while queue:
            node = queue.popleft()
            if node == start or node in self.transit:
                new = self.near.get(node, frozenset()) - found
                found |= new
                queue.extend(sorted(new))
        return frozenset(found)


def designed_paths(intent: Intent) -> Paths:
    """Return the paths between WAN routers as the design has them."""
    return _paths(intent, lambda _device, _name: True)


def lab_paths(intent: Intent) -> Paths:
    """Return those of them whose circuits the lab has."""
    return _paths(intent, lambda device, name: has_circuit(intent, device, name))


def _paths(intent: Intent, usable: Callable[[Device, str], bool]) -> Paths:
    routers = [d for d in intent.devices.values() if d.path_groups and router_address(d)]
    near: dict[str, set[str]] = {router.name: set() for router in routers}
    circuits = {
        d.name: {g.number for g in d.path_groups if any(usable(d, n) for n in g.interfaces)}
        for d in routers
    }
    for a, b in combinations(routers, 2):
        if _groups(a, b) & circuits[a.name] & circuits[b.name]:
            near[a.name].add(b.name)
            near[b.name].add(a.name)
    transit = frozenset(d.name for d in routers if d.avt_role.startswith("transit"))
    return Paths({name: frozenset(found) for name, found in near.items()}, transit)


def _groups(a: Device, b: Device) -> set[int]:
    """Return the path groups in which two routers are peers."""
    theirs = {group.number: group for group in b.path_groups}
    return {
        group.number
        for group in a.path_groups
        if (other := theirs.get(group.number)) is not None
        and (
            router_address(b) in group.peers
            or router_address(a) in other.peers
            or (group.dynamic and other.dynamic)
        )
    }


def router_address(device: Device) -> str:
    """Return the address by which path selection knows a router, "" where it is none."""
    dps = device.interfaces.get(DPS)
    return dps.ip if dps is not None else ""


def has_circuit(intent: Intent, device: Device, name: str) -> bool:
    """Tell whether the lab has what a circuit of a WAN router leads to."""
    interface = device.interfaces.get(name)
    ports = {
        port for port in device.interfaces if port == base(name) or name in _channel(device, port)
    }
    ends = [
        (other.node, other.interface)
        for link in intent.links
        for own, other in ((link.a, link.b), (link.b, link.a))
        if own.node == device.name and own.interface in ports
    ]
    inside = [
        end
        for end in ends
        if (node := intent.topology.nodes.get(end[0])) and node.kind is NodeKind.DEVICE
    ]
    asks = interface is not None and interface.asks_dhcp
    return any(not asks or _lends(intent, *end) for end in inside)


def _channel(device: Device, port: str) -> set[str]:
    channel = device.interfaces[port].channel
    return {channel} if channel else set()


def _lends(intent: Intent, node: str, port: str) -> bool:
    """Tell whether an address may come from behind a port; a switch may have a server behind it."""
    device = intent.devices.get(node)
    if device is None:
        return False
    found: list[Interface] = [i for i in device.interfaces.values() if base(i.name) == port]
    routed = any(interface.routed for interface in found)
    return not routed or any(interface.lends_dhcp for interface in found)
