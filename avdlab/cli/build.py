"""`avdlab build`: render, and write AVD's folders."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit_json, emit_table
from avdlab.cli.progress import reporter


@click.command("build")
@options.inventory_option
@options.limit_option
@click.option("-e", "--extra-vars", multiple=True, help="Variables, as Ansible's -e.")
@click.option("--vault-password-file", type=click.Path(path_type=Path))
@click.option("--save-pools", is_flag=True, help="Write the node ids that AVD's pools gave.")
@options.format_option
@options.quiet_option
def command(
    inventory: Path | None,
    limit: str | None,
    extra_vars: tuple[str, ...],
    vault_password_file: Path | None,
    save_pools: bool,
    form: str,
    quiet: bool,
) -> None:
    """Render configs, documentation and catalogs from the inventory."""
    from avdlab.design import Source, output_root, prepare

    where = options.place(inventory)
    source = Source(
        where.inventory,
        limit=limit,
        extra_vars=extra_vars,
        vault_password_file=vault_password_file,
    )
    prepared = prepare(source, reporter(quiet=quiet), save_pools=save_pools, only_render=True)
    if prepared.rendered is None or prepared.inventory is None or where.inventory is None:
        return
    devices = [
        {
            "name": name,
            "fabric": device.fabric,
            "type": device.node_type,
            "config_lines": device.config.count("\n"),
        }
        for name, device in sorted(prepared.rendered.devices.items())
        if name in prepared.inventory.selected
    ]
    root = str(output_root(where.inventory))
    if form == "json":
        emit_json({"output": root, "devices": devices, "notes": list(prepared.rendered.notes)})
        return
    emit_table(tuple(devices[0]) if devices else (), [tuple(d.values()) for d in devices])
    click.echo(f"written to {root}: intended/ documentation/ anta/")
