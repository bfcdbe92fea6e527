"""Who hears whose EVPN routes by design: sessions, reflection, and the two domains of a gateway."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from avdlab.validate.intent.model import Device, Intent, MacVrf, Peer

Edges = Mapping[str, list[tuple[str, Peer]]]  # device -> (neighbor, its own view of the session)


@dataclass(frozen=True, slots=True)
class Ways:
    """How the prefixes of a device (type 5) come to another: `rank` as BGP compares, and the
    devices whose VTEP is the next hop, which are gateways where a domain is left."""

    rank: tuple[int, int]  # length of the AS path, over iBGP
    over: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """What the sessions of the design carry."""

    # (device, hearer) -> {(told in the device's remote domain, heard in the hearer's)}: types 2, 3
    macs: Mapping[tuple[str, str], frozenset[tuple[bool, bool]]]
    prefixes: Mapping[tuple[str, str], Ways]
    exporters: Mapping[str, tuple[tuple[str, bool, MacVrf], ...]]  # route target -> who has it


def evpn_reach(intent: Intent) -> Reach:
    """Follow the sessions as BGP does (RFC 4271 9.2, RFC 4456).

    What came over iBGP goes on only over eBGP or from and to a client, and nobody takes a path with
    its own AS in it. A gateway passes no type 2 or 3 from one domain on to the other: it tells
    those of its own MAC-VRFs in both.
    """
    edges = _edges(intent)
    macs: dict[tuple[str, str], set[tuple[bool, bool]]] = {}
    prefixes: dict[tuple[str, str], Ways] = {}
    for origin in intent.devices:
        for step in _steps(intent, origin, edges):
            place = (origin, step.device)
            if not step.crossed:
                macs.setdefault(place, set()).add((step.told, step.heard))
            known = prefixes.get(place)
            if known is None or step.rank < known.rank:
                prefixes[place] = Ways(step.rank, frozenset({step.over}))
            elif step.rank == known.rank:
                prefixes[place] = Ways(step.rank, known.over | {step.over})
    kept = {place: frozenset(found) for place, found in macs.items()}
    return Reach(kept, prefixes, _exporters(intent))


def _edges(intent: Intent) -> Edges:
    """Return the sessions that carry EVPN over VXLAN, both ends agreeing."""
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


def _exporters(intent: Intent) -> Mapping[str, tuple[tuple[str, bool, MacVrf], ...]]:
    found: dict[str, list[tuple[str, bool, MacVrf]]] = {}
    for device in intent.devices.values():
        for vrf in device.mac_vrfs:
            for remote in (False, True):
                for target in vrf.exports_in(remote=remote):
                    found.setdefault(target, []).append((device.name, remote, vrf))
    return {target: tuple(vrfs) for target, vrfs in found.items()}


# ---------------------------------------------------------------------------------- the way
@dataclass(frozen=True, slots=True)
class _Step:
    """A route of an origin as one device has it."""

    device: str
    ases: frozenset[str] = frozenset()  # of the path; none is in it twice
    internal: bool = False
    client: bool = False  # learned from a route-reflector client
    told: bool = False  # in the origin's remote domain
    heard: bool = False  # in this device's remote domain
    crossed: bool = False  # from one domain to another
    over: str = ""  # whose VTEP is the next hop

    @property
    def rank(self) -> tuple[int, int]:
        return len(self.ases), int(self.internal)

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two steps the same for everybody behind."""
        return (
            self.device,
            self.internal,
            self.client,
            self.told,
            self.heard,
            self.crossed,
            self.over,
        )


def _steps(intent: Intent, origin: str, edges: Edges) -> Iterator[_Step]:
    """Yield how the routes of a device come to the others, shorter AS paths first."""
    queue = deque([_Step(origin, over=origin)])
    seen: set[tuple[object, ...]] = set()
    while queue:
        step = queue.popleft()
        if step.key in seen:
            continue
        seen.add(step.key)
        if step.device != origin:
            yield step
        for other, peer in edges.get(step.device, ()):
            after = _passed_on(intent, origin, step, other, peer, edges)
            if after is not None and after.key not in seen:
                (queue.append if len(after.ases) > len(step.ases) else queue.appendleft)(after)


def _passed_on(
    intent: Intent, origin: str, step: _Step, other: str, peer: Peer, edges: Edges
) -> _Step | None:
    device, receiver = intent.devices[step.device], intent.devices[other]
    ebgp = receiver.asn != device.asn
    if step.internal and not ebgp and not (step.client or peer.route_reflector_client):
        return None
    ases = step.ases | {device.asn} if ebgp else step.ases
    if other == origin or (ebgp and receiver.asn in ases):
        return None
    back = next(p for o, p in edges[other] if o == step.device)
    first = step.device == origin
    crosses = not first and peer.remote_domain != step.heard
    takes_over = not first and (
        device.takes_prefixes == "all" or (device.takes_prefixes == "inter-domain" and crosses)
    )
    return _Step(
        other,
        ases,
        not ebgp,
        back.route_reflector_client,
        peer.remote_domain if first else step.told,
        back.remote_domain,
        step.crossed or crosses,
        step.device if takes_over else step.over,
    )


# ---------------------------------------------------------------------------------- MAC-VRFs
def heard_mac_vrfs(device: Device, own: MacVrf, reach: Reach) -> Iterator[tuple[str, bool, MacVrf]]:
    """Yield the MAC-VRFs of other devices that one imports by design: device, told in that
    device's remote domain, MAC-VRF."""
    seen = set()
    for taken in (False, True):
        for target in own.imports_in(remote=taken):
            for name, told, vrf in reach.exporters.get(target, ()):
                key = (name, told, vrf.name)
                if key not in seen and (told, taken) in reach.macs.get((name, device.name), ()):
                    seen.add(key)
                    yield name, told, vrf


def flood_list(intent: Intent, device: Device, vlan: int, reach: Reach) -> frozenset[str]:
    """Return the VTEPs to which a VLAN is flooded by design: those that its configuration names,
    and those whose routes it imports."""
    if device.vxlan is None:
        return frozenset()
    found = set(device.vxlan.floods.get(vlan, ()))
    for own in device.mac_vrfs:
        if vlan in own.vlans:
            # RFC 7432 6.3: routes of a bundle carry an Ethernet tag, EOS's is the VNI
            vni = device.vxlan.vlans.get(vlan) if own.bundle else None
            for name, _, vrf in heard_mac_vrfs(device, own, reach):
                theirs = intent.devices[name].vxlan
                if theirs and any(
                    number in vrf.vlans and vni in {None, bound}
                    for number, bound in theirs.vlans.items()
                ):
                    found.add(theirs.source)
    return frozenset(found - {device.vxlan.source})
