"""Loading a whole configuration text, with a list of what EOS would refuse."""

from collections.abc import Iterator
from dataclasses import dataclass

from avdlab.twin.config.editor import SYNTAX, Editor, Platform, Rejected, any_platform
from avdlab.twin.config.tree import EMPTY, Config, heredoc_body, is_heredoc

NOT_EVALUATED = 0


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A refused line: where it stands, the modes open there, EOS's message and eAPI's code.

    The code is `NOT_EVALUATED` where a refused line above should have opened the mode.
    """

    number: int
    line: str
    mode: tuple[str, ...]
    message: str
    code: int = SYNTAX


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration without the refused lines, and those lines."""

    config: Config
    rejected: tuple[RejectedLine, ...] = ()


def load(text: str, base: Config = EMPTY, *, platform: Platform = any_platform) -> Loaded:
    """Apply a text to a configuration, indented or not, and go on after a refused line."""
    loader = _Loader(base, platform, flat=not any(line[:1].isspace() for line in text.splitlines()))
    for number, raw, body in _commands(text, loader):
        loader.take(number, raw, body)
    return Loaded(loader.editor.config(), tuple(loader.rejected))


@dataclass(frozen=True, slots=True)
class _Lost:
    """A refused line. What is indented below it, or in flat text would be below it, is lost too."""

    line: str
    indent: int
    depth: int | None  # of the mode in which it should have opened one


class _Loader:
    def __init__(self, base: Config, platform: Platform, *, flat: bool) -> None:
        self.editor = Editor(base, platform=platform)
        self.rejected: list[RejectedLine] = []
        self._flat = flat
        self._lost: _Lost | None = None
        self._section_ended = False  # the line before was indented, or `!` at the margin

    @property
    def in_flat_mode(self) -> bool:
        """Tell whether a line without indentation stands in a mode: in flat text all do."""
        return self._flat and bool(self.editor.path)

    def take(self, number: int, raw: str, body: str | None) -> None:
        line = " ".join(raw.split())
        self._follow(raw, line)
        if self._lost and self._belongs_to(self._lost, raw, line):
            why = f"Not evaluated: '{self._lost.line}' above was rejected"
            self._reject(number, line, why, NOT_EVALUATED)
            return
        self._lost = None
        try:
            self.editor.execute(line, body, number)
        except Rejected as error:
            self._reject(number, line, error.message, error.code)
            depth = self.editor.depth_of_mode(line) if self._flat else None
            self._lost = _Lost(line, _indent(raw), depth)

    def _follow(self, raw: str, line: str) -> None:
        """Leave the open modes where well-indented text goes back to the margin.

        EOS tries the innermost mode first, whatever the indentation; but no one who goes back to
        the margin, as printed configurations do, means the mode above; nor who sets a `!` there.
        """
        back = self._section_ended and _indent(raw) == 0 and not self._flat
        self._section_ended = _indent(raw) > 0
        if back and self.editor.knows(line, 0):
            self.editor.leave()

    def separate(self) -> None:
        """Take note of a `!` at the margin: it ends a mode that may have no lines."""
        self._section_ended = True

    def _belongs_to(self, lost: _Lost, raw: str, line: str) -> bool:
        if not self._flat or lost.depth is None:
            return _indent(raw) > lost.indent
        return not self.editor.knows(line, lost.depth)

    def _reject(self, number: int, line: str, message: str, code: int) -> None:
        self.rejected.append(RejectedLine(number, line, self.editor.path, message, code))


class _Lines(Iterator[tuple[int, str]]):
    """The numbered lines of a text, with a look at the next."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._at = 0

    def __next__(self) -> tuple[int, str]:
        if self._at == len(self._lines):
            raise StopIteration
        self._at += 1
        return self._at, self._lines[self._at - 1]

    def comment(self, first: str) -> str:
        """Take the lines of a mode's comment, of which the first was read."""
        found = [first]
        while self._at < len(self._lines) and self._lines[self._at].strip().startswith("!!"):
            found.append(next(self)[1].strip())
        return "\n".join(line.removeprefix("!!").removeprefix(" ") for line in found)


def _indent(raw: str) -> int:
    return len(raw) - len(raw.lstrip())


def _commands(text: str, loader: _Loader) -> Iterator[tuple[int, str, str | None]]:
    """Yield the commands with their line numbers and bodies, without comments and what is after
    `end`."""
    lines = _Lines(text)
    for number, raw in lines:
        stripped = raw.strip()
        if stripped.startswith("!!") and (raw[0].isspace() or loader.in_flat_mode):
            yield number, raw.replace(stripped, "comment"), lines.comment(stripped)
            continue
        if not stripped or stripped.startswith(("!", "#")):
            if raw.startswith("!"):
                loader.separate()
            continue
        if stripped == "end":
            return
        if loader.editor.takes_line(stripped):
            yield number, raw, next(lines, (0, ""))[1].strip()
            continue
        heredoc = loader.editor.takes_body(stripped) or is_heredoc(stripped)
        yield number, raw, heredoc_body(stripped, lines) if heredoc else None
