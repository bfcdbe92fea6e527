"""`avdlab up`: from nothing to a validated lab."""

from typing import Any

import click

from avdlab.cli import options
from avdlab.cli.lifecycle import request
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter
from avdlab.cli.results import result_data, show_results

RESEED = "Boot NODE, or all, with the lab config as if for the first time; also several times."


@click.command("up")
@options.inventory_option
@options.name_option
@options.source_options
@options.settings_options
@click.option("--reseed", multiple=True, metavar="NODE", help=RESEED)
@click.option("--test/--no-test", default=True, help="Validate at the end [on].")
@options.format_option
@options.quiet_option
def command(
    name: str | None,
    reseed: tuple[str, ...],
    test: bool,
    form: str,
    quiet: bool,
    **given: Any,
) -> None:
    """Render, start, deploy and validate the lab. Run it again to converge or to resume.

    \b
    avdlab up                                   the inventory of this folder
    avdlab up -i dc1/inventory.yml --name dc1
    avdlab up --configs texts/ --links lab.yml  a lab from configuration texts
    avdlab up -i inventory.yml --configs edited/  edited texts against the unedited design
    """
    asked = request(given, reporter(quiet=quiet))
    lab = asked.lab(name)
    with lab.folder.locked():
        made = lab.design(asked.prepared)
        deployment = lab.up(made, options.nodes(reseed, made.configs.devices))
        asked_for = test and made.catalogs and not lab.borrowed
        results = lab.validate(drift=False, wait=lab.convergence) if asked_for else None
    if form == "json":
        data = {"lab": lab.folder.name, "changed": list(deployment.changed)}
        emit_json(data | (result_data(results) if results else {}))
    else:
        nodes = len(made.topology.devices)
        click.echo(
            f"lab '{lab.folder.name}' is up: {nodes} devices, {len(made.topology.links)} links, "
            f"{len(deployment.changed)} configurations changed"
        )
        if lab.backend.name == "twin":
            named = f" --name {lab.folder.name}" if name else ""
            click.echo(f"for GNS3, as cEOS nodes: avdlab export gns3project{named}")
    if results:
        show_results(results, form, lab.folder.reports)
