"""Cables from designed ports: both ends checked, externals named, contradictions refused.

The cases: both ends agree; only one end knows (accepted, said); both name each other but no port
(paired in port order); the peer is outside the inventory (kept; a port used twice is moved);
contradictions (an error); no peer (a port, no cable).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from avdlab.errors import Problem
from avdlab.net.interfaces import InterfaceNameError, canonical, sort_key
from avdlab.topology.model import Link, LinkEnd
from avdlab.topology.ports import DesignedPort


@dataclass(slots=True)
class Cabling:
    """The cables found so far, and what is to be said about them."""

    links: dict[LinkEnd, Link] = field(default_factory=dict)  # every end -> its cable
    ports: dict[LinkEnd, DesignedPort] = field(default_factory=dict)  # far end -> designed port
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def plug(self, a: LinkEnd, b: LinkEnd) -> None:
        """Add a cable; plugging the same cable again is nothing new."""
        link = Link.between(a, b)
        if self.links.get(a) == link:
            return
        for end in (a, b):
            taken = self.links.get(end)
            if taken is not None:
                self.problems.append(
                    Problem(
                        f"{end} is cabled twice: {taken.a} - {taken.b} and {link.a} - {link.b}",
                        host=end.node,
                        path=f"ethernet_interfaces[name={end.interface}]",
                        hint="Correct uplink_switch_interfaces, p2p_links or the endpoint's port.",
                    )
                )
                return
        self.links[a] = self.links[b] = link


def cable(ports: Iterable[DesignedPort], absent: Collection[str] = ()) -> Cabling:
    """Pair all designed ports. `absent` are hosts of the inventory that the lab leaves out."""
    known = {LinkEnd(port.device, port.name): port for port in ports}
    devices = {end.node for end in known}
    cabling = Cabling()
    unnamed: dict[tuple[str, str], list[DesignedPort]] = defaultdict(list)
    outside: list[DesignedPort] = []
    for port in known.values():
        if not port.peer:
            continue
        if port.peer in absent:
            cabling.notes.append(
                f"{port.device}:{port.name} stays dark: its peer {port.peer} is not deployed"
            )
        elif port.peer not in devices:
            outside.append(port)
        elif not port.peer_interface:
            unnamed[port.device, port.peer].append(port)
        else:
            _inside(port, known, cabling)
    _pair_unnamed(unnamed, cabling)
    for port in outside:
        _outside(port, devices, cabling)
    return cabling


def _inside(port: DesignedPort, known: Mapping[LinkEnd, DesignedPort], cabling: Cabling) -> None:
    here = LinkEnd(port.device, port.name)
    try:
        there = LinkEnd(port.peer, canonical(port.peer_interface))
    except InterfaceNameError:
        cabling.problems.append(
            Problem(f"'{port.peer_interface}' of {port.peer} is no interface", host=port.device)
        )
        return
    if here == there:
        cabling.problems.append(Problem(f"{here} is cabled to itself", host=port.device))
        return
    other = known.get(there)
    if other is None:
        cabling.notes.append(f"{there} is not configured, but {here} is cabled to it")
    elif not other.peer:
        cabling.notes.append(f"{there} does not name its neighbor; {here} names it")
    elif (other.peer, other.peer_interface) not in {(here.node, here.interface), (here.node, "")}:
        cabling.problems.append(
            Problem(
                f"{here} is cabled to {there}, but that port names {other.peer}:"
                f"{other.peer_interface}",
                host=port.device,
                path=f"ethernet_interfaces[name={port.name}]",
                hint="Make both ends of the cable name each other.",
            )
        )
        return
    cabling.plug(here, there)


def _pair_unnamed(unnamed: Mapping[tuple[str, str], list[DesignedPort]], cabling: Cabling) -> None:
    """Pair ports that name each other's device but no port, in port order, if equally many."""
    for (device, peer), mine in sorted(unnamed.items()):
        theirs = unnamed.get((peer, device), [])
        if device < peer and len(mine) == len(theirs):
            for a, b in zip(_in_order(mine), _in_order(theirs), strict=True):
                cabling.plug(LinkEnd(a.device, a.name), LinkEnd(b.device, b.name))
        elif len(mine) != len(theirs):
            ports = ", ".join(port.name for port in _in_order(mine))
            cabling.notes.append(
                f"{device}:{ports} names {peer} but no port of it; no cable was made"
            )


def _in_order(ports: Iterable[DesignedPort]) -> list[DesignedPort]:
    return sorted(ports, key=lambda port: sort_key(port.name))


def _outside(port: DesignedPort, devices: Collection[str], cabling: Cabling) -> None:
    """Cable a port to an endpoint or to a device that the inventory does not configure."""
    wanted = port.peer_interface or _free(cabling, port.peer)
    there = LinkEnd(port.peer, wanted)
    if there in cabling.links:
        there = replace(there, interface=_free(cabling, port.peer))
        cabling.notes.append(
            f"{port.peer}:{wanted} is used twice; {port.device}:{port.name} gets "
            f"{there.interface} instead"
        )
    if not port.is_endpoint:
        near = get_close_matches(port.peer, list(devices), n=1, cutoff=0.8)
        meant = f"; did you mean {near[0]}?" if near else ""
        cabling.notes.append(
            f"{port.device}:{port.name} goes to {port.peer}, which is not in the inventory{meant}"
        )
    cabling.plug(LinkEnd(port.device, port.name), there)
    cabling.ports[there] = port


def _free(cabling: Cabling, node: str) -> str:
    number = 1
    while LinkEnd(node, f"eth{number}") in cabling.links:
        number += 1
    return f"eth{number}"
