"""Connected routes that another vendor brings into BGP: of origin incomplete, on EOS of IGP."""

import re
from collections.abc import Iterable

_LINE = re.compile(r"(\s+redistribute connected)(?: route-map (\S+))?\s*")


def incomplete(lines: Iterable[str]) -> list[str]:
    """Return a configuration in which connected routes enter BGP by a route-map that says so."""
    found: list[str] = []
    maps: dict[str, list[str]] = {}
    inside = False
    for line in lines:
        if not line.startswith(" "):
            inside = line.startswith("router bgp ")
        match = _LINE.fullmatch(line) if inside else None
        if match is None:
            found.append(line)
            continue
        asked = match[2] or ""
        name = f"INCOMPLETE-{asked or 'ALL'}"
        maps[name] = [f"   sub-route-map {asked}"] if asked else []
        found.append(f"{match[1]} route-map {name}")
    for name, body in maps.items():
        found += [f"route-map {name} permit 10", *body, "   set origin incomplete"]
    return found
