"""`avdlab deploy`: configurations onto the running devices."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avdlab.cli import deployments, options
from avdlab.cli.lifecycle import request
from avdlab.cli.progress import reporter
from avdlab.errors import InputError, NoLabError
from avdlab.events import Reporter
from avdlab.lab import Lab
from avdlab.settings import Settings

if TYPE_CHECKING:
    from avdlab.deploy import Deployment, How


@click.command("deploy")
@options.inventory_option
@options.name_option
@options.limit_option
@options.source_options
@options.settings_options
@deployments.check_option
@deployments.diff_option
@click.option(
    "--merge",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Add the lines of this file to each device instead (- reads stdin).",
)
@click.option(
    "--serial",
    help="A rollout: one transaction for each batch of so many devices, e.g. 4 or 25%; spines "
    "last, one by one.",
)
@deployments.how_options
@options.format_option
@options.quiet_option
def command(
    name: str | None, check: bool, diff: bool, form: str, quiet: bool, **given: Any
) -> None:
    """Render again and bring the configurations onto the running devices, all or none.

    Every device loads its configuration into a session and compares. If one rejects a line, none
    changes. Else all commit under a timer, and confirm when the gate has passed; any failure before
    that takes all devices back, and that is proven before this command ends. A deployment that was
    killed is finished or taken back by the next one.

    \b
    avdlab deploy --check --diff                 what would change
    avdlab deploy --gate catalog                 confirmed when the lab's tests pass
    avdlab deploy --serial 25%                   a quarter of the devices at a time
    avdlab deploy --merge ntp.cfg -l 'leaf*'     a snippet on many devices
    """
    run(name, form=form, quiet=quiet, check=check, diff=diff or check, given=given)


def run(
    name: str | None,
    *,
    form: str,
    quiet: bool,
    check: bool,
    diff: bool,
    given: dict[str, Any],
) -> None:
    """Deploy, or compare; `given` holds the other options of the command line."""
    shown = reporter(quiet=quiet)
    try:
        found: Lab | None = Lab.open(given["inventory"], name, reporter=shown)
    except NoLabError:
        if given.get("merge") or not _there_already(given):
            raise
        found = None
    with deployments.errors_as_json(form, found.folder.name if found else name or ""):
        how = deployments.how(given)
        if found and given.get("merge"):
            lab = Lab(found.folder, _settings(found, given), shown)
            done = _merge(lab, given, how, check)
        else:
            lab, done = _replace(found, given, name, how, check, shown)
    deployments.show(lab.folder.name, done, form, diff=diff)


def _settings(lab: Lab, given: dict[str, Any]) -> Settings:
    """Return the lab's settings, with the flags that matter where nothing is rendered."""
    flags = {key: given.get(key) for key in ("timeout", "max_workers")}
    return options.settings(lab.folder.path.parent.parent, flags)


def _there_already(given: dict[str, Any]) -> bool:
    """Tell whether the backend needs no `up`: its devices are there."""
    project = options.place(given["inventory"]).project
    return options.settings(project, {"backend": given.get("backend")}).backend == "existing"


def _replace(
    found: Lab | None,
    given: dict[str, Any],
    name: str | None,
    how: "How",
    check: bool,
    shown: Reporter,
) -> "tuple[Lab, Deployment]":
    if found is not None:
        if not found.borrowed:
            found.check(found.targets())
        stored = found.folder.load().inventory
        if given["inventory"] is None and stored:
            given["inventory"] = Path(stored)
        if not stored and given.get("configs") is None:
            given["configs"] = found.folder.configs
    asked = request(given, shown, check=check)
    lab = Lab(found.folder, asked.settings, shown) if found else asked.lab(name)
    with lab.folder.locked():
        try:
            made = lab.design(asked.prepared)
            if lab.borrowed:
                lab.build(made)  # where the inventory says that they are, today
            devices = made.selected if given.get("limit") else None
            return lab, lab.deploy(made, check=check, devices=devices, how=how)
        finally:
            if found is None and check:
                lab.folder.remove()


def _merge(lab: Lab, given: dict[str, Any], how: "How", check: bool) -> "Deployment":
    try:
        text = click.open_file(str(given["merge"]), encoding="utf-8").read()
    except UnicodeDecodeError as exc:
        raise InputError(f"{given['merge']} is no UTF-8 text (byte {exc.start})") from exc
    if not text.strip():
        raise InputError(f"{given['merge']} is empty")
    devices = options.chosen(given.get("limit"), dict(lab.groups))
    with lab.folder.locked():
        return lab.configuration.merge(text, check=check, devices=devices, how=how)
