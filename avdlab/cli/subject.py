"""What verbs are about that need no running lab: the one that is up, or else the design."""

from pathlib import Path

from avdlab.cli import options
from avdlab.errors import NoLabError
from avdlab.events import Reporter
from avdlab.lab import Lab
from avdlab.overlay.model import LabUser
from avdlab.topology.model import Topology


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
