"""Both link-state protocols over the whole fabric: instances and routes of every device."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from avdlab.twin.protocols.igp import Router, Segments
from avdlab.twin.protocols.isis import solve_isis
from avdlab.twin.protocols.ospf import solve_ospf
from avdlab.twin.protocols.pending import NOTHING, Pending
from avdlab.twin.tables.igp import IsisInstance, OspfInstance
from avdlab.twin.tables.rib import Route


@dataclass(frozen=True, slots=True)
class Igp:
    """What the IGPs computed. `routes`: node -> VRF -> candidates for its table."""

    ospf: Mapping[str, tuple[OspfInstance, ...]] = field(default_factory=dict)
    isis: Mapping[str, tuple[IsisInstance, ...]] = field(default_factory=dict)
    routes: Mapping[str, Mapping[str, tuple[Route, ...]]] = field(default_factory=dict)


def solve_igp(routers: Sequence[Router], segments: Segments, pending: Pending = NOTHING) -> Igp:
    """Compute OSPF and IS-IS."""
    ospf, ospf_routes = solve_ospf(routers, segments, pending)
    isis, isis_routes = solve_isis(routers, segments, pending)
    routes: dict[str, dict[str, list[Route]]] = defaultdict(lambda: defaultdict(list))
    for computed in (ospf_routes, isis_routes):
        for node, vrfs in computed.items():
            for vrf, found in vrfs.items():
                routes[node][vrf] += found
    return Igp(
        ospf,
        isis,
        {n: {vrf: tuple(found) for vrf, found in vrfs.items()} for n, vrfs in routes.items()},
    )
