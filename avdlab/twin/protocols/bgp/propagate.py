"""Propagation of one class of NLRI over the sessions, to its fixed point.

NLRI with the same origins and the same policy verdicts end with the same paths everywhere, so one
of them is computed and the others share the result.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.decision import Ranked, best_of, rank
from avdlab.twin.protocols.bgp.exchange import (
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


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Instances and the directed sessions between them, in one address family."""

    routers: Mapping[Instance, Router]
    edges_in: Mapping[Instance, tuple[Edge, ...]]
    edges_out: Mapping[Instance, tuple[Edge, ...]]
    default_originators: tuple[Instance, ...] = ()

    @classmethod
    def of(cls, routers: Mapping[Instance, Router], edges: Iterable[Edge]) -> "Graph":
        into: dict[Instance, list[Edge]] = {instance: [] for instance in routers}
        out: dict[Instance, list[Edge]] = {instance: [] for instance in routers}
        defaults: dict[Instance, None] = {}
        for edge in edges:
            into[edge.target.instance].append(edge)
            out[edge.source.instance].append(edge)
            if edge.out.default_originate is not None:
                defaults[edge.source.instance] = None
        return cls(
            routers,
            {instance: tuple(found) for instance, found in into.items()},
            {instance: tuple(found) for instance, found in out.items()},
            tuple(defaults),
        )


@dataclass(slots=True)
class Solved:
    """The fixed point of one class."""

    ranked: dict[Instance, tuple[Ranked, ...]] = field(default_factory=dict)
    sent: list[int] = field(default_factory=list)  # indices of edges
    received: list[int] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)
    as_loops: list[int] = field(default_factory=list)
    converged: bool = True


@dataclass(slots=True)
class _Run:
    graph: Graph
    origins: Origins
    sample: Sample
    resolve: Resolve
    told: dict[Edge, Attributes | None] = field(default_factory=dict)
    heard: dict[Instance, dict[Edge, Candidate | None]] = field(default_factory=dict)
    dropped: dict[Edge, bool] = field(default_factory=dict)  # edge -> as a loop of AS numbers
    best: dict[Instance, Candidate | None] = field(default_factory=dict)
    exports: dict[tuple[object, ...], Attributes | None] = field(default_factory=dict)


def propagate(graph: Graph, origins: Origins, sample: Sample, resolve: Resolve) -> Solved:
    """Return the paths of one class at every instance that has any."""
    run = _Run(graph, origins, sample, resolve)
    start = dict.fromkeys((*origins, *graph.default_originators))
    queue = deque(instance for instance in start if instance in graph.routers)
    waiting = set(queue)
    budget = _VISITS_PER_ROUTER * (len(graph.routers) + 1)
    while queue and budget:
        budget -= 1
        instance = queue.popleft()
        waiting.discard(instance)
        for changed in _visit(run, instance):
            if changed not in waiting:
                waiting.add(changed)
                queue.append(changed)
    return _collect(run, converged=not queue)


def _at(run: _Run, instance: Instance) -> list[Candidate]:
    heard = run.heard.get(instance, {}).values()
    return [*run.origins.get(instance, ()), *(found for found in heard if found is not None)]


def _visit(run: _Run, instance: Instance) -> list[Instance]:
    """Select at one instance and tell the neighbors; return those who heard something new."""
    best = best_of(_at(run, instance), run.graph.routers[instance])
    if instance in run.best and run.best[instance] is best:
        return []
    run.best[instance] = best
    heard = []
    for edge in run.graph.edges_out[instance]:
        told = advertise(edge, best, run.sample, run.exports)
        before = run.told.get(edge)
        if told is before or told == before:
            continue
        run.told[edge] = told
        if _hear(run, edge, told):
            heard.append(edge.target.instance)
    return heard


def _hear(run: _Run, edge: Edge, told: Attributes | None) -> bool:
    table = run.heard.setdefault(edge.target.instance, {})
    before = table.get(edge)
    run.dropped.pop(edge, None)
    taken = None if told is None else take(edge, told, run.sample, run.resolve)
    if isinstance(taken, Dropped):
        run.dropped[edge] = taken.as_loop
        taken = None
    table[edge] = taken
    return before is not None or taken is not None


def _collect(run: _Run, *, converged: bool) -> Solved:
    solved = Solved(converged=converged)
    for instance in dict.fromkeys((*run.origins, *run.heard)):
        candidates = _at(run, instance) if instance in run.graph.routers else []
        if candidates:
            solved.ranked[instance] = rank(candidates, run.graph.routers[instance])
    for edge, told in run.told.items():
        if told is not None:
            _count(run, solved, edge)
    return solved


def _count(run: _Run, solved: Solved, edge: Edge) -> None:
    solved.sent.append(edge.index)
    if edge not in run.dropped:
        solved.received.append(edge.index)
        if run.heard[edge.target.instance].get(edge) is not None:
            solved.accepted.append(edge.index)
    elif run.dropped[edge]:
        solved.as_loops.append(edge.index)
