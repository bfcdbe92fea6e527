"""`avdlab plan`: what `up` would change."""

from typing import Any

import click

from avdlab.cli import options
from avdlab.cli.lifecycle import request
from avdlab.cli.output import emit
from avdlab.cli.progress import reporter


@click.command("plan")
@options.inventory_option
@options.name_option
@options.source_options
@options.settings_options
@options.formats_option
@options.quiet_option
def command(name: str | None, form: str, quiet: bool, **given: Any) -> None:
    """Show what `up` would change, and change nothing."""
    asked = request(given, reporter(quiet=quiet), check=True)
    lab = asked.lab(name)
    new = lab.new
    with lab.folder.locked():
        try:
            plan = lab.plan(lab.design(asked.prepared))
            for note in plan.notes:
                lab.reporter.note(note)
        finally:
            if new:
                lab.folder.remove()
    changes = [{"verb": c.verb, "what": c.what, "why": c.why} for c in plan.changes]
    lines = [*map(str, plan.changes)] if form == "table" else []
    text = f"{len(changes)} changes" if changes else "nothing to change"
    data = {"lab": lab.folder.name, "changes": changes}
    emit(form, data, changes if form == "csv" else [], *lines, text)
