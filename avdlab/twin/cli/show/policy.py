"""`show route-map`, `show ip prefix-list` and the other lists: as configured, in EOS's layout."""

from collections.abc import Callable, Iterable, Mapping

from avdlab.twin.cli.show.registry import Args, Level, ShowCommand, View, show
from avdlab.twin.config.settings import ListEntry, PrefixListEntry, RouteMapEntry
from avdlab.twin.config.tree import Line


# ------------------------------------------------------------------------------------ route-maps
def route_maps(view: View, args: Args) -> str:
    maps = view.device.settings.policy.route_maps
    return "".join(
        _route_map(view, name, entry)
        for name in sorted(maps)
        if args.get("name") in (None, name)
        for entry in maps[name]
    )


def _route_map(view: View, name: str, entry: RouteMapEntry) -> str:
    kind = "permit" if entry.permit else "deny"
    lines = [f"route-map {name} {kind} {entry.sequence}"]
    lines.append(f"  Description:{_description(view, lines[0])}")
    lines.append("  Match clauses:")
    lines += [f"    match {' '.join(words)}" for words in entry.match]
    lines.append(f"  SubRouteMap:{f' {entry.sub_route_map}' if entry.sub_route_map else ''}")
    lines.append("  Set clauses:")
    lines += [f"    set {' '.join(words)}" for words in entry.set]
    if entry.continue_to is not None:
        lines.append(f"  Continue clause: continue {entry.continue_to or ''}".rstrip())
    return "\n".join(lines) + "\n"


def _description(view: View, head: str) -> str:
    section: Line | None = view.config.first(head)
    found = section.first("description") if section is not None else None
    return f"\n    {found.text}" if found is not None else ""


# ------------------------------------------------------------------------------------ lists
def prefix_lists(view: View, args: Args) -> str:
    lists = view.device.settings.policy.prefix_lists
    return "".join(
        f"ip prefix-list {name}\n" + "".join(f"    {_prefix(entry)}\n" for entry in lists[name])
        for name in sorted(lists)
        if args.get("name") in (None, name)
    )


def _prefix(entry: PrefixListEntry) -> str:
    words = f"seq {entry.sequence} {'permit' if entry.permit else 'deny'} {entry.prefix}"
    if entry.ge is not None and entry.ge == entry.le:
        return f"{words} eq {entry.ge}"
    low = f" ge {entry.ge}" if entry.ge is not None else ""
    high = f" le {entry.le}" if entry.le is not None else ""
    return words + low + high


def _entries(head: str, entries: Iterable[ListEntry]) -> str:
    return "".join(
        f"{head} {'permit' if entry.permit else 'deny'} {' '.join(entry.values)}\n"
        for entry in entries
    )


def community_lists(view: View, args: Args) -> str:
    return _lists("ip community-list", view.device.settings.policy.community_lists, args)


def extcommunity_lists(view: View, args: Args) -> str:
    return _lists("ip extcommunity-list", view.device.settings.policy.extcommunity_lists, args)


def as_path_lists(view: View, args: Args) -> str:
    return _lists("ip as-path access-list", view.device.settings.policy.as_path_lists, args)


def _lists(words: str, lists: Mapping[str, tuple[ListEntry, ...]], args: Args) -> str:
    return "".join(
        _entries(f"{words} {name}", lists[name])
        for name in sorted(lists)
        if args.get("name") in (None, name)
    )


def _command(pattern: str, text: Callable[[View, Args], str]) -> ShowCommand:
    return show(pattern, Level.MIRRORED, text=text, note="as configured")


COMMANDS = (
    _command("show route-map [<name>]", route_maps),
    _command("show ip prefix-list [<name>]", prefix_lists),
    _command("show ip community-list [<name>]", community_lists),
    _command("show ip extcommunity-list [<name>]", extcommunity_lists),
    _command("show ip as-path access-list [<name>]", as_path_lists),
)
