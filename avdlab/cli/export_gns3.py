"""`avdlab export gns3project`: the lab as a project that a GNS3 server imports."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from avdlab.cli import options
from avdlab.cli.output import emit
from avdlab.cli.subject import designed
from avdlab.errors import NoLabError
from avdlab.lab import Lab
from avdlab.settings import Settings
from avdlab.state import write_private

if TYPE_CHECKING:
    from avdlab.exports import Subject

SUFFIX = ".gns3project"
PASSWORD = "AVDLAB_PASSWORD"  # noqa: S105 - a variable's name


@click.command("gns3project")
@options.inventory_option
@options.name_option
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write to [default: in the lab's own folder].",
)
@click.option("--gns3-image", help="Docker image of the devices [the lab's, or ceos:latest].")
@options.format_option
def command(
    inventory: Path | None,
    name: str | None,
    output: Path | None,
    gns3_image: str | None,
    form: str,
) -> None:
    """Write a portable project that GNS3 2.2 and 3.x import: File > Import portable project.

    It has the nodes with their places, cables and boxes, and the files that each cEOS node boots
    with. No server is asked; a lab on the twin becomes a project of cEOS nodes. Where no lab is up
    the design is written.

    The configurations are in it, with the secrets in them: the file is private (mode 0600). A
    password made up for the design's user lies beside it (.env), and is taken again next time: the
    same design gives the same bytes.
    """
    from avdlab.exports.gns3project import IMAGE, gns3project
    from avdlab.overlay.profile import CEOS

    flags = {"gns3_image": gns3_image}
    credentials: Path | None = None
    try:
        lab = Lab.open(inventory, name)
    except NoLabError:
        chosen = options.settings(options.place(inventory).project, flags)

        def login_of(lab: str) -> Path:
            return (output or Path(lab + SUFFIX)).absolute().with_suffix(".env")

        subject = designed(inventory, name, chosen, CEOS, lambda lab: _password(login_of(lab)))
        credentials = login_of(subject.name)
        path = (output or Path(subject.name + SUFFIX)).absolute()
    else:
        chosen = options.settings(lab.folder.path.parent.parent, flags)
        subject = _running(lab, chosen)
        path = (output or lab.folder.path / "export" / f"{lab.folder.name}{SUFFIX}").absolute()
    project = gns3project(subject, chosen)
    write_private(path, project.data)
    login = f"{subject.user.name}, with the lab's password"
    if credentials is not None:
        user = subject.user
        text = f"AVDLAB_USER={user.name}\n{PASSWORD}={user.password}\n"
        write_private(credentials, text)
        login = f"as {credentials} says"
    data = {
        "file": str(path),
        "credentials": str(credentials or ""),
        "nodes": project.nodes,
        "links": project.links,
        "image": project.image,
        "commands": list(project.commands),
    }
    lines = [
        *(f"note: {note}" for note in project.notes),
        f"written to {path}: {project.nodes} nodes, {project.links} links, "
        "and the configurations with their secrets",
        f"image: {project.image}"
        + (", as none was chosen (--gns3-image)" if project.image == IMAGE else ""),
        f"login: {login}",
        "On the GNS3 server's machine, as root:",
        *(f"  {line}" for line in project.commands),
        "Next: in GNS3, File > Import portable project",
    ]
    emit(form, data, [], *lines)


def _password(login: Path) -> str:
    """Return the password of an earlier export, so that the same design gives the same file."""
    if not login.is_file():
        return ""
    lines = login.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines]
    return next((value for key, _, value in pairs if key == PASSWORD), "")


def _running(lab: Lab, chosen: Settings) -> "Subject":
    """Return the lab that is there, with the configurations that cEOS takes."""
    from avdlab.exports import Subject
    from avdlab.overlay import overlay_text
    from avdlab.overlay.profile import CEOS

    topology, texts = lab.topology(), lab.configs()
    if chosen.overlay:
        overlaid = overlay_text(texts, lab.user, CEOS)
        texts = {name: device.config for name, device in overlaid.devices.items()}
    return Subject(lab.folder.name, lab.folder.path, lab.user, topology, texts, lab.groups)
