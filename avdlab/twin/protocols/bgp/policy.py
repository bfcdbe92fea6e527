"""Route-maps and the lists that they match: a verdict and the changed route.

EOS: an undefined route-map, prefix-list or community-list permits all (recorded for route-maps in
every direction and in redistribution). `continue` to a sequence that does not exist stops there.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from avdlab.net.addresses import Prefix, parse_ipv4, parse_prefix
from avdlab.twin.config.settings import (
    ListEntry,
    PolicySettings,
    PrefixListEntry,
    RouteMapEntry,
)
from avdlab.twin.tables.bgp import Attributes, Origin
from avdlab.twin.tables.communities import community, extended_community

_MAX_DEPTH = 16  # of sub-route-maps


@dataclass(frozen=True, slots=True)
class PolicyRoute:
    """A route on its way through policy."""

    prefix: Prefix | None
    attributes: Attributes
    weight: int = 0
    source: str = ""  # connected, static ... for redistribution
    interface: str = ""
    tag: int = 0
    route_type: str = ""  # of an EVPN route: mac-ip, imet, ip-prefix
    keep_next_hop: bool = False
    own_as: int = 0
    peer_address: int = 0


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
        if changed is None or not all(_matches(policy, m, changed) for m in entry.match):
            index += 1
            continue
        if not entry.permit:
            return None
        accepted = True
        route = _apply(policy, entry, changed)
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


# ------------------------------------------------------------------------------ lists
def prefix_list_permits(entries: tuple[PrefixListEntry, ...] | None, prefix: Prefix | None) -> bool:
    """Tell whether a prefix-list permits a prefix; an undefined list permits everything."""
    if entries is None:
        return True
    if prefix is None:
        return False
    for entry in entries:
        if _entry_matches(entry, prefix):
            return entry.permit
    return False


def _entry_matches(entry: PrefixListEntry, prefix: Prefix) -> bool:
    if not entry.prefix.covers(prefix):
        return False
    if entry.ge is None and entry.le is None:
        return prefix.length == entry.prefix.length
    low = entry.prefix.length if entry.ge is None else entry.ge
    high = 32 if entry.le is None else entry.le
    return low <= prefix.length <= high


def access_list_permits(lines: tuple[tuple[str, ...], ...] | None, prefix: Prefix | None) -> bool:
    """Tell whether an ACL permits the network of a prefix (the source of an extended ACL)."""
    if lines is None:
        return True
    for line in lines:
        words = line[2:] if len(line) > 1 and line[1] in {"ip", "ipv4"} else line[1:]
        if prefix is not None and _acl_source_matches(words, prefix):
            return line[0] == "permit"
    return False


def _acl_source_matches(words: tuple[str, ...], prefix: Prefix) -> bool:
    if not words or words[0] == "any":
        return bool(words)
    if words[0] == "host" and len(words) > 1:
        return parse_ipv4(words[1]) == prefix.network
    if "/" in words[0]:
        return parse_prefix(words[0]).contains(prefix.network)
    if len(words) > 1 and words[1].count(".") == 3:
        care = ~parse_ipv4(words[1]) & 0xFFFFFFFF
        return prefix.network & care == parse_ipv4(words[0]) & care
    return parse_ipv4(words[0]) == prefix.network


@lru_cache(maxsize=1024)
def _regex(text: str) -> re.Pattern[str]:
    """Compile an EOS regular expression: `_` is a delimiter, start or end."""
    return re.compile(text.replace("_", r"(?:^|$|[ ,{}()])"))


def _as_path_permits(entries: tuple[ListEntry, ...] | None, attributes: Attributes) -> bool:
    if entries is None:
        return True
    text = " ".join(str(asn) for asn in attributes.as_path)
    for entry in entries:
        if _regex(entry.values[0]).search(text):
            return entry.permit
    return False


def _communities_permit(
    entries: tuple[ListEntry, ...] | None, present: frozenset[str], *, extended: bool, exact: bool
) -> bool:
    if entries is None:
        return True
    for entry in entries:
        if _list_entry_matches(entry, present, extended=extended, exact=exact):
            return entry.permit
    return False


def _list_entry_matches(
    entry: ListEntry, present: frozenset[str], *, extended: bool, exact: bool
) -> bool:
    if entry.regex:
        return any(_regex(entry.values[0]).search(text) for text in sorted(present))
    wanted = _named(entry.values, extended=extended)
    if "internet" in wanted:
        return True
    return wanted == present if exact else wanted <= present


def _named(values: Iterable[str], *, extended: bool) -> frozenset[str]:
    if not extended:
        return frozenset(community(value) for value in values)
    return frozenset(extended_community(*value.split(" ", 1)) for value in values)


# ------------------------------------------------------------------------------ match
def _matches(policy: PolicySettings, words: tuple[str, ...], route: PolicyRoute) -> bool:
    if words[0] == "invert-result":
        return not _matches(policy, words[1:], route)
    attributes = route.attributes
    match words:
        case ("ip", "address", "prefix-list", name) | ("ip", "address", "dynamic", _, name):
            return prefix_list_permits(policy.prefix_lists.get(name), route.prefix)
        case ("ip", "address", "access-list", name):
            return access_list_permits(policy.access_lists.get(name), route.prefix)
        case ("ip", "next-hop", "prefix-list", name):
            hop = Prefix(attributes.next_hop, 32)
            return prefix_list_permits(policy.prefix_lists.get(name), hop)
        case ("ip", "next-hop", address):
            return attributes.next_hop == parse_ipv4(address)
        case ("as-path", "length", relation, number):
            return _compare(len(attributes.as_path), relation, int(number))
        case ("as-path", name):
            return _as_path_permits(policy.as_path_lists.get(name), attributes)
        case ("local-preference", number):
            return attributes.local_preference == int(number)
        case ("metric", number):
            return (attributes.med or 0) == int(number)
        case ("origin", name):
            return attributes.origin.value.lower() == name
        case _:
            return _matches_rest(policy, words, route)


def _matches_rest(policy: PolicySettings, words: tuple[str, ...], route: PolicyRoute) -> bool:
    """What does not fit a known form does not match: it is counted by `unmodelled_policy`."""
    match words:
        case ("community" | "extcommunity" as kind, *names):
            return _matches_communities(policy, kind, names, route.attributes)
        case ("tag", number):
            return route.tag == int(number)
        case ("interface", name):
            return route.interface.lower() == name.lower()
        case ("source-protocol", name):
            return route.source == name
        case ("route-type", name):
            return route.route_type == name or name in {"external", "internal"}
        case ("evpn", "route-type", name):
            return route.route_type == name
        case _:
            return False


def _matches_communities(
    policy: PolicySettings, kind: str, names: list[str], attributes: Attributes
) -> bool:
    exact = "exact-match" in names
    extended = kind == "extcommunity"
    lists = policy.extcommunity_lists if extended else policy.community_lists
    present = attributes.ext_communities if extended else attributes.communities
    wanted = [name for name in names if name not in {"exact-match", "or-results"}]
    results = [
        _communities_permit(lists.get(name), present, extended=extended, exact=exact)
        for name in wanted
    ]
    return any(results) if "or-results" in names else all(results)


def _compare(value: int, relation: str, number: int) -> bool:
    return {"=": value == number, ">=": value >= number, "<=": value <= number}.get(relation, False)


# ------------------------------------------------------------------------------ set
def _apply(policy: PolicySettings, entry: RouteMapEntry, route: PolicyRoute) -> PolicyRoute:
    for words in entry.set:
        route = _set(policy, words, route)
    return route


def _set(policy: PolicySettings, words: tuple[str, ...], route: PolicyRoute) -> PolicyRoute:
    attributes = route.attributes
    match words:
        case ("local-preference", number):
            return _with(route, local_preference=int(number))
        case ("metric", number):
            return _with(route, med=_metric(attributes.med, number))
        case ("weight", number):
            return replace(route, weight=int(number))
        case ("origin", name):
            return _with(route, origin=Origin(name.capitalize()))
        case ("tag", number):
            return replace(route, tag=int(number))
        case ("ip", "next-hop", "unchanged"):
            return replace(route, keep_next_hop=True)
        case ("ip", "next-hop", "peer-address"):
            return _next_hop(route, route.peer_address)
        case ("ip", "next-hop", address):
            return _next_hop(route, parse_ipv4(address))
        case ("as-path", "prepend", *numbers):
            return _with(route, as_path=_prepended(route, numbers))
        case ("as-path", "match", "all", "replacement", *numbers):
            return _with(route, as_path=_numbers(route, numbers))
        case ("community", *rest):
            return _with(route, communities=_communities(policy, attributes, rest))
        case ("extcommunity", *rest):
            return _with(route, ext_communities=_ext_communities(policy, attributes, rest))
        case _:
            return route


def _with(route: PolicyRoute, **changes: object) -> PolicyRoute:
    return replace(route, attributes=replace(route.attributes, **changes))  # type: ignore[arg-type]  # names are literal above


def _next_hop(route: PolicyRoute, address: int) -> PolicyRoute:
    return replace(_with(route, next_hop=address), keep_next_hop=True)


def _metric(present: int | None, text: str) -> int | None:
    if text[0] in "+-":
        return max(0, (present or 0) + int(text))
    return int(text) if text.isdigit() else present


def _prepended(route: PolicyRoute, words: list[str]) -> tuple[int, ...]:
    path = route.attributes.as_path
    if words[:1] == ["last-as"]:
        return path[:1] * int(words[1]) + path
    return _numbers(route, words) + path


def _numbers(route: PolicyRoute, words: list[str]) -> tuple[int, ...]:
    if "repeat" in words:
        at = words.index("repeat")
        return _numbers(route, words[:at]) * int(words[at + 1])
    numbers = []
    for word in words:
        high, dot, low = word.partition(".")
        if word == "auto":
            numbers.append(route.own_as)
        elif high.isdigit():
            numbers.append((int(high) << 16) + int(low) if dot else int(high))
    return tuple(numbers)


def _communities(
    policy: PolicySettings, attributes: Attributes, words: list[str]
) -> frozenset[str]:
    actions = {"additive", "delete"} & set(words)
    values = [word for word in words if word not in {"additive", "delete"}]
    if values == ["none"]:
        return frozenset()
    if values[:1] == ["community-list"]:
        lists = [policy.community_lists.get(name, ()) for name in values[1:]]
        if "delete" in actions:
            return _without_listed(attributes.communities, lists, extended=False)
        values = [value for entries in lists for entry in entries for value in entry.values]
    named = _named(values, extended=False)
    return _combined(attributes.communities, named, actions)


def _ext_communities(
    policy: PolicySettings, attributes: Attributes, words: list[str]
) -> frozenset[str]:
    actions = {"additive", "delete"} & set(words)
    values = [word for word in words if word not in {"additive", "delete"}]
    if values == ["none"]:
        return frozenset()
    if values[:1] == ["extcommunity-list"]:
        lists = [policy.extcommunity_lists.get(name, ()) for name in values[1:]]
        return _without_listed(attributes.ext_communities, lists, extended=True)
    pairs = [" ".join(values[at : at + 2]) for at in range(0, len(values) - 1, 2)]
    return _combined(attributes.ext_communities, _named(pairs, extended=True), actions)


def _combined(present: frozenset[str], named: frozenset[str], actions: set[str]) -> frozenset[str]:
    if "delete" in actions:
        return present - named
    return present | named if "additive" in actions else named


def _without_listed(
    present: frozenset[str], lists: list[tuple[ListEntry, ...]], *, extended: bool
) -> frozenset[str]:
    gone = {
        text
        for text in present
        for entries in lists
        if _communities_permit(entries, frozenset({text}), extended=extended, exact=False)
    }
    return present - gone
