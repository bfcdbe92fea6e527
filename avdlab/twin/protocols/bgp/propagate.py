"""Propagation of one class of NLRI over the sessions, to its fixed point.

NLRI with the same origins and the same policy verdicts end with the same paths everywhere, so one
of them is computed and the others share the result. The result is kept small: who won at each
instance. What an instance heard and was told follows from the winners, and is made when asked for.

A result can be continued when sessions come or go: only instances whose winner is touched select
again. Selection by AS-path length and the steps below it has one outcome, however it is reached.
Where policy prefers by other means (`Graph.ordered` is false) several may exist, and the class is
computed from the start, so that the outcome never depends on what was before.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.decision import Ranked, best_of, rank
from avdlab.twin.protocols.bgp.exchange import (
    KEPT,
    Candidate,
    Dropped,
    Edge,
    Resolve,
    Router,
    Sample,
    advertise,
    take,
)
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.tables.bgp import Attributes

_VISITS_PER_ROUTER = 50  # a class that needs more oscillates (RFC 3345), and is reported
Origins = Mapping[Instance, tuple[Candidate, ...]]
Winner = Edge | Candidate | None  # the session that the best path was heard on, or an origin


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Instances and the directed sessions between them, in one address family."""

    routers: Mapping[Instance, Router]
    edges_in: Mapping[Instance, tuple[Edge, ...]]
    edges_out: Mapping[Instance, tuple[Edge, ...]]
    default_originators: tuple[Instance, ...] = ()
    ordered: bool = True  # no policy ranks paths by other means than their length
    measured: bool = False  # a policy sets MEDs
    retargets: bool = False  # a policy, or a session without them, changes extended communities
    reflects: bool = False  # iBGP passes routes on: by reflectors, or in a confederation

    @classmethod
    def of(cls, routers: Mapping[Instance, Router], edges: Iterable[Edge]) -> "Graph":
        into: dict[Instance, list[Edge]] = {instance: [] for instance in routers}
        out: dict[Instance, list[Edge]] = {instance: [] for instance in routers}
        defaults: dict[Instance, None] = {}
        ordered, measured, retargets, reflects = True, False, False, False
        for edge in edges:
            into[edge.target.instance].append(edge)
            out[edge.source.instance].append(edge)
            ordered = ordered and not edge.prefers
            measured = measured or edge.measures
            retargets = retargets or edge.retargets
            reflects = reflects or edge.out.route_reflector_client or edge.sender.member
            if edge.out.default_originate is not None:
                defaults[edge.source.instance] = None
        return cls(
            routers,
            {instance: tuple(found) for instance, found in into.items()},
            {instance: tuple(found) for instance, found in out.items()},
            tuple(defaults),
            ordered,
            measured,
            retargets,
            reflects,
        )

    def edges(self) -> Iterator[Edge]:
        """Yield every edge once."""
        for found in self.edges_out.values():
            yield from found


@dataclass(slots=True, eq=False)
class Solved:
    """The fixed point of one class: the winner at every instance that has a path."""

    graph: Graph
    origins: Origins
    sample: Sample
    winners: dict[Instance, Winner] = field(default_factory=dict)
    hops: frozenset[int] = frozenset()  # next hops that were met on the way
    converged: bool = True
    marked: bool = False  # a path carries a community that keeps it from being told on
    _sources: dict[Instance, Candidate | None] = field(default_factory=dict)

    def best(self, instance: Instance, resolve: Resolve) -> Candidate | None:
        """Return the best path of an instance."""
        winner = self.winners.get(instance)
        if winner is None or isinstance(winner, Candidate):
            return winner
        heard = self.heard(winner, resolve)
        return heard if isinstance(heard, Candidate) else None

    def told(self, edge: Edge, resolve: Resolve) -> Attributes | None:
        """Return what the sender of an edge tells."""
        return advertise(edge, self._source(edge.source.instance, resolve), self.sample)

    def _source(self, instance: Instance, resolve: Resolve) -> Candidate | None:
        """Return the best path of one that tells others: few do, and those are asked often."""
        if instance not in self._sources:
            self._sources[instance] = self.best(instance, resolve)
        return self._sources[instance]

    def heard(self, edge: Edge, resolve: Resolve) -> Candidate | Dropped | None:
        """Return what the receiver of an edge makes of it."""
        told = self.told(edge, resolve)
        return None if told is None else take(edge, told, self.sample, resolve)

    def loops_back(self, edge: Edge) -> bool:
        """Tell at a glance that the sender of an edge tells a path back into the AS that it came
        from, where it is dropped (RFC 4271 9.1.2)."""
        winner = self.winners.get(edge.source.instance)
        if not isinstance(winner, Edge) or self.marked or not edge.plain_out:
            return False
        return (
            edge.ebgp
            and winner.ebgp
            and winner.plain_in
            and winner.sender.prepend_own
            and winner.session != edge.session
            and winner.into.domain_remote == edge.out.domain_remote
            and not edge.receiver.allowas_in
            and winner.sender.local_as == edge.receiver.outer_as
        )

    def continues(self) -> bool:
        """Tell whether the class has one outcome only, whichever way it is reached: the condition
        for going on from it after a change. With reflection, several origins may have several
        outcomes (RFC 4456 has no total order), and MEDs are no order at all (RFC 3345)."""
        graph = self.graph
        single = len(self.origins) == 1 or not graph.reflects
        return self.converged and graph.ordered and single and not _measured(graph, self.origins)

    def ranked(self, instance: Instance, resolve: Resolve) -> tuple[Ranked, ...]:
        """Return all paths of an instance, the best first."""
        router = self.graph.routers.get(instance)
        if router is None:
            return ()
        found = list(self.origins.get(instance, ()))
        for edge in self.graph.edges_in[instance]:
            if self.loops_back(edge):
                continue
            heard = self.heard(edge, resolve)
            if isinstance(heard, Candidate):
                found.append(heard)
        return rank(found, router) if found else ()

    @property
    def instances(self) -> Iterable[Instance]:
        """The instances that have a best path."""
        return self.winners.keys()


def _measured(graph: Graph, origins: Origins) -> bool:
    """Tell whether MEDs take part: then paths cannot be compared two at a time."""
    return graph.measured or any(
        path.attributes.med for paths in origins.values() for path in paths
    )


@dataclass(slots=True)
class _Run:
    """One computation: `before` is what it continues, `now` the best paths that it changed."""

    graph: Graph
    origins: Origins
    sample: Sample
    resolve: Resolve
    before: Solved | None
    winners: dict[Instance, Winner]
    now: dict[Instance, Candidate | None] = field(default_factory=dict)
    was: dict[Instance, Candidate | None] = field(default_factory=dict)  # before it was queued
    queue: deque[Instance] = field(default_factory=deque)
    spoken: set[Instance] = field(default_factory=set)  # of a computation from the start
    hops: set[int] = field(default_factory=set)
    pairwise: bool = True
    marked: bool = False

    def best(self, instance: Instance) -> Candidate | None:
        if instance in self.now:
            return self.now[instance]
        return None if self.before is None else self.before.best(instance, self.resolve)

    def offer(self, edge: Edge, told: Attributes | None) -> Candidate | None:
        """Return the path that the receiver gets, None when it gets none."""
        if told is None or edge.loops(told):
            return None
        heard = take(edge, told, self.sample, self.resolve)
        if not isinstance(heard, Candidate):
            return None
        self.hops.add(heard.attributes.next_hop)
        if heard.attributes.communities & KEPT:
            self.marked = True
        return heard

    # -------------------------------------------------------------------------- selecting
    def select(self, instance: Instance) -> None:
        """Choose among everything that an instance has and hears."""
        found = list(self.origins.get(instance, ()))
        for edge in self.graph.edges_in[instance]:
            source = self.best(edge.source.instance)
            if edge.in_vain(source):
                continue
            heard = self.offer(edge, advertise(edge, source, self.sample))
            if heard is not None:
                found.append(heard)
        self.settle(instance, best_of(found, self.graph.routers[instance]))

    def settle(self, instance: Instance, best: Candidate | None) -> None:
        """Note the best path of an instance, and queue it if its neighbors may hear of it."""
        present = self.best(instance)
        known = self.winners.get(instance)
        if best is None:
            self.winners.pop(instance, None)
        else:
            self.winners[instance] = best if best.edge is None else best.edge
        if known is self.winners.get(instance) and _alike(present, best):
            return
        if instance not in self.was:
            self.was[instance] = present
            self.queue.append(instance)
        self.now[instance] = best

    def tell(self, instance: Instance) -> None:
        """Tell the neighbors what changed."""
        before, best = self.was.pop(instance), self.now[instance]
        mute = self.before is None and instance not in self.spoken
        self.spoken.add(instance)
        groups: dict[int, tuple[Attributes | None, Attributes | None]] = {}
        for edge in self.graph.edges_out[instance]:
            if (mute or edge.in_vain(before)) and edge.in_vain(best):
                continue
            if edge.group not in groups:
                groups[edge.group] = (
                    None if mute else advertise(edge, before, self.sample, split=False),
                    advertise(edge, best, self.sample, split=False),
                )
            old, new = groups[edge.group]
            if old is not None and _came_by(before, edge):
                old = advertise(edge, before, self.sample)
            if new is not None and _came_by(best, edge):
                new = advertise(edge, best, self.sample)
            if old is not new and old != new:
                self.hear(edge, new)

    def hear(self, edge: Edge, told: Attributes | None) -> None:
        """One neighbor hears something new on one session."""
        instance = edge.target.instance
        heard = self.offer(edge, told)
        won = self.winners.get(instance) is edge
        if won or not self.pairwise:
            self.select(instance)
            return
        if heard is None or not heard.valid:
            return
        present = self.best(instance)
        rivals = [heard] if present is None else [present, heard]
        best = best_of(rivals, self.graph.routers[instance])
        if best is heard:
            self.settle(instance, heard)


def _alike(one: Candidate | None, two: Candidate | None) -> bool:
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


def _came_by(best: Candidate | None, edge: Edge) -> bool:
    return best is not None and best.edge is not None and best.edge.session == edge.session


def propagate(graph: Graph, origins: Origins, sample: Sample, resolve: Resolve) -> Solved:
    """Return the paths of one class at every instance that has any."""
    pairwise = not _measured(graph, origins)
    run = _Run(graph, origins, sample, resolve, None, {}, pairwise=pairwise)
    start = dict.fromkeys((*origins, *graph.default_originators))
    return _finish(run, [instance for instance in start if instance in graph.routers])


def proceed(
    before: Solved, graph: Graph, touched: Iterable[Instance], sample: Sample, resolve: Resolve
) -> Solved:
    """Return the paths of a class after its graph, or what its next hops resolve to, changed.

    `touched`: instances at which an edge was added or lost that won, or a next hop moved.
    """
    run = _Run(graph, before.origins, sample, resolve, before, dict(before.winners))
    for gone in before.winners.keys() - graph.routers.keys():
        del run.winners[gone]
    run.hops.update(before.hops)
    run.marked = before.marked
    return _finish(run, [instance for instance in touched if instance in graph.routers])


def _finish(run: _Run, start: Iterable[Instance]) -> Solved:
    for instance in start:
        if run.before is None:
            run.now[instance] = run.was[instance] = None
            run.queue.append(instance)
    for instance in start:
        run.select(instance)
    budget = _VISITS_PER_ROUTER * (len(run.graph.routers) + 1)
    while run.queue and budget:
        budget -= 1
        run.tell(run.queue.popleft())
    return Solved(
        run.graph,
        run.origins,
        run.sample,
        run.winners,
        frozenset(run.hops),
        not run.queue,
        run.marked,
    )
