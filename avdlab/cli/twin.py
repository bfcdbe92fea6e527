"""`avdlab twin`: what the twin models, and what it was asked and could not answer."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from avdlab.cli import options, twin_compare
from avdlab.cli.output import emit_json, emit_table
from avdlab.errors import InputError
from avdlab.lab import Lab


@click.group("twin")
def command() -> None:
    """Ask the twin about itself."""


command.add_command(twin_compare.command)


@command.command("coverage")
@options.inventory_option
@options.name_option
@options.format_option
@click.option("--lines", is_flag=True, help="List the lines that are accepted but not modelled.")
def coverage(inventory: Path | None, name: str | None, form: str, lines: bool) -> None:
    """Show which configuration lines and commands the twin models, accepts or refuses.

    Modelled lines take part in the computation, mirrored ones are shown again by the show commands
    of their feature, accepted ones are kept and echoed only. Levels: F0 accepted without effect, F1
    from the node's own configuration or a constant, F2 computed across the fabric, F3 compared with
    recordings of real EOS. docs/twin-coverage.md lists all commands with their levels.
    """
    from avdlab.backends.twin.backend import TwinBackend

    lab = Lab.open(inventory, name)
    backend = lab.backend
    if not isinstance(backend, TwinBackend):
        raise InputError(f"lab '{lab.folder.name}' does not run on the twin")
    covered = backend.coverage()
    nodes = covered["nodes"]
    if form == "json":
        emit_json({"lab": lab.folder.name, **covered})
        return
    emit_table(
        ("device", *_COUNTED),
        [
            *((device, *map(counts.get, _COUNTED)) for device, counts in sorted(nodes.items())),
            ("all", *(sum(counts[kind] for counts in nodes.values()) for kind in _COUNTED)),
        ],
    )
    if lines:
        click.echo()
        click.echo("\n".join(_accepted(covered["nodes"].values())))
    notes = sorted({note for node in covered["nodes"].values() for note in node["notes"]})
    if notes:
        click.echo("\nRead, but not or not fully computed:")
        click.echo("\n".join(f"  {note}" for note in notes))
    commands = covered["commands"]
    click.echo()
    emit_table(
        ("level", "asked", "command"),
        sorted((c["level"], c["count"], text) for text, c in commands["answered"].items()),
    )
    click.echo(f"{len(commands['unanswered'])} commands were asked that the twin does not answer")
    for text, count in sorted(commands["unanswered"].items()):
        click.echo(f"  {text} ({count})")


_COUNTED = ("modelled", "mirrored", "accepted", "rejected")


def _accepted(nodes: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return each accepted line once, with the modes above it."""
    return sorted(
        {" > ".join([*item["mode"], item["line"]]) for n in nodes for item in n["accepted_lines"]}
    )
