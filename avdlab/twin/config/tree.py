"""A configuration as a tree of lines: what `show running-config` prints, as a value."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One command and the commands of the mode that it opens.

    `text` has single spaces and no indentation. `body` is the multi-line input of a banner or
    comment (EOS heredoc, without its `EOF`). `number` is the line of the text it came from (0 when
    typed) and takes no part in equality.
    """

    text: str
    children: tuple["Line", ...] = ()
    body: str | None = None
    number: int = field(default=0, compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the command."""
        return tuple(self.text.split())

    def find(self, prefix: str) -> Iterator["Line"]:
        """Yield the children whose text is `prefix` or starts with `prefix` and a space."""
        for child in self.children:
            if child.text == prefix or child.text.startswith(prefix + " "):
                yield child

    def first(self, prefix: str) -> "Line | None":
        """Return the first child found by `find`, or None."""
        return next(self.find(prefix), None)

    def has(self, text: str) -> bool:
        """Tell whether a child reads exactly so."""
        return any(child.text == text for child in self.children)


# A whole configuration: a root line with an empty text. Its children are the top-level commands.
Config = Line
EMPTY: Config = Line("")


def indented(lines: "tuple[Line, ...]", depth: int = 0) -> Iterator[str]:
    """Yield the lines as text, three spaces a level as EOS prints them, without separators."""
    for line in lines:
        yield "   " * depth + line.text
        if line.body is not None:
            yield from line.body.splitlines()
            yield "EOF"
        yield from indented(line.children, depth + 1)


def parse_indented(text: str) -> Config:
    """Read well-indented text as it stands, without a grammar: for recorded running-configs.

    Comments (`!`) and blank lines are dropped, `end` ends the text. Heredocs of banners and
    comments are kept as bodies.
    """
    root: list[_Open] = [_Open(-1, "", 0)]
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, raw in lines:
        stripped = raw.strip()
        if not stripped or stripped.startswith("!"):
            continue
        if stripped == "end" and not raw.startswith(" "):
            break
        indent = len(raw) - len(raw.lstrip(" "))
        while root[-1].indent >= indent:
            done = root.pop()
            root[-1].children.append(done.line())
        opened = _Open(indent, " ".join(stripped.split()), number)
        if is_heredoc(opened.text):
            opened.body = heredoc_body(opened.text, lines)
        root.append(opened)
    while len(root) > 1:
        done = root.pop()
        root[-1].children.append(done.line())
    return root[0].line()


def is_heredoc(text: str) -> bool:
    """Tell whether the command takes lines up to `EOF`."""
    heredocs = {"comment", "action bash", "code", "protocol https certificate"}
    if text in heredocs or text in {"banner motd", "banner login", "banner exec"}:
        return True
    return text.startswith("code unit ") and len(text.split()) == 3


def heredoc_body(text: str, lines: Iterator[tuple[int, str]]) -> str:
    """Take the lines of the command's body. A certificate is followed by its key: two bodies."""
    ends = 2 if text == "protocol https certificate" else 1
    body: list[str] = []
    for _, raw in lines:
        ends -= raw.strip() == "EOF"
        if not ends:
            break
        body.append("EOF" if raw.strip() == "EOF" else raw)
    return "\n".join(body)


@dataclass(slots=True)
class _Open:
    indent: int
    text: str
    number: int
    children: list[Line] = field(default_factory=list)
    body: str | None = None

    def line(self) -> Line:
        return Line(self.text, tuple(self.children), self.body, self.number)
