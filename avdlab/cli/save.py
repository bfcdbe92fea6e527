"""`avdlab save`: running to startup-configs."""

from pathlib import Path

import click

from avdlab.cli import deployments, options
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter
from avdlab.lab import Lab


@click.command("save")
@options.inventory_option
@options.name_option
@options.limit_option
@options.format_option
@options.quiet_option
def command(
    inventory: Path | None, name: str | None, limit: str | None, form: str, quiet: bool
) -> None:
    """Save the running-config of every device where it differs from its startup-config."""
    lab = Lab.open(inventory, name, reporter=reporter(quiet=quiet))
    devices = options.chosen(limit, dict(lab.groups))
    with deployments.errors_as_json(form, lab.folder.name), lab.folder.locked():
        saved = lab.configuration.save(devices)
    if form == "json":
        emit_json({"lab": lab.folder.name, "saved": list(saved)})
        return
    for device in saved:
        click.echo(f"saved: {device}")
    click.echo(f"{len(saved)} of {len(lab.targets(devices))} devices saved")
