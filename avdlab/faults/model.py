"""A fault in force, and how people and the record name it.

link leaf1:Ethernet1 -- spine1:Ethernet1 down
link leaf1:Ethernet1 -- spine1:Ethernet1 drop bgp,vxlan
node spine1 stop
config leaf1 wrong-vni
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from avdlab.backends.base import Capability, LinkEffect, LinkFault


class Kind(StrEnum):
    LINK = "link"
    NODE = "node"
    CONFIG = "config"


DOWN = "down"  # of a link: both ends lose carrier
BLACKHOLE = "blackhole"  # of a link: frames vanish, ports stay up
DROP = "drop"  # of a link: the frames of some protocols vanish
STOP = "stop"  # of a node

# what a fault of a link does, and what a backend must be able to do for it
LINK_EFFECTS: Mapping[str, tuple[LinkEffect, Capability]] = {
    DOWN: (LinkEffect.CARRIER, Capability.LINK_CARRIER),
    BLACKHOLE: (LinkEffect.BLACKHOLE, Capability.LINK_BLACKHOLE),
    DROP: (LinkEffect.SELECTIVE, Capability.LINK_SELECTIVE),
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault. `target` is a node or device, or the two ends of a cable in order."""

    kind: Kind
    target: tuple[str, ...]
    effect: str  # down, blackhole, drop, stop, or the name of a configuration fault
    drop: tuple[str, ...] = ()
    at: str = ""  # of a configuration fault: which of several places, by words of `what`
    what: str = ""  # of a configuration fault: what differs

    def __str__(self) -> str:
        parts = [self.kind.value, self.place, self.effect]
        text = " ".join([*parts, ",".join(self.drop)]).strip()
        return f"{text} ({self.what})" if self.what else text

    @property
    def place(self) -> str:
        """Name the node, device or cable."""
        return " -- ".join(self.target)

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes that the fault is on."""
        return frozenset(end.partition(":")[0] for end in self.target)

    def same_place(self, other: "Fault") -> bool:
        """Tell whether the other fault takes this one's place: a cable and a node have one."""
        alike = (self.kind, self.target) == (other.kind, other.target)
        return alike and (self.kind is not Kind.CONFIG or self.effect == other.effect)

    @property
    def link(self) -> LinkFault:
        """Return what a backend does to the cable."""
        return LinkFault(LINK_EFFECTS[self.effect][0], self.drop)

    def as_data(self) -> dict[str, Any]:
        """Return the fault for the record."""
        return {
            "kind": self.kind.value,
            "target": list(self.target),
            "effect": self.effect,
            "drop": list(self.drop),
            "at": self.at,
            "what": self.what,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Fault":
        """Read the record's entry. Raises KeyError, ValueError."""
        return cls(
            Kind(data["kind"]),
            tuple(data["target"]),
            data["effect"],
            tuple(data.get("drop", ())),
            data.get("at", ""),
            data.get("what", ""),
        )
