"""Which parts of a graph only listen: stubs, which tell the rest nothing of what they hear from it.

A leaf hears every route from its spines, and tells them none of it that they would take: they find
their own AS in the path (RFC 4271 9.1.2). An iBGP peer tells nobody by iBGP what it heard by iBGP
(RFC 4271 9.2.1). What a stub itself originates is told like anything else; of all other routes
it can be left out until somebody asks what it has. A thousand leaves cost what their spines cost.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.exchange import Edge
from avdlab.twin.protocols.bgp.reach import Instance

_MEMBERS = 4  # at most, of a stub: an MLAG pair has two
Edges = Mapping[Instance, tuple[Edge, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Stub:
    """One or a few instances that tell each other what they hear, and the rest nothing of it.

    `into` and `out`: the sessions with the rest, by the instance at their other end.
    """

    members: tuple[Instance, ...]
    into: Edges
    out: Edges


@dataclass(frozen=True, slots=True, eq=False)
class Stubs:
    """The stubs of a graph by their members, and the sessions among the instances that are in
    none: the core."""

    of: Mapping[Instance, Stub] = field(default_factory=dict)
    core_in: Edges = field(default_factory=dict)
    core_out: Edges = field(default_factory=dict)
    spread: tuple[Edge, ...] = ()  # the sessions into stubs, one of each update group
    shared: frozenset[tuple[Instance, int]] = frozenset()  # groups of several such sessions
    keep_hops: bool = True  # stubs keep the next hops that they hear


def find_stubs(edges_in: Edges, edges_out: Edges) -> Stubs:
    """Find the stubs of a graph, given the sessions into and out of each instance."""
    found: dict[Instance, Stub] = {}
    for members in _by_ibgp(edges_out):
        alone = [(member,) for member in members]
        for part in [members, *alone] if 1 < len(members) <= _MEMBERS else alone:
            if part[0] not in found and _only_listens(part, edges_in, edges_out):
                stub = _stub(part, edges_in, edges_out)
                found.update(dict.fromkeys(part, stub))
    if not found:
        return Stubs()
    core = [instance for instance in edges_out if instance not in found]
    groups: dict[tuple[Instance, int], Edge] = {}
    shared: set[tuple[Instance, int]] = set()
    keep = True
    for stub in dict.fromkeys(found.values()):
        keep = keep and len(stub.members) == 1
        for edge in (edge for edges in stub.into.values() for edge in edges):
            keep = keep and edge.keeps_hop
            group = (edge.source.instance, edge.group)
            if groups.setdefault(group, edge) is not edge:
                shared.add(group)
    return Stubs(
        found,
        {i: tuple(e for e in edges_in[i] if e.source.instance not in found) for i in core},
        {i: tuple(e for e in edges_out[i] if e.target.instance not in found) for i in core},
        tuple(groups.values()),
        frozenset(shared),
        keep,
    )


def _by_ibgp(edges_out: Edges) -> Iterator[tuple[Instance, ...]]:
    """Yield the instances, those together that iBGP sessions join."""
    seen: set[Instance] = set()
    for first in edges_out:
        if first in seen:
            continue
        seen.add(first)
        members = [first]
        for instance in members:
            for edge in edges_out[instance]:
                other = edge.target.instance
                if not edge.ebgp and other not in seen:
                    seen.add(other)
                    members.append(other)
        yield tuple(members)


def _only_listens(part: tuple[Instance, ...], edges_in: Edges, edges_out: Edges) -> bool:
    inside = [e for i in part for e in edges_out[i] if e.target.instance in part]
    if not all(edge.keeps_path for edge in inside):
        return False
    into = [e for i in part for e in edges_in[i] if e.source.instance not in part]
    out = [e for i in part for e in edges_out[i] if e.target.instance not in part]
    if not into:
        return False
    # sessions that are alike in what decides here are looked at once
    kinds_in = {_kind_in(edge): edge for edge in into}
    kinds_out = {_kind_out(edge): edge for edge in out}
    alone = len(part) == 1
    return all(
        _in_vain(heard, told, alone=alone)
        for told in kinds_out.values()
        for heard in kinds_in.values()
    )


def _kind_in(edge: Edge) -> tuple[object, ...]:
    client, remote = edge.into.route_reflector_client, edge.into.domain_remote
    sender = edge.sender
    kept = (edge.keeps_path, sender.prepend_own, sender.local_as)
    return (edge.ebgp, sender.member, client, remote, *kept)


def _kind_out(edge: Edge) -> tuple[object, ...]:
    receiver, client = edge.receiver, edge.out.route_reflector_client
    own = (edge.ebgp, edge.sender.member, client, edge.out.domain_remote)
    return (*own, edge.keeps_path, receiver.allowas_in, receiver.outer_as)


def _in_vain(heard: Edge, told: Edge, *, alone: bool) -> bool:
    """Tell whether nobody takes what is heard on one session and told on another, whatever it is.

    `alone`: the instance hears and tells itself, nobody of its stub stands between.
    """
    if heard.sender.member or told.sender.member:
        return False
    if heard.into.domain_remote != told.out.domain_remote:
        return False  # a gateway may tell it as its own
    if heard.ebgp and told.ebgp:
        return (
            heard.keeps_path
            and told.keeps_path
            and heard.sender.prepend_own
            and not told.receiver.allowas_in
            and heard.sender.local_as == told.receiver.outer_as
        )
    reflected = heard.into.route_reflector_client or told.out.route_reflector_client
    return alone and not (heard.ebgp or told.ebgp or reflected)


def _stub(part: tuple[Instance, ...], edges_in: Edges, edges_out: Edges) -> Stub:
    into: dict[Instance, list[Edge]] = {}
    out: dict[Instance, list[Edge]] = {}
    for member in part:
        for edge in edges_in[member]:
            if edge.source.instance not in part:
                into.setdefault(edge.source.instance, []).append(edge)
        for edge in edges_out[member]:
            if edge.target.instance not in part:
                out.setdefault(edge.target.instance, []).append(edge)
    return Stub(part, _frozen(into), _frozen(out))


def _frozen(found: Mapping[Instance, Iterable[Edge]]) -> Edges:
    return {instance: tuple(edges) for instance, edges in found.items()}
