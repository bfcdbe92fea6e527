"""Reads what stands behind `redistribute`, the same words in BGP, OSPF and IS-IS."""

from avdlab.twin.config.settings import Redistribution

_LEVELS = {"level-1": ("level-1",), "level-2": ("level-2",), "level-1-2": ()}


def redistribution(text: str) -> Redistribution:
    """Read `SOURCE [LEVEL] [match KIND [NUMBER]] [include leaked] [route-map NAME]`."""
    words = text.split()
    options: dict[str, object] = {}
    if "route-map" in words[:-1]:
        options["route_map"] = words[words.index("route-map") + 1]
    if "match" in words[:-1]:
        kind, *rest = words[words.index("match") + 1 :]
        number = [word for word in rest[:1] if word.isdigit()]
        options["match"] = (" ".join([kind, *number]),)
    elif len(words) > 1:
        options["match"] = _LEVELS.get(words[1], ())
    options["include_leaked"] = "leaked" in words
    return Redistribution(words[0], **options)  # type: ignore[arg-type]  # by keyword
