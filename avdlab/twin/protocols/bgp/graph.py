"""The graph of sessions that routes of one family spread over, and the part of it that matters.

A class of NLRI is computed on the core of its graph and the stubs that originate it; the other
stubs only listen (see stubs.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.exchange import Candidate, Edge, Router, Sample
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.stubs import Stub, Stubs, find_stubs

Origins = Mapping[Instance, tuple[Candidate, ...]]


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
    several: bool = False  # a session carries additional paths
    reflects: bool = False  # iBGP passes routes on: by reflectors, or in a confederation
    stubs: Stubs = field(default_factory=Stubs)

    @classmethod
    def of(cls, routers: Mapping[Instance, Router], edges: Iterable[Edge]) -> "Graph":
        into: dict[Instance, list[Edge]] = {instance: [] for instance in routers}
        out: dict[Instance, list[Edge]] = {instance: [] for instance in routers}
        defaults: dict[Instance, None] = {}
        ordered, measured, retargets, reflects, several = True, False, False, False, False
        for edge in edges:
            into[edge.target.instance].append(edge)
            out[edge.source.instance].append(edge)
            ordered = ordered and not edge.prefers
            measured = measured or edge.measures
            retargets = retargets or edge.retargets
            several = several or edge.slot > 0
            reflects = reflects or edge.out.route_reflector_client or edge.sender.member
            if edge.out.default_originate is not None:
                defaults[edge.source.instance] = None
        edges_in = {instance: tuple(found) for instance, found in into.items()}
        edges_out = {instance: tuple(found) for instance, found in out.items()}
        # with preferences, what is told first may decide: then nothing is left for later
        alone = ordered and not measured and not several
        listening = find_stubs(edges_in, edges_out) if alone else Stubs()
        return cls(
            routers,
            edges_in,
            edges_out,
            tuple(defaults),
            ordered and not several,
            measured,
            retargets,
            several,
            reflects,
            listening,
        )

    def edges(self) -> Iterator[Edge]:
        """Yield every edge once."""
        for found in self.edges_out.values():
            yield from found


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The part of a graph that one class is computed on: the core, and the stubs that originate it.

    The rest only listens. Without stubs the part is the whole graph.
    """

    graph: Graph
    stubs: tuple[Stub, ...] = ()
    whole: bool = True

    @classmethod
    def of(cls, graph: Graph, origins: Origins, sample: Sample) -> "Part":
        known = graph.stubs.of
        if not known or measured(graph, origins):
            return cls(graph)
        default = sample.prefix is not None and sample.prefix.length == 0
        starts = (*origins, *(graph.default_originators if default else ()))
        telling = dict.fromkeys(known[instance] for instance in starts if instance in known)
        return cls(graph, tuple(telling), whole=False)

    def __contains__(self, instance: object) -> bool:
        stub = None if self.whole else self.graph.stubs.of.get(instance)  # type: ignore[call-overload]
        return stub is None or stub in self.stubs

    def alike(self, other: "Part") -> bool:
        """Tell whether the part has the same instances in another graph."""
        if self.whole or other.whole:
            return self.whole and other.whole
        mine, others = self.graph.stubs, other.graph.stubs
        members = [stub.members for stub in self.stubs]
        return mine.core_out.keys() == others.core_out.keys() and members == [
            stub.members for stub in other.stubs
        ]

    def edges_out(self, instance: Instance) -> Iterable[Edge]:
        """Return the sessions from an instance of the part to others of it."""
        if self.whole:
            return self.graph.edges_out[instance]
        core = self.graph.stubs.core_out.get(instance)
        if core is None:
            every = self.graph.edges_out[instance]
            return [edge for edge in every if edge.target.instance in self]
        return (*core, *(e for stub in self.stubs for e in stub.into.get(instance, ())))

    def edges_in(self, instance: Instance) -> Iterable[Edge]:
        """Return the sessions to any instance that may bring it something."""
        if self.whole:
            return self.graph.edges_in[instance]
        core = self.graph.stubs.core_in.get(instance)
        if core is None:
            own = self.graph.stubs.of[instance]
            return [
                edge
                for edge in self.graph.edges_in[instance]
                if edge.source.instance in self or edge.source.instance in own.members
            ]
        return (*core, *(e for stub in self.stubs for e in stub.out.get(instance, ())))


def measured(graph: Graph, origins: Origins) -> bool:
    """Tell whether MEDs take part: then paths cannot be compared two at a time."""
    return graph.measured or any(
        path.attributes.med for paths in origins.values() for path in paths
    )
