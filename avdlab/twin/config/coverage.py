"""How much of a configuration the engine reads, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from avdlab.twin.config.read.table import Commands
from avdlab.twin.config.tree import Config, Line

Verdict = Literal["modelled", "accepted"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines that decide state (modelled) and lines that are only kept and echoed (accepted)."""

    modelled: int
    accepted: int
    lines: tuple[tuple[tuple[str, ...], str, Verdict], ...]  # modes, line, verdict


def coverage(config: Config, top: Commands[Any]) -> Counts:
    """Count the lines that the reading tables know, from the table of the global mode down."""
    lines = tuple(_judged(config.children, top, ()))
    modelled = sum(1 for _, _, verdict in lines if verdict == "modelled")
    return Counts(modelled, len(lines) - modelled, lines)


def _judged(
    lines: tuple[Line, ...], table: Commands[Any] | None, mode: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str, Verdict]]:
    for line in lines:
        known, opened = table.lookup(line.text) if table is not None else (False, None)
        yield mode, line.text, "modelled" if known else "accepted"
        yield from _judged(line.children, opened, (*mode, line.text))
