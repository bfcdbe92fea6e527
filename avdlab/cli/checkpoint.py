"""`avdlab checkpoint`: the configurations of the whole fabric under a name."""

from pathlib import Path
from typing import Any

import click

from avdlab.cli import deployments, options
from avdlab.cli.output import emit_json, emit_table
from avdlab.cli.progress import reporter
from avdlab.lab import Lab


@click.group("checkpoint", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Keep the running-configs of the whole fabric under a name, and bring them back.

    Checkpoints lie in the lab's folder. What a deployment replaces is kept too (`automatic`).
    """


@command.command("save")
@click.argument("checkpoint")
@options.inventory_option
@options.name_option
@options.limit_option
@options.format_option
@options.quiet_option
def save(
    checkpoint: str,
    inventory: Path | None,
    name: str | None,
    limit: str | None,
    form: str,
    quiet: bool,
) -> None:
    """Keep the running-configs as CHECKPOINT."""
    lab = Lab.open(inventory, name, reporter=reporter(quiet=quiet))
    devices = options.chosen(limit, dict(lab.groups))
    with deployments.errors_as_json(form, lab.folder.name), lab.folder.locked():
        saved = lab.configuration.save_checkpoint(checkpoint, devices)
    if form == "json":
        emit_json({"lab": lab.folder.name, "checkpoint": checkpoint, "devices": list(saved)})
    else:
        click.echo(f"checkpoint '{checkpoint}': {len(saved)} devices")


@command.command("list")
@options.inventory_option
@options.name_option
@options.format_option
def show(inventory: Path | None, name: str | None, form: str) -> None:
    """List the checkpoints, the oldest first."""
    lab = Lab.open(inventory, name)
    found = lab.configuration.checkpoints.list()
    if form == "json":
        rows = [
            {
                "name": each.name,
                "created": each.created,
                "automatic": each.automatic,
                "devices": list(each.devices),
            }
            for each in found
        ]
        emit_json({"lab": lab.folder.name, "checkpoints": rows})
        return
    emit_table(
        ("name", "created", "devices", "automatic"),
        [(c.name, c.when, len(c.devices), "yes" if c.automatic else "") for c in found],
    )


@command.command("restore")
@click.argument("checkpoint")
@options.inventory_option
@options.name_option
@options.limit_option
@deployments.check_option
@deployments.diff_option
@deployments.how_options
@options.format_option
@options.quiet_option
def restore(
    checkpoint: str,
    inventory: Path | None,
    name: str | None,
    limit: str | None,
    check: bool,
    diff: bool,
    form: str,
    quiet: bool,
    **given: Any,
) -> None:
    """Bring the configurations of CHECKPOINT back, in one transaction."""
    lab = Lab.open(inventory, name, reporter=reporter(quiet=quiet))
    devices = options.chosen(limit, dict(lab.groups))
    with deployments.errors_as_json(form, lab.folder.name), lab.folder.locked():
        how = deployments.how(given)
        done = lab.configuration.restore(checkpoint, check=check, devices=devices, how=how)
    deployments.show(lab.folder.name, done, form, diff=diff or check, checkpoint=checkpoint)


@command.command("delete")
@click.argument("checkpoint")
@options.inventory_option
@options.name_option
@options.format_option
def delete(checkpoint: str, inventory: Path | None, name: str | None, form: str) -> None:
    """Forget CHECKPOINT."""
    lab = Lab.open(inventory, name)
    with deployments.errors_as_json(form, lab.folder.name), lab.folder.locked():
        lab.configuration.checkpoints.get(checkpoint)
        lab.configuration.checkpoints.drop(checkpoint)
    if form == "json":
        emit_json({"lab": lab.folder.name, "deleted": checkpoint})
    else:
        click.echo(f"checkpoint '{checkpoint}' is gone")
