"""`avdlab twin`: what the twin models, and what it was asked and could not answer."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit_json, emit_table
from avdlab.errors import InputError
from avdlab.lab import Lab


@click.group("twin")
def command() -> None:
    """Ask the twin about itself."""


@command.command("coverage")
@options.inventory_option
@options.name_option
@options.format_option
@click.option("--lines", is_flag=True, help="List the lines that are accepted but not modelled.")
def coverage(inventory: Path | None, name: str | None, form: str, lines: bool) -> None:
    """Show which configuration lines and commands the twin models, accepts or refuses.

    Modelled lines take part in the computation; accepted ones are kept and echoed only. Levels: F1
    from the node's own configuration or a constant, F2 computed across the fabric, F3 compared with
    recordings of real EOS.
    """
    from avdlab.backends.twin.backend import TwinBackend

    lab = Lab.open(inventory, name)
    backend = lab.backend
    if not isinstance(backend, TwinBackend):
        raise InputError(f"lab '{lab.folder.name}' does not run on the twin")
    covered = backend.coverage()
    if form == "json":
        emit_json({"lab": lab.folder.name, **covered})
        return
    emit_table(
        ("device", "modelled", "accepted", "rejected"),
        [
            (device, counts["modelled"], counts["accepted"], counts["rejected"])
            for device, counts in sorted(covered["nodes"].items())
        ],
    )
    if lines:
        click.echo()
        kept = {line for counts in covered["nodes"].values() for line in counts["accepted_lines"]}
        click.echo("\n".join(sorted(kept)))
    click.echo()
    emit_table(
        ("level", "asked", "command"),
        [(c["level"], c["count"], c["command"]) for c in covered["commands"]["answered"]],
    )
    unanswered = covered["commands"]["unanswered"]
    click.echo(f"{len(unanswered)} commands were asked that the twin does not answer")
    for item in unanswered:
        click.echo(f"  {item['command']} ({item['count']})")
