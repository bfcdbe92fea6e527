"""`avdlab test`: the catalogs against the running lab."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter
from avdlab.cli.results import result_data, show_results
from avdlab.errors import InputError
from avdlab.lab import Lab


@click.command("test")
@options.inventory_option
@options.name_option
@options.limit_option
@options.format_option
@options.quiet_option
def command(
    inventory: Path | None, name: str | None, limit: str | None, form: str, quiet: bool
) -> None:
    """Validate the running lab with AVD's catalogs, through ANTA."""
    lab = Lab.open(inventory, name, reporter=reporter(quiet=quiet))
    if lab.targets() and not lab.catalogs():
        raise InputError(
            f"lab '{lab.folder.name}' has no catalogs: it was made from configuration texts",
            hint="Give its inventory to: avdlab up -i INVENTORY --configs DIR",
        )
    results = lab.validate(devices=options.chosen(limit, dict(lab.groups)))
    if form == "json":
        emit_json({"lab": lab.folder.name, **result_data(results)})
    show_results(results, form, lab.folder.reports)
