"""`avdlab plan`: what `up` would change."""

from typing import Any

import click

from avdlab.cli import options
from avdlab.cli.lifecycle import request
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter


@click.command("plan")
@options.inventory_option
@options.name_option
@options.source_options
@options.settings_options
@options.format_option
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
    if form == "json":
        changes = [{"verb": c.verb, "what": c.what, "why": c.why} for c in plan.changes]
        emit_json({"lab": lab.folder.name, "changes": changes})
        return
    for change in plan.changes:
        click.echo(str(change))
    click.echo(f"{len(plan.changes)} changes" if plan.changes else "nothing to change")
