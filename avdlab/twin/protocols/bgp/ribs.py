"""Routing tables with BGP in them, made route by route when somebody asks.

A leaf of a large fabric has thousands of BGP routes, and most are never looked at: what is shared
by all instances of a graph is kept once, and a route is made of it at the first look.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import Prefix, mask
from avdlab.twin.protocols.bgp.classes import SolvedClass
from avdlab.twin.protocols.bgp.solved import Solved
from avdlab.twin.tables.rib import Rib, Route, stays


@dataclass(slots=True)
class GraphTable:
    """The prefixes of one graph, in order, each with the class that it is in."""

    bits: int
    classes: dict[Prefix, SolvedClass[Prefix]] = field(default_factory=dict)
    lengths: list[tuple[int, int]] = field(default_factory=list)  # (length, mask), longest first

    @classmethod
    def of(cls, bits: int, classes: Iterable[SolvedClass[Prefix]]) -> "GraphTable":
        found = {prefix: solved for solved in classes for prefix in solved.members}
        table = cls(bits, {prefix: found[prefix] for prefix in sorted(found)})
        lengths = sorted({prefix.length for prefix in found}, reverse=True)
        table.lengths = [(length, mask(length, bits)) for length in lengths]
        return table

    def solved(self, prefix: Prefix) -> Solved | None:
        found = self.classes.get(prefix)
        return None if found is None else found.solved


class BgpRib(Rib):
    """A routing table: `base` without BGP, and the routes that BGP offers over it."""

    def __init__(
        self,
        base: Rib,
        table: Callable[[], GraphTable],
        make: Callable[[Prefix], Route | None],
        least: int,
        known: dict[Prefix, Route | None] | None = None,
    ) -> None:
        """`least`: the lowest preference that a route of BGP can have here; `known`: routes that an
        earlier table of the same base and table made, and that nothing can change."""
        super().__init__(base.bits)
        self._least = least
        self._base = base
        self._table = table
        self._make = make
        self._made: dict[Prefix, Route | None] = {} if known is None else dict(known)
        self._extra = Rib(base.bits)  # offered afterwards

    def copy(self) -> "BgpRib":
        found = BgpRib(self._base, self._table, self._make, self._least)
        found._made = self._made
        found._extra = self._extra.copy()
        return found

    def of_bgp(self, prefix: Prefix) -> Route | None:
        """Return what BGP offers for a prefix, whether or not it is the best."""
        if prefix not in self._made:
            known = prefix in self._table().classes
            self._made[prefix] = self._make(prefix) if known else None
        return self._made[prefix]

    def settles(self, address: int) -> bool:
        """Tell whether BGP has no say in how an address is reached."""
        classes = self._table().classes
        for length, bits in self.lengths():
            prefix = Prefix(address & bits, length, self.bits)
            found = self._base.get(prefix)
            if prefix in classes and (found is None or found.preference >= self._least):
                return False
            if found is not None:
                return True
        return True

    def get(self, prefix: Prefix) -> Route | None:
        found = self._base.get(prefix)
        learned = self.of_bgp(prefix)
        if learned is not None and (found is None or not stays(found, learned)):
            found = learned
        extra = self._extra.get(prefix)
        if extra is not None and (found is None or not stays(found, extra)):
            return extra
        return found

    def offer(self, route: Route) -> bool:
        present = self.get(route.prefix)
        if present is not None and stays(present, route):
            return False
        self._lengths = []
        return self._extra.offer(route)

    def lookup(self, address: int, *, skip_default: bool = False) -> Route | None:
        for length, bits in self.lengths():
            if skip_default and length == 0:
                continue
            found = self.get(Prefix(address & bits, length, self.bits))
            if found is not None:
                return found
        return None

    def lengths(self) -> list[tuple[int, int]]:
        if not self._lengths:
            found = {*self._base.lengths(), *self._extra.lengths(), *self._table().lengths}
            self._lengths = sorted(found, reverse=True)
        return self._lengths

    def statics(self) -> Iterator[Route]:
        for table in (self._base, self._extra):
            for route in table.statics():
                # no need to make BGP's route where it could not win
                if route.preference <= self._least or self.get(route.prefix) is route:
                    yield route

    def _prefixes(self) -> list[Prefix]:
        offered = (prefix for prefix in self._table().classes if self.of_bgp(prefix) is not None)
        own = (route.prefix for table in (self._base, self._extra) for route in table)
        return sorted({*offered, *own})

    def __iter__(self) -> Iterator[Route]:
        for prefix in self._prefixes():
            found = self.get(prefix)
            if found is not None:
                yield found

    def __len__(self) -> int:
        return len(self._prefixes())

    def __bool__(self) -> bool:
        return True  # counting would make every route

    def __contains__(self, prefix: object) -> bool:
        return isinstance(prefix, Prefix) and self.get(prefix) is not None


Tables = Mapping[tuple[str, str], Rib]
