"""`avdlab rollback`: back to what was before the last deployment."""

from pathlib import Path
from typing import Any

import click

from avdlab.cli import deployments, options
from avdlab.cli.progress import reporter
from avdlab.lab import Lab


@click.command("rollback")
@options.inventory_option
@options.name_option
@deployments.check_option
@deployments.diff_option
@deployments.how_options
@options.format_option
@options.quiet_option
def command(
    inventory: Path | None,
    name: str | None,
    check: bool,
    diff: bool,
    form: str,
    quiet: bool,
    **given: Any,
) -> None:
    """Bring back what the last deployment replaced, as one transaction; again: the one before it.

    Only the devices that the deployment changed are asked. What was deployed since by other means
    goes too: a device gets exactly the configuration that it had.
    """
    lab = Lab.open(inventory, name, reporter=reporter(quiet=quiet))
    with deployments.errors_as_json(form, lab.folder.name), lab.folder.locked():
        how = deployments.how(given)
        checkpoint, done = lab.configuration.rollback(check=check, how=how)
    deployments.show(lab.folder.name, done, form, diff=diff or check, checkpoint=checkpoint)
