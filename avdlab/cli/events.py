"""`avdlab events`: what happened to the lab, from its journal."""

import json
import time
from pathlib import Path
from typing import Any

import click

from avdlab.cli import options
from avdlab.journal import read_journal
from avdlab.lab import Lab

PAUSE = 0.5  # seconds between two looks at the journal


@click.command("events")
@options.inventory_option
@options.name_option
@click.option("--last", "count", type=int, default=0, help="Only so many of the newest.")
@click.option("--follow", is_flag=True, help="Go on as they happen; end with Ctrl-C.")
@click.option("-f", "--format", "form", type=click.Choice(["table", "json"]), default="table")
def command(inventory: Path | None, name: str | None, count: int, follow: bool, form: str) -> None:
    """Show what happened to the lab; with -f json one JSON object on each line.

    Every command that works on a lab writes to .avdlab/<lab>/logs, one file for each run.
    """
    folder = Lab.open(inventory, name).folder
    events = list(read_journal(folder.logs))
    for event in events[-count:]:
        click.echo(_line(event, form))
    seen = len(events)
    while follow and folder.exists:
        time.sleep(PAUSE)
        events = list(read_journal(folder.logs))
        for event in events[seen:]:
            click.echo(_line(event, form))
        seen = len(events)


def _line(event: dict[str, Any], form: str) -> str:
    if form == "json":
        return json.dumps(event)
    when = time.strftime("%F %T", time.localtime(float(event.get("time", 0))))
    rest = {k: v for k, v in event.items() if k not in {"time", "run", "verb", "event"}}
    words = " ".join(f"{key}={value}" for key, value in rest.items() if value not in {"", 0})
    return f"{when}  {event.get('verb', ''):<8} {event.get('event', ''):<16} {words}".rstrip()
