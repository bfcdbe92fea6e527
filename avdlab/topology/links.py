"""Cables from what both ends say about each other.

Every device names the peer and the peer's port of its own ports. The two ends must agree; where one
of them is silent, the other is believed and a note says so.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from avdlab.errors import Problem
from avdlab.net import interfaces
from avdlab.topology.declared import Declared
from avdlab.topology.model import Link, LinkEnd
from avdlab.topology.ports import Port

# What AVD writes as peer_type of a link to a device that it may not know.
OUTSIDE_TYPES = frozenset({"", "other", "l3_interface", "point_to_point_service"})

Ports = Mapping[str, Mapping[str, Port]]  # device -> port name -> port


@dataclass(frozen=True, slots=True)
class Plug:
    """A device's port and the port of something outside the lab that is plugged into it."""

    port: Port
    node: str
    nic: str


@dataclass(slots=True)
class Cabling:
    """All cables, and what was found on the way."""

    links: dict[frozenset[LinkEnd], Link] = field(default_factory=dict)
    plugs: list[Plug] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    one_sided: list[str] = field(default_factory=list)
    _used: dict[LinkEnd, LinkEnd] = field(default_factory=dict)

    def connect(self, a: LinkEnd, b: LinkEnd) -> None:
        """Add a cable. A port that is used already, or is its own peer, is a problem."""
        if frozenset((a, b)) in self.links:
            return
        if a == b:
            self._problem(a, "the port is its own peer")
            return
        for end, other in ((a, b), (b, a)):
            if end in self._used:
                taken = self._used[end]
                self._problem(other, f"{end} is the peer, but {taken} is plugged into it already")
                return
        self._used |= {a: b, b: a}
        self.links[frozenset((a, b))] = Link.between(a, b)

    def taken(self, ends: Collection[LinkEnd], wanted: frozenset[LinkEnd]) -> str:
        """Say which of the ends has another cable already, "" when none has."""
        plugged = {LinkEnd(p.port.device, p.port.name): LinkEnd(p.node, p.nic) for p in self.plugs}
        for end in ends:
            other = self._used.get(end) or plugged.get(end)
            same = other is not None and (other in wanted or not other.interface)
            if other is not None and not same:
                return f"{end} has a cable to {other} already"
        return ""

    def _problem(self, end: LinkEnd, message: str) -> None:
        self.problems.append(Problem(message, end.node, where(end.interface)))


def where(port: str) -> str:
    """Return the key path of a port's peer in the structured config."""
    return f"ethernet_interfaces.{port}.metadata"


def cable(
    ports: Ports,
    undeployed: Collection[str],
    roles: Collection[str],
    declared: Collection[Declared] = (),
) -> Cabling:
    """Connect the devices. `roles` are the node types of the design.

    `undeployed` devices are in the inventory but not in the lab: their cables are left out.
    `declared` cables come beside the design's.
    """
    cabling = Cabling()
    for device in sorted(ports):
        for port in sorted(ports[device].values(), key=lambda p: interfaces.sort_key(p.name)):
            if port.peer:
                _place(port, ports, undeployed, roles, cabling)
    for link in declared:
        _declare(link, ports, undeployed, cabling)
    _pair_unnamed(ports, cabling)
    if cabling.one_sided:
        cabling.notes.append(f"named by one end only: {', '.join(cabling.one_sided)}")
    _name_plugs(cabling)
    return cabling


def _place(
    port: Port, ports: Ports, undeployed: Collection[str], roles: Collection[str], cabling: Cabling
) -> None:
    if port.peer in ports:
        _inside(port, ports, cabling)
    elif port.peer in undeployed:
        text = f"{port.device}:{port.name}: no cable, {port.peer} is not deployed"
        cabling.notes.append(text)
    elif port.peer_type in roles or port.peer_type == "mlag_peer":
        text = f"the peer '{port.peer}' is not a device of this inventory"
        hint = _near(port.peer, ports)
        cabling.problems.append(Problem(text, port.device, where(port.name), hint=hint))
    else:
        near = _near(port.peer, ports)
        if port.peer_type in OUTSIDE_TYPES and near:
            text = f"{port.device}:{port.name}: '{port.peer}' is not in the inventory. {near}"
            cabling.notes.append(text)
        cabling.plugs.append(Plug(port, port.peer, port.peer_port))


def _near(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted(known), n=2, cutoff=0.8)
    return f"Did you mean {' or '.join(near)}?" if near else ""


def _inside(port: Port, ports: Ports, cabling: Cabling) -> None:
    """Connect two devices after a look at what the other one says."""
    if not port.peer_port:
        return  # paired below
    end = LinkEnd(port.device, port.name)
    name = port.peer_port
    peer = LinkEnd(port.peer, interfaces.canonical(name) if interfaces.is_interface(name) else name)
    other = ports[port.peer].get(peer.interface)
    if other is None:
        cabling.notes.append(f"{end}: {peer} is not configured; the port is made")
    elif not other.peer:
        cabling.one_sided.append(f"{end} to {peer}")
    elif other.peer != port.device or other.peer_port not in {"", port.name}:
        says = f"{other.peer}:{other.peer_port}" if other.peer_port else other.peer
        text = f"the peer is {peer}, but that names {says}"
        cabling.problems.append(Problem(text, port.device, where(port.name)))
        return
    cabling.connect(end, peer)


def _declare(link: Declared, ports: Ports, undeployed: Collection[str], cabling: Cabling) -> None:
    """Add a declared cable. The design may say the same, or nothing, of its ends."""
    left_out = [end.node for end in (link.a, link.b) if end.node in undeployed]
    inside = [end for end in (link.a, link.b) if end.node in ports]
    if left_out:
        cabling.notes.append(f"{link.a} to {link.b}: no cable, {left_out[0]} is not deployed")
    elif not inside:
        text = f"neither {link.a.node} nor {link.b.node} is a device of this inventory"
        cabling.problems.append(link.problem(text))
    elif link.a == link.b:
        cabling.problems.append(link.problem(f"{link.a} is its own peer"))
    elif taken := cabling.taken(inside, frozenset((link.a, link.b))):
        cabling.problems.append(link.problem(taken))
    elif len(inside) == 2:
        cabling.connect(link.a, link.b)
    else:
        other = link.b if inside[0] == link.a else link.a
        end = inside[0]
        known = ports[end.node].get(end.interface, Port(end.node, end.interface))
        if end not in {LinkEnd(plug.port.device, plug.port.name) for plug in cabling.plugs}:
            port = replace(known, peer=other.node, peer_type=known.peer_type or "server")
            cabling.plugs.append(Plug(port, other.node, other.interface))


def _pair_unnamed(ports: Ports, cabling: Cabling) -> None:
    """Pair ports of two devices that name each other but no port, in the order of their names."""
    unnamed: dict[tuple[str, str], list[LinkEnd]] = {}
    connected = {end for pair in cabling.links for end in pair}
    for device, listed in sorted(ports.items()):
        for port in sorted(listed.values(), key=lambda p: interfaces.sort_key(p.name)):
            end = LinkEnd(device, port.name)
            if port.peer in ports and not port.peer_port and end not in connected:
                unnamed.setdefault((device, port.peer), []).append(end)
    for (device, peer), ends in unnamed.items():
        others = unnamed.get((peer, device), [])
        if len(ends) != len(others):
            text = f"{ends[0]}: the port of {peer} is not named, and no port there fits: no cable"
            cabling.notes.append(text)
        elif device < peer:
            for a, b in zip(ends, others, strict=True):
                cabling.notes.append(f"{a} and {b} name each other without ports: paired")
                cabling.connect(a, b)


def _name_plugs(cabling: Cabling) -> None:
    """Give nodes and NICs outside the lab names that are safe, and a NIC to each cable."""
    nodes = _node_names(cabling)
    used: set[tuple[str, str]] = set()
    named: list[Plug] = []
    for plug in cabling.plugs:
        node = nodes[plug.node]
        wanted = plug.nic or _free(node, "eth", used)
        nic = wanted
        number = 2
        while (node, nic) in used:
            nic, number = f"{wanted}-{number}", number + 1
        if nic != wanted:
            text = f"{node}:{wanted} is used by two cables; {plug.port.device}:{plug.port.name}"
            cabling.notes.append(f"{text} is plugged into {nic}")
        used.add((node, nic))
        named.append(Plug(plug.port, node, nic))
    cabling.plugs[:] = named


def _free(node: str, stem: str, used: Collection[tuple[str, str]]) -> str:
    number = 0
    while (node, f"{stem}{number}") in used:
        number += 1
    return f"{stem}{number}"


def _node_names(cabling: Cabling) -> dict[str, str]:
    """Return a safe and unique name for every peer outside the lab: they are free text."""
    taken = {end.node for pair in cabling.links for end in pair}
    taken |= {plug.port.device for plug in cabling.plugs}
    names: dict[str, str] = {}
    for peer in sorted({plug.node for plug in cabling.plugs}):
        base = re.sub(r"[^A-Za-z0-9_.-]+", "-", peer).strip("-.") or "endpoint"
        name, number = base, 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        if name != peer:
            cabling.notes.append(f"'{peer}' is named {name} in the lab")
        taken.add(name)
        names[peer] = name
    return names
