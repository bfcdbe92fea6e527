"""Reads what stands behind `redistribute`, the same words in BGP, OSPF and IS-IS."""

from avdlab.twin.config.settings import Redistribution
from avdlab.twin.config.tree import Line

# what the protocols take routes from; other sources (DHCP, RIP, users ...) bring nothing in
COMPUTED = "redistribute connected|static|ospf|isis|bgp|attached-host [<rest...>]"
_LEVELS = {"level-1": ("level-1",), "level-2": ("level-2",), "level-1-2": ()}
_INTO = {"level-1": frozenset({1}), "level-2": frozenset({2}), "level-1-2": frozenset({1, 2})}


def redistribution(line: Line) -> Redistribution:
    """Read `redistribute SOURCE [LEVEL] [match KIND [NUMBER]] [include leaked] [route-map M]`."""
    words = line.words[1:]
    options: dict[str, object] = {}
    if "route-map" in words[:-1]:
        options["route_map"] = words[words.index("route-map") + 1]
    if "match" in words[:-1]:
        kind, *rest = words[words.index("match") + 1 :]
        number = [word for word in rest[:1] if word.isdigit()]
        options["match"] = (" ".join([kind, *number]),)
    elif len(words) > 1 and words[0] == "isis":
        options["match"] = _LEVELS.get(words[1], ())
    elif len(words) > 1 and words[1] in _INTO:
        options["levels"] = _INTO[words[1]]
    options["include_leaked"] = "leaked" in words
    return Redistribution(words[0], **options)  # type: ignore[arg-type]  # by keyword
