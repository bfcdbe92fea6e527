"""Questions about the design as a graph: who is cabled to whom, who hears whose routes."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from avdlab.topology.model import NodeKind
from avdlab.validate.intent.model import Device, Intent, Interface, MacVrf, Ospf, Peer


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


# ---------------------------------------------------------------------------------- EVPN
def evpn_reach(intent: Intent) -> Mapping[str, frozenset[str]]:
    """Return device -> devices whose EVPN routes it hears by design, without itself.

    Follows the sessions as BGP does (RFC 4271 9.2, RFC 4456): what came over iBGP goes on only over
    eBGP or from and to a client, and nobody takes a path with its own AS in it.
    """
    edges = _evpn_edges(intent)
    return {name: frozenset(_heard_from(intent, name, edges)) for name in intent.devices}


def _evpn_edges(intent: Intent) -> dict[str, list[tuple[str, Peer]]]:
    """Return device -> (neighbor, the device's own view of the session), both ends agreeing."""
    edges: dict[str, list[tuple[str, Peer]]] = {}
    for device in intent.devices.values():
        for peer in device.peers:
            other = intent.devices.get(peer.device)
            tunnels = "evpn" in peer.families and not peer.encapsulation
            if other and tunnels and _answers(other, device):
                edges.setdefault(device.name, []).append((other.name, peer))
    return edges


def _answers(other: Device, device: Device) -> bool:
    return any(p.device == device.name and "evpn" in p.families for p in other.peers)


def _heard_from(
    intent: Intent, origin: str, edges: Mapping[str, list[tuple[str, Peer]]]
) -> set[str]:
    """Return who hears the routes that a device originates."""
    # (device, AS path, learned over iBGP, from a route-reflector client)
    queue = deque([(origin, frozenset[str](), False, False)])
    seen: set[tuple[str, bool, bool]] = set()
    heard: set[str] = set()
    while queue:
        name, path, internal, client = queue.popleft()
        device = intent.devices[name]
        for other, peer in edges.get(name, ()):
            ebgp = intent.devices[other].asn != device.asn
            if internal and not ebgp and not (client or peer.route_reflector_client):
                continue
            carried = path | {device.asn} if ebgp else path
            if other == origin or (ebgp and intent.devices[other].asn in carried):
                continue
            heard.add(other)
            back = next(p for o, p in edges[other] if o == name)
            state = (other, not ebgp, back.route_reflector_client)
            if state not in seen:
                seen.add(state)
                queue.append((other, carried, not ebgp, back.route_reflector_client))
    return heard


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


def flood_list(
    intent: Intent, device: Device, vlan: int, reach: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Return the VTEPs to which a VLAN is flooded by design: those whose routes it imports."""
    vxlan = device.vxlan
    if vxlan is None:
        return frozenset()
    own = [vrf for vrf in device.mac_vrfs if vlan in vrf.vlans]
    imports = {rt for vrf in own for rt in vrf.imports}
    # RFC 7432 6.3: routes of a bundle carry an Ethernet tag, EOS's is the VNI
    vni = vxlan.vlans.get(vlan) if any(vrf.bundle for vrf in own) else None
    return frozenset(
        other.vxlan.source
        for other in intent.devices.values()
        if other.vxlan
        and other.vxlan.source != vxlan.source
        and device.name in reach[other.name]
        and any(vrf.exports & imports for vrf in _with_vni(other, vni))
    )


def _with_vni(device: Device, vni: int | None) -> Iterator[MacVrf]:
    """Yield the device's MAC-VRFs that have this VNI; None: any."""
    bound = device.vxlan.vlans if device.vxlan else {}
    for vrf in device.mac_vrfs:
        if any(vlan in vrf.vlans and vni in {None, number} for vlan, number in bound.items()):
            yield vrf
