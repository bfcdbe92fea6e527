"""Mutations: one fault each, for measuring which tests notice it.

Rows are those of the table of fault classes; `NOT_EXPRESSED` says why a row has no mutation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from avdlab.faults.catalog import CONFIG_FAULTS
from avdlab.faults.edits import ConfigFault, Target
from avdlab.faults.text import ConfigText
from avdlab.topology.model import Link, LinkEnd, Topology
from avdlab.validate.intent.graph import Side, cables
from avdlab.validate.intent.model import Intent

ROWS: Mapping[int, str] = {
    1: "link down, peer shut",
    2: "cables swapped",
    3: "unintended cable",
    4: "device unreachable",
    5: "running-config differs from intended",
    6: "configuration not saved",
    7: "P2P address or mask wrong",
    8: "MTU of a link differs",
    9: "BGP: AS, password, multihop",
    10: "EVPN not activated",
    11: "send-community missing",
    12: "next-hop-unchanged missing",
    13: "VTEP loopback not advertised",
    14: "Loopback0 not advertised",
    15: "duplicate router-id or loopback",
    16: "duplicate VTEP",
    17: "VLAN to VNI differs",
    18: "VLAN missing",
    19: "route targets differ",
    20: "VRF to VNI differs",
    21: "anycast gateway differs",
    22: "MLAG peer-link or domain",
    23: "MLAG off",
    24: "MLAG roles and delays",
    25: "port-channel member inactive",
    26: "port-channel static on one side",
    27: "trunk or native VLAN differs",
    28: "spanning tree mode or root",
    29: "OSPF neighbors lost",
    30: "IS-IS adjacency lost",
    31: "BFD missing",
    32: "EVPN route of a tenant absent",
    33: "host cannot reach host",
    34: "isolation broken",
    35: "ESI differs",
    36: "BGP limits, drops, errors",
    37: "ECMP degraded",
    38: "NTP, crashes, memory, ZTP",
    39: "WAN path, IPsec",
    40: "wrong image or model",
}

NOT_EXPRESSED: Mapping[int, str] = {
    5: "the comparison of running with intended is off for this measure",
    40: "the twin has one software and one model",
}


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault on a fabric that is otherwise as designed."""

    name: str
    row: int
    title: str
    what: str
    configs: Mapping[str, str] = field(default_factory=dict)  # device -> another text
    cut: tuple[tuple[str, str], ...] = ()  # cables without carrier
    stopped: tuple[str, ...] = ()  # devices without power
    links: tuple[Link, ...] | None = None  # other cabling
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # lines typed, not saved


def mutations(
    intent: Intent, configs: Mapping[str, str], *, samples: int = 2, names: Sequence[str] = ()
) -> tuple[Mutation, ...]:
    """Return mutations of every class that the fabric has a place for, `samples` of each kind.

    Samples of a kind lie on different devices where they can. `names` chooses kinds; none: all.
    """
    found: list[Mutation] = []
    for fault in CONFIG_FAULTS.values():
        found += _spread(_of_config(fault, intent, configs), samples)
    for made in (
        _links_cut(intent),
        _member_cut(intent),
        _peer_link_cut(intent),
        _swapped(intent),
        _extra(intent),
        _stopped(intent),
        _unsaved(intent),
    ):
        found += _spread([(m.what, m) for m in made], samples)
    chosen = (m for m in found if not names or m.name in names)
    return tuple(sorted(chosen, key=lambda m: (m.row, m.name)))


def _spread(found: Sequence[tuple[str, Mutation]], samples: int) -> list[Mutation]:
    """Take from different places first: the first of each, then the second, and so on."""
    places: dict[str, list[Mutation]] = {}
    for place, mutation in found:
        places.setdefault(place, []).append(mutation)
    turns = max((len(own) for own in places.values()), default=0)
    ordered = (own[turn] for turn in range(turns) for own in places.values() if turn < len(own))
    return list(islice(ordered, samples)) if samples else list(ordered)


def _of_config(
    fault: ConfigFault, intent: Intent, configs: Mapping[str, str]
) -> list[tuple[str, Mutation]]:
    found = []
    for device in intent.devices.values():
        for edit in fault.find(Target(intent, device, ConfigText(configs[device.name]))):
            what = f"{device.name}: {edit.what}"
            made = Mutation(fault.name, fault.row, fault.title, what, {device.name: edit.text})
            found.append((device.name, made))
    return found


# ---------------------------------------------------------------------------------- cables
def _ends(a: Side, b: Side) -> tuple[str, str]:
    return f"{a.device.name}:{a.interface.name}", f"{b.device.name}:{b.interface.name}"


def _links_cut(intent: Intent) -> Iterator[Mutation]:
    for a, b in cables(intent):
        if not (a.interface.channel or b.interface.channel):
            ends = _ends(a, b)
            yield Mutation("link-cut", 1, "cable cut", " -- ".join(ends), cut=(ends,))


def _member_cut(intent: Intent) -> Iterator[Mutation]:
    for a, b in cables(intent):
        if a.interface.channel and b.interface.channel:
            ends = _ends(a, b)
            yield Mutation(
                "member-cut", 25, "cable of a bundle cut", " -- ".join(ends), cut=(ends,)
            )


def _peer_link_cut(intent: Intent) -> Iterator[Mutation]:
    for device in intent.devices.values():
        mlag = device.mlag
        if mlag and device.name < mlag.peer:
            cut = tuple(
                _ends(a, b)
                for a, b in cables(intent)
                if {a.device.name, b.device.name} == {device.name, mlag.peer}
                and mlag.peer_link in {a.interface.channel, a.interface.name}
            )
            what = f"{device.name} -- {mlag.peer}"
            yield Mutation("peer-link-cut", 22, "MLAG peer-link cut", what, cut=cut)


def _swapped(intent: Intent) -> Iterator[Mutation]:
    """Swap the far ends of two cables of one device that lead to devices of the same role."""
    known = list(cables(intent))
    for index, (a, b) in enumerate(known):
        for c, d in known[index + 1 :]:
            alike = a.device.role == c.device.role and b.device.role == d.device.role
            routed = a.interface.routed and b.interface.routed and c.interface.routed
            if alike and routed and b.device is d.device and a.device is not c.device:
                first, second = _link(a, b), _link(c, d)
                crossed = [_link(a, d), _link(c, b)]
                links = [x for x in intent.topology.links if x not in {first, second}] + crossed
                what = f"{b.device.name}: {b.interface.name} and {d.interface.name}"
                yield Mutation("cables-swapped", 2, "cables swapped", what, links=_sorted(links))


def _link(a: Side, b: Side) -> Link:
    return Link.between(
        LinkEnd(a.device.name, a.interface.name), LinkEnd(b.device.name, b.interface.name)
    )


def _sorted(links: Sequence[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links))


def _extra(intent: Intent) -> Iterator[Mutation]:
    names = sorted(intent.devices)
    for one, other in pairwise(names):
        link = Link.between(_free(intent, one), _free(intent, other))
        links = _sorted([*intent.topology.links, link])
        yield Mutation("extra-cable", 3, "unintended cable", f"{link.a} -- {link.b}", links=links)


def _free(intent: Intent, device: str) -> LinkEnd:
    used = intent.devices[device].interfaces
    number = next(n for n in range(60, 200) if f"Ethernet{n}" not in used)
    return LinkEnd(device, f"Ethernet{number}")


# ---------------------------------------------------------------------------------- devices
def _stopped(intent: Intent) -> Iterator[Mutation]:
    for name in sorted(intent.devices):
        yield Mutation("node-stopped", 4, "device unreachable", name, stopped=(name,))


def _unsaved(intent: Intent) -> Iterator[Mutation]:
    lines = ("configure", "alias unsaved show version", "end")
    for name in sorted(intent.devices):
        yield Mutation("not-saved", 6, "a line typed and not saved", name, typed={name: lines})


def rewired(topology: Topology, mutation: Mutation) -> Topology:
    """Return the topology with a mutation's cabling."""
    return topology if mutation.links is None else replace(topology, links=mutation.links)
