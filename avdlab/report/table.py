"""Results for people: three columns of what is good, then what is not, with ANTA's messages."""

import shutil
import sys
from collections import Counter
from collections.abc import Sequence

from avdlab.validate.exceptions import reason_of
from avdlab.validate.model import Results, TestResult, Verdict

_HEAD = (
    "device",
    "passed on computed state",
    "passed on a mirror or constant",
    "not applicable",
    "failed",
)


def render(results: Results, *, terminal: bool | None = None) -> str:
    """Return the report; drawn with colours when stdout (or `terminal`) is one."""
    drawn = sys.stdout.isatty() if terminal is None else terminal
    parts = [_drawn(results) if drawn else _plain(results), *_explained(results)]
    parts += _failures(results)
    parts += [f"note: {note}" for note in results.notes]
    return "\n".join(parts)


def _rows(results: Results) -> list[tuple[str, ...]]:
    devices = sorted({test.device for test in results.tests})
    rows = [(name, *_cells([t for t in results.tests if t.device == name])) for name in devices]
    return [*rows, ("all", *_cells(results.tests))]


def _cells(tests: Sequence[TestResult]) -> tuple[str, ...]:
    verdicts = Counter(test.verdict for test in tests)
    good = (Verdict.PASSED_COMPUTED, Verdict.PASSED_MIRROR, Verdict.NOT_APPLICABLE)
    counts = [verdicts[verdict] for verdict in good]
    return tuple(str(count) for count in (*counts, len(tests) - sum(counts)))


def _plain(results: Results) -> str:
    rows = [tuple(head.upper() for head in _HEAD), *_rows(results)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _drawn(results: Results) -> str:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"lab {results.lab}", title_justify="left")
    for head, style in zip(_HEAD, ("bold", "green", "cyan", "dim", "red"), strict=True):
        table.add_column(head, style=style, justify="left" if head == "device" else "right")
    *rows, total = _rows(results)
    for row in rows:
        table.add_row(*row)
    table.add_section()
    table.add_row(*total)
    console = Console(width=shutil.get_terminal_size().columns, force_terminal=True)
    with console.capture() as capture:
        console.print(table)
    return capture.get().rstrip("\n")


def _explained(results: Results) -> list[str]:
    """Name the policy entries that were used, with how often and why."""
    used = Counter(t.policy for t in results.tests if t.verdict is Verdict.NOT_APPLICABLE)
    return [
        f"not applicable: {count} by {name} ({reason_of(name)})"
        for name, count in sorted(used.items())
    ]


def _failures(results: Results) -> list[str]:
    """Say what failed and why; tests of one device with the same words (a dead device) as one."""
    alike: dict[tuple[str, Verdict, tuple[str, ...]], list[str]] = {}
    for test in results.failed:
        alike.setdefault((test.device, test.verdict, test.messages), []).append(test.test)
    lines: list[str] = []
    for (device, verdict, messages), tests in alike.items():
        named = tests[0] if len(tests) == 1 else f"{len(tests)} tests, {tests[0]} ..."
        lines.append(f"{device} {named}: {verdict.words}")
        lines += [f"  {line}" for text in messages for line in text.splitlines()]
    return lines
