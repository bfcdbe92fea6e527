"""Configuration texts drawn from the table of commands itself, with good and bad values."""

import re
from functools import lru_cache

from hypothesis import strategies as st

from avdlab.twin.config.grammar import Mode, eos

VALUES = (
    *("1", "0", "10", "4094", "65000", "99999", "10-12", "10-12,20", "add", "none", "all", "auto"),
    *("Ethernet1", "et1-3", "Ethernet1/1", "Port-Channel5", "Vlan10", "Loopback0", "Po1,3-4"),
    *("10.0.0.1", "10.0.0.0/24", "10.0.0.1/33", "255.255.255.0", "2001:db8::1", "2001:db8::/64"),
    *("00:1c:73:00:00:01", "001c.7300.0001", "65000:1", "10.0.0.1:1", "foo", "RED", "in", "out"),
    *("permit", "deny", "seq", "x" * 40, "ä", "$1", "-", "no", "!"),
)
_TOKEN = re.compile(r"<[^>]+>|\[|\]|~|[^\s\[\]]+")
_DEEPEST = 4


@lru_cache(maxsize=1)
def commands() -> tuple[tuple[int, str], ...]:
    """Return the depth and the notation of every command of the table, each mode once."""
    found: list[tuple[int, str]] = []
    seen: set[int] = set()

    def walk(mode: Mode, depth: int) -> None:
        if id(mode) in seen or depth > _DEEPEST:
            return
        seen.add(id(mode))
        for shape in mode.shapes():
            found.append((depth, shape.text))
            if shape.opens is not None:
                walk(shape.opens, depth + 1)

    walk(eos(), 0)
    return tuple(found)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Draw one line: a command of the table with drawn values, now and then negated or cut."""
    depth, text = draw(st.sampled_from(commands()))
    words: list[str] = []
    for token in _TOKEN.findall(text):
        if token in {"[", "]", "~"}:
            continue
        if not token.startswith("<"):
            words.append(token)
            continue
        choices = [part.rstrip("*") for part in token[1:-1].split("|")]
        named = len(choices) > 1 and draw(st.booleans())
        words.append(draw(st.sampled_from(choices if named else VALUES)))
    if draw(st.integers(0, 9)) == 0:
        words = words[: draw(st.integers(1, len(words)))]
    start = draw(st.sampled_from(("", "", "", "no ", "default ")))
    return "   " * depth + start + " ".join(words)


def texts(longest: int = 25) -> st.SearchStrategy[str]:
    """Draw texts of such lines, with ends of bodies and modes between them."""
    others = st.sampled_from(("!", "EOF", "exit", "   exit", "end of text", "", "\tvlan 5"))
    return st.lists(lines() | lines() | lines() | others, max_size=longest).map("\n".join)
