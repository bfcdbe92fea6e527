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


Doors = Mapping[Domain, list[tuple[str, Domain]]]


def flooded(start: Domain, doors: Doors) -> list[Learned]:
    """Follow a station's frames through the fabric without VXLAN; every switch learns the port.

    Breadth first, so that on an MLAG pair the switch with a leg to the station learns that leg,
    not the peer-link.
    """
    seen = {start}
    edge, found = [start], []
    while edge:
        reached: list[Domain] = []
        for domain in edge:
            for port, beyond in doors.get(domain, ()):
                if beyond not in seen:
                    seen.add(beyond)
                    reached.append(beyond)
                    if isinstance(beyond[1], int):
                        found.append(Learned(beyond[0], beyond[1], port))
        edge = reached
    return found


def doors_of(
    links: Iterable[tuple[End, End]],
    taps: Taps,
    stops: Mapping[tuple[End, Domain], bool],
) -> dict[Domain, list[tuple[str, Domain]]]:
    """Return domain -> (the port of arrival, the domain behind it)."""
    found: dict[Domain, list[tuple[str, Domain]]] = {}
    for a, b in links:
        for tag, near in taps.get(a, {}).items():
            far = taps.get(b, {}).get(tag)
            if far is None or stops.get((a, near)) or stops.get((b, far)):
                continue
            found.setdefault(near, []).append((b[1], far))
            found.setdefault(far, []).append((a[1], near))
    return {domain: sorted(doors, key=str) for domain, doors in found.items()}
