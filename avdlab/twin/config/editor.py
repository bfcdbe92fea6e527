"""Editing a configuration command by command, as EOS does in configuration mode.

A command is looked up in the mode that is open, then in the modes around it; so text without
indentation builds the same tree as indented text.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from avdlab.twin.config import grammar
from avdlab.twin.config.conflicts import conflict
from avdlab.twin.config.defaults import without_defaults
from avdlab.twin.config.grammar import Match, Miss, Mode, Shape
from avdlab.twin.config.rules import allowed_vlans, check, expand_instances
from avdlab.twin.config.tree import EMPTY, Config, Line, heredoc_body

SYNTAX = 1002  # eAPI's code of a command that EOS does not know
SEMANTIC = 1000  # eAPI's code of a command that EOS knows and refuses
_COMMENTS = ("!", "#")
# (command, command that opened its mode) -> what the platform says to it, "" when it takes it
Platform = Callable[[str, str], str]


def any_platform(_: str, __: str) -> str:
    """Take what EOS takes on some platform."""
    return ""


class Rejected(Exception):
    """A command that EOS refuses, in EOS's words, with eAPI's error code."""

    def __init__(self, message: str, code: int = SYNTAX) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(slots=True)
class _Item:
    """A command of the candidate; its items if it opens a mode."""

    match: Match
    body: str | None = None
    number: int = 0
    items: "dict[tuple[str, ...], _Item]" = field(default_factory=dict)


@dataclass(slots=True)
class _Level:
    """A mode that is open. `interface Ethernet1-4` opens four items at once."""

    mode: Mode
    items: list[_Item]
    text: str


class Editor:
    """A candidate configuration and the modes that are open in it."""

    def __init__(
        self,
        base: Config = EMPTY,
        *,
        abbreviated: bool = False,
        platform: Platform = any_platform,
    ) -> None:
        self.abbreviated = abbreviated
        self._platform = platform
        self._root = _Item(Match(grammar.Shape("", 0, 0), "", (), ()))
        _copy(base.children, self._root, grammar.eos())
        self._top = _Level(grammar.eos(), [self._root], "")
        self._levels = [self._top]

    @property
    def path(self) -> tuple[str, ...]:
        """The commands of the modes that are open, outermost first."""
        return tuple(level.text for level in self._levels[1:])

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes that are open, innermost first."""
        return tuple(level.mode for level in reversed(self._levels))

    def clear(self) -> None:
        """Empty the candidate (`rollback clean-config`) and leave all modes."""
        self._root.items.clear()
        self.leave()

    def leave(self) -> None:
        """Go back to the global configuration mode."""
        del self._levels[1:]

    def execute(self, command: str, body: str | None = None, number: int = 0) -> None:
        """Carry out one line of configuration. Raises Rejected; the candidate is then unchanged.

        `body` is the text of a banner or comment; it may also follow the command after a newline.
        """
        command, _, lines = command.strip().partition("\n")
        given = lines if body is None else body
        body = heredoc_body(command, enumerate(given.replace("\r\n", "\n").split("\n")))
        words = tuple(command.split())
        if words == ("comment",):  # printed as `!! text`, without what nobody sees
            body = "\n".join(line.rstrip() for line in body.split("\n"))
        if command.startswith("!!"):
            self._append_comment(command.removeprefix("!!").removeprefix(" "), number)
            return
        if not words or words[0].startswith(_COMMENTS):
            return
        if len(words) == 1 and words[0] in {"exit", "end", "abort"}:
            self._exit(words[0])
        elif words[0] in {"no", "default"}:
            self._negate(words, number)
        else:
            self._apply(*self._find(words), body, number)

    def _append_comment(self, text: str, number: int) -> None:
        """`!! text` adds a line to the comment of the mode that is open."""
        if len(self._levels) == 1:
            return
        held = self._levels[-1].items[0].items.get(("comment",))
        body = text if held is None or held.body is None else f"{held.body}\n{text}"
        self._apply(*self._find(("comment",)), body, number)

    def takes_body(self, command: str) -> bool:
        """Tell whether the command is followed by lines up to `EOF`. False if it is not known."""
        shape = self._shape(command)
        return shape is not None and shape.heredoc

    def takes_line(self, command: str) -> bool:
        """Tell whether the line after the command is its text (`description` of a host)."""
        shape = self._shape(command)
        return shape is not None and shape.line

    def _shape(self, command: str) -> Shape | None:
        try:
            return self._find(tuple(command.split()))[1].shape
        except Rejected:
            return None

    def depth_of_mode(self, command: str) -> int | None:
        """Tell at which depth of `path` a command would have opened a mode, were it well-formed."""
        words = tuple(command.split())
        for depth in range(len(self._levels) - 1, -1, -1):
            if self._levels[depth].mode.leads_to_mode(words):
                return depth
        return None

    def knows(self, command: str, depth: int) -> bool:
        """Tell whether the mode at this depth of `path`, or one around it, knows the command."""
        words = tuple(command.split())
        if words[0] in {"no", "default"}:
            words = words[1:]
        modes = (level.mode for level in self._levels[: depth + 1])
        return any(isinstance(mode.find_prefix(words), Match) for mode in modes if words)

    def config(self) -> Config:
        """Return the candidate in EOS's order, without what EOS does not print."""
        return without_defaults(Line("", _lines(self._root, grammar.eos())))

    def _exit(self, word: str) -> None:
        if word == "exit":
            del self._levels[max(1, len(self._levels) - 1) :]
        else:
            self.leave()

    def _find(self, words: tuple[str, ...]) -> tuple[int, Match]:
        """Find the command in the innermost mode that knows it; return the depth of that mode."""
        if not words:
            raise Rejected("Incomplete command (at token 0: '')")
        misses: list[tuple[Miss, tuple[str, ...]]] = []
        for depth in range(len(self._levels) - 1, -1, -1):
            found = self._look(self._levels[depth].mode, words)
            if isinstance(found, Match):
                return depth, found
            misses.append((found, words))
        raise Rejected(grammar.describe(misses))

    def _look(self, mode: Mode, words: tuple[str, ...]) -> Match | Miss:
        if self.abbreviated:
            return mode.find(words, abbreviated=True)
        return grammar.find(mode, " ".join(words))

    def _check_platform(self, depth: int, command: str) -> None:
        refusal = self._platform(command, self._levels[depth].text)
        if refusal:
            raise Rejected(refusal)

    def _apply(self, depth: int, match: Match, body: str | None, number: int) -> None:
        self._check_platform(depth, match.text)
        problem = check(match, (item.match for item in self._levels[depth].items[0].items.values()))
        problem = problem or self._conflict(match, depth)
        if problem:
            raise Rejected(problem, SEMANTIC)
        del self._levels[depth + 1 :]
        opened = [
            _put(parent, instance, body, number)
            for parent in self._levels[depth].items
            for instance in expand_instances(match)
        ]
        if match.shape.opens is not None:
            self._levels.append(_Level(match.shape.opens, opened, match.text))

    def _conflict(self, match: Match, depth: int) -> str:
        """Return EOS's objection to a command of an interface because of another interface."""
        level = self._levels[depth]
        if depth != 1 or not level.text.startswith("interface "):
            return ""
        for item in level.items:
            problem = conflict(match.text, item.match.text.split(" ", 1)[1], self._interfaces)
            if problem:
                return problem
        return ""

    def _interfaces(self) -> Iterator[tuple[str, Iterator[str]]]:
        for key, item in self._root.items.items():
            if key[0] == "interface":
                yield key[-1], (held.match.text for held in item.items.values())

    def _negate(self, words: tuple[str, ...], number: int) -> None:
        """`no` and `default`: keep the line if EOS does, else take away what starts so."""
        if len(words) == 1:
            raise Rejected(f"Incomplete command (at token 0: '{words[0]}')")
        misses: list[tuple[Miss, tuple[str, ...]]] = []
        for depth in range(len(self._levels) - 1, -1, -1):
            mode = self._levels[depth].mode
            kept = self._look(mode, words) if words[0] == "no" else None
            if isinstance(kept, Match):
                self._check_platform(depth, kept.text)
                self._keep_negative(depth, kept, number)
                return
            found = mode.find_prefix(words[1:], abbreviated=self.abbreviated)
            if isinstance(found, Match):
                self._remove(depth, found)
                return
            misses.append((Miss(found.position + 1, found.reason), words))
        raise Rejected(grammar.describe(misses))

    def _keep_negative(self, depth: int, match: Match, number: int) -> None:
        """Where the positive form is a command too, only that is taken back: `no switchport` leaves
        `switchport access vlan` alone."""
        positive = match.text.removeprefix("no ")
        alone = isinstance(self._look(self._levels[depth].mode, tuple(positive.split())), Match)
        del self._levels[depth + 1 :]
        for parent in self._levels[depth].items:
            if not alone:
                _remove_prefix(parent, positive)
            _put(parent, match, None, number)

    def _remove(self, depth: int, match: Match) -> None:
        del self._levels[depth + 1 :]
        for parent in self._levels[depth].items:
            for instance in expand_instances(match):
                _remove_prefix(parent, instance.text)
                if instance.key and instance.shape.text and "<" in instance.shape.text:
                    parent.items.pop(instance.key, None)
                _forget_peer(parent, instance.text)


def _put(parent: _Item, match: Match, body: str | None, number: int) -> _Item:
    held = parent.items.get(match.key)
    match = allowed_vlans(match, held.match if held else None)
    if held is None:
        held = parent.items[match.key] = _Item(match, body, number)
        return held
    held.match, held.number = match, number
    if match.shape.has_body:
        held.body = body
    return held


def _remove_prefix(parent: _Item, text: str) -> None:
    for key in [key for key, item in parent.items.items() if _starts(item.match.text, text)]:
        del parent.items[key]


def _starts(line: str, text: str) -> bool:
    line = line.removeprefix("no ")
    return line == text or line.startswith(text + " ")


def _forget_peer(parent: _Item, text: str) -> None:
    """`no neighbor X` also takes the peer out of the address families below."""
    if text.startswith("neighbor ") and len(text.split()) == 2:
        for child in parent.items.values():
            _remove_prefix(child, text)


def _copy(lines: Iterable[Line], parent: _Item, mode: Mode) -> None:
    for line in lines:
        found = grammar.find(mode, line.text)
        if isinstance(found, Miss):
            raise ValueError(f"not a line of a loaded configuration: {line.text!r}; use load()")
        item = parent.items[found.key] = _Item(found, line.body, line.number)
        if found.shape.opens is not None:
            _copy(line.children, item, found.shape.opens)


def _lines(parent: _Item, mode: Mode) -> tuple[Line, ...]:
    items: list[_Item] = list(parent.items.values())
    if mode.ordered:
        items = _own_lines_first(items)
    else:
        inner = mode.name != ""  # below the top, modes come last: no line after them is taken wrong
        items = sorted(
            items,
            key=lambda item: (inner and item.match.shape.opens is not None, item.match.order),
        )
    return tuple(
        Line(
            item.match.text,
            _lines(item, item.match.shape.opens) if item.match.shape.opens else (),
            item.body if item.match.shape.has_body else None,
            item.number,
        )
        for item in items
    )


def _own_lines_first(items: list[_Item]) -> list[_Item]:
    """Keep the order of entry, but set a line before a mode that would take it for its own.

    EOS prints `ipv4` of `router pim sparse-mode` before `vrf A`, which has an `ipv4` too, and a
    mode's comment before all else.
    """
    left = sorted(items, key=lambda item: item.match.text != "comment")
    if len(left) == 1 or not any(item.match.shape.opens for item in left):
        return left
    found: list[_Item] = []
    while left:
        free = (at for at, item in enumerate(left) if not _takes_any(item.match.shape.opens, left))
        found.append(left.pop(next(free, 0)))
    return found


def _takes_any(mode: Mode | None, items: list[_Item]) -> bool:
    if mode is None:
        return False
    others = (item.match for item in items if item.match.shape.opens is not mode)
    return any(_takes(mode, other.text) for other in others)


@lru_cache(maxsize=4096)
def _takes(mode: Mode, text: str) -> bool:
    """Tell whether the mode, or one that may be open inside of it, knows the command."""
    if isinstance(grammar.find(mode, text), Match):
        return True
    return any(shape.opens and _takes(shape.opens, text) for shape in mode.shapes())
