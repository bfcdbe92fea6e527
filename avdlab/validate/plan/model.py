"""What planners are given and yield."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from avdlab.validate.intent.evpn import Reach, evpn_reach
from avdlab.validate.intent.model import Device, Intent
from avdlab.validate.intent.underlay import NextHops, next_hops
from avdlab.validate.intent.wan import Paths, lab_paths

Wanted = tuple[str, str, dict[str, Any]]  # module, test class, inputs


@dataclass(frozen=True, slots=True)
class Facts:
    """The design, and what follows from it for the whole fabric."""

    intent: Intent
    reach: Reach
    hops: NextHops
    wan: Paths  # that the lab has

    @classmethod
    def of(cls, intent: Intent) -> "Facts":
        """Work out what follows from a design."""
        return cls(intent, evpn_reach(intent), next_hops(intent), lab_paths(intent))


Planner = Callable[[Facts, Device], Iterator[Wanted]]


def routes_present(routes: Iterable[tuple[str, str]]) -> Iterator[Wanted]:
    """Plan that prefixes are in the tables of VRFs: (VRF, prefix), whatever they lead over."""
    entries = [{"vrf": vrf, "prefix": prefix} for vrf, prefix in routes]
    if entries:
        module = "anta.tests.routing.generic"
        yield module, "VerifyIPv4RoutePresencePerVRF", {"route_entries": entries}
