"""What route-maps set."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from avdlab.net.addresses import parse_address
from avdlab.twin.config.settings import ListEntry, PolicySettings
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute, Words, communities_permit, named
from avdlab.twin.tables.bgp import Attributes, Origin

Set = Callable[[PolicySettings, Words, PolicyRoute], PolicyRoute]
_ACTIONS = frozenset({"additive", "delete"})


def set_clause(policy: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    """Return the route after one `set` clause; one that is not modelled changes nothing."""
    known = known_set(words)
    return route if known is None else SETS[known](policy, words[len(known) :], route)


def known_set(words: Words) -> Words | None:
    """Return the longest known beginning of a clause."""
    return next((words[:size] for size in (4, 2, 1) if words[:size] in SETS), None)


def _with(route: PolicyRoute, attributes: Attributes) -> PolicyRoute:
    return replace(route, attributes=attributes)


def _local_preference(_: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    return _with(route, replace(route.attributes, local_preference=int(words[0])))


def _metric(_: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    present, text = route.attributes.med, words[0]
    if text in {"igp-metric", "igp-nexthop-cost"}:
        present = route.igp_metric
    elif text[0] in "+-":
        present = max(0, (present or 0) + int(text))
    elif text.isdigit():
        present = int(text)
    return replace(route, attributes=replace(route.attributes, med=present), metric=present)


def _origin(_: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    return _with(route, replace(route.attributes, origin=Origin(words[0].capitalize())))


def _next_hop(_: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    if words[0] == "unchanged":
        return replace(route, keep_next_hop=True)
    address = route.peer_address if words[0] == "peer-address" else parse_address(words[0])
    changed = replace(route.attributes, next_hop=address)
    return replace(route, attributes=changed, keep_next_hop=True)


# ------------------------------------------------------------------------------ AS path
def _prepend(_: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    path = route.attributes.as_path
    last_as = words[0] == "last-as"
    front = path[:1] * int(words[1]) if last_as else _numbers(words, route.own_as)
    return _with(route, replace(route.attributes, as_path=front + path))


def _replacement(_: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    path = _numbers(words, route.own_as)
    return _with(route, replace(route.attributes, as_path=path))


def _numbers(words: Words, own_as: int) -> tuple[int, ...]:
    if "repeat" in words:
        at = words.index("repeat")
        return _numbers(words[:at], own_as) * int(words[at + 1])
    numbers = []
    for word in words:
        high, dot, low = word.partition(".")
        if word == "auto":
            numbers.append(own_as)
        elif high.isdigit():
            numbers.append((int(high) << 16) + int(low) if dot else int(high))
    return tuple(numbers)


# ------------------------------------------------------------------------------ communities
def _community(policy: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    present = route.attributes.communities
    changed = _communities(policy.community_lists, "community-list", words, present)
    return _with(route, replace(route.attributes, communities=changed))


def _extcommunity(policy: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    present = route.attributes.ext_communities
    changed = _communities(policy.extcommunity_lists, "extcommunity-list", words, present)
    return _with(route, replace(route.attributes, ext_communities=changed))


def _large_community(policy: PolicySettings, words: Words, route: PolicyRoute) -> PolicyRoute:
    present = route.attributes.large_communities
    changed = _communities(policy.large_lists, "large-community-list", words, present)
    return _with(route, replace(route.attributes, large_communities=changed))


def _communities(
    lists: Mapping[str, tuple[ListEntry, ...]],
    keyword: str,
    words: Words,
    present: frozenset[str],
) -> frozenset[str]:
    """Return the communities after `set [ext]community ...`: replaced, added to or deleted."""
    extended = keyword == "extcommunity-list"
    actions, values = _ACTIONS & set(words), [word for word in words if word not in _ACTIONS]
    if values == ["none"]:
        return frozenset()
    if values[:1] == [keyword]:
        named_lists = [lists.get(name, ()) for name in values[1:]]
        if "delete" in actions:
            return present - _listed(present, named_lists, extended=extended)
        values = [value for entries in named_lists for entry in entries for value in entry.values]
    elif extended:
        values = [" ".join(values[at : at + 2]) for at in range(0, len(values) - 1, 2)]
    asked = named(values, extended=extended)
    if "delete" in actions:
        return present - asked
    return present | asked if "additive" in actions else asked


def _listed(
    present: frozenset[str], lists: list[tuple[ListEntry, ...]], *, extended: bool
) -> frozenset[str]:
    return frozenset(
        text
        for text in present
        for entries in lists
        if communities_permit(entries, frozenset({text}), extended=extended, exact=False)
    )


SETS: Mapping[Words, Set] = MappingProxyType(
    {
        ("local-preference",): _local_preference,
        ("metric",): _metric,
        ("origin",): _origin,
        ("ip", "next-hop"): _next_hop,
        ("ipv6", "next-hop"): _next_hop,
        ("as-path", "prepend"): _prepend,
        ("as-path", "match", "all", "replacement"): _replacement,
        ("community",): _community,
        ("extcommunity",): _extcommunity,
        ("large-community",): _large_community,
        ("weight",): lambda _, words, route: replace(route, weight=int(words[0])),
        ("tag",): lambda _, words, route: replace(route, tag=int(words[0])),
        ("distance",): lambda _, words, route: replace(route, distance=int(words[0])),
        ("metric-type",): lambda _, words, route: replace(route, metric_type=words[0]),
    }
)
