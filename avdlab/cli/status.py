"""`avdlab status`: the nodes as they are, now."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit_json, emit_table
from avdlab.lab import Lab


@click.command("status")
@options.inventory_option
@options.name_option
@options.format_option
def command(inventory: Path | None, name: str | None, form: str) -> None:
    """Show the lab's nodes, whether they are ready, and where they answer."""
    lab = Lab.open(inventory, name)
    state = lab.folder.load()
    nodes = lab.status()
    if form == "json":
        emit_json(
            {
                "lab": state.name,
                "backend": state.backend,
                "phase": state.phase,
                "inventory": state.inventory,
                "nodes": [
                    {"name": n.node, "state": n.state.value, "reason": n.reason, "eapi": n.address}
                    for n in nodes
                ],
            }
        )
        return
    click.echo(f"lab '{state.name}' on {state.backend}, last stage done: {state.phase}")
    emit_table(
        ("name", "state", "eapi", "reason"),
        [(n.node, n.state.value, f"https://{n.address}", n.reason) for n in nodes],
    )
