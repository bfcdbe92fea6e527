"""`avdlab down`: remove the lab. Needs neither the inventory nor any heavy package."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit
from avdlab.cli.progress import reporter
from avdlab.errors import NoLabError
from avdlab.lab import Lab
from avdlab.project import project_here, project_of
from avdlab.state import sweep


@click.command("down")
@options.inventory_option
@options.name_option
@options.formats_option
@options.quiet_option
def command(inventory: Path | None, name: str | None, form: str, quiet: bool) -> None:
    """Remove the lab and everything it made. Idempotent: no lab, nothing to do.

    With --name it needs neither the inventory nor its folder: any lab of this user is found.
    """
    try:
        lab = Lab.open(inventory, name, reporter=reporter(quiet=quiet))
    except NoLabError:
        sweep(project_of(inventory) if inventory else project_here())  # what a kill left
        removed = ""
    else:
        with lab.folder.locked():
            lab.down()
        removed = lab.folder.name
    text = f"lab '{removed}' is gone" if removed else "no lab is up"
    emit(form, {"removed": removed}, [{"removed": removed}] if form == "csv" else [], text)
