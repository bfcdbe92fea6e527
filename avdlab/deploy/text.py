"""Configuration text as eAPI commands, each knowing its line number and the modes above it."""

from collections.abc import Iterator, Sequence
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

    `!` lines and what follows `end` are left out; `!` and `end` inside a banner are text. Lines of
    `!!` inside a mode are its comment, as EOS prints it, and become the command for it.
    """
    found: list[Line] = []
    parents: list[tuple[int, str]] = []
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, raw in lines:
        words = raw.strip()
        indent = len(raw) - len(raw.lstrip())
        if not words or (words.startswith("!") and not (words.startswith("!!") and indent)):
            continue
        if raw.rstrip() == "end":
            break
        while parents and parents[-1][0] >= indent:
            parents.pop()
        mode = tuple(parent for _, parent in parents)
        if words.startswith("!!"):
            _add_comment(found, number, raw, mode)
            continue
        body = _body(number, words, lines) if _takes_input(words) else None
        if words == "description" and mode[:1] == ("monitor connectivity",):
            body = next(lines, (0, ""))[1].strip()  # EOS asks for it, and prints it below
        found.append(Line(number, raw.rstrip(), mode, body))
        parents.append((indent, words))
    return tuple(found)


def _add_comment(found: list[Line], number: int, raw: str, mode: tuple[str, ...]) -> None:
    """Add a comment line; those that follow each other are one comment."""
    words = raw.strip().removeprefix("!!").removeprefix(" ")
    last = found[-1] if found else None
    if last is not None and (last.words, last.mode) == ("comment", mode):
        found[-1] = Line(last.number, last.text, mode, f"{last.input or ''}{words}\n")
    else:
        indent = raw[: len(raw) - len(raw.lstrip())]
        found.append(Line(number, f"{indent}comment", mode, f"{words}\n"))


def _takes_input(words: str) -> bool:
    return words in _HEREDOCS or words.startswith("code unit ")


def _body(number: int, words: str, lines: Iterator[tuple[int, str]]) -> str:
    ends = 2 if words == "protocol https certificate" else 1  # the certificate, then its key
    body: list[str] = []
    for _, raw in lines:
        ends -= raw.strip() == "EOF"
        if not ends:
            return "".join(f"{line}\n" for line in body)
        body.append(raw)
    raise ValueError(f"line {number}: '{words}' is not closed by a line with EOF")


def split(lines: Sequence[Line], rejected: Line) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Split what follows a rejected line: what it takes down with it, and what can be evaluated.

    What stands in the mode that the line would have opened would land in another mode.
    """
    after = [line for line in lines if line.number > rejected.number]
    depth = len(rejected.path)
    for index, line in enumerate(after):
        if line.mode[:depth] != rejected.path:
            return tuple(after[:index]), tuple(after[index:])
    return tuple(after), ()


def enter(mode: tuple[str, ...]) -> list[Command]:
    """Return the commands that lead into a mode again, after a request that was cut short."""
    return ["   " * depth + words for depth, words in enumerate(mode)]
