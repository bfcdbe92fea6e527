"""`avdlab status`: the nodes as they are, now."""

from dataclasses import asdict
from pathlib import Path

import click

from avdlab.backends.base import NodeStatus
from avdlab.backends.twin.levels import SOFTWARE, note
from avdlab.cli import options
from avdlab.cli.output import emit
from avdlab.lab import Lab

CONSOLES = ("console", "auxiliary")  # of a backend's details


@click.command("status")
@options.inventory_option
@options.name_option
@click.option("-a", "--all", "every", is_flag=True, help="All labs of this user on this host.")
@options.formats_option
def command(inventory: Path | None, name: str | None, every: bool, form: str) -> None:
    """Show the lab's nodes, whether they are ready, and where they answer."""
    if every:
        _all(form)
        return
    lab = Lab.open(inventory, name)
    state = lab.folder.load()
    nodes = lab.status()
    data = {
        "lab": state.name,
        "backend": state.backend,
        "phase": state.phase,
        "inventory": state.inventory,
        "nodes": [
            {
                "name": n.node,
                "state": n.state.value,
                "reason": n.reason,
                "eapi": n.address,
                **_consoles(n),
                "software": n.details.get(SOFTWARE, ""),
            }
            for n in nodes
        ],
    }
    if form == "table":
        click.echo(f"lab '{state.name}' on {state.backend}, last stage done: {state.phase}")
    consoles = any(_consoles(node) for node in nodes)
    rows = [
        {
            "name": node.node,
            "state": node.state.value,
            "eapi": f"https://{node.address}" if node.address else "",
            **({key: _consoles(node).get(key, "") for key in CONSOLES} if consoles else {}),
            "reason": node.reason,
        }
        for node in nodes
    ]
    twins = [node.node for node in nodes if SOFTWARE in node.details]
    said = note(twins, [node.node for node in nodes if node.address])
    emit(form, data, rows, *([f"note: {said}"] if said else []))


def _consoles(node: NodeStatus) -> dict[str, str]:
    """Return how a node's consoles are reached by hand, where it has some."""
    return {key: node.details[key] for key in CONSOLES if key in node.details}


def _all(form: str) -> None:
    from avdlab.housekeeping import all_labs

    rows = [asdict(line) for line in all_labs()]
    emit(form, {"labs": rows}, rows, *([] if rows else ["no lab is up"]))
