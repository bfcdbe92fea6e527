"""`avdlab wait`: until every device answers, or until the fabric has settled."""

from pathlib import Path

import click

from avdlab.cli import options
from avdlab.cli.output import emit
from avdlab.cli.progress import reporter
from avdlab.lab import Lab


@click.command("wait")
@options.inventory_option
@options.name_option
@click.option("--timeout", help="How long at most, e.g. 90s or 5m.")
@click.option(
    "--settled", is_flag=True, help="Until a twin's clock has nothing more on its way, too."
)
@options.formats_option
@options.quiet_option
def command(
    inventory: Path | None,
    name: str | None,
    timeout: str | None,
    settled: bool,
    form: str,
    quiet: bool,
) -> None:
    """Wait until every device of the lab answers eAPI; exit code 6 when it takes too long."""
    found = Lab.open(inventory, name)
    project = found.folder.path.parent.parent
    settings = options.settings(project, {"timeout": timeout})
    lab = Lab(found.folder, settings, reporter(quiet=quiet))
    lab.wait()
    if settled:
        lab.settle()
    devices = [target.device for target in lab.targets()]
    rows = [{"device": device, "state": "ready"} for device in devices]
    text = f"{len(devices)} devices are ready"
    emit(form, {"lab": lab.folder.name, "ready": devices}, rows if form == "csv" else [], text)
