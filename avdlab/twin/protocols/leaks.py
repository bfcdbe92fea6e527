"""Routes that one VRF takes from the table of another (EOS VrfLeak agent, `router general`).

What was leaked is not leaked again, and a route of the VRF's own stands before a leaked one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.protocols.igp import permitted
from avdlab.twin.tables.rib import Rib, Route


def leaked(settings: DeviceSettings, ribs: Mapping[str, Rib]) -> Iterator[tuple[str, Route]]:
    """Yield VRF and route of everything that leaks."""
    for leak in settings.leaks:
        source = ribs.get(leak.source)
        if source is None or leak.vrf not in ribs or leak.vrf == leak.source:
            continue
        for route in source:
            if not route.source_vrf and permitted(settings, leak.route_map, route) is not None:
                yield leak.vrf, in_other_vrf(route, leak.source)


def in_other_vrf(route: Route, source: str) -> Route:
    """Return a route as another VRF holds it: its next hops lie where it came from."""
    vias = tuple(replace(via, vrf=via.vrf or source) for via in route.vias)
    return replace(route, vias=vias, source_vrf=source)
