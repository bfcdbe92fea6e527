"""MAC addresses heard over EVPN, and the Ethernet segments that some of them are behind."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.evpn import EvpnNlri
from avdlab.twin.protocols.bgp.evpn_segments import MAX_ETI, Candidate, LocalSegment
from avdlab.twin.tables.bgp import EvpnKey, EvpnType
from avdlab.twin.tables.communities import es_import_target, find_forwarder_preference


@dataclass(frozen=True, slots=True)
class Heard:
    """A MAC address that a device heard in a VLAN, and from where."""

    nlri: EvpnNlri
    vlan: int
    vtep: int
    domain: str = ""
    d_path: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, str, int | None]:
        return (self.vlan, self.nlri.key.mac or "", self.nlri.key.address)

    @property
    def order(self) -> tuple[int, str, int]:
        return (self.vlan, self.nlri.key.mac or "", self.nlri.key.address or 0)

    @property
    def rank(self) -> tuple[int, int, str]:
        """The lower, the better."""
        return (len(self.d_path), self.vtep, self.nlri.key.rd)


@dataclass(slots=True)
class Shared:
    """What types 1 and 4 told of segments: who is on them, and which VLANs they carry."""

    own: Sequence[LocalSegment] = ()
    _whole: dict[str, set[int]] = field(default_factory=dict)  # ESI -> VTEPs
    _vlans: dict[tuple[str, int], set[int]] = field(default_factory=dict)  # ESI, VLAN -> VTEPs
    _members: dict[str, dict[int, Candidate]] = field(default_factory=dict)  # by type 4

    def meet(
        self, key: EvpnKey, communities: frozenset[str], vtep: int, vlans: Iterable[int]
    ) -> None:
        """Note one route of type 1 or 4. `vlans`: those whose targets it carries."""
        esi = key.esi or ""
        if key.type is EvpnType.ETHERNET_SEGMENT:
            if any(target in communities for target in self._targets(esi)):
                preference = find_forwarder_preference(communities)
                wish = Candidate(vtep) if preference is None else Candidate(vtep, preference)
                self._members.setdefault(esi, {})[vtep] = wish
        elif key.eti == MAX_ETI:
            self._whole.setdefault(esi, set()).add(vtep)
        else:
            for vlan in vlans:
                self._vlans.setdefault((esi, vlan), set()).add(vtep)

    def _targets(self, esi: str) -> Iterator[str]:
        """RFC 7432 7.6: type 4 is imported by who has the segment, by its ES-Import target."""
        for segment in self.own:
            if segment.esi == esi and segment.settings.import_rt is not None:
                yield es_import_target(segment.settings.import_rt)

    def aliases(self, esi: str | None, vlan: int) -> tuple[int, ...]:
        """Return the VTEPs that lead to a segment (RFC 7432 8.4): those that told of the VLAN on it
        and did not withdraw the whole segment."""
        if esi is None:
            return ()
        found = self._vlans.get((esi, vlan), set()) & self._whole.get(esi, set())
        return tuple(sorted(found))

    def candidates(self, esi: str) -> list[Candidate]:
        found = self._members.get(esi, {})
        return [found[vtep] for vtep in sorted(found)]
