"""Propagation of one class of NLRI over the sessions, to its fixed point.

NLRI with the same origins and the same policy verdicts end with the same paths everywhere, so one
of them is computed and the others share the result. The result is kept small: who won at each
instance. What an instance heard and was told follows from the winners, and is made when asked for.

Instances that only listen (see stubs.py) are left out unless they originate the class: what they
have is found when somebody asks, from what those around them tell.

A result can be continued when sessions come or go: only instances whose winner is touched select
again. Selection by AS-path length and the steps below it has one outcome, however it is reached.
Where policy prefers by other means (`Graph.ordered` is false) several may exist, and the class is
computed from the start, so that the outcome never depends on what was before.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.decision import best_of
from avdlab.twin.protocols.bgp.exchange import (
    KEPT,
    Candidate,
    Edge,
    Resolve,
    Sample,
    advertise,
)
from avdlab.twin.protocols.bgp.graph import Graph, Origins, Part, measured
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.several import spread
from avdlab.twin.protocols.bgp.solved import Solved, Winner, accepted, alike, came_by
from avdlab.twin.tables.bgp import Attributes

_VISITS_PER_ROUTER = 50  # a class that needs more oscillates (RFC 3345), and is reported


@dataclass(slots=True)
class _Run:
    """One computation: `before` is what it continues, `now` the best paths that it changed."""

    part: Part
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

    @property
    def graph(self) -> Graph:
        return self.part.graph

    def best(self, instance: Instance) -> Candidate | None:
        if instance in self.now:
            return self.now[instance]
        return None if self.before is None else self.before.best(instance, self.resolve)

    def offer(self, edge: Edge, told: Attributes | None) -> Candidate | None:
        """Return the path that the receiver gets, None when it gets none."""
        heard = accepted(edge, told, self.sample, self.resolve)
        if heard is None:
            return None
        self.hops.add(heard.attributes.next_hop)
        if heard.attributes.communities & KEPT:
            self.marked = True
        return heard

    # -------------------------------------------------------------------------- selecting
    def select(self, instance: Instance) -> None:
        """Choose among everything that an instance has and hears."""
        found = list(self.origins.get(instance, ()))
        for edge in self.part.edges_in(instance):
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
        if known is self.winners.get(instance) and alike(present, best):
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
        for edge in self.part.edges_out(instance):
            if (mute or edge.in_vain(before)) and edge.in_vain(best):
                continue
            if edge.group not in groups:
                groups[edge.group] = (
                    None if mute else advertise(edge, before, self.sample, split=False),
                    advertise(edge, best, self.sample, split=False),
                )
            old, new = groups[edge.group]
            if old is not None and came_by(before, edge):
                old = advertise(edge, before, self.sample)
            if new is not None and came_by(best, edge):
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


def propagate(graph: Graph, origins: Origins, sample: Sample, resolve: Resolve) -> Solved:
    """Return the paths of one class at every instance that has any."""
    if graph.several:
        return spread(graph, origins, sample, resolve)
    pairwise = not measured(graph, origins)
    part = Part.of(graph, origins, sample)
    run = _Run(part, origins, sample, resolve, None, {}, pairwise=pairwise)
    start = dict.fromkeys((*origins, *graph.default_originators))
    return _finish(run, [i for i in start if i in graph.routers and i in part])


def proceed(
    before: Solved, graph: Graph, touched: Iterable[Instance], sample: Sample, resolve: Resolve
) -> Solved:
    """Return the paths of a class after its graph, or what its next hops resolve to, changed.

    `touched`: instances at which an edge was added or lost that won, or a next hop moved.
    """
    part = Part.of(graph, before.origins, sample)
    if not part.alike(before.part):
        return propagate(graph, before.origins, sample, resolve)
    start = [instance for instance in touched if instance in graph.routers and instance in part]
    if not start and not before.winners.keys() - graph.routers.keys():
        return before.again(part)
    run = _Run(part, before.origins, sample, resolve, before, dict(before.winners))
    for gone in before.winners.keys() - graph.routers.keys():
        del run.winners[gone]
    run.hops.update(before.hops)
    run.marked = before.marked
    return _finish(run, start)


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
        run.part,
        run.origins,
        run.sample,
        run.winners,
        frozenset(run.hops),
        not run.queue,
        run.marked,
    )
