"""The LSAs that a router holds, made of what was computed: no LSA is flooded here.

Routers of an area that reach each other hold the same ones, and share one tuple. Left out: the
forwarding of type 7 as type 5, which the routes have.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from avdlab.net.addresses import Prefix, format_ipv4
from avdlab.twin.protocols.ospf_external import brought, way_to
from avdlab.twin.protocols.ospf_links import Adjacency, neighbors
from avdlab.twin.protocols.ospf_tables import Key, Network
from avdlab.twin.tables.igp import Lsa, OspfNeighbor


@dataclass(slots=True)
class Databases:
    """Makes the databases of a fabric; `summaries`: what border routers tell each area."""

    network: Network
    summaries: dict[tuple[Key, int], list[Prefix]]
    _areas: dict[tuple[int, frozenset[Key]], tuple[Lsa, ...]] = field(default_factory=dict)
    _outside: dict[Key, list[Prefix]] = field(default_factory=dict)
    _neighbors: dict[Key, tuple[OspfNeighbor, ...]] = field(default_factory=dict)
    _near: dict[Key, list[Adjacency]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for item in self.network.adjacencies:
            self._near.setdefault(item.near.process.key, []).append(item)

    def of(self, key: Key) -> tuple[Lsa, ...]:
        """Return the LSAs of a router: area by area, then those from outside."""
        found: list[Lsa] = []
        for area in sorted(self.network.areas(key)):
            members = frozenset(self.network.paths[area][key])
            if (area, members) not in self._areas:
                lsas = sorted(self._area(area, members), key=_order)
                self._areas[area, members] = tuple(lsas)
            found += self._areas[area, members]
        return (*found, *self._external(key))

    def _area(self, area: int, members: frozenset[Key]) -> Iterator[Lsa]:
        for key in members:
            own = self.network.processes[key].router_id
            yield Lsa("router", area, own, own, links=self._links(key, area))
            for address in sorted(self._segments(key, area)):
                yield Lsa("network", area, address, own)
            for prefix in self.summaries.get((key, area), ()):
                yield Lsa("summary", area, prefix.network, own)
            if self.network.kind(key, area) == "nssa":
                yield from (Lsa("nssa", area, p.network, own) for p in self._brought(key))
            elif self.network.border(key) and not self.network.kind(key, area):
                for other in self._elsewhere(key, area, members):
                    yield Lsa("asbr", area, self.network.processes[other].router_id, own)

    def _external(self, key: Key) -> Iterator[Lsa]:
        """RFC 2328 3.6, RFC 3101 2: stubs and NSSAs hold no type 5."""
        if all(self.network.kind(key, area) for area in self.network.areas(key)):
            return
        for other in sorted(self.network.processes):
            normal = not all(self.network.kind(other, area) for area in self.network.areas(other))
            prefixes = self._brought(other) if normal else []
            if prefixes and (other == key or way_to(self.network, key, other) is not None):
                own = self.network.processes[other].router_id
                yield from (Lsa("external", None, p.network, own) for p in sorted(prefixes))

    def _elsewhere(self, border: Key, area: int, members: frozenset[Key]) -> Iterator[Key]:
        """Yield who brings routes in from beyond a border router (RFC 2328 12.4.3)."""
        for other in sorted(self.network.processes):
            beyond = other not in members and self._brought(other)
            if beyond and way_to(self.network, border, other) is not None:
                yield other

    def _brought(self, key: Key) -> list[Prefix]:
        if key not in self._outside:
            self._outside[key] = list(brought(self.network.processes[key]))
        return self._outside[key]

    def neighbors(self, key: Key) -> tuple[OspfNeighbor, ...]:
        """Return the neighbor table of a process."""
        if key not in self._neighbors:
            near = self._near.get(key, ())
            self._neighbors[key] = neighbors(self.network.processes[key], near)
        return self._neighbors[key]

    def _seen(self, key: Key, area: int) -> list[OspfNeighbor]:
        return [n for n in self.neighbors(key) if n.state == "full" and n.area == area]

    def _links(self, key: Key, area: int) -> int:
        """RFC 2328 12.4.1: a subnet each, and on point-to-point links the neighbor besides."""
        circuits = [c for c in self.network.circuits[key] if c.area == area]
        seen = [n for n in self._seen(key, area) if n.dr_state is None]
        return len(circuits) + len(seen)

    def _segments(self, key: Key, area: int) -> set[int]:
        """Return the addresses with which a router is the DR of a segment with neighbors."""
        own = {c.address.address for c in self.network.circuits[key] if c.area == area}
        seen = {n.designated for n in self._seen(key, area) if n.dr_state}
        return own & seen


_KINDS = ("router", "network", "summary", "asbr", "nssa", "external")


def _order(lsa: Lsa) -> tuple[int, str, str]:
    return _KINDS.index(lsa.kind), format_ipv4(lsa.link_id), format_ipv4(lsa.router_id)
