"""Ethernet segments (RFC 7432 8): routes of types 1 and 4, and who forwards for a segment.

A device tells of each of its segments: an Ethernet segment route (type 4), by which the devices of
one segment find one another, and auto-discovery routes (type 1), one for the segment and one for
each of its VLANs, by which the others learn that a MAC address behind the segment is reached over
every device that tells them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from avdlab.net.addresses import format_address
from avdlab.twin.config.settings import MacVrfSettings, SegmentSettings
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.vlan import carried
from avdlab.twin.tables.bgp import EvpnKey, EvpnType
from avdlab.twin.tables.communities import es_import_target, esi_label, forwarder_preference
from avdlab.twin.tables.l2 import Segment

MAX_ETI = 0xFFFFFFFF  # RFC 7432 8.2.1: the tag of the route for the whole segment


@dataclass(frozen=True, slots=True)
class LocalSegment:
    """A segment of a device, on an interface that is up."""

    settings: SegmentSettings
    interface: str
    vlans: frozenset[int]

    @property
    def esi(self) -> str:
        return self.settings.identifier


@dataclass(frozen=True, slots=True)
class Told:
    """An NLRI of types 1 or 4, before it has a path."""

    key: EvpnKey
    communities: frozenset[str]
    vni: int | None = None


def local_segments(speaker: Speaker) -> tuple[LocalSegment, ...]:
    """Return the segments of a device whose interfaces are up, and of a gateway's domains."""
    found = []
    for name, interface in speaker.settings.interfaces.items():
        port = speaker.ports.get(name)
        if interface.segment is None or port is None or not port.up:
            continue
        if interface.switchport is not None:
            vlans = carried(speaker.settings, interface.switchport)
            found.append(LocalSegment(interface.segment, name, vlans))
        elif interface.bridged_vlan is not None:
            vlans = frozenset({interface.bridged_vlan}) & speaker.settings.vlans.keys()
            found.append(LocalSegment(interface.segment, name, vlans))
    bgp = speaker.settings.bgp
    families = bgp.vrfs["default"].families.values() if bgp is not None else ()
    for segment in (found for family in families for found in family.gateway_segments):
        every = frozenset(speaker.settings.vlans)
        found.append(LocalSegment(segment, "", every))
    return tuple(found)


def segment_of(segments: Iterable[LocalSegment], interface: str) -> str | None:
    """Return the ESI of the segment on a port."""
    return next((s.esi for s in segments if s.interface == interface), None)


def told_of(
    segment: LocalSegment,
    vtep: int,
    mac_vrfs: Sequence[tuple[MacVrfSettings, str, frozenset[str]]],
    vnis: Mapping[int, int],
) -> Iterator[Told]:
    """Yield what a device tells of a segment. `mac_vrfs`: with RD and export targets."""
    rd = f"{format_address(vtep)}:1"
    key = EvpnKey(EvpnType.ETHERNET_SEGMENT, rd, address=vtep, esi=segment.esi)
    target = es_import_target(segment.settings.import_rt or _auto_target(segment.esi))
    asked = segment.settings
    wish = {forwarder_preference(asked.preference)} if asked.algorithm == "preference" else set()
    yield Told(key, frozenset({target, *wish}))
    inside = [entry for entry in mac_vrfs if entry[0].vlans & segment.vlans & vnis.keys()]
    targets = frozenset(target for _, _, found in inside for target in found)
    whole = EvpnKey(EvpnType.AUTO_DISCOVERY, rd, eti=MAX_ETI, esi=segment.esi)
    yield Told(whole, targets | {esi_label(segment.settings.single_active)})
    for mac_vrf, own_rd, found in inside:
        for vlan in sorted(mac_vrf.vlans & segment.vlans & vnis.keys()):
            tag = vnis[vlan] if mac_vrf.bundle else 0
            each = EvpnKey(EvpnType.AUTO_DISCOVERY, own_rd, eti=tag, esi=segment.esi)
            yield Told(each, found, vnis[vlan])


def _auto_target(esi: str) -> str:
    """RFC 7432 7.6: the first six bytes of the ESI's value."""
    digits = esi.replace(":", "")[2:14]
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


# ---------------------------------------------------------------------------------- forwarder
@dataclass(frozen=True, slots=True)
class Candidate:
    """A device on a segment, as a type 4 tells of it."""

    vtep: int
    preference: int = 32767


def elect(segment: LocalSegment, candidates: Iterable[Candidate]) -> dict[int, int]:
    """Return VLAN -> the VTEP that forwards broadcasts into the segment (RFC 7432 8.5, RFC 8584).

    Modulus: the candidates in order of their addresses, the VLAN's number picks one. Preference:
    the highest, then the lowest address.
    """
    ordered = sorted(candidates, key=lambda found: found.vtep)
    if not ordered:
        return {}
    if segment.settings.algorithm == "preference":
        first = max(ordered, key=lambda found: (found.preference, -found.vtep))
        return dict.fromkeys(sorted(segment.vlans), first.vtep)
    return {vlan: ordered[vlan % len(ordered)].vtep for vlan in sorted(segment.vlans)}


def state_of(segment: LocalSegment, own: int, others: Iterable[Candidate]) -> Segment:
    """Return the segment as its device sees it."""
    mine = Candidate(own, segment.settings.preference)
    candidates = {found.vtep: found for found in (*others, mine)}
    return Segment(
        segment.esi,
        segment.interface,
        segment.settings.single_active,
        segment.settings.algorithm,
        tuple(sorted(candidates)),
        elect(segment, candidates.values()),
    )
