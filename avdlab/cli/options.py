"""Options that several verbs share, and what they resolve to."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from avdlab.cli.complete import complete_labs, complete_nodes
from avdlab.errors import InputError, Problem
from avdlab.net.interfaces import canonical, is_interface
from avdlab.project import find_inventory, joined, parts, project_of
from avdlab.settings import Settings, load_settings, seconds
from avdlab.topology.model import Topology

F = TypeVar("F", bound=Callable[..., Any])


def inventory_option(function: F) -> F:
    """`-i/--inventory`."""
    return click.option(
        "-i",
        "--inventory",
        type=click.Path(path_type=Path),
        envvar="AVDLAB_INVENTORY",
        help="Ansible inventory, several with commas [default: ansible.cfg's, or inventory.yml].",
    )(function)


def name_option(function: F) -> F:
    """`-n/--name`."""
    return click.option(
        "-n",
        "--name",
        envvar="AVDLAB_NAME",
        shell_complete=complete_labs,
        help="Name of the lab [default: the fabric's].",
    )(function)


def limit_option(function: F) -> F:
    """`-l/--limit`."""
    return click.option(
        "-l",
        "--limit",
        envvar="AVDLAB_LIMIT",
        shell_complete=complete_nodes,
        help="Only these devices (Ansible pattern).",
    )(function)


def format_option(function: F) -> F:
    """`-f/--format`."""
    return click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(["table", "json"]),
        default="table",
        envvar="AVDLAB_FORMAT",
        help="Form of the result on stdout.",
    )(function)


def formats_option(function: F) -> F:
    """`-f/--format` of verbs whose result is a table."""
    return click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(["table", "json", "yaml", "csv"]),
        default="table",
        envvar="AVDLAB_FORMAT",
        help="Form of the result on stdout.",
    )(function)


def quiet_option(function: F) -> F:
    """`-q/--quiet`."""
    return click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")(function)


def source_options(function: F) -> F:
    """Options that say what a design is made from."""
    for option in (
        click.option(
            "--vault-password-file",
            type=click.Path(path_type=Path),
            help="Password file of ansible-vault [default: ansible.cfg's].",
        ),
        click.option("-e", "--extra-vars", multiple=True, help="Variables, as Ansible's -e."),
        click.option(
            "--links",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Cabling to use instead of the design's (avdlab, containerlab or layer-1 JSON).",
        ),
        click.option(
            "--intended",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="AVD's own output (structured_configs/, configs/), taken instead of rendering.",
        ),
        click.option(
            "--configs",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="Folder of configuration texts that the devices run instead of the design's.",
        ),
    ):
        function = option(function)
    return function


ADOPT = "Take up a project that is on the GNS3 server already and has the lab's name."


def settings_options(function: F) -> F:
    """Options that override settings."""
    for option in (
        click.option("--timeout", help="Time for devices to become ready, e.g. 90s or 5m."),
        click.option("--max-workers", type=int, help="Devices worked on at the same time."),
        click.option("--overlay/--no-overlay", default=None, help="Apply the lab overlay [on]."),
        click.option(
            "--strictness",
            type=click.Choice(["eos", "ceos"]),
            help="Which lines a twin takes: as EOS on any platform, or as cEOS-lab [eos].",
        ),
        click.option(
            "--clock",
            type=click.Choice(["instant", "realistic"]),
            help="How long a twin takes to converge: no time, or as long as EOS [instant].",
        ),
        click.option("--eapi-port", type=int, help="First eAPI port of the twin's nodes."),
        click.option("--adopt", "gns3_adopt", is_flag=True, default=None, help=ADOPT),
        click.option("--gns3-project", help="Name of the project [default: the lab's]."),
        click.option("--gns3-image", help="Docker image of the devices [the only cEOS image]."),
        click.option("--gns3-server", help="GNS3 server [http://127.0.0.1:3080]."),
        click.option(
            "--backend",
            type=click.Choice(["twin", "gns3", "existing"]),
            help="Where the lab runs; existing: on the devices that the inventory names.",
        ),
    ):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Place:
    """Where a verb works: the inventory (None: none was found) and the project's folder."""

    inventory: Path | None
    project: Path


def place(inventory: Path | None) -> Place:
    """Resolve `-i`, or find the inventory of the current folder."""
    if inventory is not None:
        named = parts(inventory)
        if missing := [path for path in named if not path.exists()]:
            raise InputError([Problem(f"the inventory {path} does not exist") for path in missing])
        return Place(joined(named), project_of(inventory))
    found = find_inventory(Path.cwd())
    return Place(found, project_of(found) if found else Path.cwd())


def settings(project: Path, given: dict[str, Any]) -> Settings:
    """Merge the settings of all sources; `given` holds the flags of this run."""
    flags = dict(given)
    if flags.get("timeout") is not None:
        flags["timeout"] = seconds(str(flags["timeout"]))
    return load_settings(project, flags)


def chosen(limit: str | None, groups: "dict[str, Sequence[str]]") -> frozenset[str] | None:
    """Return the devices that `--limit` names, None for all."""
    if not limit:
        return None
    from avdlab.inventory.pattern import select

    return select(limit, groups)


def nodes(names: Sequence[str], known: Collection[str]) -> frozenset[str]:
    """Return the nodes of an option that names some, or `all`. Raises InputError for those that
    are none."""
    if "all" in names:
        return frozenset(known)
    wrong = sorted(set(names) - set(known))
    if wrong:
        raise InputError([Problem(f"'{name}' is not a device of the lab") for name in wrong])
    return frozenset(names)


def cable(topology: Topology, end: str) -> tuple[str, str]:
    """Return both ends of the cable at `node:interface`. Raises InputError where there is none."""
    node, _, interface = end.partition(":")
    wanted = canonical(interface) if is_interface(interface) else interface
    for link in topology.links:
        for here, there in ((link.a, link.b), (link.b, link.a)):
            if (here.node, here.interface) == (node, wanted):
                return str(here), str(there)
    if node not in topology.nodes:
        raise InputError(f"'{node}' is not a node of the lab", hint="Write node:interface.")
    raise InputError(f"{node} has no cable at '{interface}'", hint="Write node:interface.")
