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
    from avdlab.settings import Settings


@click.command("doctor")
@options.inventory_option
@options.name_option
@click.option("--backend", type=click.Choice(["twin", "gns3"]), help="Check for this backend.")
@click.option(
    "--bundle",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what a bug report needs to this .tar.gz: no configuration, no secret.",
)
@click.option("--ceos", metavar="IMAGE", help="Try on two nodes what avdlab relies on of cEOS.")
@options.formats_option
def command(
    inventory: Path | None,
    name: str | None,
    backend: str | None,
    bundle: Path | None,
    ceos: str | None,
    form: str,
) -> None:
    """Check this machine: Python, packages, folders, memory, and the backend of the settings.

    With --ceos a Docker image is tried instead, as root: two nodes of it are started here, cabled
    to each other, asked, and removed; no GNS3 server takes part.

    Ends with exit code 3 when something is wrong that a lab needs.
    """
    from avdlab.doctor import examine

    place = options.place(inventory)
    settings = options.settings(place.project, {"backend": backend})
    if ceos:
        _ceos(ceos, settings, form)
        return
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


def _ceos(image: str, settings: "Settings", form: str) -> None:
    """Try an image, and show a verdict per assumption."""
    from avdlab.backends.gns3.assumptions import Verdict, examine
    from avdlab.backends.gns3.backend import Gns3Backend
    from avdlab.backends.gns3.trial import trial
    from avdlab.cli.progress import reporter

    given = settings.origin.get("timeout", "default") != "default"
    seconds = settings.timeout if given else Gns3Backend.boot_seconds
    with trial(image, seconds, reporter(quiet=False), settings.gns3_memory) as nodes:
        findings = tuple(examine(nodes))
    rows = [
        {"assumption": f.assumption.name, "verdict": f.verdict.value, "found": f.found}
        for f in findings
    ]
    about = [
        row | {"says": f.assumption.says, "source": f.assumption.source}
        for row, f in zip(rows, findings, strict=True)
    ]
    failed = [f for f in findings if f.verdict is Verdict.FAILS]
    lines = [f"{f.assumption.name}: {f.assumption.says}" for f in failed]
    emit(form, {"image": image, "findings": about}, rows, *lines)
    if failed:
        names = ", ".join(f.assumption.name for f in failed)
        untried = sum(f.verdict is Verdict.UNTRIED for f in findings)
        rest = f"; {untried} were not tried" if untried else ""
        raise CannotRunError(
            f"{image}: {len(failed)} of {len(findings)} do not hold: {names}{rest}"
        )


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
