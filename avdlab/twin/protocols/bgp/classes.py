"""Solves a graph by classes: NLRI with equal origins and equal policy verdicts are one class."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from avdlab.net.addresses import Prefix
from avdlab.twin.config.settings import PolicySettings, PrefixListEntry
from avdlab.twin.protocols.bgp.exchange import Candidate, Edge, Sample
from avdlab.twin.protocols.bgp.graph import Graph
from avdlab.twin.protocols.bgp.policy_match import (
    access_list_permits,
    entries_of,
    prefix_list_permits,
)
from avdlab.twin.protocols.bgp.propagate import proceed, propagate
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.solved import Asked, Solved, remembering

Nlri = TypeVar("Nlri")
Metric = Callable[[Instance, int], int | None]
Lines = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The prefix-dependent lists that the sessions of a graph use: equal lists stand once."""

    prefix_lists: tuple[tuple[PrefixListEntry, ...], ...] = ()
    access_lists: tuple[Lines, ...] = ()
    default_originated: bool = False
    by_route_type: bool = False  # a policy tells EVPN route types apart

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> "Verdicts":
        prefix_lists: dict[tuple[PrefixListEntry, ...], None] = {}
        access_lists: dict[Lines, None] = {}
        default = by_type = False
        for edge in edges:
            default = default or edge.out.default_originate is not None
            by_type = by_type or edge.out.domain_remote or edge.source.next_hop_self_ip_prefix
            for policy, names, maps in _used(edge):
                by_type = by_type or any(_matched(policy, maps, "route-type"))
                for name in [*names, *_matched(policy, maps, "prefix-list")]:
                    for lists in (policy.prefix_lists, policy.prefix_lists6):
                        if name in lists:
                            prefix_lists[lists[name]] = None
                for name in _matched(policy, maps, "access-list"):
                    if name in policy.access_lists:
                        access_lists[policy.access_lists[name]] = None
        return cls(tuple(prefix_lists), tuple(access_lists), default, by_type)

    def on(self, prefix: Prefix | None) -> tuple[int, ...]:
        """Return the verdicts on one prefix: what tells apart prefixes with the same origins."""
        return (
            prefix.bits if prefix is not None else 0,
            *(prefix_list_permits(entries, prefix) for entries in self.prefix_lists),
            *(access_list_permits(lines, prefix) for lines in self.access_lists),
            self.default_originated and prefix is not None and prefix.length == 0,
        )


def _used(edge: Edge) -> list[tuple[PolicySettings, list[str], list[str]]]:
    def names(*found: str | None) -> list[str]:
        return [name for name in found if name is not None]

    return [
        (edge.source.policy, names(edge.out.prefix_list_out), names(edge.out.route_map_out)),
        (edge.target.policy, names(edge.into.prefix_list_in), names(edge.into.route_map_in)),
    ]


def _matched(policy: PolicySettings, maps: Iterable[str], kind: str) -> Iterable[str]:
    """Yield the names of lists of a kind that route-maps and their sub-route-maps match."""
    for entry in entries_of(policy, maps):
        for words in entry.match:
            if kind in words[:-1]:
                yield words[-1]


@dataclass(slots=True)
class SolvedClass(Generic[Nlri]):
    """A class: its members, and the result that they share."""

    members: list[Nlri]
    solved: Solved


Key = tuple[object, ...]


@dataclass(slots=True)
class Offer(Generic[Nlri]):
    """One NLRI and who originates it."""

    nlri: Nlri
    sample: Sample
    origins: dict[Instance, tuple[Candidate, ...]]


@dataclass(slots=True)
class Moved:
    """Next hops that are reached otherwise than before, and where."""

    by_hop: dict[int, set[Instance]] = field(default_factory=dict)
    listening: bool = False  # at an instance that only listens

    def at(self, known: Solved) -> set[Instance]:
        """Return the instances of the part that a class was computed on, where its next hops
        moved."""
        found: set[Instance] = set()
        for hop in known.hops if self.by_hop else ():
            found.update(i for i in self.by_hop.get(hop, ()) if i in known.part)
        return found


@dataclass(slots=True, eq=False)
class GraphSolver(Generic[Nlri]):
    """Solves one graph, and remembers: an unchanged question gets the same answer object."""

    graph: Graph
    verdicts: Verdicts
    asked: Asked = field(default_factory=dict)
    _solved: dict[Key, Solved] = field(default_factory=dict)
    # answers of the graph before this one, to go on from
    _seeds: dict[Key, Solved] = field(default_factory=dict)
    _lost: frozenset[Edge] = frozenset()
    _gained: tuple[Edge, ...] = ()
    solved_now: int = 0  # classes computed by the last `solve`
    went_on: int = 0  # of these, those that went on from an answer before

    @classmethod
    def of(cls, graph: Graph, before: "GraphSolver[Nlri] | None" = None) -> "GraphSolver[Nlri]":
        """Make a solver. `before` solved the graph while other sessions were there."""
        edges = dict.fromkeys(graph.edges())
        found = cls(graph, Verdicts.of(edges))
        if before is not None and before.verdicts == found.verdicts:
            known = dict.fromkeys(before.graph.edges())
            found._seeds = {**before._seeds, **before._solved}
            found._lost = frozenset(known.keys() - edges.keys())
            found._gained = tuple(edge for edge in edges if edge not in known)
            found.asked = {q: hop for q, hop in before.asked.items() if q[0] in graph.routers}
        return found

    def solve(self, offers: Iterable[Offer[Nlri]], metric: Metric) -> list[SolvedClass[Nlri]]:
        """Return the classes of the offers, each solved."""
        moved = self._moved(metric)
        resolve = remembering(self.asked, metric)
        self.solved_now = self.went_on = 0
        found: dict[Key, SolvedClass[Nlri]] = {}
        for offer in offers:
            key = self._key(offer)
            if key in found:
                found[key].members.append(offer.nlri)
                continue
            solved = self._solve(key, offer, moved, resolve)
            solved.asked = self.asked
            found[key] = SolvedClass([offer.nlri], solved)
        self._solved = {key: solved.solved for key, solved in found.items()}
        self._seeds = {}
        return list(found.values())

    def _key(self, offer: Offer[Nlri]) -> Key:
        origins = tuple(
            (instance, *map(id, paths)) for instance, paths in sorted(offer.origins.items())
        )
        sample = offer.sample
        kind = sample.route_type if self.verdicts.by_route_type else ""
        return (origins, self.verdicts.on(sample.prefix), sample.hidden, sample.held, kind)

    def _solve(self, key: Key, offer: Offer[Nlri], moved: Moved, resolve: Metric) -> Solved:
        known = self._solved.get(key)
        same = known is not None
        if known is None:
            known = self._seeds.get(key)
        if known is None or not (same or known.continues()):
            return self._afresh(offer, resolve)
        touched = moved.at(known)
        if not same:
            touched.update(self._resessioned(known))
        if same and not touched:
            return known.again(known.part) if moved.listening and known.listening else known
        if not known.continues():
            return self._afresh(offer, resolve)
        self.solved_now += 1
        self.went_on += 1
        found = proceed(known, self.graph, sorted(touched), offer.sample, resolve)
        return found if found.continues() else self._afresh(offer, resolve)

    def _resessioned(self, known: Solved) -> Iterator[Instance]:
        """Yield the instances whose choice the sessions that came and went may change."""
        yield from (edge.target.instance for edge in self._gained)
        for edge in self._lost:
            if known.winners.get(edge.target.instance) is edge:
                yield edge.target.instance

    def _afresh(self, offer: Offer[Nlri], resolve: Metric) -> Solved:
        self.solved_now += 1
        return propagate(self.graph, offer.origins, offer.sample, resolve)

    def moved(self, metric: Metric) -> bool:
        """Tell whether any next hop that was asked for is reached otherwise now."""
        return any(metric(*question) != answer for question, answer in tuple(self.asked.items()))

    def _moved(self, metric: Metric) -> Moved:
        found = {
            question: answer
            for question, before in tuple(self.asked.items())
            if (answer := metric(*question)) != before
        }
        self.asked.update(found)
        moved = Moved()
        for instance, hop in found:
            moved.by_hop.setdefault(hop, set()).add(instance)
            moved.listening = moved.listening or instance in self.graph.stubs.of
        return moved
