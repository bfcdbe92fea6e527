"""How many prefixes each session carried: counted when somebody looks, device by device."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from avdlab.twin.config.settings import Afi
from avdlab.twin.protocols.bgp.classes import Metric
from avdlab.twin.protocols.bgp.exchange import AS_LOOP, Dropped, Edge, tells
from avdlab.twin.protocols.bgp.retold import Retold
from avdlab.twin.protocols.bgp.solved import Solved
from avdlab.twin.protocols.bgp.state import FAMILIES, OVERLAYS, State
from avdlab.twin.protocols.bgp.unicast import whole

Key = tuple[str, str, str]
_UNICAST = frozenset(FAMILIES.values())


@dataclass(slots=True)
class Counts:
    """Prefixes of one session, as one end sees it."""

    sent: dict[Afi, int] = field(default_factory=dict)
    received: dict[Afi, int] = field(default_factory=dict)
    accepted: dict[Afi, int] = field(default_factory=dict)


@dataclass(slots=True)
class Chosen:
    """How many paths from a peer carry traffic, and how many of them lead others of the same cost
    (EOS 4.31: of two peers with the same paths the first has as many of either, the second none of
    the latter)."""

    best: int = 0
    leading: int = 0


@dataclass(slots=True)
class Counters:
    """Counts of all sessions of the devices that were asked for."""

    state: State
    retold: Retold
    _out: dict[str, list[Edge]] = field(default_factory=dict)
    _in: dict[str, list[Edge]] = field(default_factory=dict)
    _done: dict[str, dict[Key, Counts]] = field(default_factory=dict)
    _drops: dict[str, dict[Key, dict[str, int]]] = field(default_factory=dict)
    _chosen: dict[str, dict[Key, dict[Afi, Chosen]]] = field(default_factory=dict)

    @classmethod
    def of(cls, state: State) -> "Counters":
        found = cls(state, Retold(state))
        for afi in (*FAMILIES.values(), *OVERLAYS):
            for edge in state.edges.of(state.sessions.up, afi):
                found._out.setdefault(edge.source.instance[0], []).append(edge)
                found._in.setdefault(edge.target.instance[0], []).append(edge)
        return found

    def of_peer(self, key: Key) -> Counts:
        """Return the counts of a peer of a device."""
        node = key[0]
        if node not in self._done:
            self._done[node] = self._count(node)
        return self._done[node].get(key) or Counts()

    def drops(self, key: Key) -> dict[str, int]:
        """Return how many prefixes from a peer were dropped before policy, by reason."""
        node = key[0]
        if node not in self._drops:
            self._drops[node] = self._count_drops(node)
        return self._drops[node].get(key, {})

    def chosen(self, key: Key) -> dict[Afi, Chosen]:
        """Return what became of the paths from a peer, by family."""
        node = key[0]
        if node not in self._chosen:
            self._chosen[node] = self._choose(node)
        return self._chosen[node].get(key, {})

    def _choose(self, node: str) -> dict[Key, dict[Afi, Chosen]]:
        found: dict[Key, dict[Afi, Chosen]] = {}
        for (afi, vrf), _, into in self._by_family(node):
            metric = self.state.metric_of(afi)
            for size, solved in self._classes(afi, (node, vrf)) if afi in _UNICAST and into else ():
                for path in solved.ranked((node, vrf), metric):
                    edge = path.candidate.edge
                    if edge is not None and (path.best or path.ecmp):
                        of_peer = found.setdefault(edge.receiver.key, {})
                        counts = of_peer.setdefault(afi, Chosen())
                        counts.best += size
                        counts.leading += size if path.best and path.ecmp else 0
        return found

    def _count(self, node: str) -> dict[Key, Counts]:
        found: dict[Key, Counts] = {}
        for (afi, vrf), out, into in self._by_family(node):
            metric = self.state.metric_of(afi)
            for size, solved in self._classes(afi, (node, vrf)):
                best = solved.best((node, vrf), metric)
                for edge in out:
                    told = solved.told(edge, metric) if edge.slot else None
                    if told is not None or (not edge.slot and tells(edge, best, solved.sample)):
                        _add(found.setdefault(edge.sender.key, Counts()).sent, afi, size)
                for edge in into:
                    if not solved.heard_in_vain(edge):
                        counts = found.setdefault(edge.receiver.key, Counts())
                        _receive(counts, edge, solved, size, metric)
            own = self.retold.count(afi, node) if afi in OVERLAYS else 0
            for edge in out if own else ():
                _add(found.setdefault(edge.sender.key, Counts()).sent, afi, own)
        return found

    def _count_drops(self, node: str) -> dict[Key, dict[str, int]]:
        found: dict[Key, dict[str, int]] = {}
        for (afi, vrf), _, into in self._by_family(node):
            metric = self.state.metric_of(afi)
            for size, solved in self._classes(afi, (node, vrf)):
                for edge in into:
                    _dropped(found, edge, _drop(edge, solved, metric), size)
            for edge in into if afi in OVERLAYS else ():
                # what is told again of imported routes (see lazy.py)
                _dropped(found, edge, AS_LOOP, self.retold.count(afi, edge.source.instance[0]))
        return found

    def _by_family(self, node: str) -> Iterator[tuple[tuple[Afi, str], list[Edge], list[Edge]]]:
        out: dict[tuple[Afi, str], list[Edge]] = {}
        into: dict[tuple[Afi, str], list[Edge]] = {}
        for edge in self._out.get(node, ()):
            out.setdefault((edge.family, edge.sender.vrf), []).append(edge)
        for edge in self._in.get(node, ()):
            into.setdefault((edge.family, edge.receiver.vrf), []).append(edge)
        for key in {**out, **into}:
            yield key, out.get(key, []), into.get(key, [])

    def _classes(self, afi: Afi, instance: tuple[str, str]) -> Iterable[tuple[int, Solved]]:
        """Return the classes of the graph of an instance, with the numbers of their members."""
        if afi in OVERLAYS:
            classes = self.state.overlays[afi].classes
            return [
                (len(c.members), c.solved) for c in classes if instance in c.solved.graph.routers
            ]
        unicast = next(u for u in self.state.unicast.values() if u.afi is afi)
        graph = unicast.graph_of.get(instance)
        if graph is None:
            return []
        found, _ = whole(self.state, unicast, graph)
        return [(len(c.members), c.solved) for c in found]


def _add(counts: dict[Afi, int], family: Afi, size: int) -> None:
    counts[family] = counts.get(family, 0) + size


def _receive(counts: Counts, edge: Edge, solved: Solved, size: int, metric: Metric) -> None:
    if edge.source.instance in solved.sample.hidden and edge.out.default_originate is None:
        return
    if solved.loops_back(edge, metric) or solved.told(edge, metric) is None:
        return
    heard = solved.heard(edge, metric)
    if isinstance(heard, Dropped):
        return
    _add(counts.received, edge.family, size)
    if heard is not None:
        _add(counts.accepted, edge.family, size)


def _dropped(found: dict[Key, dict[str, int]], edge: Edge, reason: str, size: int) -> None:
    if reason and size:
        of_peer = found.setdefault(edge.receiver.key, {})
        of_peer[reason] = of_peer.get(reason, 0) + size


def _drop(edge: Edge, solved: Solved, metric: Metric) -> str:
    """Return why the receiver drops what it is told, "" where it does not or nobody counts it."""
    if edge.source.instance in solved.sample.hidden and edge.out.default_originate is None:
        return ""
    if solved.loops_back(edge, metric):
        return AS_LOOP
    if solved.told(edge, metric) is None:
        return ""
    heard = solved.heard(edge, metric)
    return heard.reason if isinstance(heard, Dropped) else ""
