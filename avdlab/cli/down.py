"""`avdlab down`: remove the lab. Needs neither the inventory nor any heavy package."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter
from avdlab.errors import NoLabError
from avdlab.lab import Lab


@click.command("down")
@options.inventory_option
@options.name_option
@options.format_option
@options.quiet_option
def command(inventory: Path | None, name: str | None, form: str, quiet: bool) -> None:
    """Remove the lab and everything it made. Idempotent: no lab, nothing to do."""
    try:
        lab = Lab.open(inventory, name, reporter=reporter(quiet=quiet))
    except NoLabError:
        removed = ""
    else:
        with lab.folder.locked():
            lab.down()
        removed = lab.folder.name
    if form == "json":
        emit_json({"removed": removed})
    else:
        click.echo(f"lab '{removed}' is gone" if removed else "no lab is up")
