"""`avdlab graph`: the topology as text that draws itself elsewhere."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.lab import Lab
from avdlab.report.graph import dot, mermaid


@click.command("graph")
@options.inventory_option
@options.name_option
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "json"]),
    default="mermaid",
    help="Language of the drawing.",
)
def command(inventory: Path | None, name: str | None, form: str) -> None:
    """Draw the lab's topology: Mermaid (for Markdown), dot (for Graphviz) or JSON."""
    lab = Lab.open(inventory, name)
    topology = lab.topology()
    if form == "json":
        click.echo(lab.folder.topology.read_text(encoding="utf-8"), nl=False)
    else:
        click.echo(mermaid(topology) if form == "mermaid" else dot(topology), nl=False)
