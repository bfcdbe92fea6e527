"""What route-maps match: prefixes, communities, AS paths and the rest.

EOS: an undefined prefix-list filter of a neighbor permits everything, a `match` of one matches
nothing (aristanetworks/avd#7355: `deny` with such a clause is a no-op). An undefined community-list
or AS-path list permits everything.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from avdlab.net.addresses import (
    ALL_ONES,
    IPV4_BITS,
    IPV6_BITS,
    Prefix,
    host_prefix,
    parse_ipv4,
    parse_prefix,
)
from avdlab.twin.config.settings import (
    ListEntry,
    PolicySettings,
    PrefixListEntry,
    RouteMapEntry,
)
from avdlab.twin.tables.bgp import Attributes, path_text
from avdlab.twin.tables.communities import community, extended_community
from avdlab.twin.tables.rib import RouteType

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyRoute:
    """A route on its way through policy."""

    prefix: Prefix | None
    attributes: Attributes
    weight: int = 0
    source: str = ""  # connected, static ... for redistribution
    interface: str = ""
    tag: int = 0
    learned: str = ""  # local, internal (iBGP), external (eBGP)
    route_type: str = ""  # of an EVPN route: mac-ip, imet, ip-prefix
    keep_next_hop: bool = False
    own_as: int = 0
    peer_address: int = 0
    metric: int | None = None  # what `set metric` said, for an IGP
    metric_type: str = ""  # what `set metric-type` said
    kind: str = ""  # of a route that is redistributed: its RouteType
    distance: int = 0  # what `set distance` said, 0 for nothing
    igp_metric: int = 0  # of the way to the next hop
    peer_group: str = ""  # of the neighbor that told it
    peer_id: int | None = None  # router id of that neighbor


def entries_of(policy: PolicySettings, names: Iterable[str | None]) -> Iterator[RouteMapEntry]:
    """Yield the entries of route-maps and of those that they call, each map's once."""
    todo, seen = [name for name in names if name is not None], set[str]()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for entry in policy.route_maps.get(name, ()):
            yield entry
            if entry.sub_route_map:
                todo.append(entry.sub_route_map)


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


def named_prefix_list(
    policy: PolicySettings, name: str, prefix: Prefix | None
) -> tuple[PrefixListEntry, ...] | None:
    """Return the list that a name means for a prefix: each family has names of its own."""
    six = prefix is not None and prefix.bits == IPV6_BITS
    return (policy.prefix_lists6 if six else policy.prefix_lists).get(name)


def _entry_matches(entry: PrefixListEntry, prefix: Prefix) -> bool:
    if not entry.prefix.covers(prefix):
        return False
    if entry.ge is None and entry.le is None:
        return prefix.length == entry.prefix.length
    low = entry.prefix.length if entry.ge is None else entry.ge
    high = prefix.bits if entry.le is None else entry.le
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


_NUMBER = re.compile(r"(?<![^\s_^(|])\d+(?![^\s_$)|])")


@lru_cache(maxsize=1024)
def _asn_regex(text: str) -> re.Pattern[str]:
    """Compile for EOS's `ip as-path regex-mode asn`, the default: a number that stands alone is a
    whole AS number, `100` does not match 1001."""
    return _regex(_NUMBER.sub(r"(?<!\\d)\g<0>(?!\\d)", text))


def _as_path_permits(
    entries: tuple[ListEntry, ...] | None, attributes: Attributes, *, strings: bool
) -> bool:
    if entries is None:
        return True
    text, compiled = path_text(attributes), _regex if strings else _asn_regex
    for entry in entries:
        of_origin = entry.values[1:] in {(), (attributes.origin.value.lower(),)}
        if of_origin and compiled(entry.values[0]).search(text):
            return entry.permit
    return False


def communities_permit(
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
    wanted = named(entry.values, extended=extended)
    if "internet" in wanted:
        return True
    return wanted == present if exact else wanted <= present


def named(values: Iterable[str], *, extended: bool) -> frozenset[str]:
    if not extended:
        return frozenset(community(value) for value in values)
    return frozenset(extended_community(*value.split(" ", 1)) for value in values)


# ------------------------------------------------------------------------------ match
Match = Callable[[PolicySettings, Words, PolicyRoute], bool]


def matches(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    """Tell whether a `match` clause holds; one that is not modelled holds for nothing."""
    if words[0] == "invert-result":
        return not matches(policy, words[1:], route)
    known = known_match(words)
    return known is not None and MATCHES[known](policy, words[len(known) :], route)


def known_match(words: Words) -> Words | None:
    """Return the longest known beginning of a clause."""
    if words[:1] == ("invert-result",):
        return known_match(words[1:])
    return next((words[:size] for size in (3, 2, 1) if words[:size] in MATCHES), None)


def _prefix_list(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    if route.prefix is not None and route.prefix.bits != IPV4_BITS:
        return False
    return prefix_list_permits(policy.prefix_lists.get(words[-1], ()), route.prefix)


def _prefix_list6(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    if route.prefix is None or route.prefix.bits == IPV4_BITS:
        return False
    return prefix_list_permits(policy.prefix_lists6.get(words[-1], ()), route.prefix)


def _access_list(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    return access_list_permits(policy.access_lists.get(words[0]), route.prefix)


def _next_hop_list(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    hop = route.attributes.next_hop
    if hop > ALL_ONES:
        return False
    entries = policy.prefix_lists.get(words[0], ())
    return prefix_list_permits(entries, host_prefix(hop, IPV4_BITS))


def _next_hop_access_list(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    hop = route.attributes.next_hop
    if hop > ALL_ONES:
        return False
    return access_list_permits(policy.access_lists.get(words[0]), host_prefix(hop, IPV4_BITS))


def _next_hop_list6(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    hop = route.attributes.next_hop
    if hop <= ALL_ONES:
        return False
    entries = policy.prefix_lists6.get(words[0], ())
    return prefix_list_permits(entries, host_prefix(hop, IPV6_BITS))


def _as_path(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    lists, strings = policy.as_path_lists, policy.as_path_strings
    return _as_path_permits(lists.get(words[0]), route.attributes, strings=strings)


def _as_path_length(_: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    length, number = len(route.attributes.as_path), int(words[-1])
    compared = {"=": length == number, ">=": length >= number, "<=": length <= number}
    return compared.get(words[0], False)


def _router_id(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    if route.peer_id is None:
        return False
    entries = policy.prefix_lists.get(words[0], ())
    return prefix_list_permits(entries, host_prefix(route.peer_id, IPV4_BITS))


def _large_community(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    present = route.attributes.large_communities
    return _any_or_all(policy.large_lists, words, present, extended=False)


def _community(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    present = route.attributes.communities
    return _any_or_all(policy.community_lists, words, present, extended=False)


def _extcommunity(policy: PolicySettings, words: Words, route: PolicyRoute) -> bool:
    present = route.attributes.ext_communities
    return _any_or_all(policy.extcommunity_lists, words, present, extended=True)


def _any_or_all(
    lists: Mapping[str, tuple[ListEntry, ...]],
    words: Words,
    present: frozenset[str],
    *,
    extended: bool,
) -> bool:
    exact = "exact-match" in words
    results = [
        communities_permit(lists.get(name), present, extended=extended, exact=exact)
        for name in words
        if name not in {"exact-match", "or-results"}
    ]
    return any(results) if "or-results" in words else all(results)


_METRIC_TYPES: Mapping[str, str] = {
    **dict.fromkeys((RouteType.OSPF_E1, RouteType.OSPF_N1), "type-1"),
    **dict.fromkeys((RouteType.OSPF_E2, RouteType.OSPF_N2), "type-2"),
}
_ISIS_LEVELS: Mapping[str, str] = {RouteType.ISIS_L1: "level-1", RouteType.ISIS_L2: "level-2"}
_KINDS: Mapping[str, str] = {
    **dict.fromkeys((RouteType.CONNECTED, RouteType.STATIC), "local"),
    **dict.fromkeys((RouteType.OSPF_INTRA, RouteType.OSPF_INTER, RouteType.IBGP), "internal"),
    **dict.fromkeys((*_METRIC_TYPES, RouteType.EBGP), "external"),
}
MATCHES: Mapping[Words, Match] = MappingProxyType(
    {
        ("ip", "address", "prefix-list"): _prefix_list,
        ("ipv6", "address", "prefix-list"): _prefix_list6,
        ("ip", "address", "access-list"): _access_list,
        ("ip", "next-hop", "prefix-list"): _next_hop_list,
        ("ipv6", "next-hop", "prefix-list"): _next_hop_list6,
        ("ip", "next-hop", "access-list"): _next_hop_access_list,
        ("as-path", "length"): _as_path_length,
        ("as-path",): _as_path,
        ("community",): _community,
        ("extcommunity",): _extcommunity,
        ("large-community",): _large_community,
        ("router-id", "prefix-list"): _router_id,
        ("peer-group",): lambda _, w, r: r.peer_group == w[0],
        ("local-preference",): lambda _, w, r: r.attributes.local_preference == int(w[0]),
        ("metric",): lambda _, w, r: (r.attributes.med or 0) == int(w[0]),
        ("origin",): lambda _, w, r: r.attributes.origin.value.lower() == w[0],
        ("tag",): lambda _, w, r: r.tag == int(w[0]),
        ("interface",): lambda _, w, r: r.interface.lower() == w[0].lower(),
        ("source-protocol",): lambda _, w, r: r.source == w[0],
        ("route-type",): lambda _, w, r: (r.learned or _KINDS.get(r.kind, "")) == w[0],
        ("metric-type",): lambda _, w, r: _METRIC_TYPES.get(r.kind, "") == w[0],
        ("isis", "level"): lambda _, w, r: _ISIS_LEVELS.get(r.kind, "") == w[0],
        ("as",): lambda _, w, r: r.attributes.as_path[:1] == (int(w[0]),),
        ("evpn", "route-type"): lambda _, w, r: r.route_type == w[0],
    }
)
