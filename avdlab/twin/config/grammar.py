"""Which configuration commands EOS takes in which mode, read from the table `grammar.txt`.

The table looks like a configuration: indented lines are the commands of the mode above them. A word
stands for itself, `<type>` for a value (`<name>` and `<v>` take any word, `<text...>` the rest of
the line, `<a|b>` a choice, `<1-4094>` a number), `[...]` is optional. A command replaces an earlier
one of the same mode that agrees in all words and in the values marked with a star (`<peer*>`); what
follows `~` does not count. `{mode}` opens a mode, `{ordered}` keeps its lines as they were entered,
`{heredoc}` takes lines up to `EOF`, `{line}` the next line. `:name` starts a block of commands,
`&name` puts it in. A line with `no` is one that EOS keeps: it says what differs from a default.

Where a command gives a choice, other words are refused, and where it gives a range, other numbers,
even if another line of the table takes any text after fewer words: `bgp default ipv5-unicast` is no
`bgp <text...>`. A number out of the range is refused beside a line that takes any word there, too.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from avdlab.twin.config.values import Natural, fits, natural

_TOKEN = re.compile(r"<[^>]+>|\[|\]|~|[^\s\[\]]+")
_FLAGS = re.compile(r"\s*\{([a-z,]+)\}$")
_KEPT_AS_ENTERED = frozenset({"name", "text", "v", "nexthop"})
_OPEN = frozenset({"name", "text", "v", "n"})  # kinds that take numbers of any size
_NO_CUT = 99
Fits = Callable[[str, str], str | None]
Order = tuple[tuple[int, ...] | Natural, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One form of a command."""

    text: str
    rank: int
    group: int  # rank of the first shape that starts with the same words
    opens: "Mode | None" = None
    heredoc: bool = False
    line: bool = False

    @property
    def has_body(self) -> bool:
        """Tell whether lines of text belong to the command."""
        return self.heredoc or self.line


@dataclass(frozen=True, slots=True)
class Match:
    """A command that was found: spelled out, with what identifies it and where it is printed."""

    shape: Shape
    text: str
    key: tuple[str, ...]
    order: Order


@dataclass(frozen=True, slots=True)
class Miss:
    """A command that was not found: the first word that does not fit."""

    position: int
    reason: str


@dataclass(slots=True)
class _Node:
    words: "dict[str, _Node]" = field(default_factory=dict)
    values: "list[tuple[_Value, _Node]]" = field(default_factory=list)
    shape: Shape | None = None
    cut: int = _NO_CUT  # words after this position do not identify the command


@dataclass(frozen=True, slots=True)
class _Value:
    kind: str
    identifies: bool
    rest: bool

    @property
    def is_range(self) -> bool:
        """Tell whether it takes the numbers of a range."""
        low, _, high = self.kind.partition("-")
        return low.isdigit() and high.isdigit()

    def refuses(self, word: str) -> bool:
        """Tell whether a word that it does not take cannot stand there at all: no other choice,
        no other number; another word than a number may be of a form that was never seen."""
        return "|" in self.kind or (self.is_range and word.isdigit())

    @classmethod
    def of(cls, token: str) -> "_Value":
        inner = token[1:-1]
        identifies = inner.endswith("*")
        inner = inner.removesuffix("*")
        return cls(inner.removesuffix("..."), identifies, inner.endswith("..."))


# Every mode but the global one may have a comment; EOS prints it first, as lines of `!! text`.
_COMMENT = ("comment",)
_COMMENT_SHAPE = Shape("comment", 0, 0, heredoc=True)


class Mode:
    """The commands of one configuration mode."""

    def __init__(self, name: str, *, ordered: bool = False) -> None:
        self.name = name
        self.ordered = ordered
        self._count = 0
        self._root = _Node()
        self._groups: dict[tuple[str, ...], int] = {}
        self._openers: set[tuple[str, ...]] = set()

    def add(
        self, text: str, opens: "Mode | None", *, heredoc: bool = False, line: bool = False
    ) -> None:
        """Add one line of the table. EOS prints commands in the order in which they are added."""
        rank = self._count = self._count + 1
        tokens = _TOKEN.findall(text)
        prefix = _prefix(tokens)
        group = self._groups.setdefault(prefix, rank)
        if opens is not None and prefix:
            self._openers.add(prefix)
        shape = Shape(text, rank, group, opens, heredoc, line)
        for form in _forms(tokens):
            node = self._root
            cut = form.index("~") if "~" in form else _NO_CUT
            for token in form:
                node = node if token == "~" else _step(node, token)  # noqa: S105
            if node.shape is None:
                node.shape, node.cut = shape, cut

    def find(
        self, words: tuple[str, ...], *, abbreviated: bool = False, fits: Fits = fits
    ) -> "Match | Miss":
        """Find the command. Words may be shortened if `abbreviated`; `fits` checks its values."""
        if words == _COMMENT and self.name:
            return Match(_COMMENT_SHAPE, "comment", _COMMENT, () if self.ordered else ((0,),))
        return _Search(words, abbreviated, fits=fits).run(self._root, ordered=self.ordered)

    def next_words(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        """Return the keywords and the placeholders that may follow, and whether it may end here."""
        nodes = [self._root]
        for word in words:
            nodes = [then for node in nodes for then in _follow(node, word)]
        keywords = {key for node in nodes for key in node.words}
        values = {value.kind.upper() for node in nodes for value, _ in node.values}
        end = any(node.shape is not None for node in nodes)
        return tuple(sorted(keywords)), tuple(sorted(values)), end

    def shapes(self) -> "list[Shape]":
        """Return the commands of the mode, in the order in which EOS prints them."""
        found: dict[int, Shape] = {}
        stack, seen = [self._root], {id(self._root)}
        while stack:
            node = stack.pop()
            if node.shape is not None:
                found[node.shape.rank] = node.shape
            for then in (*node.words.values(), *(then for _, then in node.values)):
                if id(then) not in seen:
                    seen.add(id(then))
                    stack.append(then)
        return [found[rank] for rank in sorted(found)]

    def takes(self, word: str) -> bool:
        """Tell whether some command starts with the word."""
        return word in self._root.words

    def leads_to_mode(self, words: tuple[str, ...]) -> bool:
        """Tell whether a command that starts so would open a mode, however it goes on."""
        if words in self._openers or not words:
            return bool(words)
        if words[0] in self._only_openers():
            return True
        return any(words[:length] in self._openers for length in range(1, len(words)))

    def _only_openers(self) -> set[str]:
        plain = {prefix[0] for prefix in self._groups if prefix and prefix not in self._openers}
        return {prefix[0] for prefix in self._openers} - plain

    def find_prefix(self, words: tuple[str, ...], *, abbreviated: bool = False) -> "Match | Miss":
        """Find the words as the start of some command, as `no` and `default` take them."""
        if words == _COMMENT and self.name:
            return Match(_COMMENT_SHAPE, "comment", _COMMENT, ())
        return _Search(words, abbreviated, partial=True).run(self._root, ordered=self.ordered)


def _follow(node: _Node, word: str) -> "Iterator[_Node]":
    """Yield where a word leads; keywords may be shortened."""
    longer = [word] if word in node.words else [key for key in node.words if key.startswith(word)]
    if len(longer) == 1:
        yield node.words[longer[0]]
    for value, then in node.values:
        if value.rest or fits(value.kind, word) is not None:
            yield then


def _step(node: _Node, token: str) -> _Node:
    if not token.startswith("<"):
        return node.words.setdefault(token, _Node())
    value = _Value.of(token)
    for other, then in node.values:
        if other == value:
            return then
    then = _Node()
    node.values.append((value, then))
    node.values.sort(key=lambda entry: (entry[0].rest, entry[0].kind == "v"))  # checked ones first
    return then


_ANY = Shape("", 0, 0)


class _Search:
    """A walk through the table, word by word, that takes back wrong turns."""

    def __init__(
        self,
        words: tuple[str, ...],
        abbreviated: bool,
        *,
        partial: bool = False,
        fits: Fits = fits,
    ) -> None:
        self.words = words
        self.fits = fits
        self.abbreviated = abbreviated
        self.partial = partial
        self.miss = Miss(0, "Invalid input")
        self.refused = -1  # position of a word that is none of those which may stand there

    def run(self, root: _Node, *, ordered: bool) -> Match | Miss:
        path: list[tuple[str, _Value | None]] = []
        node = self._walk(root, 0, path)
        if node is None:
            return self.miss
        shape = node.shape or _ANY
        cut = node.cut if node.shape else _NO_CUT
        return _matched(shape, path, cut, ordered=ordered)

    def _walk(
        self, node: _Node, at: int, path: "list[tuple[str, _Value | None]]"
    ) -> "_Node | None":
        if at == len(self.words):
            if node.shape is not None or (self.partial and at):
                return node
            self._note(max(at - 1, 0), "Incomplete command")
            return None
        word = self.words[at]
        turned = False
        for text, value, then in self._turns(node, word):
            rest = value is not None and value.rest
            if value is not None and value.kind in _OPEN and self._swallows(at, rest=rest):
                continue
            turned = True
            path.append((" ".join(self.words[at:]) if rest else text, value))
            found = then if rest else self._walk(then, at + 1, path)
            if found is not None:
                return found
            path.pop()
        self._note(at, self._why(node, word))
        if not turned and any(value.refuses(word) for value, _ in node.values):
            self.refused = max(self.refused, at)
        return None

    def _turns(self, node: _Node, word: str) -> "Iterator[tuple[str, _Value | None, _Node]]":
        exact = node.words.get(word)
        if exact is not None:
            yield word, None, exact
        beside = exact is None and self._beside(node, word)
        for value, then in node.values:
            text = word if value.rest else self.fits(value.kind, word)
            if text is not None and not (beside and value.kind in _OPEN):
                yield text, value, then
        if exact is None and self.abbreviated:
            longer = [key for key in node.words if key.startswith(word)]
            if len(longer) == 1:
                yield longer[0], None, node.words[longer[0]]

    def _swallows(self, at: int, *, rest: bool) -> bool:
        """Tell whether any word, or all that follow, would hide a word that was refused."""
        return self.refused == at or (rest and self.refused > at)

    def _beside(self, node: _Node, word: str) -> bool:
        """Tell whether a number is out of every range that may stand here."""
        if not word.isdigit():
            return False
        ranges = [value.kind for value, _ in node.values if value.is_range]
        return bool(ranges) and all(self.fits(kind, word) is None for kind in ranges)

    def _why(self, node: _Node, word: str) -> str:
        longer = [key for key in node.words if key.startswith(word) and key != word]
        if not longer or word in node.words:
            return "Invalid input"
        return "Ambiguous command" if self.abbreviated and longer[1:] else "Incomplete token"

    def _note(self, position: int, reason: str) -> None:
        farther = position > self.miss.position
        if farther or (position == self.miss.position and reason != "Invalid input"):
            self.miss = Miss(position, reason)


def _matched(
    shape: Shape, path: "list[tuple[str, _Value | None]]", cut: int, *, ordered: bool
) -> Match:
    text = " ".join(word for word, _ in path)
    start = 1 if path[0] == ("no", None) else 0
    key = tuple(
        word
        for position, (word, value) in enumerate(path)
        if position >= start and position < cut and (value is None or value.identifies)
    )
    return Match(shape, text, key, () if ordered else _order(shape, path[start:]))


def _order(shape: Shape, path: "list[tuple[str, _Value | None]]") -> Order:
    """Commands that start alike are printed together, sorted by their first values."""
    parts: list[tuple[int, ...] | Natural] = [(shape.group,)]
    for position, (word, value) in enumerate(path):
        if value is None:
            continue
        if not value.identifies or value.kind in _KEPT_AS_ENTERED or value.rest:
            break
        parts.append(_sorted_as(value, word))
        if len(parts) == 2 and position + 1 < len(path):
            parts.append((shape.rank,))
    else:
        if len(parts) == 1:
            parts.append((shape.rank,))
    return tuple(parts)


def _sorted_as(value: _Value, word: str) -> Natural | tuple[int, ...]:
    choices = value.kind.split("|")
    return (choices.index(word),) if word in choices else natural(word)


def _prefix(tokens: list[str]) -> tuple[str, ...]:
    words: list[str] = []
    for token in tokens[1:] if tokens[0] == "no" else tokens:
        if token[0] in "<[~":
            break
        words.append(token)
    return tuple(words)


def _forms(tokens: list[str]) -> Iterator[list[str]]:
    """Yield the token lists that the optional parts allow, longest first."""
    if "[" not in tokens:
        yield tokens
        return
    start = tokens.index("[")
    depth = 0
    for end in range(start, len(tokens)):
        depth += {"[": 1, "]": -1}.get(tokens[end], 0)
        if depth == 0:
            break
    yield from _forms([*tokens[:start], *tokens[start + 1 : end], *tokens[end + 1 :]])
    yield from _forms([*tokens[:start], *tokens[end + 1 :]])


@dataclass(frozen=True, slots=True)
class _Row:
    indent: int
    text: str
    flags: frozenset[str]


def parse(text: str) -> Mode:
    """Read a table. Its notation is told at the top of this module."""
    rows = [_row(line) for line in text.splitlines() if line.strip() and line[0] != "#"]
    blocks = {rows[at].text[1:]: at for at in range(len(rows)) if rows[at].text[0] == ":"}
    root = Mode("")
    _fill(root, rows, blocks, 0, 0)
    return root


def _row(line: str) -> _Row:
    stripped = line.strip()
    found = _FLAGS.search(stripped)
    flags = frozenset(found[1].split(",")) if found else frozenset[str]()
    return _Row(len(line) - len(line.lstrip()), _FLAGS.sub("", stripped), flags)


def _fill(mode: Mode, rows: list[_Row], blocks: dict[str, int], at: int, indent: int) -> None:
    """Add the rows of one indentation, from `at` on, and what they open."""
    while at < len(rows) and rows[at].indent >= indent:
        row = rows[at]
        at += 1
        if row.indent > indent:
            continue
        if row.text[0] == ":":
            continue
        if row.text[0] == "&":
            _fill(mode, rows, blocks, blocks[row.text[1:]] + 1, 3)
            continue
        opens = None
        if "mode" in row.flags:
            opens = Mode(row.text, ordered="ordered" in row.flags)
            _fill(opens, rows, blocks, at, indent + 3)
        heredoc, line = "heredoc" in row.flags, "line" in row.flags
        mode.add(row.text, opens, heredoc=heredoc, line=line)


@lru_cache(maxsize=1)
def eos() -> Mode:
    """Return the global configuration mode of EOS, read once from the package's own table."""
    return parse(resources.files(__package__).joinpath("grammar.txt").read_text("utf-8"))


@lru_cache(maxsize=131072)
def find(mode: Mode, command: str) -> "Match | Miss":
    """Find a command of a mode; the answer is remembered, for configs repeat themselves."""
    return mode.find(tuple(command.split(" ")))


def describe(misses: Iterable[tuple[Miss, tuple[str, ...]]]) -> str:
    """Return EOS's message for the miss that came farthest."""
    miss, words = max(misses, key=lambda pair: pair[0].position)
    token = words[min(miss.position, len(words) - 1)]
    return f"{miss.reason} (at token {miss.position}: '{token}')"
