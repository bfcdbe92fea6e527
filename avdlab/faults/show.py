"""Outages as a table, Markdown and data."""

from collections.abc import Iterator
from typing import Any

from avdlab.faults.outages import Outage, Outages, names

_HEAD = ("fault", "red tests", "on other devices", "pairs lost", "pairs kept", "settled", "healed")


def table(found: Outages) -> str:
    """Return a line per fault, then what was lost where."""
    rows = [tuple(head.upper() for head in _HEAD), *(_cells(o) for o in found.outages)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, *_notes(found)])


def markdown(found: Outages, name: str) -> str:
    """Return a page: what the loss of each cable and device breaks."""
    lines = [
        f"# Single faults of {name}",
        "",
        f"{len(found.outages)} faults, one at a time; {found.pairs} pairs of endpoints.",
        "",
        f"| {' | '.join(_HEAD)} |",
        "|" + "---|" * len(_HEAD),
        *(f"| {' | '.join(_cells(outage))} |" for outage in found.outages),
    ]
    for outage in found.outages:
        if outage.red or outage.lost:
            lines += ["", f"## {outage.fault}", ""]
            tests = ", ".join(_per_test(outage))
            lines += [f"Red: {tests or 'nothing'}."]
            lines += ["", *(f"- {pair.words}" for pair in outage.lost)] if outage.lost else []
    notes = list(_notes(found))
    return "\n".join([*lines, *(["", *notes] if notes else [])]) + "\n"


def _cells(outage: Outage) -> tuple[str, ...]:
    healed = "never" if outage.recovered is None else f"{outage.recovered:.1f} s"
    return (
        str(outage.fault),
        str(len(outage.red)),
        str(len(outage.elsewhere)),
        str(len(outage.lost)),
        str(outage.kept),
        f"{outage.settled:.1f} s",
        healed,
    )


def _per_test(outage: Outage) -> Iterator[str]:
    """Yield each red test with the devices it is red on."""
    for name in names(outage.red):
        devices = dict.fromkeys(t.device for t in outage.red if t.test == name)
        yield f"{name} ({', '.join(devices)})"


def _notes(found: Outages) -> Iterator[str]:
    for test in found.before:
        yield f"red before the first fault: {test.device} {test.test}"
    if not found.complete:
        yield "stopped: after the last fault the fabric did not become what it was before"


def as_data(found: Outages) -> dict[str, Any]:
    """Return the outages as data for `-f json`."""
    return {
        "complete": found.complete,
        "pairs": found.pairs,
        "red_before": [f"{test.device}/{test.test}" for test in found.before],
        "faults": [_item(outage) for outage in found.outages],
    }


def _item(outage: Outage) -> dict[str, Any]:
    return {
        "fault": str(outage.fault),
        "red": [f"{test.device}/{test.test}" for test in outage.red],
        "lost": [pair.words for pair in outage.lost],
        "kept": outage.kept,
        "settled": round(outage.settled, 2),
        "recovered": None if outage.recovered is None else round(outage.recovered, 2),
    }
