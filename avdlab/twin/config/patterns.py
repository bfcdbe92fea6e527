"""Patterns of commands, in the notation of EOS manuals: `ip route [vrf <vrf>] <prefix> <rest...>`.

A word stands for itself; `a|b` is a choice of words; `<name>` takes one word, `<name...>` takes the
rest (at least one word); brackets make a part optional. Used for configuration lines and for show
commands alike.
"""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. `text` is the notation it was made from."""

    text: str
    _regex: re.Pattern[str]  # matched with a space in front: every part brings its own

    @classmethod
    def of(cls, text: str) -> "Pattern":
        """Compile the notation."""
        return _compile(text)

    def match(self, command: str) -> dict[str, str] | None:
        """Return the captured words of a single-spaced command, or None if it does not match."""
        found = self._regex.fullmatch(" " + command)
        if found is None:
            return None
        return {name: value for name, value in found.groupdict().items() if value is not None}


_TOKEN = re.compile(r"\[|\]|<[\w-]+(?:\.\.\.)?>|[^\s\[\]]+")


@lru_cache(maxsize=4096)
def _compile(text: str) -> Pattern:
    expression = ""
    for part in _TOKEN.findall(text):
        if part == "[":
            expression += "(?:"
        elif part == "]":
            expression += ")?"
        elif part.startswith("<") and part.endswith("...>"):
            expression += f" (?P<{part[1:-4].replace('-', '_')}>.+)"
        elif part.startswith("<"):
            expression += f" (?P<{part[1:-1].replace('-', '_')}>[^ ]+)"
        else:
            expression += " (?:" + "|".join(re.escape(word) for word in part.split("|")) + ")"
    return Pattern(text, re.compile(expression))
