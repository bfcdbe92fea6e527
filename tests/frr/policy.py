"""Route-maps and lists in FRR's words. EOS: an undefined list or map permits everything, so what is
undefined is not referred to."""

from collections.abc import Iterator

from avdlab.twin.config.tree import Config, Line

IGP, INCOMPLETE = "igp", "incomplete"


class Untranslated(Exception):
    """A line that has no translation: the comparison would be of two different things."""


def policy(config: Config) -> Iterator[str]:
    """Yield the lists and route-maps of a configuration."""
    for section in config.find("ip prefix-list"):
        yield from _prefix_list(section)
    for line in config.find("ip community-list"):
        yield from _community_list(line)
    for line in config.find("ip extcommunity-list"):
        yield from _extcommunity_list(line)
    for line in config.find("ip as-path access-list"):
        words = [word for word in line.words if word != "any"]
        yield f"bgp as-path access-list {' '.join(words[3:])}"
    for section in config.find("route-map"):
        yield from _route_map(config, section)


def defined(config: Config, kind: str, name: str) -> bool:
    """Tell whether a list or a route-map is there."""
    return any(line.words[len(kind.split())] == name for line in config.find(kind))


def _prefix_list(section: Line) -> Iterator[str]:
    name = section.words[2]
    if len(section.words) > 3:  # all in one line
        yield section.text
    for entry in section.children:
        words = list(entry.words)
        if "eq" in words:
            at = words.index("eq")
            length = words[at + 1]
            low = int(words[3].split("/")[1])
            bound = ["ge", length] if int(length) > low else []
            words[at:] = [*bound, "le", length]
        yield f"ip prefix-list {name} {' '.join(words)}"


def _community_list(line: Line) -> Iterator[str]:
    words = list(line.words[2:])
    kind = "expanded" if words[0] in {"regexp", "expanded"} else "standard"
    rest = words[1:] if words[0] in {"regexp", "expanded", "standard"} else words
    yield f"bgp community-list {kind} {' '.join(rest)}"


def _extcommunity_list(line: Line) -> Iterator[str]:
    words = list(line.words[2:])
    if words[0] in {"regexp", "expanded"}:
        raise Untranslated(line.text)
    yield f"bgp extcommunity-list standard {' '.join(w for w in words if w != 'standard')}"


_MATCHES = (
    *("ip address prefix-list", "as-path", "community", "extcommunity", "tag", "metric"),
    *("interface", "source-protocol", "local-preference", "ip next-hop prefix-list"),
)
_SETS = (
    *("origin", "local-preference", "metric", "as-path prepend", "community", "weight", "tag"),
    *("ip next-hop", "extcommunity"),
)
_LISTS = {
    "ip address prefix-list": "ip prefix-list",
    "ip next-hop prefix-list": "ip prefix-list",
    "as-path": "ip as-path access-list",
}


def _route_map(config: Config, section: Line) -> Iterator[str]:
    yield section.text
    for line in section.children:
        words = line.words
        if words[0] == "description":
            continue
        if words[0] == "match":
            yield from _match(config, line)
        elif words[0] == "set":
            yield from _set(line)
        elif words[0] == "continue":
            yield f" on-match goto {words[1]}" if len(words) > 1 else " on-match next"
        elif words[0] == "sub-route-map":
            yield f" call {words[1]}"
        else:
            raise Untranslated(line.text)


def _match(config: Config, line: Line) -> Iterator[str]:
    text = line.text.removeprefix("match ")
    kind = next((kind for kind in _MATCHES if text.startswith(kind + " ")), None)
    if kind is None:
        raise Untranslated(line.text)
    name = text.split()[-1]
    if kind not in _LISTS or defined(config, _LISTS[kind], name):
        yield f" match {text}"


def _set(line: Line) -> Iterator[str]:
    text = line.text.removeprefix("set ")
    if not any(text.startswith(kind + " ") for kind in _SETS):
        raise Untranslated(line.text)
    if text.startswith("extcommunity "):
        text = text.removesuffix(" additive")
    yield f" set {text}"


def wrapped(config: Config, name: str, inner: str, origin: str) -> list[str]:
    """Return a route-map for redistribution: FRR would set weight 32768 and origin incomplete, EOS
    sets weight 0, and origin IGP for connected routes and networks."""
    call = [f" call {inner}"] if inner and defined(config, "route-map", inner) else []
    lines = [f"route-map {name} permit 10", *call, " set weight 0"]
    return [*lines, f" set origin {origin}"] if not call or origin == IGP else lines
