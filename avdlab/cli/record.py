"""`avdlab record`: what a live fabric answers, in the folder of a recording."""

from pathlib import Path

import click

from avdlab.backends.base import EapiTarget
from avdlab.cli import options
from avdlab.cli.progress import reporter
from avdlab.errors import InputError
from avdlab.lab import Lab
from avdlab.overlay.model import LabUser

_HTTPS = 443


@click.command("record")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@options.inventory_option
@options.name_option
@options.limit_option
@options.quiet_option
@click.option(
    "--device",
    "devices",
    multiple=True,
    metavar="NAME=HOST[:PORT]",
    help="Record this device instead of a lab's; AVDLAB_USER and AVDLAB_PASSWORD log in.",
)
@click.option("--command", "extra", multiple=True, help="Record this show command, too.")
def command(
    folder: Path,
    inventory: Path | None,
    name: str | None,
    limit: str | None,
    quiet: bool,
    devices: tuple[str, ...],
    extra: tuple[str, ...],
) -> None:
    """Write what a running fabric answers into FOLDER: configurations, cabling, show commands.

    `avdlab twin compare FOLDER` then tells where the twin answers otherwise. Recordings hold
    password hashes, so the files are private.
    """
    from avdlab.record import record

    shown = reporter(quiet=quiet)
    if devices:
        project = options.place(inventory).project
        settings = options.settings(project, {})
        if not settings.password:
            raise InputError("no password for --device", hint="Set AVDLAB_USER, AVDLAB_PASSWORD.")
        user = LabUser(settings.user, settings.password)
        targets = tuple(_target(text, user) for text in devices)
        links = None
        workers = settings.max_workers
    else:
        lab = Lab.open(inventory, name, reporter=shown)
        targets = lab.targets(options.chosen(limit, dict(lab.groups)))
        lab.check(targets)
        links = lab.topology().links
        workers = lab.settings.max_workers
    count = record(targets, folder, links, shown, extra=extra, max_workers=workers)
    click.echo(f"{count} files in {folder}")


def _target(text: str, user: LabUser) -> EapiTarget:
    name, equals, where = text.partition("=")
    host, colon, port = where.rpartition(":")
    if not colon:
        host, port = where, str(_HTTPS)
    if not (name and equals and host and port.isdigit()):
        raise InputError(f"not NAME=HOST[:PORT]: {text!r}")
    return EapiTarget(name, host.strip("[]"), int(port), user)
