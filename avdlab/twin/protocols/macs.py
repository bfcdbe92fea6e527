"""MAC and ARP tables, from the endpoints that talk and the neighbors that are in use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from avdlab.twin.protocols.switch import End
from avdlab.twin.protocols.vlan import Domain

Taps = Mapping[End, Mapping[int | None, Domain]]


@dataclass(frozen=True, slots=True)
class Learned:
    """A station's MAC on one switch: the VLAN and the port towards the station."""

    node: str
    vlan: int
    port: str


# domain -> (the port out of it, the port of arrival, the domain behind it)
Doors = Mapping[Domain, list[tuple[str, str, Domain]]]


def flooded(start: Domain, doors: Doors) -> list[Learned]:
    """Follow a station's frames through the fabric without VXLAN; every switch learns the port.

    Breadth first, so that on an MLAG pair the switch with a leg to the station learns that leg,
    not the peer-link. No frame leaves by the bundle that it came in by, and no endpoint passes on.
    """
    seen = {start}
    edge, found = [(start, "")], []
    while edge:
        reached: list[tuple[Domain, str]] = []
        for domain, entered in edge:
            for out, port, beyond in doors.get(domain, ()):
                if beyond not in seen and out != entered and isinstance(beyond[1], int):
                    seen.add(beyond)
                    reached.append((beyond, port))
                    found.append(Learned(beyond[0], beyond[1], port))
        edge = reached
    return found


def doors_of(
    links: Iterable[tuple[End, End]],
    taps: Taps,
    stops: Mapping[tuple[End, Domain], bool],
) -> Doors:
    """Return the ways from domain to domain over the cables."""
    found: dict[Domain, list[tuple[str, str, Domain]]] = {}
    for a, b in links:
        for tag, near in taps.get(a, {}).items():
            far = taps.get(b, {}).get(tag)
            if far is None or stops.get((a, near)) or stops.get((b, far)):
                continue
            found.setdefault(near, []).append((a[1], b[1], far))
            found.setdefault(far, []).append((b[1], a[1], near))
    return {domain: sorted(doors, key=str) for domain, doors in found.items()}
