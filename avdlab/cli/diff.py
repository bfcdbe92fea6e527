"""`avdlab diff`: what `deploy` would change, from the devices' own comparison."""

from typing import Any

import click

from avdlab.cli import options
from avdlab.cli.deploy import run


@click.command("diff")
@options.inventory_option
@options.name_option
@options.limit_option
@options.source_options
@options.settings_options
@options.format_option
@options.quiet_option
def command(name: str | None, form: str, quiet: bool, **given: Any) -> None:
    """Show the session diff of each device against the design, and leave nothing behind."""
    given |= {"gate_timeout": "30s"}
    run(name, form=form, quiet=quiet, check=True, diff=True, given=given)
