"""Reads routing policy: prefix-lists, community and AS-path lists, route-maps, ACLs, peer-filters.

Both spellings of EOS are known: lists on one line (`ip prefix-list P seq 10 permit ...`) and lists
as a section. Lists of IPv6 have names of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from avdlab.net.addresses import parse_any_prefix
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings import (
    ListEntry,
    PeerFilterEntry,
    PolicySettings,
    PrefixListEntry,
    RouteMapEntry,
)
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class _Policy:
    prefix_lists: dict[str, list[PrefixListEntry]] = field(default_factory=dict)
    route_maps: dict[str, list[RouteMapEntry]] = field(default_factory=dict)
    community_lists: dict[str, list[ListEntry]] = field(default_factory=dict)
    extcommunity_lists: dict[str, list[ListEntry]] = field(default_factory=dict)
    large_lists: dict[str, list[ListEntry]] = field(default_factory=dict)
    as_path_lists: dict[str, list[ListEntry]] = field(default_factory=dict)
    access_lists: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    peer_filters: dict[str, list[PeerFilterEntry]] = field(default_factory=dict)
    prefix_lists6: dict[str, list[PrefixListEntry]] = field(default_factory=dict)
    access_lists6: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    standard_lists: set[str] = field(default_factory=set)
    as_path_strings: bool = False


@dataclass(slots=True)
class _Sequence:
    match: list[tuple[str, ...]] = field(default_factory=list)
    set: list[tuple[str, ...]] = field(default_factory=list)
    continue_to: int | None = None
    sub_route_map: str | None = None


TOP: Commands[_Policy] = Commands("policy")
PREFIX_LIST: Commands[list[PrefixListEntry]] = Commands("ip prefix-list")
ROUTE_MAP: Commands[_Sequence] = Commands("route-map")
ACCESS_LIST: Commands[list[tuple[str, ...]]] = Commands("ip access-list")
PEER_FILTER: Commands[list[PeerFilterEntry]] = Commands("peer-filter")


def read_policy(config: Config) -> PolicySettings:
    """Return the routing policy of a configuration."""
    found = _Policy()
    TOP.read(config.children, found)
    return PolicySettings(
        prefix_lists=_in_order(found.prefix_lists),
        prefix_lists6=_in_order(found.prefix_lists6),
        route_maps={
            name: tuple(sorted(entries, key=lambda entry: entry.sequence))
            for name, entries in found.route_maps.items()
        },
        community_lists=_frozen(found.community_lists),
        extcommunity_lists=_frozen(found.extcommunity_lists),
        large_lists=_frozen(found.large_lists),
        as_path_lists=_frozen(found.as_path_lists),
        as_path_strings=found.as_path_strings,
        access_lists={name: tuple(lines) for name, lines in found.access_lists.items()},
        standard_lists=frozenset(found.standard_lists),
        access_lists6={name: tuple(lines) for name, lines in found.access_lists6.items()},
        peer_filters={
            name: tuple(sorted(entries, key=lambda entry: entry.sequence))
            for name, entries in found.peer_filters.items()
        },
    )


def _in_order(
    lists: dict[str, list[PrefixListEntry]],
) -> dict[str, tuple[PrefixListEntry, ...]]:
    return {
        name: tuple(sorted(entries, key=lambda entry: entry.sequence))
        for name, entries in lists.items()
    }


def _frozen(lists: dict[str, list[ListEntry]]) -> dict[str, tuple[ListEntry, ...]]:
    return {name: tuple(entries) for name, entries in lists.items()}


# ------------------------------------------------------------------------------ prefix-lists
_PREFIX = "permit|deny <prefix> [eq <eq>] [ge <ge>] [le <le>]"


@TOP.on(f"ip prefix-list <name> [seq <seq>] {_PREFIX}")
def _prefix_list_line(policy: _Policy, args: Args, line: Line) -> None:
    _add_prefix(policy.prefix_lists.setdefault(args["name"], []), args, line)


@TOP.on("ip prefix-list <name>", opens=PREFIX_LIST)
def _prefix_list(policy: _Policy, args: Args, line: Line) -> None:
    PREFIX_LIST.read(line.children, policy.prefix_lists.setdefault(args["name"], []))


@TOP.on(f"ipv6 prefix-list <name> seq <seq> {_PREFIX}")
def _prefix_list6_line(policy: _Policy, args: Args, line: Line) -> None:
    _add_prefix(policy.prefix_lists6.setdefault(args["name"], []), args, line)


@TOP.on("ipv6 prefix-list <name>", opens=PREFIX_LIST)
def _prefix_list6(policy: _Policy, args: Args, line: Line) -> None:
    PREFIX_LIST.read(line.children, policy.prefix_lists6.setdefault(args["name"], []))


@PREFIX_LIST.on(f"seq <seq> {_PREFIX}", _PREFIX)
def _prefix_entry(entries: list[PrefixListEntry], args: Args, line: Line) -> None:
    _add_prefix(entries, args, line)


def _add_prefix(entries: list[PrefixListEntry], args: Args, line: Line) -> None:
    last = entries[-1].sequence if entries else 0
    exact = int(args["eq"]) if "eq" in args else None
    low = int(args["ge"]) if "ge" in args else exact
    high = int(args["le"]) if "le" in args else exact
    permit = "permit" in line.words[: line.words.index(args["prefix"])]
    sequence = int(args.get("seq", last + 10))
    entries.append(PrefixListEntry(sequence, permit, parse_any_prefix(args["prefix"]), low, high))


# ------------------------------------------------------------------------------ other lists
@TOP.on("ip community-list regexp|expanded <name> permit|deny <regex...>")
def _community_regex(policy: _Policy, args: Args, line: Line) -> None:
    entry = ListEntry(line.words[4] == "permit", (args["regex"],), regex=True)
    policy.community_lists.setdefault(args["name"], []).append(entry)


@TOP.on(
    "ip community-list standard <name> permit|deny <values...>",
    "ip community-list <name> permit|deny <values...>",
)
def _community_list(policy: _Policy, args: Args, line: Line) -> None:
    values = tuple(args["values"].split())
    policy.community_lists.setdefault(args["name"], []).append(
        ListEntry(_permits(line, len(values)), values)
    )


@TOP.on("ip extcommunity-list regexp|expanded <name> permit|deny <regex...>")
def _extcommunity_regex(policy: _Policy, args: Args, line: Line) -> None:
    entry = ListEntry(line.words[4] == "permit", (args["regex"],), regex=True)
    policy.extcommunity_lists.setdefault(args["name"], []).append(entry)


@TOP.on(
    "ip extcommunity-list standard <name> permit|deny <values...>",
    "ip extcommunity-list <name> permit|deny <values...>",
)
def _extcommunity_list(policy: _Policy, args: Args, line: Line) -> None:
    words = args["values"].split()
    values = tuple(f"{kind} {value}" for kind, value in zip(words[::2], words[1::2], strict=False))
    policy.extcommunity_lists.setdefault(args["name"], []).append(
        ListEntry(_permits(line, len(words)), values)
    )


@TOP.on("ip large-community-list regexp|expanded <name> permit|deny <regex...>")
def _large_regex(policy: _Policy, args: Args, line: Line) -> None:
    entry = ListEntry(line.words[4] == "permit", (args["regex"],), regex=True)
    policy.large_lists.setdefault(args["name"], []).append(entry)


@TOP.on(
    "ip large-community-list standard <name> permit|deny <values...>",
    "ip large-community-list <name> permit|deny <values...>",
)
def _large_list(policy: _Policy, args: Args, line: Line) -> None:
    values = tuple(args["values"].split())
    policy.large_lists.setdefault(args["name"], []).append(
        ListEntry(_permits(line, len(values)), values)
    )


_ORIGINS = frozenset({"igp", "egp", "incomplete"})  # EOS: of the routes that the entry is about


@TOP.on("ip as-path regex-mode asn|string")
def _regex_mode(policy: _Policy, _args: Args, line: Line) -> None:
    policy.as_path_strings = line.words[-1] == "string"


@TOP.on("ip as-path access-list <name> permit|deny <regex...>")
def _as_path_list(policy: _Policy, args: Args, line: Line) -> None:
    regex, _, last = args["regex"].rpartition(" ")
    values = (regex,) if last == "any" else (regex, last) if last in _ORIGINS else (args["regex"],)
    entry = ListEntry(line.words[4] == "permit", values, regex=True)
    policy.as_path_lists.setdefault(args["name"], []).append(entry)


def _permits(line: Line, values: int) -> bool:
    return line.words[-values - 1] == "permit"


# ------------------------------------------------------------------------------ access-lists
@TOP.on("ip access-list [standard] <name>", opens=ACCESS_LIST)
def _access_list(policy: _Policy, args: Args, line: Line) -> None:
    _note_kind(policy, line)
    ACCESS_LIST.read(line.children, policy.access_lists.setdefault(args["name"], []))


@TOP.on("ipv6 access-list [standard] <name>", opens=ACCESS_LIST)
def _access_list6(policy: _Policy, args: Args, line: Line) -> None:
    _note_kind(policy, line)
    ACCESS_LIST.read(line.children, policy.access_lists6.setdefault(args["name"], []))


def _note_kind(policy: _Policy, line: Line) -> None:
    if line.words[2] == "standard":
        policy.standard_lists.add(line.words[3])


@ACCESS_LIST.on("permit|deny <rest...>", "<any> permit|deny <rest...>")
def _access_entry(entries: list[tuple[str, ...]], args: Args, line: Line) -> None:
    entries.append(line.words[1:] if "any" in args else line.words)


@TOP.on("peer-filter <name>", opens=PEER_FILTER)
def _peer_filter(policy: _Policy, args: Args, line: Line) -> None:
    PEER_FILTER.read(line.children, policy.peer_filters.setdefault(args["name"], []))


@PEER_FILTER.on("<any> match as-range <range> result accept|reject")
def _peer_filter_entry(entries: list[PeerFilterEntry], args: Args, line: Line) -> None:
    low, _, high = args["range"].partition("-")
    accept = line.words[-1] == "accept"
    entries.append(PeerFilterEntry(int(args["any"]), as_number(low), _high(low, high), accept))


def _high(low: str, high: str) -> int:
    return as_number(high or low)


def as_number(text: str) -> int:
    """Return the AS number of `65001` or asdot `1.10` (RFC 5396)."""
    high, dot, low = text.partition(".")
    return (int(high) << 16) + int(low) if dot else int(high)


# ------------------------------------------------------------------------------ route-maps
@TOP.on("route-map <name> [statement <title>] permit|deny <sequence>", opens=ROUTE_MAP)
def _route_map(policy: _Policy, args: Args, line: Line) -> None:
    _add_sequence(policy, args, line, int(args["sequence"]), permit=line.words[-2] == "permit")


@TOP.on("route-map <name> [permit]", opens=ROUTE_MAP)
def _bare_route_map(policy: _Policy, args: Args, line: Line) -> None:
    # EOS: a route-map without action and number is sequence 10, permit
    _add_sequence(policy, args, line, 10, permit=True)


def _add_sequence(policy: _Policy, args: Args, line: Line, number: int, *, permit: bool) -> None:
    found = _Sequence()
    ROUTE_MAP.read(line.children, found)
    entry = RouteMapEntry(
        number, permit, tuple(found.match), tuple(found.set), found.continue_to, found.sub_route_map
    )
    entries = policy.route_maps.setdefault(args["name"], [])
    entries[:] = _without(entries, number)
    entries.append(entry)


def _without(entries: Iterable[RouteMapEntry], number: int) -> list[RouteMapEntry]:
    return [entry for entry in entries if entry.sequence != number]


@ROUTE_MAP.on("match <words...>")
def _match(found: _Sequence, args: Args, _: Line) -> None:
    found.match.append(tuple(args["words"].split()))


@ROUTE_MAP.on("set <words...>")
def _set(found: _Sequence, args: Args, _: Line) -> None:
    found.set.append(tuple(args["words"].split()))


@ROUTE_MAP.on("continue [<number>]")
def _continue(found: _Sequence, args: Args, _: Line) -> None:
    found.continue_to = int(args.get("number", 0))


@ROUTE_MAP.on("sub-route-map <name>")
def _sub_route_map(found: _Sequence, args: Args, _: Line) -> None:
    found.sub_route_map = args["name"]


@ROUTE_MAP.on("description <text...>")
def _description(_found: _Sequence, _args: Args, _line: Line) -> None:
    """A description changes nothing, and is modelled by being shown."""
