"""What verbs are about that need no running lab: the one that is up, or else the design."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from avdlab.cli import options
from avdlab.errors import NoLabError
from avdlab.events import Reporter
from avdlab.lab import Lab
from avdlab.overlay.model import LabUser
from avdlab.settings import Settings
from avdlab.topology.model import Topology

if TYPE_CHECKING:
    from avdlab.exports import Subject
    from avdlab.overlay.profile import Profile


def topology_of(inventory: Path | None, name: str | None) -> Topology:
    """Return the topology of the lab that is up, or of the inventory's design."""
    try:
        return Lab.open(inventory, name).topology()
    except NoLabError:
        from avdlab.design import Source, design, prepare

        where = options.place(inventory)
        if where.inventory is None:
            raise
        settings = options.settings(where.project, {})
        prepared = prepare(Source(where.inventory), Reporter(), check=True)
        user = LabUser(settings.user, settings.password or "unused")
        return design(prepared, user, Reporter(), enabled=settings.overlay).topology


def designed(
    inventory: Path | None,
    name: str | None,
    settings: Settings,
    profile: "Profile",
    kept: Callable[[str], str] = lambda _: "",
) -> "Subject":
    """Return the lab that the inventory's design would be, in a folder of its name, here.

    Its user's password is that of the settings, the one `kept` for a lab of this name, or made up.
    """
    from avdlab.design import Source, design, prepare
    from avdlab.exports import Subject

    prepared = prepare(Source(options.place(inventory).inventory), Reporter(), check=True)
    chosen = name or prepared.name
    password = settings.password or kept(chosen) or secrets.token_urlsafe(18)
    user = LabUser(settings.user, password)
    made = design(prepared, user, Reporter(), profile=profile, enabled=settings.overlay)
    texts = {device: found.config for device, found in made.configs.devices.items()}
    return Subject(chosen, Path(chosen).absolute(), user, made.topology, texts, made.groups)
