"""What one computation leaves for the next: equal things are the same objects, so that classes
which were solved stay solved.

Everything in here is a cache. A computation with an empty memory ends in the same state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from avdlab.twin.config.settings import Afi, DeviceSettings
from avdlab.twin.protocols.bgp.classes import GraphSolver
from avdlab.twin.protocols.bgp.exchange import Edge, Router
from avdlab.twin.protocols.bgp.graph import Graph
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.originate import Interner
from avdlab.twin.protocols.bgp.peers import Peer, peers_of
from avdlab.twin.protocols.bgp.reach import Instance

_ROUTER_FIELDS = tuple(item.name for item in fields(Router))
_KEEP = 8  # times as many edges as are in use may be remembered
_AGE = 2  # computations that a graph is remembered without being used
Parts = tuple[Mapping[Instance, Router], tuple[Edge, ...]]


@dataclass(slots=True)
class Memory:
    """Peers, routers, edges, graphs and solvers by what they were made of."""

    interner: Interner = field(default_factory=Interner)
    edges: dict[tuple[object, ...], Edge] = field(default_factory=dict)
    groups: dict[tuple[object, ...], int] = field(default_factory=dict)
    sessions: dict[frozenset[tuple[str, str, str]], int] = field(default_factory=dict)
    _peers: dict[str, tuple[DeviceSettings, tuple[Peer, ...]]] = field(default_factory=dict)
    _derived: dict[tuple[int, object], tuple[Peer, Peer]] = field(default_factory=dict)
    _routers: dict[Instance, Router] = field(default_factory=dict)
    _graphs: dict[tuple[object, ...], Graph] = field(default_factory=dict)
    _solvers: dict[Graph, GraphSolver[Any]] = field(default_factory=dict)
    _at: dict[tuple[Afi, Instance], list[GraphSolver[Any]]] = field(default_factory=dict)
    _used: dict[Graph, int] = field(default_factory=dict)  # when last
    _time: int = 0

    def peers(self, speaker: Speaker) -> tuple[Peer, ...]:
        """Return the configured peers of a device: the same objects for the same settings."""
        known = self._peers.get(speaker.node)
        if known is None or known[0] is not speaker.settings:
            fresh = tuple(peers_of(speaker))
            if known is not None:
                same = {peer.key: peer for peer in known[1]}
                fresh = tuple(_same(same.get(peer.key), peer) for peer in fresh)
            known = self._peers[speaker.node] = (speaker.settings, fresh)
        return known[1]

    def derived(self, peer: Peer, by: object, make: Callable[[], Peer]) -> Peer:
        """Return a peer made of another: the same object every time."""
        key = (id(peer), by)
        if key not in self._derived:
            self._derived[key] = (peer, make())
        return self._derived[key][1]

    def router(self, fresh: Router) -> Router:
        """Return the router of an instance: the one known, while nothing about it changed."""
        known = self._routers.get(fresh.instance)
        if known is not None and all(_alike(known, fresh, name) for name in _ROUTER_FIELDS):
            return known
        self._routers[fresh.instance] = fresh
        return fresh

    def graph(self, family: Afi, parts: Parts) -> Graph:
        """Return the graph of routers and edges: the same object for the same ones."""
        routers, edges = parts
        key = (family, tuple(map(id, routers.values())), tuple(map(id, edges)))
        known = self._graphs.get(key)
        if known is None:
            known = self._graphs[key] = Graph.of(routers, edges)
        self._used[known] = self._time
        return known

    def solver(self, graph: Graph, family: Afi) -> GraphSolver[Any]:
        """Return the solver of a graph: the known one, or one that goes on from the answers to the
        graph that is most like it."""
        known = self._solvers.get(graph)
        if known is None:
            known = GraphSolver.of(graph, self._nearest(graph, family))
            self._solvers[graph] = known
            for instance in graph.routers:
                self._at.setdefault((family, instance), []).append(known)
        return known

    def _nearest(self, graph: Graph, family: Afi) -> GraphSolver[Any] | None:
        near = dict.fromkeys(
            solver for i in graph.routers for solver in self._at.get((family, i), ())
        )
        if not near:
            return None
        edges = set(graph.edges())
        return max(near, key=lambda solver: len(edges.intersection(solver.graph.edges())))

    def begin(self) -> None:
        """Start a computation: what the two before it did not use is forgotten."""
        self._time += 1
        old = {graph for graph, used in self._used.items() if used < self._time - _AGE}
        if not old:
            return
        self._graphs = {key: graph for key, graph in self._graphs.items() if graph not in old}
        self._solvers = {g: solver for g, solver in self._solvers.items() if g not in old}
        self._used = {graph: used for graph, used in self._used.items() if graph not in old}
        for key, solvers in list(self._at.items()):
            self._at[key] = [solver for solver in solvers if solver.graph not in old]

    def sweep(self, used: int) -> None:
        """Forget what piled up over many changes. Never changes an answer."""
        if len(self.edges) > _KEEP * max(used, 256) or self.interner.crowded():
            self.interner = Interner()
            for table in (self.edges, self._graphs, self._solvers, self._at, self._used):
                table.clear()


def _same(known: Peer | None, fresh: Peer) -> Peer:
    return known if known is not None and known == fresh else fresh


def _alike(one: Router, two: Router, name: str) -> bool:
    a, b = getattr(one, name), getattr(two, name)
    return a is b or a == b
