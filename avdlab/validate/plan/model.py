"""What planners are given and yield."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from avdlab.validate.intent.evpn import Reach, evpn_reach
from avdlab.validate.intent.model import Device, Intent
from avdlab.validate.intent.underlay import NextHops, next_hops

Wanted = tuple[str, str, dict[str, Any]]  # module, test class, inputs


@dataclass(frozen=True, slots=True)
class Facts:
    """The design, and what follows from it for the whole fabric."""

    intent: Intent
    reach: Reach
    hops: NextHops

    @classmethod
    def of(cls, intent: Intent) -> "Facts":
        """Work out what follows from a design."""
        return cls(intent, evpn_reach(intent), next_hops(intent))


Planner = Callable[[Facts, Device], Iterator[Wanted]]
