"""Carrier: which ends of which cables see light.

A port is lit when the cable is plugged in and not cut, the node at the other end is powered, and
both ends are enabled. Several cables on one plug make a shared segment.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.twin.protocols.switch import End


@dataclass(frozen=True, slots=True)
class Carrier:
    """`peers`: lit end -> the lit ends that it sees. `dark`: end -> why it has no carrier."""

    peers: Mapping[End, tuple[End, ...]] = field(default_factory=dict)
    dark: Mapping[End, str] = field(default_factory=dict)

    def lit(self, end: End) -> bool:
        """Tell whether the end sees another one."""
        return end in self.peers

    def peer(self, end: End) -> End | None:
        """Return the one end at the other side; None when there is none."""
        found = self.peers.get(end, ())
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
