"""`avdlab graph`: the topology as a drawing, or as text that draws itself elsewhere."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.subject import topology_of
from avdlab.errors import InputError
from avdlab.report.graph import LAYERS, dot, mermaid, svg


@click.command("graph")
@options.inventory_option
@options.name_option
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "svg", "json"]),
    default="mermaid",
    help="Language of the drawing.",
)
@click.option("--layer", type=click.Choice(LAYERS), default="physical", help="What is drawn.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write."
)
def command(
    inventory: Path | None, name: str | None, form: str, layer: str, output: Path | None
) -> None:
    """Draw the lab's topology; where no lab is up, that of the inventory.

    Mermaid is for Markdown, dot for Graphviz, SVG for browsers. The layers bgp and evpn show the
    sessions that the design has, dashed where only one side configures it.

    \b
    avdlab graph -f svg -o fabric.svg
    avdlab graph --layer evpn
    """
    topology = topology_of(inventory, name)
    if layer != "physical" and not topology.sessions:
        raise InputError("no BGP sessions are known: the lab was made from configuration texts")
    if form == "json":
        from avdlab.topology.files import to_json

        text = to_json(topology)
    else:
        text = {"mermaid": mermaid, "dot": dot, "svg": svg}[form](topology, layer)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"written to {output}")
