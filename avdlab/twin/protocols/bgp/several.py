"""Classes of NLRI where sessions carry additional paths (RFC 7911).

Each additional path of a session has an edge of its own. What it carries follows from all paths of
the sender, not from the best alone, so that every path is passed on
in rounds, and all paths of every instance are kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.decision import Ranked, rank
from avdlab.twin.protocols.bgp.exchange import Candidate, Edge, Resolve, Sample, advertise
from avdlab.twin.protocols.bgp.graph import Graph, Origins, Part
from avdlab.twin.protocols.bgp.peers import PeerFamily
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.solved import Solved, Winner, accepted, alike, came_by
from avdlab.twin.tables.bgp import Attributes

ADDITIONAL = frozenset({"any", "ecmp", "backup"})  # `best` sends no more than without
_ROUNDS = 50


def sends_more(family: PeerFamily) -> bool:
    """Tell whether more than the best path may be sent to a peer."""
    return family.more_sent is not None and family.more_sent[0] in ADDITIONAL


Tables = Mapping[Instance, tuple[Ranked, ...]]


@dataclass(slots=True, eq=False)
class SolvedSeveral(Solved):
    """The fixed point of a class with all paths of every instance."""

    tables: Tables = field(default_factory=dict)

    def told(self, edge: Edge, resolve: Resolve) -> Attributes | None:
        """Return what the sender of an edge tells on it."""
        return _told(edge, self.tables.get(edge.source.instance, ()), self.sample)

    def loops_back(self, edge: Edge, resolve: Resolve) -> bool:
        """Additional paths are looked at one by one."""
        return False


def spread(graph: Graph, origins: Origins, sample: Sample, resolve: Resolve) -> Solved:
    """Return the paths of one class at every instance that has any."""
    tables: dict[Instance, tuple[Ranked, ...]] = {}
    settled = False
    for _ in range(_ROUNDS):
        moved = False
        for instance in graph.routers:
            found = _ranked(graph, instance, origins, tables, sample, resolve)
            moved = moved or not _same(found, tables.get(instance, ()))
            tables[instance] = found
        if not moved:
            settled = True
            break
    winners = {i: _winner(found[0]) for i, found in tables.items() if found and found[0].best}
    every = [path.candidate.attributes for found in tables.values() for path in found]
    hops = frozenset(told.next_hop for told in every)
    return SolvedSeveral(
        Part(graph), origins, sample, winners, hops, settled, marked=True, tables=tables
    )


def _ranked(
    graph: Graph,
    instance: Instance,
    origins: Origins,
    tables: Tables,
    sample: Sample,
    resolve: Resolve,
) -> tuple[Ranked, ...]:
    found = list(origins.get(instance, ()))
    for edge in graph.edges_in[instance]:
        told = _told(edge, tables.get(edge.source.instance, ()), sample)
        heard = accepted(edge, told, sample, resolve)
        if heard is not None:
            found.append(heard)
    return rank(found, graph.routers[instance]) if found else ()


def _winner(best: Ranked) -> Winner:
    return best.candidate.edge or best.candidate


def _same(one: tuple[Ranked, ...], two: tuple[Ranked, ...]) -> bool:
    return len(one) == len(two) and all(
        a.candidate.edge is b.candidate.edge and alike(a.candidate, b.candidate)
        for a, b in zip(one, two, strict=True)
    )


def _told(edge: Edge, table: tuple[Ranked, ...], sample: Sample) -> Attributes | None:
    best = table[0].candidate if table and table[0].best else None
    if not edge.slot:
        return advertise(edge, best, sample)
    more = list(_additional(edge, table))
    return advertise(edge, more[edge.slot - 1], sample) if edge.slot <= len(more) else None


def _additional(edge: Edge, table: tuple[Ranked, ...]) -> Iterator[Candidate]:
    """Yield the paths besides the best that a session carries, in the order of their ranking."""
    kind = (edge.out.more_sent or ("none", None))[0]
    others = [path for path in table[1:] if path.candidate.valid and not path.best]
    if kind == "ecmp":
        others = [path for path in others if path.ecmp]
    if kind == "backup":
        hop = table[0].candidate.attributes.next_hop if table else 0
        others = [p for p in others if p.candidate.attributes.next_hop != hop][:1]
    yield from (path.candidate for path in others if not came_by(path.candidate, edge))
