"""`avdlab doctor`: is this machine fit, and is what the settings name there?"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avdlab.cli import options
from avdlab.cli.output import emit
from avdlab.errors import CannotRunError

if TYPE_CHECKING:
    from avdlab.doctor import Finding


@click.command("doctor")
@options.inventory_option
@options.name_option
@click.option("--backend", type=click.Choice(["twin", "gns3"]), help="Check for this backend.")
@click.option(
    "--bundle",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what a bug report needs to this .tar.gz: no configuration, no secret.",
)
@options.formats_option
def command(
    inventory: Path | None, name: str | None, backend: str | None, bundle: Path | None, form: str
) -> None:
    """Check this machine: Python, packages, folders, memory, and the backend of the settings.

    Ends with exit code 3 when something is wrong that a lab needs.
    """
    from avdlab.doctor import examine

    place = options.place(inventory)
    settings = options.settings(place.project, {"backend": backend})
    findings = examine(settings, place.project)
    rows = [asdict(finding) for finding in findings]
    if bundle is not None:
        _bundle(bundle, inventory, name, findings)
    lines = [f"written to {bundle}"] if bundle else []
    emit(form, {"findings": rows}, rows, *lines)
    wrong = [finding for finding in findings if finding.verdict == "wrong"]
    if wrong:
        texts = "\n".join(f"{finding.what}: {finding.found}" for finding in wrong)
        raise CannotRunError(texts)


def _bundle(
    path: Path, inventory: Path | None, name: str | None, findings: "tuple[Finding, ...]"
) -> None:
    from avdlab.bundle import write_bundle
    from avdlab.errors import NoLabError
    from avdlab.lab import Lab

    try:
        folder = Lab.open(inventory, name).folder
    except NoLabError:
        folder = None
    write_bundle(path, folder, findings)
