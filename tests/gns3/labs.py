"""A lab of busybox containers on a server of the rig, made as avdlab makes labs of cEOS."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avdlab.backends.gns3.backend import Gns3Backend
from avdlab.backends.gns3.record import Record, from_json
from avdlab.events import Reporter
from avdlab.settings import Settings
from avdlab.topology.files import to_json
from avdlab.topology.model import Topology
from tests.backends.gns3.fabrics import USER, lab
from tests.support.gns3.api import Api
from tests.support.gns3.network import interfaces
from tests.support.gns3.servers import Gns3Server

NODE, OTHER_NODE = "avdlab-node:1", "avdlab-node:other"  # one image, two names


class Listener(Reporter):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.items: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)

    def stage_progress(self, stage: str, done: int, total: int, item: str = "") -> None:
        self.items.append(item)


@dataclass
class BusyboxLab:
    """One lab's folder and its server. Every call opens the backend anew, as every command does."""

    folder: Path
    server: Gns3Server
    more: dict[str, Any] = field(default_factory=dict)
    listener: Listener = field(default_factory=Listener)
    notes: list[str] = field(default_factory=list)  # of the last plan

    def backend(self, **more: Any) -> Gns3Backend:
        settings = {
            "gns3_server": self.server.url,
            "gns3_user": self.server.user,
            "gns3_password": self.server.password,
            "gns3_image": NODE,
            "gns3_memory": 20,
            **self.more,
            **more,
        }
        return Gns3Backend(
            self.folder, USER, Settings(**settings, origin=dict.fromkeys(settings, "flag"))
        )

    def spec(self, topology: Topology, reseed: frozenset[str] = frozenset()):
        """Return the spec; the topology lies in the lab's folder, as Lab leaves it there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "topology.json").write_text(to_json(topology))
        made = lab(topology, self.folder)
        return type(made)(**{**_fields(made), "reseed": reseed})

    def plan(self, topology: Topology, **more: Any) -> list[str]:
        """Return what `up` would change, in words."""
        plan = self.backend(**more).plan(self.spec(topology))
        return [str(change) for change in plan.changes]

    def up(self, topology: Topology, *, reseed: frozenset[str] = frozenset(), **more: Any):
        """Bring the lab up; return the changes in words."""
        backend = self.backend(**more)
        plan = backend.plan(self.spec(topology, reseed))
        self.notes = list(plan.notes)
        backend.apply(plan, self.listener)
        return [str(change) for change in plan.changes]

    def booted(self, topology: Topology, **more: Any) -> list[str]:
        """Bring the lab up and wait until every node's hook has run; return the changes."""
        changes = self.up(topology, **more)
        deadline = time.monotonic() + 300
        while not set(self.states().values()) <= {"nics", "address"}:
            assert time.monotonic() < deadline, self.reasons()
            time.sleep(0.1)
        return changes

    def down(self) -> None:
        self.backend().destroy()

    @property
    def record(self) -> Record:
        return from_json((self.folder / "gns3" / "record.json").read_text())

    def states(self) -> dict[str, str]:
        """Return node -> its state, of `status`."""
        return {status.node: status.state.value for status in self.backend().status()}

    def reasons(self) -> dict[str, str]:
        return {status.node: status.reason for status in self.backend().status()}


@contextmanager
def taken_down(lab: BusyboxLab) -> Iterator[BusyboxLab]:
    """Take a lab down after its test. What a failed one leaves does not fail those after it: they
    use the same server and the same names."""
    try:
        yield lab
        lab.down()
        assert lab.server.sweep() == []
        assert interfaces() == {"lo"}
    except BaseException:
        _clear(lab.server)
        raise


def _clear(server: Gns3Server) -> None:
    if not server.pid:
        server.start()
    api = Api(server)
    api.call("GET", "/statistics")  # 2.2 connects to its own compute then, and deletes only after
    for project in api.call("GET", "/projects"):
        api.call("DELETE", f"/projects/{project['project_id']}")
    server.sweep()
    for name in interfaces() - {"lo"}:
        subprocess.run(("ip", "link", "delete", name), capture_output=True, check=False)


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
