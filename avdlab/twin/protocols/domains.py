"""Broadcast domains: who can reach whom at layer 2, over trunks, bundles, peer-links and VXLAN."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.vlan import Domain
from avdlab.twin.tables.floods import FloodLists


@dataclass(slots=True)
class Union:
    """Disjoint sets of domains."""

    _parent: dict[Domain, Domain] = field(default_factory=dict)

    def find(self, domain: Domain) -> Domain:
        """Return the representative of the set that holds the domain."""
        root = domain
        while (above := self._parent.get(root, root)) != root:
            root = above
        while domain != root:  # path compression
            self._parent[domain], domain = root, self._parent.get(domain, domain)
        return root

    def join(self, a: Domain, b: Domain) -> None:
        """Make one set of two."""
        self._parent[self.find(a)] = self.find(b)

    def copy(self) -> "Union":
        return Union(dict(self._parent))


def numbered(union: Union, members: Mapping[tuple[str, str], Domain]) -> dict[tuple[str, str], int]:
    """Return interface -> number of its broadcast domain, numbered in order of the interfaces."""
    numbers: dict[Domain, int] = {}
    return {
        key: numbers.setdefault(union.find(domain), len(numbers))
        for key, domain in sorted(members.items())
    }


def stretch(
    union: Union,
    vnis: Mapping[str, Mapping[int, int]],
    flood: Mapping[str, FloodLists],
    vteps: Mapping[int, Iterable[str]],
) -> Union:
    """Join VLANs over VXLAN where both VTEPs flood to one another under the same VNI.

    `vnis`: node -> VLAN -> VNI of VTEPs that are up; `vteps`: address -> the nodes that own it.
    Whoever is joined already is not asked for: of a thousand that all flood to one another, each
    is asked about one other.
    """
    joined = union.copy()
    owned = {node: address for address, nodes in vteps.items() for node in nodes}
    members: dict[int, list[Domain]] = {}
    for node in sorted(node for node in vnis if node in flood and not flood[node].vacant):
        vlan_of = {vni: vlan for vlan, vni in sorted(vnis[node].items())}
        for vni, vlan in vlan_of.items():
            members.setdefault(vni, []).append((node, vlan))

    def mutual(one: Domain, two: Domain) -> bool:
        return _floods(one, two) and _floods(two, one)

    def _floods(here: Domain, there: Domain) -> bool:
        node, vlan = here
        address = owned.get(there[0])
        lists = flood.get(node)
        return (
            lists is not None
            and address is not None
            and isinstance(vlan, int)
            and lists.holds(vlan, address)
        )

    for _, domains in sorted(members.items()):
        together: dict[Domain, list[Domain]] = {}
        for domain in domains:
            together.setdefault(joined.find(domain), []).append(domain)
        apart: list[list[Domain]] = []
        for part in together.values():
            met = [other for other in apart if any(mutual(a, b) for a in part for b in other)]
            for other in met:
                joined.join(part[0], other[0])
            whole = [domain for group in (*met, part) for domain in group]
            apart = [*(other for other in apart if other not in met), whole]
    return joined
