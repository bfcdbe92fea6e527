"""Route-maps: a verdict, and the changed route.

EOS: an undefined route-map permits all (recorded in every direction, and in redistribution).
`continue` to a sequence that does not exist stops there.
"""

from avdlab.twin.config.settings import PolicySettings, RouteMapEntry
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute, matches
from avdlab.twin.protocols.bgp.policy_set import set_clause

_MAX_DEPTH = 16  # of sub-route-maps


def apply_route_map(
    policy: PolicySettings, name: str | None, route: PolicyRoute, depth: int = 0
) -> PolicyRoute | None:
    """Return the route as the map leaves it, None when the map denies it."""
    entries = policy.route_maps.get(name or "")
    if entries is None or depth > _MAX_DEPTH:
        return route
    accepted = False
    index = 0
    while index < len(entries):
        entry = entries[index]
        changed = _sub_route_map(policy, entry, route, depth)
        if changed is None or not all(matches(policy, m, changed) for m in entry.match):
            index += 1
            continue
        if not entry.permit:
            return None
        accepted = True
        route = changed
        for words in entry.set:
            route = set_clause(policy, words, route)
        if entry.continue_to is None:
            return route
        following = _continue_at(entries, index, entry.continue_to)
        if following is None:
            return route
        index = following
    return route if accepted else None


def _continue_at(entries: tuple[RouteMapEntry, ...], index: int, number: int) -> int | None:
    if number == 0:
        return index + 1
    for position, entry in enumerate(entries):
        if entry.sequence == number and position > index:
            return position
    return None


def _sub_route_map(
    policy: PolicySettings, entry: RouteMapEntry, route: PolicyRoute, depth: int
) -> PolicyRoute | None:
    if entry.sub_route_map is None:
        return route
    return apply_route_map(policy, entry.sub_route_map, route, depth + 1)
