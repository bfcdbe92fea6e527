"""`avdlab export`: the lab for other tools."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avdlab.cli import options
from avdlab.cli.export_gns3 import command as gns3project
from avdlab.cli.output import emit
from avdlab.cli.subject import designed
from avdlab.errors import InputError, NoLabError
from avdlab.lab import Lab
from avdlab.state import write_private

if TYPE_CHECKING:
    from avdlab.exports import Subject

# export -> its line of help; the same names as in avdlab.exports, which is imported when it runs
HELP = {
    "anta": "Write what ANTA's own `anta nrfu` needs: inventory.yml, catalog.json, credentials.",
    "ansible": "Write a static Ansible inventory of the running devices.",
    "pyeapi": "Write eapi.conf for pyeapi.",
    "nornir": "Write hosts, groups and config.yaml for Nornir.",
    "ssh-config": "Write a file for ssh -F, or to include in ~/.ssh/config.",
    "containerlab": "Write topology, startup-configs and interface mapping for cEOS.",
}
BEYOND = {"ssh-config", "containerlab"}  # of use where the devices are behind a jump host
NEXT = {
    "anta": "set -a; . {folder}/anta.env; set +a; anta nrfu table",
    "ansible": "ansible-inventory -i {folder}/ansible.yml --graph",
    "pyeapi": "EAPI_CONF={folder}/eapi.conf python",
    "nornir": "python -c 'from nornir import InitNornir; InitNornir(\"{folder}/config.yaml\")'",
    "ssh-config": "ssh -F {folder}/ssh_config DEVICE",
    "containerlab": "containerlab deploy -t {folder}/topology.clab.yml",
}


@click.group("export")
def command() -> None:
    """Write inventories, catalogs and topologies for other tools."""


def _verb(name: str) -> Callable[..., None]:
    @command.command(name, help=f"{HELP[name]}\n\nThen: {NEXT[name].format(folder='FOLDER')}")
    @options.inventory_option
    @options.name_option
    @click.option(
        "-o",
        "--output",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder to write to [default: the lab's own].",
    )
    @options.formats_option
    def verb(inventory: Path | None, name: str | None, output: Path | None, form: str) -> None:
        _write(_subject(kind, inventory, name, output), kind, form)

    kind = name
    return verb


for _name in HELP:
    _verb(_name)
command.add_command(gns3project)


def _subject(kind: str, inventory: Path | None, name: str | None, output: Path | None) -> "Subject":
    """Return the lab that is up; containerlab needs none, its design is enough."""
    from avdlab.backends.base import SshAccess
    from avdlab.exports import Subject
    from avdlab.overlay.profile import CEOS

    try:
        lab = Lab.open(inventory, name)
    except NoLabError:
        if kind != "containerlab":
            raise
        settings = options.settings(options.place(inventory).project, {})
        folder = (output or Path("containerlab")).absolute()
        return replace(designed(inventory, name, settings, CEOS), folder=folder)
    backend = lab.backend
    targets = lab.targets()
    if kind not in BEYOND and (behind := next((t.behind for t in targets if t.behind), None)):
        raise InputError(
            f"the devices are behind {behind.jump}: what leads to them ends with this command",
            hint="Give this machine a route to their network and leave gns3_jump out; "
            "`avdlab export ssh-config` works as it is.",
        )
    return Subject(
        lab.folder.name,
        (output or lab.folder.path / "export" / kind).absolute(),
        lab.user,
        lab.topology(),
        lab.configs(),
        lab.groups,
        targets,
        tuple(backend.ssh(t.device) for t in targets) if isinstance(backend, SshAccess) else (),
        lab.catalogs(),
    )


def _write(subject: "Subject", kind: str, form: str) -> None:
    from avdlab.exports import EXPORTS

    files = EXPORTS[kind](subject)
    if kind == "containerlab":
        user = subject.user
        files["credentials.env"] = f"AVDLAB_USER={user.name}\nAVDLAB_PASSWORD={user.password}\n"
    subject.folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        write_private(subject.folder / file, text)
    data: dict[str, Any] = {"folder": str(subject.folder), "files": sorted(files)}
    lines = [
        f"written to {subject.folder}: {', '.join(sorted(files)[:6])}"
        + (f" and {len(files) - 6} more" if len(files) > 6 else ""),
        f"Next: {NEXT[kind].format(folder=subject.folder)}",
    ]
    rows = [{"file": file} for file in sorted(files)] if form == "csv" else []
    emit(form, data, rows, *lines)
