"""From the records of all nodes to the inputs of the engine: configs, cables, drops. Pure.

A cable is there when both ends hear each other. A node counts when it can be reached over cables,
so one that was powered off disappears as soon as its neighbors miss it. A protocol is dropped on a
cable when one end sends it and the other does not hear it. A port that has carrier and no neighbor
is plugged into nothing that speaks: it stays up, as a port of cEOS under GNS3 does.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from avdlab.net import interfaces as names
from avdlab.twin.device import Identity
from avdlab.twin.fabric.inputs import PROTOCOLS, Cable, Endpoint, Plug
from avdlab.twin.wire.adjacency import Peer

MAX_CONFIG = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PortState:
    """A port that has carrier: who is heard there, what is sent and what is heard."""

    peers: tuple[Peer, ...] = ()
    sends: frozenset[str] = frozenset()
    hears: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NodeState:
    """What a node says of itself."""

    name: str
    serial: str
    mac: str
    ports: Mapping[str, PortState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """The fabric as one node sees it."""

    identities: Mapping[str, Identity] = field(default_factory=dict)
    configs: Mapping[str, str] = field(default_factory=dict)
    cables: frozenset[Cable] = frozenset()
    dropped: Mapping[Cable, frozenset[str]] = field(default_factory=dict)
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)


# ---------------------------------------------------------------------------------- records
def write_state(state: NodeState) -> bytes:
    """Write the record of a node's state; equal states give equal octets."""
    ports = {
        name: {
            "peers": [list(peer) for peer in port.peers],
            "sends": sorted(port.sends),
            "hears": sorted(port.hears),
        }
        for name, port in sorted(state.ports.items())
    }
    facts = {"name": state.name, "serial": state.serial, "mac": state.mac, "ports": ports}
    return zlib.compress(json.dumps(facts, separators=(",", ":")).encode())


def read_state(body: bytes) -> NodeState | None:
    """Read the record of a node's state; None when it is none."""
    text = _inflated(body)
    if text is None:
        return None
    try:
        facts = json.loads(text)
        ports = {names.canonical(str(n)): _port(facts["ports"][n]) for n in facts["ports"]}
        return NodeState(str(facts["name"]), str(facts["serial"]), _mac(facts["mac"]), ports)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _port(facts: Mapping[str, object]) -> PortState:
    peers, sends, hears = facts["peers"], facts["sends"], facts["hears"]
    if not (isinstance(peers, list) and isinstance(sends, list) and isinstance(hears, list)):
        raise TypeError("lists are needed")
    found = tuple((str(node), names.canonical(str(port))) for node, port in peers)
    return PortState(found, frozenset(map(str, sends)), frozenset(map(str, hears)))


def _mac(text: object) -> str:
    mac = str(text)
    if len(bytes.fromhex(mac.replace(":", ""))) != 6:
        raise ValueError(mac)
    return mac


def write_config(text: str) -> bytes:
    """Write the record of a running-config."""
    return zlib.compress(text.encode(), 9)


@lru_cache(maxsize=512)
def read_config(body: bytes) -> str | None:
    """Read the record of a running-config; None when it is none."""
    return _inflated(body)


def _inflated(body: bytes) -> str | None:
    try:
        return zlib.decompressobj().decompress(body, MAX_CONFIG).decode()
    except (zlib.error, UnicodeDecodeError):
        return None


# ---------------------------------------------------------------------------------- the picture
def picture(
    own: str, states: Mapping[str, NodeState], configs: Mapping[str, str], name: str
) -> Picture:
    """Put the records together. `own`: this boot of this node, which is called `name`."""
    usable = {boot: state for boot, state in states.items() if boot in configs}
    wires = _wires(usable)
    near = _reachable(own, wires)
    called = _called(own, name, {boot: usable[boot] for boot in near if boot in usable})
    cables: set[Cable] = set()
    dropped: dict[Cable, frozenset[str]] = {}
    plugged: set[Plug] = set()
    for (a, port_a), (b, port_b) in wires:
        if a not in called or b not in called:
            continue
        plugs = Plug(called[a], port_a), Plug(called[b], port_b)
        cable = Cable.between(*plugs)
        cables.add(cable)
        plugged.update(plugs)
        lost = _lost(usable[a].ports[port_a], usable[b].ports[port_b])
        if lost:
            dropped[cable] = lost
    loose = [
        Plug(node, port)
        for boot, node in called.items()
        for port in usable[boot].ports
        if Plug(node, port) not in plugged and names.is_physical(port)
    ]
    ends = _nothing_that_speaks(loose)
    cables.update(Cable.between(plug, Plug(end, nic)) for plug, (end, nic) in ends.items())
    return Picture(
        {
            called[b]: _identity(called[b], usable[b])
            for b in sorted(called, key=called.__getitem__)
        },
        {called[b]: configs[b] for b in called},
        frozenset(cables),
        dropped,
        {end: Endpoint(end, (nic,), talking=False) for end, nic in sorted(ends.values())},
    )


def _wires(states: Mapping[str, NodeState]) -> list[tuple[Peer, Peer]]:
    """Return the pairs of ports that hear each other."""
    found = set()
    for boot, state in states.items():
        for port, seen in state.ports.items():
            for far, far_port in seen.peers:
                other = states[far].ports.get(far_port) if far in states else None
                if other is not None and (boot, port) in other.peers and far != boot:
                    a, b = sorted(((boot, port), (far, far_port)))
                    found.add((a, b))
    return sorted(found)


def _reachable(own: str, wires: Iterable[tuple[Peer, Peer]]) -> set[str]:
    beside: dict[str, set[str]] = {}
    for (a, _), (b, _) in wires:
        beside.setdefault(a, set()).add(b)
        beside.setdefault(b, set()).add(a)
    seen, todo = {own}, [own]
    while todo:
        for other in beside.get(todo.pop(), set()) - seen:
            seen.add(other)
            todo.append(other)
    return seen


def _called(own: str, name: str, states: Mapping[str, NodeState]) -> dict[str, str]:
    """Give every node a name of its own: two that are called alike differ by their MAC address."""
    taken = [state.name for boot, state in states.items() if boot != own] + [name]
    return {
        boot: name
        if boot == own
        else state.name
        if taken.count(state.name) == 1
        else f"{state.name}-{state.mac.replace(':', '')}-{boot[:4]}"
        for boot, state in sorted(states.items())
    }


def _identity(name: str, state: NodeState) -> Identity:
    return Identity(name, state.serial, state.mac)


def _lost(a: PortState, b: PortState) -> frozenset[str]:
    lost = ((a.sends - b.hears) | (b.sends - a.hears)) & PROTOCOLS
    return frozenset(lost)


def _nothing_that_speaks(loose: Iterable[Plug]) -> dict[Plug, tuple[str, str]]:
    return {plug: (f"nothing behind {plug.node} {plug.interface}", "nic") for plug in loose}
