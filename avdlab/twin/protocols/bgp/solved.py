"""The fixed point of one class of NLRI: who won where, and what follows from it.

It is kept small: what an instance heard and was told follows from the winners, and is made when
asked for. So is the winner of an instance that only listens (see stubs.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.decision import Ranked, best_of, rank
from avdlab.twin.protocols.bgp.exchange import (
    KEPT,
    Candidate,
    Dropped,
    Edge,
    Resolve,
    Sample,
    advertise,
    take,
)
from avdlab.twin.protocols.bgp.graph import Graph, Origins, Part, measured
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.stubs import Stub
from avdlab.twin.tables.bgp import Attributes

_ROUNDS = 50  # of the members of a stub; they settle in two
Winner = Edge | Candidate | None  # the session that the best path was heard on, or an origin
Asked = dict[tuple[Instance, int], int | None]  # next hops that were resolved, and the metrics


def remembering(asked: Asked, resolve: Resolve) -> Resolve:
    """Return what answers once and notes it: a change of an answer is what moves a class."""

    def ask(instance: Instance, next_hop: int) -> int | None:
        key = (instance, next_hop)
        if key not in asked:
            asked[key] = resolve(instance, next_hop)
        return asked[key]

    return ask


@dataclass(slots=True, eq=False)
class Solved:
    """The fixed point of one class: the winner at every instance that has a path. `resolve`, where
    it is asked for, tells how next hops are reached."""

    part: Part
    origins: Origins
    sample: Sample
    winners: dict[Instance, Winner] = field(default_factory=dict)  # in the part
    hops: frozenset[int] = frozenset()  # next hops that were met on the way
    converged: bool = True
    marked: bool = False  # a path carries a community that keeps it from being told on
    asked: Asked = field(default_factory=dict)  # what the answer rests on; shared in a graph
    # what stubs hear: found when somebody asks
    listening: dict[Instance, Winner] = field(default_factory=dict)
    _kept: set[Instance] = field(default_factory=set)  # of these, those with such a community
    _sources: dict[Instance, Candidate | None] = field(default_factory=dict)
    _hops: frozenset[int] | None = None  # those told to stubs as well
    _told: dict[tuple[Instance, int], Attributes | None] = field(default_factory=dict)  # by group

    @property
    def graph(self) -> Graph:
        return self.part.graph

    def winner(self, instance: Instance, resolve: Resolve) -> Winner:
        """Return who won at an instance."""
        if self.part.whole or instance in self.winners or instance in self.part:
            return self.winners.get(instance)
        if instance not in self.listening:
            self._listen(self.graph.stubs.of[instance], remembering(self.asked, resolve))
        return self.listening[instance]

    def _listen(self, stub: Stub, resolve: Resolve) -> None:
        """Find what the members of a stub make of what they hear: each on its own, and then with
        what the others make of it."""
        best: dict[Instance, Candidate | None] = dict.fromkeys(stub.members)
        outside = {member: list(self._from_outside(member, stub, resolve)) for member in best}
        for _ in range(_ROUNDS):
            moved = False
            for member in stub.members:
                heard = [*outside[member], *self._from_inside(member, best, resolve)]
                found = best_of(heard, self.graph.routers[member])
                if not alike(best[member], found) or _edge(best[member]) is not _edge(found):
                    best[member], moved = found, len(best) > 1
            if not moved:
                break
        for member, found in best.items():
            self.listening[member] = _edge(found)
            if found is not None and found.attributes.communities & KEPT:
                self._kept.add(member)

    def _from_outside(self, member: Instance, stub: Stub, resolve: Resolve) -> Iterator[Candidate]:
        for edge in self.part.edges_in(member):
            at = edge.source.instance
            if at in stub.members or edge.in_vain(self._source(at, resolve)):
                continue
            heard = accepted(edge, self.told(edge, resolve), self.sample, resolve)
            if heard is not None:
                yield heard

    def _from_inside(
        self, member: Instance, best: Mapping[Instance, Candidate | None], resolve: Resolve
    ) -> Iterator[Candidate]:
        for edge in self.graph.edges_in[member] if len(best) > 1 else ():
            at = edge.source.instance
            heard = offered(edge, best[at], self.sample, resolve) if at in best else None
            if heard is not None:
                yield heard

    def best(self, instance: Instance, resolve: Resolve) -> Candidate | None:
        """Return the best path of an instance."""
        winner = self.winner(instance, resolve)
        if winner is None or isinstance(winner, Candidate):
            return winner
        heard = self.heard(winner, resolve)
        return heard if isinstance(heard, Candidate) else None

    def told(self, edge: Edge, resolve: Resolve) -> Attributes | None:
        """Return what the sender of an edge tells."""
        at = edge.source.instance
        best, group = self._source(at, resolve), (at, edge.group)
        if group not in self.graph.stubs.shared or at not in self.part or came_by(best, edge):
            return advertise(edge, best, self.sample)
        if group not in self._told:
            self._told[group] = advertise(edge, best, self.sample, split=False)
        return self._told[group]

    def _source(self, instance: Instance, resolve: Resolve) -> Candidate | None:
        """Return the best path of one that tells others: few do, and those are asked often."""
        if instance not in self.part:
            return self.best(instance, resolve)
        if instance not in self._sources:
            self._sources[instance] = self.best(instance, resolve)
        return self._sources[instance]

    def heard(self, edge: Edge, resolve: Resolve) -> Candidate | Dropped | None:
        """Return what the receiver of an edge makes of it."""
        told = self.told(edge, resolve)
        return None if told is None else take(edge, told, self.sample, resolve)

    def loops_back(self, edge: Edge, resolve: Resolve) -> bool:
        """Tell at a glance that the sender of an edge tells a path back into the AS that it came
        from, where it is dropped (RFC 4271 9.1.2)."""
        if not edge.ebgp or not edge.plain_out or self.marked:
            return False
        winner = self.winner(edge.source.instance, resolve)
        if not isinstance(winner, Edge) or edge.source.instance in self._kept:
            return False
        return (
            winner.ebgp
            and winner.plain_in
            and winner.sender.prepend_own
            and winner.session != edge.session
            and winner.into.domain_remote == edge.out.domain_remote
            and not edge.receiver.allowas_in
            and winner.sender.local_as == edge.receiver.outer_as
        )

    def heard_in_vain(self, edge: Edge) -> bool:
        """Tell whether whatever comes over an edge is dropped: it comes from a stub."""
        source = edge.source.instance
        if source in self.part:
            return False
        return edge.target.instance not in self.graph.stubs.of[source].members

    def hop(self, resolve: Resolve) -> int | None:
        """Return the next hop wherever the class is heard, None where that differs."""
        if self._hops is None:
            self._hops = frozenset({*self.hops, *self._told_to_stubs(resolve)})
        return next(iter(self._hops)) if len(self._hops) == 1 else None

    def _told_to_stubs(self, resolve: Resolve) -> Iterator[int]:
        stubs = self.graph.stubs
        if self.part.whole:
            return
        if not stubs.keep_hops:
            yield from (0, -1)  # no telling without listening
            return
        for edge in stubs.spread:
            if edge.source.instance in self.winners:
                best = self._source(edge.source.instance, resolve)
                told = advertise(edge, best, self.sample, split=False)
                if told is not None:
                    yield told.next_hop

    def continues(self) -> bool:
        """Tell whether the class has one outcome only, whichever way it is reached: the condition
        for going on from it after a change. With reflection, several origins may have several
        outcomes (RFC 4456 has no total order), and MEDs are no order at all (RFC 3345)."""
        graph = self.graph
        single = len(self.origins) == 1 or not graph.reflects
        return self.converged and graph.ordered and single and not measured(graph, self.origins)

    def again(self, part: Part) -> "Solved":
        """Return the same outcome in the core, while the stubs have to listen again."""
        return Solved(
            part,
            self.origins,
            self.sample,
            self.winners,
            self.hops,
            self.converged,
            self.marked,
            self.asked,
        )

    def has_paths(self, instance: Instance, resolve: Resolve) -> bool:
        """Tell whether an instance has any path, usable or not."""
        return self.winner(instance, resolve) is not None or bool(self.ranked(instance, resolve))

    def ranked(self, instance: Instance, resolve: Resolve) -> tuple[Ranked, ...]:
        """Return all paths of an instance, the best first."""
        router = self.graph.routers.get(instance)
        if router is None:
            return ()
        found = list(self.origins.get(instance, ()))
        for edge in self.part.edges_in(instance):
            if self.loops_back(edge, resolve):
                continue
            heard = self.heard(edge, resolve)
            if isinstance(heard, Candidate):
                found.append(heard)
        return rank(found, router) if found else ()


def alike(one: Candidate | None, two: Candidate | None) -> bool:
    """Tell whether neighbors hear the same of two best paths of one winner."""
    if one is two:
        return True
    if one is None or two is None:
        return False
    return (one.attributes, one.weight, one.tag, one.metric, one.valid) == (
        two.attributes,
        two.weight,
        two.tag,
        two.metric,
        two.valid,
    )


def offered(
    edge: Edge, source: Candidate | None, sample: Sample, resolve: Resolve
) -> Candidate | None:
    """Return the path that the receiver gets of the best path of the sender, None if it gets
    none."""
    if edge.in_vain(source):
        return None
    return accepted(edge, advertise(edge, source, sample), sample, resolve)


def accepted(
    edge: Edge, told: Attributes | None, sample: Sample, resolve: Resolve
) -> Candidate | None:
    """Return the path that the receiver makes of what it is told, None if it gets none."""
    if told is None or edge.loops(told):
        return None
    heard = take(edge, told, sample, resolve)
    return heard if isinstance(heard, Candidate) else None


def came_by(best: Candidate | None, edge: Edge) -> bool:
    """Tell whether a path was heard on the session of an edge."""
    return best is not None and best.edge is not None and best.edge.session == edge.session


def _edge(path: Candidate | None) -> Edge | None:
    return None if path is None else path.edge
