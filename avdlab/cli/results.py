"""How `up` and `test` show results, and what they end with."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avdlab.errors import TestsFailedError

if TYPE_CHECKING:
    from avdlab.validate.model import Results


def result_data(results: "Results") -> dict[str, Any]:
    """Return the results as data for `-f json`."""
    return {
        "seconds": round(results.seconds, 2),
        "summary": {verdict.value: count for verdict, count in results.count().items()},
        "failed": [
            {
                "device": test.device,
                "test": test.test,
                "verdict": test.verdict.value,
                "messages": list(test.messages),
            }
            for test in results.failed
        ],
        "notes": list(results.notes),
    }


def show_results(results: "Results", form: str, reports: Path) -> None:
    """Print the table (unless JSON was printed) and raise TestsFailedError when tests failed."""
    if form == "table":
        from avdlab.report.table import render

        click.echo(render(results))
        click.echo(f"reports: {reports}")
    if results.failed:
        kinds = Counter(test.verdict.value for test in results.failed)
        listed = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
        raise TestsFailedError(f"{len(results.failed)} of {len(results.tests)} tests: {listed}")
