"""What the steps of OSPF share: the processes of a fabric, and the best way to each prefix."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from avdlab.net.addresses import Prefix
from avdlab.twin.protocols.igp import Hop
from avdlab.twin.protocols.ospf_links import Adjacency, Circuit, Process
from avdlab.twin.tables.rib import RouteType

BACKBONE = 0
Key = tuple[str, int]  # node, instance
Paths = Mapping[Key, tuple[int, frozenset[Hop]]]


@dataclass(frozen=True, slots=True)
class Best:
    """The best way to a prefix so far."""

    metric: int
    hops: frozenset[Hop]
    type: RouteType
    cost: int = 0  # of type 2 externals: distance to the router that brings them in
    tag: int = 0  # of externals (RFC 2328 A.4.5)


Table = dict[Prefix, Best]


@dataclass(slots=True)
class Network:
    """Everything about all processes of the fabric."""

    processes: dict[Key, Process] = field(default_factory=dict)
    circuits: dict[Key, list[Circuit]] = field(default_factory=dict)
    adjacencies: list[Adjacency] = field(default_factory=list)
    # (area, router) -> the prefixes that it is attached to there, with their costs
    attached: dict[tuple[int, Key], list[tuple[Prefix, int]]] = field(default_factory=dict)
    # area -> router -> shortest paths inside the area
    paths: dict[int, dict[Key, Paths]] = field(default_factory=dict)
    _flooded: dict[Key, int] = field(default_factory=dict)  # router -> number of its part

    def areas(self, key: Key) -> set[int]:
        return {circuit.area for circuit in self.circuits[key]}

    def border(self, key: Key) -> bool:
        """RFC 2328 3.3: an area border router has a foot in the backbone and one elsewhere."""
        areas = self.areas(key)
        return len(areas) > 1 and BACKBONE in areas

    def floods(self, one: Key, two: Key) -> bool:
        """Tell whether type 5 of one router gets to another: over areas that are no stubs."""
        if not self._flooded:
            for number, key in enumerate(self.processes):
                self._spread(key, number)
        return self._flooded[one] == self._flooded[two]

    def _spread(self, start: Key, number: int) -> None:
        todo = [start] if start not in self._flooded else []
        while todo:
            key = todo.pop()
            if key in self._flooded:
                continue
            self._flooded[key] = number
            for area in self.areas(key):
                if not self.kind(key, area):
                    todo += [k for k in self.paths[area][key] if k not in self._flooded]

    def kind(self, key: Key, area: int) -> str:
        """Return stub, nssa or "" of an area, as a router is configured."""
        return self.processes[key].area(area).kind


_TYPE_2 = frozenset({RouteType.OSPF_E2, RouteType.OSPF_N2})


def _measure(best: Best) -> tuple[bool, int, int]:
    """RFC 2328 11: a type 1 external beats a type 2, whatever it costs."""
    return (best.type in _TYPE_2, best.metric, best.cost)


def offer(table: Table, prefix: Prefix, best: Best) -> None:
    """Take a way if it is better than what is there; equal ways are joined."""
    known = table.get(prefix)
    if known is None or _measure(best) < _measure(known):
        table[prefix] = best
    elif _measure(best) == _measure(known) and known.hops and best.hops:
        table[prefix] = replace(best, hops=known.hops | best.hops)
