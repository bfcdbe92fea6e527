"""Broadcast domains: who can reach whom at layer 2, over trunks, bundles, peer-links and VXLAN."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.vlan import Domain


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
    flood: Mapping[str, Mapping[int, tuple[int, ...]]],
    vteps: Mapping[int, Iterable[str]],
) -> Union:
    """Join VLANs over VXLAN where both VTEPs flood to one another under the same VNI.

    `vnis`: node -> VLAN -> VNI of VTEPs that are up; `vteps`: address -> the nodes that own it.
    """
    joined = union.copy()
    back = {node: {vni: vlan for vlan, vni in sorted(m.items())} for node, m in vnis.items()}
    heard = {
        (node, vnis[node][vlan], owner)
        for node, lists in flood.items()
        for vlan, addresses in lists.items()
        if vlan in vnis.get(node, {})
        for address in addresses
        for owner in vteps.get(address, ())
    }
    for node, vni, owner in sorted(heard):
        vlan = back.get(owner, {}).get(vni)
        if vlan is not None and (owner, vni, node) in heard:
            joined.join((node, back[node][vni]), (owner, vlan))
    return joined
