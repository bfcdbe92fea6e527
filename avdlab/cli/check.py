"""`avdlab check`: everything that can be said of an inventory without a lab."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit
from avdlab.cli.progress import reporter
from avdlab.errors import InputError, NoInventoryError, Problem


@click.command("check")
@options.inventory_option
@options.limit_option
@click.option("-e", "--extra-vars", multiple=True, help="Variables, as Ansible's -e.")
@click.option("--vault-password-file", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Notes are errors, too: exit code 2.")
@options.formats_option
@options.quiet_option
def command(
    inventory: Path | None,
    limit: str | None,
    extra_vars: tuple[str, ...],
    vault_password_file: Path | None,
    strict: bool,
    form: str,
    quiet: bool,
) -> None:
    """Check an inventory: variables, AVD's schema, design, cabling. No file is written.

    Every problem is listed, with host, key, file and line where it was set; exit code 2. What is
    only odd (a key that AVD ignores, a cable that one end names) is a note.
    """
    from avdlab.design import Source, design, prepare
    from avdlab.events import Reporter
    from avdlab.overlay.model import LabUser

    where = options.place(inventory)
    if where.inventory is None:
        raise NoInventoryError
    source = Source(
        where.inventory,
        limit=limit,
        extra_vars=extra_vars,
        vault_password_file=vault_password_file,
    )
    shown = reporter(quiet=quiet) if form == "table" else Reporter()
    prepared = prepare(source, Reporter(), check=True)
    made = design(prepared, LabUser("avdlab", "unused"), Reporter(), enabled=False)
    notes = (*prepared.notes, *made.topology.notes)
    for note in notes:
        shown.note(note)
    if strict and notes:
        raise InputError([Problem(note) for note in notes])
    fabrics = list(prepared.inventory.fabrics) if prepared.inventory else []
    data = {
        "fabrics": fabrics,
        "devices": len(made.configs.devices),
        "links": len(made.topology.links),
        "notes": list(notes),
    }
    text = f"{prepared.name}: {data['devices']} devices, {data['links']} links"
    rows = [{"note": note} for note in notes] if form == "csv" else []
    emit(form, data, rows, f"{text}, {len(notes)} notes" if notes else f"{text}, nothing odd")
