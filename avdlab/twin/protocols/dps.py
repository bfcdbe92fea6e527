"""Dynamic path selection (EOS): which paths there are between WAN routers, and which are up.

A path runs from a local interface of a path group to an address of a peer in the group of the same
number. It is up when the underlay carries packets both ways past the access lists, and, with an
IPsec profile, when both ends agree on keys and policies. Peers are configured, or learned: two
routers that take dynamic peers in a group learn of one another from a pathfinder that both reach
in that group.

Adaptive virtual topologies have paths of several hops, too: a pathfinder tells its clients of those
that lead from path to path through transit routers.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.net import interfaces as names
from avdlab.twin.config.settings import InterfaceSettings
from avdlab.twin.config.settings_wan import IpsecProfile, PathGroup, WanSettings
from avdlab.twin.protocols import acl
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.reach import Reachability
from avdlab.twin.tables.rib import Via
from avdlab.twin.tables.tunnels import Tunnel, TunnelKind
from avdlab.twin.tables.wan import DpsPath

INTERFACE = "Dps1"
_UNDERLAY = "default"
_IPSEC = acl.PORTS["non500-isakmp"]  # ESP in UDP (RFC 3948)
_STUN = 3478  # RFC 8489


@dataclass(frozen=True, slots=True)
class _Router:
    """A WAN router: its settings, its router address, its local addresses by group."""

    node: str
    speaker: Speaker
    wan: WanSettings
    address: int
    configured: Mapping[str, Mapping[str, int]]  # group -> interface -> address
    local: Mapping[str, Mapping[str, int]]  # those of them whose interface is up

    def group(self, number: int) -> PathGroup | None:
        return next((g for g in self.wan.paths.groups.values() if g.number == number), None)


@dataclass(frozen=True, slots=True)
class _Wish:
    """A path that a router wants: between which addresses, to whom."""

    group: PathGroup
    interface: str
    source: int
    peer: int
    destination: int
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class Paths:
    """All paths: of every WAN router, and the tunnels to whomever they lead to."""

    direct: Mapping[str, tuple[DpsPath, ...]] = field(default_factory=dict)
    tunnels: Mapping[str, Mapping[int, Tunnel]] = field(default_factory=dict)


@dataclass(slots=True)
class _Wan:
    routers: dict[str, _Router] = field(default_factory=dict)
    by_address: dict[int, str] = field(default_factory=dict)


def solve_dps(speakers: Mapping[str, Speaker], reach: Reachability) -> Paths:
    """Return the paths of every WAN router. `reach`: the underlay, without these paths."""
    wan = _Wan()
    for node, speaker in sorted(speakers.items()):
        router = _router(node, speaker)
        if router is not None:
            wan.routers[node] = router
            wan.by_address[router.address] = node
    static = {node: list(_static(router)) for node, router in wan.routers.items()}
    judged = {
        node: [
            (wish, _down(router, wish) or _judge(wan, router, wish, reach)) for wish in static[node]
        ]
        for node, router in wan.routers.items()
    }
    for node, wishes in _dynamic(wan, judged).items():
        router = wan.routers[node]
        judged[node] += [(wish, _judge(wan, router, wish, reach)) for wish in wishes]
    direct = {node: tuple(_named(wan, found)) for node, found in judged.items()}
    return Paths(direct, _tunnels(wan, direct))


def _tunnels(wan: _Wan, direct: Mapping[str, tuple[DpsPath, ...]]) -> dict[str, dict[int, Tunnel]]:
    near = {
        node: list(dict.fromkeys(path.node for path in paths if path.up and path.node))
        for node, paths in direct.items()
    }
    found: dict[str, dict[int, Tunnel]] = {}
    for node in near:
        hops = _hops(wan, near, node)
        found[node] = {
            wan.routers[far].address: _tunnel(wan.routers[far].address, far, count)
            for far, count in hops.items()
            if far != node
        }
    return found


def _tunnel(endpoint: int, node: str, hops: int) -> Tunnel:
    return Tunnel(endpoint, TunnelKind.DPS, node, (Via(INTERFACE, endpoint),), hops=hops)


def _hops(wan: _Wan, near: Mapping[str, list[str]], start: str) -> dict[str, int]:
    """Return router -> number of paths on the shortest way from a router to it."""
    found, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        transit = wan.routers[node].wan.topologies.role.startswith("transit")
        if node != start and not (transit and _guided(wan, near, start, node)):
            continue
        for other in near[node]:
            if other not in found:
                found[other] = found[node] + 1
                queue.append(other)
    return found


def _guided(wan: _Wan, near: Mapping[str, list[str]], *nodes: str) -> bool:
    """Tell whether each of some routers is a pathfinder or has a path to one."""
    return all(
        any(wan.routers[at].wan.topologies.role == "pathfinder" for at in (node, *near[node]))
        for node in nodes
    )


def _router(node: str, speaker: Speaker) -> _Router | None:
    wan = speaker.settings.wan
    dps = speaker.settings.interfaces.get(INTERFACE)
    if wan is None or dps is None or dps.address is None:
        return None
    configured: dict[str, dict[str, int]] = {}
    local: dict[str, dict[str, int]] = {}
    for group in wan.paths.groups.values():
        for name in sorted(group.local, key=names.sort_key):
            port, interface = speaker.ports.get(name), speaker.settings.interfaces.get(name)
            if interface is None or interface.address is None:
                continue
            configured.setdefault(group.name, {})[name] = interface.address.address
            if port is not None and port.up:
                local.setdefault(group.name, {})[name] = interface.address.address
    return _Router(node, speaker, wan, dps.address.address, configured, local)


# ---------------------------------------------------------------------------------- who wants what
def _static(router: _Router) -> Iterator[_Wish]:
    for group in router.wan.paths.groups.values():
        for peer in group.static_peers:
            for name, source in router.configured.get(group.name, {}).items():
                for destination in peer.addresses:
                    yield _Wish(group, name, source, peer.router, destination)


def _dynamic(wan: _Wan, judged: Mapping[str, list[tuple[_Wish, str]]]) -> dict[str, list[_Wish]]:
    """Return what routers learn: peers of a pathfinder's, and at the pathfinder who asked it."""
    met: dict[tuple[str, int], set[str]] = {}  # pathfinder, group -> those that reach it
    found: dict[str, list[_Wish]] = {node: [] for node in wan.routers}
    for node, wishes in judged.items():
        for wish, reason in wishes:
            finder = wan.by_address.get(wish.peer, "")
            group = _taking(wan, finder, wish.group.number)
            if reason or group is None:
                continue
            far = wan.routers[finder]
            for name, address in far.local.get(group.name, {}).items():
                if address == wish.destination and _registers(wan.routers[node], wish, far, name):
                    met.setdefault((finder, wish.group.number), set()).add(node)
                    own = wan.routers[node].address
                    found[finder].append(
                        _Wish(group, name, address, own, wish.source, dynamic=True)
                    )
    for (_, number), nodes in sorted(met.items()):
        for node in sorted(nodes):
            for other in sorted(nodes - {node}):
                found[node] += _between(wan.routers[node], wan.routers[other], number)
    return found


def _taking(wan: _Wan, node: str, number: int) -> PathGroup | None:
    """Return the group of a pathfinder, one that takes whoever asks its STUN server."""
    router = wan.routers.get(node)
    if router is None or not router.wan.paths.dynamic_by_stun:
        return None
    return router.group(number)


def _registers(router: _Router, wish: _Wish, finder: _Router, entry: str) -> bool:
    """Tell whether a router asks the STUN server at an interface of a pathfinder, and is heard."""
    profiles = wish.group.local.get(wish.interface, ())
    asks = any(router.wan.stun_profiles.get(name) == wish.destination for name in profiles)
    heard = not _barred(finder, entry, wish.source, wish.destination, _STUN)
    return asks and entry in finder.wan.stun_servers and heard


def _between(near: _Router, far: _Router, number: int) -> Iterator[_Wish]:
    ours, theirs = near.group(number), far.group(number)
    if ours is None or theirs is None or not (ours.dynamic and theirs.dynamic):
        return
    for name, source in near.local.get(ours.name, {}).items():
        for destination in far.local.get(theirs.name, {}).values():
            yield _Wish(ours, name, source, far.address, destination, dynamic=True)


# ---------------------------------------------------------------------------------- is it up
def _down(router: _Router, wish: _Wish) -> str:
    up = wish.interface in router.local.get(wish.group.name, {})
    return "" if up else f"{wish.interface} is down"


def _judge(wan: _Wan, router: _Router, wish: _Wish, reach: Reachability) -> str:
    """Return why a path is down, "" when it is up."""
    far = wan.routers.get(wan.by_address.get(wish.peer, ""))
    if far is None:
        return "no WAN router has the peer's address"
    group = far.group(wish.group.number)
    entry = (
        next((n for n, a in far.local.get(group.name, {}).items() if a == wish.destination), None)
        if group is not None
        else None
    )
    if group is None or entry is None:
        return f"{far.node} has no such address in path group {wish.group.number}"
    for start, target, owner in (
        (router.node, wish.destination, far.node),
        (far.node, wish.source, router.node),
    ):
        arrival = reach.walk((start, _UNDERLAY), target)
        if arrival is None or arrival.instance != (owner, _UNDERLAY):
            return f"the underlay has no way from {start}"
    ours, theirs = _profile(router, wish.group), _profile(far, group)
    if ours is not None or theirs is not None:
        differs = _disagree(ours, theirs)
        if differs:
            return differs
        return _barred(router, wish.interface, wish.destination, wish.source) or _barred(
            far, entry, wish.source, wish.destination
        )
    return ""


def _profile(router: _Router, group: PathGroup) -> IpsecProfile | None:
    return router.wan.ipsec.get(group.ipsec_profile or "")


def _disagree(ours: IpsecProfile | None, theirs: IpsecProfile | None) -> str:
    if ours is None or theirs is None:
        return "IPsec at one end only"
    if _clear(ours.secret) != _clear(theirs.secret):
        return "the shared keys differ"
    if (ours.ike, ours.sa, ours.mode) != (theirs.ike, theirs.sa, theirs.mode):
        return "the IPsec policies differ"
    return ""


def _clear(secret: tuple[str, str] | None) -> str | None:
    """Return a shared key in clear: type 7 here is the reversible one without a key."""
    if secret is None or secret[0] != "7":
        return secret[1] if secret else None
    from pyavd_utils.passwords import simple_7_decrypt  # a compiled library: when a 7 is met

    try:
        return simple_7_decrypt(secret[1])
    except (ValueError, RuntimeError):
        return f"7 {secret[1]}"


def _barred(router: _Router, name: str, source: int, destination: int, port: int = _IPSEC) -> str:
    """Tell what keeps packets of a UDP port out of an interface."""
    settings = router.speaker.settings
    interface: InterfaceSettings | None = settings.interfaces.get(name)
    listed = interface.acl_in if interface is not None else None
    if listed is None:
        return ""
    flow = acl.Flow(source, destination, acl.PROTOCOLS["udp"], port, port)
    standard = listed in settings.policy.standard_lists
    verdict = acl.judge(settings.policy.access_lists.get(listed), flow, standard=standard)
    return "" if verdict.permit else f"{router.node}: {listed} on {name} drops UDP {port}"


# ---------------------------------------------------------------------------------- results
def _state(*, ipsec: bool, up: bool) -> str:
    """Name the state as EOS does; ANTA's tests of paths know these four."""
    if ipsec:
        return "ipsecEstablished" if up else "ipsecPending"
    return "routeResolved" if up else "routePending"


def _named(wan: _Wan, found: Iterable[tuple[_Wish, str]]) -> Iterator[DpsPath]:
    seen: set[tuple[int, str, int, int]] = set()
    for wish, reason in found:
        key = (wish.peer, wish.group.name, wish.source, wish.destination)
        if key in seen:  # a peer that is configured needs no learning
            continue
        seen.add(key)
        ipsec = wish.group.ipsec_profile is not None
        yield DpsPath(
            f"path{len(seen)}",
            wish.peer,
            wish.group.name,
            wish.interface,
            wish.source,
            wish.destination,
            _state(ipsec=ipsec, up=not reason),
            wan.by_address.get(wish.peer, ""),
            ipsec,
            wish.dynamic,
            reason,
        )
