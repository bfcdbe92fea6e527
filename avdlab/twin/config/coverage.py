"""How much of a configuration the engine reads, line by line."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from avdlab.twin.config.read.table import Commands
from avdlab.twin.config.tree import Config, Line

Verdict = Literal["modelled", "mirrored", "accepted"]
_NOTHING: Commands[Any] = Commands("")


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines that decide state (modelled), that show commands mirror (mirrored), and that are only
    kept and echoed (accepted)."""

    modelled: int
    mirrored: int
    accepted: int
    lines: tuple[tuple[tuple[str, ...], str, Verdict], ...]  # modes, line, verdict


def coverage(config: Config, top: Commands[Any], mirrored: Commands[Any] = _NOTHING) -> Counts:
    """Count the lines that the reading tables know, from the tables of the global mode down."""
    lines = tuple(_judged(config.children, top, mirrored, ()))
    found = Counter(verdict for _, _, verdict in lines)
    return Counts(found["modelled"], found["mirrored"], found["accepted"], lines)


def _judged(
    lines: tuple[Line, ...],
    table: Commands[Any] | None,
    mirror: Commands[Any] | None,
    mode: tuple[str, ...],
) -> Iterator[tuple[tuple[str, ...], str, Verdict]]:
    for line in lines:
        known, opened = table.lookup(line.text) if table is not None else (False, None)
        shown, shown_in = mirror.lookup(line.text) if mirror is not None else (False, None)
        yield mode, line.text, "modelled" if known else "mirrored" if shown else "accepted"
        yield from _judged(line.children, opened, shown_in, (*mode, line.text))
