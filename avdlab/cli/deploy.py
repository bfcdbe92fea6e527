"""`avdlab deploy`: configurations onto the running devices."""

from pathlib import Path
from typing import Any

import click

from avdlab.cli import options
from avdlab.cli.lifecycle import request
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter
from avdlab.lab import Lab


@click.command("deploy")
@options.inventory_option
@options.name_option
@options.limit_option
@options.source_options
@options.settings_options
@click.option("--check", is_flag=True, help="Change nothing, only say what would change.")
@click.option("--diff", is_flag=True, help="Print the session diff of each device.")
@options.format_option
@options.quiet_option
def command(
    name: str | None, check: bool, diff: bool, form: str, quiet: bool, **given: Any
) -> None:
    """Render again and bring the configurations onto the running devices, all or none."""
    shown = reporter(quiet=quiet)
    found = Lab.open(given["inventory"], name, reporter=shown)
    found.check(found.targets())
    stored = found.folder.load().inventory
    if given["inventory"] is None and stored:
        given["inventory"] = Path(stored)
    if not stored and given.get("configs") is None:
        given["configs"] = found.folder.configs
    asked = request(given, shown, check=check)
    lab = Lab(found.folder, asked.settings, shown)
    with lab.folder.locked():
        made = lab.design(asked.prepared)
        devices = made.selected if given.get("limit") else None
        deployment = lab.deploy(made, check=check, devices=devices)
    if form == "json":
        emit_json(
            {
                "lab": lab.folder.name,
                "check": check,
                "changed": list(deployment.changed),
                "devices": {n: {"diff": d.diff} for n, d in deployment.devices.items()},
            }
        )
        return
    for device in deployment.changed:
        click.echo(f"{'would change' if check else 'changed'}: {device}")
        if diff or check:
            click.echo(deployment.devices[device].diff.rstrip())
    click.echo(f"{len(deployment.changed)} of {len(deployment.devices)} devices changed")
