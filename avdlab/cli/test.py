"""`avdlab test`: everything that is planned against the running lab."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit_json
from avdlab.cli.progress import reporter
from avdlab.cli.results import result_data, show_results
from avdlab.errors import InputError
from avdlab.lab import Lab
from avdlab.settings import seconds


@click.command("test")
@options.inventory_option
@options.name_option
@options.limit_option
@click.option(
    "--wait",
    default="0s",
    metavar="TIME",
    envvar="AVDLAB_WAIT",
    help="Run again what failed until it is good or this time is over, e.g. 120s.",
)
@click.option(
    "--tests",
    type=click.Choice(["all", "avd"]),
    default="all",
    envvar="AVDLAB_TESTS",
    help="AVD's catalogs alone, or ours and your own too [all].",
)
@click.option("--drift/--no-drift", default=True, help="Compare running with intended [on].")
@click.option(
    "--batch/--no-batch",
    default=True,
    help="One eAPI request per device and format, or one per command as ANTA does [on].",
)
@options.format_option
@options.quiet_option
def command(
    inventory: Path | None,
    name: str | None,
    limit: str | None,
    wait: str,
    tests: str,
    drift: bool,
    batch: bool,
    form: str,
    quiet: bool,
) -> None:
    """Validate the running lab: AVD's catalogs, tests of the design, comparisons, your own tests.

    \b
    avdlab test                      everything
    avdlab test --wait 120s          give the fabric two minutes to converge
    avdlab test -l leaf1a --tests avd

    Your own ANTA catalogs lie in anta/user_catalogs beside the inventory, the test modules that
    they name in anta/user_tests.
    """
    budget = seconds(wait)
    lab = Lab.open(inventory, name, reporter=reporter(quiet=quiet))
    if lab.targets() and not lab.suite(drift=False).tests:
        raise InputError(
            f"lab '{lab.folder.name}' has no catalogs: it was made from configuration texts",
            hint="Give its inventory to: avdlab up -i INVENTORY --configs DIR",
        )
    results = lab.validate(
        devices=options.chosen(limit, dict(lab.groups)),
        wait=budget,
        batched=batch,
        drift=drift and tests == "all",
        own=tests == "all",
    )
    if form == "json":
        emit_json({"lab": lab.folder.name, **result_data(results)})
    show_results(results, form, lab.folder.reports)
