"""Link aggregation: which members bundle (IEEE 802.1AX selection, static groups, fallback).

A member bundles when the far end runs LACP too, at least one of both is active, and all members of
both groups agree on the partner's (system, key). MLAG peers present one system, so that a bundle
over both of them forms at the far end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from avdlab.net import interfaces as names
from avdlab.twin.protocols.links import Carrier
from avdlab.twin.protocols.switch import End, Switch
from avdlab.twin.tables.ports import LacpMember, PortChannel


class Group(NamedTuple):
    """One bundle of one node: `members` maps port -> mode."""

    node: str
    name: str
    system: str
    key: int
    members: Mapping[str, str]
    min_links: int = 0
    fallback: str | None = None
    shutdown: bool = False
    priorities: Mapping[str, int] = {}  # read-only default of a tuple
    fast: frozenset[str] = frozenset()  # members with the short timeout


@dataclass(frozen=True, slots=True)
class Bundles:
    """The outcome: channels of every node, and the ports that a fallback lets work alone."""

    channels: Mapping[End, PortChannel]
    individual: frozenset[End] = frozenset()


def groups_of(switch: Switch, system_id: str | None) -> list[Group]:
    """Return the groups of a switch. `system_id` is MLAG's, None while MLAG is not active."""
    return [_group(switch, name, system_id) for name in switch.channels()]


def _group(switch: Switch, name: str, system_id: str | None) -> Group:
    channel = switch.interface(name)
    members = {port: switch.interface(port) for port in switch.members(name)}
    shared = channel.mlag is not None and system_id is not None
    system = system_id if shared and system_id else switch.system_mac
    number = names.split(name)[1][0]
    return Group(
        switch.node,
        name,
        channel.lacp_system_id or system,
        # EOS: the key of an MLAG Port-Channel is the MLAG number with the top bit set
        0x8000 | channel.mlag if channel.mlag is not None else number,
        {port: s.channel_group.mode for port, s in members.items() if s.channel_group},
        channel.min_links,
        channel.lacp_fallback.mode if channel.lacp_fallback else None,
        channel.shutdown,
        {port: s.lacp_port_priority for port, s in members.items()},
        frozenset(port for port, s in members.items() if s.lacp_fast),
    )


def bundle(groups: list[Group], carrier: Carrier) -> Bundles:
    """Select the members of every group."""
    of_port = {(g.node, port): g for g in groups for port in g.members}
    offers = {end: _offer(end, group, of_port, carrier) for end, group in of_port.items()}
    chosen = {(g.node, g.name): _chosen(g, offers) for g in groups}
    active = {end for end, g in of_port.items() if _agrees(end, g, offers, chosen)}
    active = {end for end in active if _mutual(end, of_port[end], active, carrier)}
    short = {
        (g.node, g.name): len(members) < g.min_links
        for g in groups
        if (members := [p for p in g.members if (g.node, p) in active])
    }
    active = {e for e in active if not short[(of_port[e].node, of_port[e].name)]}
    active = {end for end in active if _mutual(end, of_port[end], active, carrier)}
    return _outcome(groups, of_port, offers, active, carrier)


class _Offer(NamedTuple):
    """What a member hears: the partner's identity, or why it cannot bundle."""

    partner: tuple[str, int] | None
    reason: str = ""
    static: bool = False
    port: int | None = None
    fast: bool = False  # the partner asks for the short timeout


def _offer(end: End, group: Group, of_port: Mapping[End, Group], carrier: Carrier) -> _Offer:
    if group.shutdown:
        return _Offer(None, f"{group.name} is shut down")
    if not carrier.lit(end):
        return _Offer(None, "link is down")
    mode = group.members[end[1]]
    if mode == "on":
        return _Offer(None, static=True)
    far = carrier.partner(end, "lacp")
    other = of_port.get(far) if far else None
    if far is None or other is None or other.shutdown or other.members[far[1]] == "on":
        return _Offer(None, "no LACP partner")
    if "active" not in (mode, other.members[far[1]]):
        return _Offer(None, "both ends are passive")
    fast = far[1] in other.fast
    return _Offer((other.system, other.key), port=_number(far[1]), fast=fast)


def _number(port: str) -> int:
    if not names.is_interface(port):
        return 1
    numbers = names.split(port)[1]
    return numbers[0] if len(numbers) == 1 else numbers[0] * 100 + numbers[-1]


def _chosen(group: Group, offers: Mapping[End, _Offer]) -> tuple[str, int] | None:
    """The partner of the preferred member: lowest port priority, then port number (802.1AX)."""
    for port in _by_preference(group):
        partner = offers[(group.node, port)].partner
        if partner is not None:
            return partner
    return None


def _by_preference(group: Group) -> list[str]:
    return sorted(group.members, key=lambda p: (group.priorities.get(p, 32768), names.sort_key(p)))


def _agrees(
    end: End,
    group: Group,
    offers: Mapping[End, _Offer],
    chosen: Mapping[End, tuple[str, int] | None],
) -> bool:
    offer = offers[end]
    if offer.static:
        return True
    return offer.partner is not None and offer.partner == chosen[(group.node, group.name)]


def _mutual(end: End, group: Group, active: set[End], carrier: Carrier) -> bool:
    """LACP collects only when the partner is in sync too; a static member does not ask."""
    return group.members[end[1]] == "on" or carrier.partner(end, "lacp") in active


def _outcome(
    groups: list[Group],
    of_port: Mapping[End, Group],
    offers: Mapping[End, _Offer],
    active: set[End],
    carrier: Carrier,
) -> Bundles:
    channels: dict[End, PortChannel] = {}
    individual: set[End] = set()
    for group in groups:
        heard = any(offers[(group.node, p)].partner for p in group.members)
        lit = [p for p in _by_preference(group) if carrier.lit((group.node, p))]
        fallback = None if heard or group.shutdown or not lit else group.fallback
        if fallback == "static":
            active.add((group.node, lit[0]))  # EOS: one member, the preferred one
        elif fallback == "individual":
            individual.update((group.node, p) for p in lit)
        members = tuple(
            _member(group, port, offers[(group.node, port)], (group.node, port) in active)
            for port in sorted(group.members, key=names.sort_key)
        )
        channels[(group.node, group.name)] = PortChannel(
            group.name, members, group.system, group.key, fallback
        )
    return Bundles(channels, frozenset(individual))


def _member(group: Group, port: str, offer: _Offer, active: bool) -> LacpMember:
    reason = "" if active else offer.reason or "partner differs from the bundle's"
    system, key = offer.partner or (None, None)
    return LacpMember(
        port,
        active,
        group.members[port],
        reason,
        system,
        key,
        offer.port,
        fast=port in group.fast,
        partner_fast=offer.fast,
    )
