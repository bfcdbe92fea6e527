"""Tables of configuration commands that the engine reads.

A reader module holds one `Commands` table per configuration mode. The table that reads is also the
table that `coverage` counts with: a line is *modelled* if and only if a table has a handler for it.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from avdlab.twin.config.patterns import Pattern
from avdlab.twin.config.tree import Line

Builder = TypeVar("Builder")
Args = dict[str, str]
Handler = Callable[[Builder, Args, Line], None]


@dataclass(frozen=True, slots=True)
class _Entry(Generic[Builder]):
    pattern: Pattern
    handler: Handler[Builder]
    opens: "Commands[Any] | None"


class Commands(Generic[Builder]):
    """The commands of one mode: pattern -> handler(builder, captured words, line)."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self._by_word: dict[str, list[_Entry[Builder]]] = {}

    def on(
        self, *patterns: str, opens: "Commands[Any] | None" = None
    ) -> Callable[[Handler[Builder]], Handler[Builder]]:
        """Register a handler for the patterns. `opens` is the table of the mode that they enter;
        the handler itself reads `line.children` with it. First matching pattern wins."""

        def register(handler: Handler[Builder]) -> Handler[Builder]:
            for text in patterns:
                first = text.split()[0]
                for word in first.split("|"):
                    entry = _Entry(Pattern.of(text), handler, opens)
                    self._by_word.setdefault(word, []).append(entry)
            return handler

        return register

    def include(self, other: "Commands[Any]") -> None:
        """Add the commands of another table of the same mode, after this table's own."""
        for word, entries in other._by_word.items():
            self._by_word.setdefault(word, []).extend(entries)

    def read(self, lines: Iterable[Line], builder: Builder) -> None:
        """Hand every line that the table knows to its handler; leave the others alone.

        A line whose values cannot be (`ip address 1.2.3.400/24`) is left alone too: refusing it
        is the command editor's work, and one bad line must not take the device down.
        """
        for line in lines:
            found = self._find(line.text)
            if found is not None:
                with suppress(ValueError):
                    found[0].handler(builder, found[1], line)

    def patterns(self) -> "list[tuple[str, Commands[Any] | None]]":
        """Return the notation of each command with the table of the mode that it opens, sorted."""
        found = {
            (entry.pattern.text, id(entry.opens)): entry.opens
            for entries in self._by_word.values()
            for entry in entries
        }
        pairs = [(text, opens) for (text, _), opens in found.items()]
        return sorted(pairs, key=lambda pair: pair[0])

    def lookup(self, text: str) -> "tuple[bool, Commands[Any] | None]":
        """Tell whether the line is modelled, and the table of the mode that it opens, if any."""
        found = self._find(text)
        return (False, None) if found is None else (True, found[0].opens)

    def _find(self, text: str) -> tuple[_Entry[Builder], Args] | None:
        word = text.partition(" ")[0]
        for key in (word, "<any>"):
            for entry in self._by_word.get(key, ()):
                args = entry.pattern.match(text)
                if args is not None:
                    return entry, args
        return None
