"""Configuration texts as strategies: the grammar's own modes, with values right and wrong."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path

from hypothesis import strategies as st

from avdlab.twin.config.values import fits

_TOKEN = re.compile(r"<[^>]+>|\[|\]|~|[^\s\[\]]+")
_FLAGS = re.compile(r"\s*\{([a-z,]+)\}$")
WORDS = (Path(__file__).parent / "values.txt").read_text("utf-8").split()
VALUES = st.sampled_from(WORDS)
WORD = st.one_of(VALUES, st.text(min_size=1, max_size=8))


@dataclass
class Shape:
    """A command of the grammar's table, and the commands of the mode that it opens."""

    text: str
    heredoc: bool = False
    inner: "list[Shape]" = field(default_factory=list)


def _table():
    """Read the table as a tree; its notation is told in avdlab/twin/config/grammar.py."""
    text = resources.files("avdlab.twin.config").joinpath("grammar.txt").read_text("utf-8")
    root: list[Shape] = []
    blocks: dict[str, list[Shape]] = {}
    borrowed: list[tuple[list[Shape], str]] = []
    open_modes: list[tuple[int, list[Shape]]] = [(-1, root)]
    for raw in text.splitlines():
        if not raw.strip() or raw.startswith("#"):
            continue
        indent = len(raw) - len(raw.lstrip())
        while open_modes[-1][0] >= indent:
            open_modes.pop()
        here, row = open_modes[-1][1], raw.strip()
        if row[0] == ":":
            open_modes.append((indent, blocks.setdefault(row[1:], [])))
        elif row[0] == "&":
            borrowed.append((here, row[1:]))
        else:
            flags = _FLAGS.search(row)
            shape = Shape(_FLAGS.sub("", row), bool(flags and "heredoc" in flags[1]))
            here.append(shape)
            open_modes.append((indent, shape.inner))
    for inner, name in borrowed:
        inner.extend(blocks[name])
    return root


TABLE = _table()


@lru_cache(maxsize=4096)
def _fitting(kind):
    return tuple(word for word in WORDS if fits(kind, word) is not None) or ("A",)


def _value(draw, token):
    """Draw a value for a placeholder, mostly one that fits."""
    kind = token[1:-1].removesuffix("*").removesuffix("...")
    if not draw(st.integers(0, 11)):
        return draw(WORD)
    bounds = re.fullmatch(r"(\d+)-(\d+)", kind)
    if bounds:
        low, high = int(bounds[1]), int(bounds[2])
        return str(draw(st.sampled_from([low, high, (low + high) // 2])))
    if "|" in kind:
        return draw(st.sampled_from([part for part in kind.split("|") if part]))
    return draw(st.sampled_from(_fitting(kind)))


def _command(draw, text):
    """Draw a command of a shape; now and then with a word wrong, missing or too much."""
    words: list[str] = []
    depth, skipping = 0, 0
    for token in _TOKEN.findall(text):
        if token == "[":
            depth += 1
            if not skipping and draw(st.booleans()):
                skipping = depth
        elif token == "]":
            skipping = 0 if skipping == depth else skipping
            depth -= 1
        elif not skipping and token != "~":
            words.append(_value(draw, token) if token.startswith("<") else token)
    match draw(st.integers(0, 39)):
        case 0:
            words.insert(draw(st.integers(0, len(words))), draw(WORD))
        case 1 if len(words) > 1:
            words.pop(draw(st.integers(0, len(words) - 1)))
        case 2 | 3:
            words.insert(0, draw(st.sampled_from(["no", "default"])))
        case 4:
            words = [draw(WORD) for _ in words]
    return " ".join(words)


def _section(draw, shapes, depth, lines):
    """Draw a command and, where it opens a mode, some commands of that."""
    shape = draw(st.sampled_from(shapes))
    indent = "   " * depth if draw(st.integers(0, 9)) else draw(st.sampled_from(["", " ", "\t"]))
    lines.append(indent + _command(draw, shape.text))
    if shape.heredoc:
        lines.append(draw(BODY))
        lines.append("EOF")
    if shape.inner:
        for _ in range(draw(st.integers(0, 5))):
            _section(draw, shape.inner, depth + 1, lines)
    if not draw(st.integers(0, 9)):
        lines.append(
            draw(st.sampled_from(["!", "!! a comment", "   !! another", "", "exit", "EOF"]))
        )


BODY = st.lists(st.text(max_size=10) | st.just("EOF"), max_size=3).map("\n".join)
_MODES = [shape for shape in TABLE if shape.inner]


@st.composite
def text(draw):
    """Draw a configuration of a few sections; flat at times, as some clients send it."""
    lines: list[str] = []
    for _ in range(draw(st.integers(0, 6))):
        _section(draw, _MODES if draw(st.integers(0, 2)) else TABLE, 0, lines)
    if not draw(st.integers(0, 9)):
        lines.insert(draw(st.integers(0, len(lines))), draw(st.text(max_size=20)))
    if not draw(st.integers(0, 3)):
        lines = [line.strip() for line in lines]
    return "\n".join(lines)


TEXT = text()


@st.composite
def line(draw):
    """Draw one command of any mode of the first two levels."""
    shape = draw(st.sampled_from(TABLE))
    if shape.inner and draw(st.booleans()):
        shape = draw(st.sampled_from(shape.inner))
    return _command(draw, shape.text)


LINE = line()
