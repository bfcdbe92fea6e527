"""Configuration text as eAPI commands, each knowing its line number and the modes above it."""

from collections.abc import Iterator
from dataclasses import dataclass

# Commands that take the lines up to `EOF` as their input, as EOS prints them.
_HEREDOCS = frozenset(
    {
        "banner exec",
        "banner login",
        "banner motd",
        "comment",
        "action bash",
        "protocol https certificate",
    }
)
Command = str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One command of a configuration. `text` keeps its indentation, `mode` names its parents."""

    number: int
    text: str
    mode: tuple[str, ...] = ()
    input: str | None = None

    @property
    def words(self) -> str:
        return self.text.strip()

    @property
    def command(self) -> Command:
        """Return what eAPI is sent."""
        return self.text if self.input is None else {"cmd": self.text, "input": self.input}

    @property
    def path(self) -> tuple[str, ...]:
        """Return the mode that the line opens, if it opens one."""
        return (*self.mode, self.words)


def read_config(text: str) -> tuple[Line, ...]:
    """Read a whole configuration. Raises ValueError for an input without its `EOF`.

    `!` lines and what follows `end` are left out; `!` and `end` inside a banner are text.
    """
    found: list[Line] = []
    parents: list[tuple[int, str]] = []
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, raw in lines:
        words = raw.strip()
        if not words or words.startswith("!"):
            continue
        if raw.rstrip() == "end":
            break
        indent = len(raw) - len(raw.lstrip())
        while parents and parents[-1][0] >= indent:
            parents.pop()
        body = _body(number, words, lines) if _takes_input(words) else None
        mode = tuple(parent for _, parent in parents)
        found.append(Line(number, raw.rstrip(), mode, body))
        parents.append((indent, words))
    return tuple(found)


def _takes_input(words: str) -> bool:
    return words in _HEREDOCS or words.startswith("code unit ")


def _body(number: int, words: str, lines: Iterator[tuple[int, str]]) -> str:
    body: list[str] = []
    for _, raw in lines:
        if raw.strip() == "EOF":
            return "".join(f"{line}\n" for line in body)
        body.append(raw)
    raise ValueError(f"line {number}: '{words}' is not closed by a line with EOF")


def without(lines: tuple[Line, ...], rejected: Line) -> tuple[Line, ...]:
    """Return the lines after a rejected one that can still be evaluated.

    What stands in the mode that the line would have opened would land in another mode.
    """
    after = [line for line in lines if line.number > rejected.number]
    depth = len(rejected.path)
    for index, line in enumerate(after):
        if line.mode[:depth] != rejected.path:
            return tuple(after[index:])
    return ()


def enter(mode: tuple[str, ...]) -> list[Command]:
    """Return the commands that lead into a mode again, after a request that was cut short."""
    return ["   " * depth + words for depth, words in enumerate(mode)]
