"""`avdlab build`: render, and write AVD's folders."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avdlab.cli import options
from avdlab.cli.output import emit
from avdlab.cli.progress import reporter
from avdlab.errors import NoInventoryError

if TYPE_CHECKING:
    from avdlab.render.model import Rendered


@click.command("build")
@options.inventory_option
@options.limit_option
@click.option("-e", "--extra-vars", multiple=True, help="Variables, as Ansible's -e.")
@click.option("--vault-password-file", type=click.Path(path_type=Path))
@click.option("--save-pools", is_flag=True, help="Write the node ids that AVD's pools gave.")
@click.option("--cache/--no-cache", default=True, help="Use what was rendered before [on].")
@options.formats_option
@options.quiet_option
def command(
    inventory: Path | None,
    limit: str | None,
    extra_vars: tuple[str, ...],
    vault_password_file: Path | None,
    save_pools: bool,
    cache: bool,
    form: str,
    quiet: bool,
) -> None:
    """Render configs, documentation and catalogs from the inventory.

    What was rendered from the same inputs before is taken from the cache in ~/.cache/avdlab.
    """
    from avdlab.design import Source, output_root, prepare
    from avdlab.render.builds import Build, build_key, recall, remember

    started = time.time()
    where = options.place(inventory)
    if where.inventory is None:
        raise NoInventoryError
    source = Source(
        where.inventory,
        limit=limit,
        extra_vars=extra_vars,
        vault_password_file=vault_password_file,
    )
    root = output_root(where.inventory)
    key = build_key(where.inventory, [str(limit), *extra_vars, str(vault_password_file)])
    shown = reporter(quiet=quiet)
    done = recall(key, root) if cache and not save_pools else None
    if done is not None:
        shown.note("nothing changed since the last build")
        for note in done.notes:
            shown.note(note)
    else:
        prepared = prepare(source, shown, save_pools=save_pools, only_render=True, cached=cache)
        assert prepared.rendered and prepared.inventory  # noqa: PT018 - an inventory gives both
        done = Build(_devices(prepared.rendered, prepared.inventory.selected), prepared.notes)
        remember(key, root, prepared.inventory, prepared.rendered, done, started)
    emit(
        form,
        {"output": str(root), "devices": list(done.devices), "notes": list(done.notes)},
        done.devices,
        f"written to {root}: intended/ documentation/ anta/",
    )


def _devices(rendered: "Rendered", selected: frozenset[str]) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "fabric": device.fabric,
            "type": device.node_type,
            "config_lines": device.config.count("\n"),
        }
        for name, device in sorted(rendered.devices.items())
        if name in selected
    ]
