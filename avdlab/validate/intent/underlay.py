"""The next hops that the design gives each device towards the loopbacks of the others.

A small path-vector for BGP underlays and a shortest-path search for IGPs, on the design alone.
Where a design uses what these do not follow (other policies, unnumbered links), there is no answer,
and no test is made from a guess.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from avdlab.net.addresses import Prefix, parse_interface_address
from avdlab.net.interfaces import split
from avdlab.validate.intent.hosts import reached
from avdlab.validate.intent.model import Device, Intent, Interface, Peer
from avdlab.validate.intent.policy import redistributes

NextHops = Mapping[str, Mapping[str, frozenset[str]]]  # device -> prefix -> next hops
_WORSE_ORIGIN = ("origin incomplete",)


def next_hops(intent: Intent) -> NextHops:
    """Return device -> /32 of another device's loopback -> the addresses of its next hops."""
    igp = _igp_hops(intent)
    return igp if igp else _bgp_hops(intent)


def loopbacks(device: Device) -> Iterator[tuple[str, Interface]]:
    """Yield the /32 of each loopback in the default VRF, with its interface."""
    for interface in device.interfaces.values():
        if (
            interface.name.startswith("Loopback")
            and interface.vrf == "default"
            and not interface.shutdown
            and interface.address.endswith("/32")
        ):
            yield interface.address, interface


# ---------------------------------------------------------------------------------- BGP
@dataclass(frozen=True, slots=True)
class _Session:
    """A session as the receiver sees it: who advertises, over which address, how."""

    sender: str
    address: str
    ebgp: bool
    worse_origin: bool


@dataclass(frozen=True, slots=True, order=True)
class _Path:
    """What decides between paths, the better one first (RFC 4271 9.1.2.2, EOS's order)."""

    length: int
    origin: int
    internal: int
    ases: tuple[str, ...] = ()


def _bgp_hops(intent: Intent) -> NextHops:
    sessions = _sessions(intent)
    if sessions is None:
        return {}
    found: dict[str, dict[str, frozenset[str]]] = {name: {} for name in intent.devices}
    for prefix, origins in _bgp_origins(intent).items():
        for name, hops in _solved(intent, sessions, origins).items():
            if len(hops) <= intent.devices[name].maximum_paths:
                found[name][prefix] = hops
    return found


def _sessions(intent: Intent) -> dict[str, list[_Session]] | None:
    """Return device -> its IPv4 sessions in the default VRF; None: a policy is not followed."""
    found: dict[str, list[_Session]] = {}
    for device in intent.devices.values():
        for peer in device.peers:
            if peer.vrf != "default" or "ipv4" not in peer.families:
                continue
            other = intent.devices.get(peer.device)
            if other is None:
                continue
            sets = _sets(device, peer)
            if sets is None or peer.interface or peer.route_map_out:
                return None
            ebgp = other.asn != device.asn
            found.setdefault(device.name, []).append(
                _Session(other.name, peer.address, ebgp, sets == _WORSE_ORIGIN)
            )
    return found


def _sets(device: Device, peer: Peer) -> tuple[str, ...] | None:
    """Return what the inbound policy sets; None for one that does more than we follow."""
    if not peer.route_map_in:
        return ()
    steps = device.route_maps.get(peer.route_map_in, ())
    if len(steps) == 1 and steps[0].permit and not steps[0].prefix_lists and steps[0].only_prefixes:
        return steps[0].sets if steps[0].sets in {(), _WORSE_ORIGIN} else None
    return None


def _bgp_origins(intent: Intent) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for device in intent.devices.values():
        for prefix, _ in loopbacks(device):
            parsed = parse_interface_address(prefix).prefix
            if device.redistributes and redistributes(device, device.redistributes, parsed):
                found.setdefault(prefix, set()).add(device.name)
    return {prefix: frozenset(names) for prefix, names in found.items()}


def _solved(
    intent: Intent, sessions: Mapping[str, list[_Session]], origins: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Run to the fixed point for one class of prefixes; return device -> next hops."""
    best = {name: _Path(0, 0, 0) for name in origins}
    for _ in range(len(intent.devices) + 1):
        after = dict.fromkeys(origins, _Path(0, 0, 0))
        for name in intent.devices:
            paths = [path for path, _ in _offers(intent, sessions, best, name)]
            if name not in origins and paths:
                after[name] = min(paths)
        if after == best:
            break
        best = after
    return {
        name: frozenset(
            address
            for path, address in _offers(intent, sessions, best, name)
            if _rank(path) == _rank(best[name])
        )
        for name in best
        if name not in origins
    }


def _rank(path: _Path) -> tuple[int, int, int]:
    return path.length, path.origin, path.internal


def _offers(
    intent: Intent, sessions: Mapping[str, list[_Session]], best: Mapping[str, _Path], name: str
) -> Iterator[tuple[_Path, str]]:
    own = intent.devices[name].asn
    for session in sessions.get(name, ()):
        path = best.get(session.sender)
        if path is None or (path.internal and not session.ebgp):
            continue  # iBGP routes stay where they came in
        ases = (intent.devices[session.sender].asn, *path.ases) if session.ebgp else path.ases
        if own in ases and session.ebgp:
            continue
        origin = 2 if session.worse_origin else path.origin
        yield _Path(len(ases), origin, int(not session.ebgp), ases), session.address


# ---------------------------------------------------------------------------------- IGPs
def _igp_hops(intent: Intent) -> NextHops:
    links = _igp_links(intent)
    if not links:
        return {}
    found: dict[str, dict[str, frozenset[str]]] = {}
    targets = [
        (prefix, device.name)
        for device in intent.devices.values()
        for prefix, interface in loopbacks(device)
        if interface.isis_levels or interface.ospf_area
    ]
    for name, device in intent.devices.items():
        hops = _spf(links, name)
        found[name] = {
            prefix: hops[owner]
            for prefix, owner in targets
            if owner in hops
            and owner != name
            and _only_owner(targets, prefix)
            and len(hops[owner]) <= (device.igp_paths or len(hops[owner]))
        }
    return found


def _only_owner(targets: list[tuple[str, str]], prefix: str) -> bool:
    return sum(found == prefix for found, _ in targets) == 1


def _igp_links(intent: Intent) -> dict[str, list[tuple[str, str, int]]]:
    """Return device -> (neighbor, its address, cost) over subnets where both speak the same IGP."""
    subnets: dict[tuple[Prefix, object], list[tuple[str, Interface]]] = {}
    for device in intent.devices.values():
        for interface in device.interfaces.values():
            protocol = interface.ospf_area or interface.isis_levels
            routed = protocol and interface.vrf == "default" and interface.address
            if routed and not (interface.shutdown or interface.isis_passive):
                prefix = parse_interface_address(interface.address).prefix
                if prefix.length < 32:
                    subnets.setdefault((prefix, protocol), []).append((device.name, interface))
    links: dict[str, list[tuple[str, str, int]]] = {}
    for ends in subnets.values():
        for name, interface in ends:
            cost = interface.ospf_cost if interface.ospf_area else interface.isis_metric
            near = _heard_by(intent, name, interface)
            for other, theirs in ends:
                if other != name and (near is None or other in near):
                    links.setdefault(name, []).append((other, theirs.ip, cost))
    return links


def _heard_by(intent: Intent, name: str, interface: Interface) -> set[str] | None:
    """Return the devices that an SVI's VLAN joins: other pairs may have the same subnet. None: of
    other interfaces the subnet alone tells."""
    kind, numbers, _ = split(interface.name)
    return set(reached(intent, [name], numbers[0])) if kind == "Vlan" else None


def _spf(links: Mapping[str, list[tuple[str, str, int]]], source: str) -> dict[str, frozenset[str]]:
    """Return device -> the first hops of all shortest paths."""
    distance = {source: 0}
    first: dict[str, frozenset[str]] = {source: frozenset()}
    queue = [(0, source)]
    while queue:
        far, name = heapq.heappop(queue)
        if far > distance[name]:
            continue
        for other, address, cost in links.get(name, ()):
            hops = frozenset({address}) if name == source else first[name]
            reached = far + cost
            if reached < distance.get(other, reached + 1):
                distance[other], first[other] = reached, hops
                heapq.heappush(queue, (reached, other))
            elif reached == distance[other] and other != source:
                first[other] |= hops
    return {name: hops for name, hops in first.items() if name != source}
