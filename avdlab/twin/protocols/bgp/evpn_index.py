"""EVPN and VPN routes by route target: who wants a target finds its routes without a search."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.classes import Metric, SolvedClass
from avdlab.twin.protocols.bgp.evpn import EvpnNlri, carried
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.solved import Solved
from avdlab.twin.tables.bgp import EvpnType

SEGMENT_TYPES = frozenset({EvpnType.AUTO_DISCOVERY, EvpnType.ETHERNET_SEGMENT})


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Members of one class that are imported alike: they differ in MAC, address or prefix."""

    solved: Solved
    members: tuple[EvpnNlri, ...]
    alike: bool = True  # nobody changes the communities on the way

    @property
    def first(self) -> EvpnNlri:
        return self.members[0]

    def hop(self, metric: Metric) -> int | None:
        """Return the next hop wherever the route is heard, None where that differs."""
        return self.solved.hop(metric) if self.alike else None

    def communities(self, best: Candidate) -> frozenset[str]:
        """Return the extended communities where the path arrived."""
        return self.first.communities if self.alike else carried(best.attributes, self.first)


@dataclass(slots=True)
class Imets:
    """The type 3 routes by the VTEP that they lead to, and by target."""

    every: bool = True  # the VTEP of each is known without listening everywhere
    _found: dict[tuple[int, str], list[Group]] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Iterable[Group], metric: Metric) -> "Imets":
        found = cls()
        for group in groups:
            hop = group.hop(metric) if group.first.key.type is EvpnType.IMET else 0
            if hop is None:
                found.every = False
            for target in group.first.communities if hop else ():
                found._found.setdefault((hop or 0, target), []).append(group)
        return found

    def at(self, vtep: int, targets: Iterable[str]) -> Iterator[Group]:
        """Yield the routes to a VTEP with one of the targets."""
        for target in targets:
            yield from self._found.get((vtep, target), ())


@dataclass(slots=True)
class Index:
    """The routes of one family, by target. Those that a policy may retarget stand under all."""

    by_target: dict[str, list[Group]] = field(default_factory=dict)
    loose: list[Group] = field(default_factory=list)
    segments: list[Group] = field(default_factory=list)
    _imets: Imets | None = None

    @classmethod
    def of(cls, classes: Iterable[SolvedClass[EvpnNlri]]) -> "Index":
        found = cls()
        for solved in classes:
            alike = not solved.solved.graph.retargets
            for members in _apart(solved.members):
                found._add(Group(solved.solved, members, alike))
        return found

    def _add(self, group: Group) -> None:
        if group.first.key.type in SEGMENT_TYPES:
            self.segments.append(group)
        elif group.alike:
            for target in group.first.communities:
                self.by_target.setdefault(target, []).append(group)
        else:
            self.loose.append(group)

    def imets_by_hop(self, metric: Metric) -> Imets:
        """Return the type 3 routes by VTEP."""
        if self._imets is None:
            groups = {id(g): g for found in self.by_target.values() for g in found}
            self._imets = Imets.of([*groups.values(), *self.loose], metric)
        return self._imets

    def wanted(self, targets: Iterable[str]) -> Iterator[Group]:
        """Yield the groups that may carry one of the targets, each once."""
        seen: set[int] = set()
        for target in sorted(targets):
            for group in self.by_target.get(target, ()):
                if id(group) not in seen:
                    seen.add(id(group))
                    yield group
        yield from self.loose


def _apart(members: Iterable[EvpnNlri]) -> list[tuple[EvpnNlri, ...]]:
    groups: dict[tuple[object, ...], list[EvpnNlri]] = {}
    for nlri in members:
        kind = (nlri.key.type, nlri.key.rd, nlri.key.eti, nlri.communities, nlri.esi)
        groups.setdefault((*kind, nlri.vni, nlri.l3_vni), []).append(nlri)
    return [tuple(found) for found in groups.values()]
