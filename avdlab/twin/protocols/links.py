"""Carrier: which ends of which cables see light.

A port is lit when the cable is plugged in and not cut, the node at the other end is powered, and
both ends are enabled. Several cables on one plug make a shared segment.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.switch import End


@dataclass(frozen=True, slots=True)
class Carrier:
    """`peers`: lit end -> the lit ends that it sees. `dark`: end -> why it has no carrier.

    `lost`: protocol ("all" for every frame) -> pairs of ends between which its frames vanish.
    """

    peers: Mapping[End, tuple[End, ...]] = field(default_factory=dict)
    dark: Mapping[End, str] = field(default_factory=dict)
    lost: Mapping[str, frozenset[tuple[End, End]]] = field(default_factory=dict)
    waiting: frozenset[End] = frozenset()  # kept errdisabled by MLAG's reload delay

    def lit(self, end: End) -> bool:
        """Tell whether the end sees another one."""
        return end in self.peers

    def heard(self, end: End, protocol: str) -> tuple[End, ...]:
        """Return the ends whose frames of a protocol arrive."""
        found = self.peers.get(end, ())
        for kind in ("all", protocol) if self.lost else ():
            pairs = self.lost.get(kind, frozenset())
            found = tuple(far for far in found if (end, far) not in pairs)
        return found

    def partner(self, end: End, protocol: str) -> End | None:
        """Return the one end that is heard at the other side; None when there is none."""
        found = self.heard(end, protocol)
        return found[0] if found else None


def carrier(
    cables: Iterable[tuple[End, End]],
    cut: frozenset[tuple[End, End]],
    powered: Callable[[str], bool],
    enabled: Callable[[End], bool],
) -> Carrier:
    """Find which ends see one another. Cables come with their ends in sorted order."""
    peers: dict[End, list[End]] = {}
    dark: dict[End, str] = {}
    for a, b in sorted(cables):
        for near, far in ((a, b), (b, a)):
            reason = "cable is cut" if (a, b) in cut else _reason(near, far, powered, enabled)
            if reason:
                dark[near] = reason
            else:
                peers.setdefault(near, []).append(far)
    lit = {end: tuple(found) for end, found in peers.items()}
    return Carrier(lit, {end: reason for end, reason in dark.items() if end not in lit})


def _reason(
    near: End, far: End, powered: Callable[[str], bool], enabled: Callable[[End], bool]
) -> str:
    node, interface = far
    if not powered(node):
        return f"{node} is powered off"
    if not powered(near[0]):
        return "powered off"
    if not enabled(far):
        return f"{node} {interface} is shut down"
    return "" if enabled(near) else "shut down"
