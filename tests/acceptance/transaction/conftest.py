"""A lab of six switches from texts, and deployments that meet an event on their way."""

import http.client
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from avdlab.backends.base import EapiTarget
from avdlab.backends.eapi import run_commands
from avdlab.overlay.model import LabUser
from tests.acceptance.conftest import Done, Project

DEVICES = tuple(f"leaf{number}" for number in range(1, 7))
DRIVER = Path(__file__).parent / "driver.py"


def config(number):
    return f"""\
hostname leaf{number}
!
interface Loopback0
   ip address 192.0.2.{number}/32
!
interface Management0
   ip address 172.16.0.{number}/24
!
end
"""


def set_fault(fabric, device, fault):
    """Put a fault between clients and a device of a twin, None heals it."""
    control = fabric["control"]
    connection = http.client.HTTPConnection("127.0.0.1", control["port"], timeout=10)
    headers = {"Authorization": f"Bearer {control['token']}"}
    connection.request("POST", "/eapi", json.dumps({"node": device, "fault": fault}), headers)
    assert connection.getresponse().status == 200
    connection.close()


def avdlab_meets(event, project, fabric, *words: str, **environment: str):
    """Run avdlab; one request of its deployment meets the event (driver.py)."""
    control = fabric["control"]
    facts = {"fault": "unreachable", "control": control["port"], "token": control["token"]}
    done = subprocess.run(
        [sys.executable, DRIVER, json.dumps(facts | event), *words],
        cwd=project.folder,
        env=project.environment(**environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Table:
    """The lab, and how a deployment is sent into an event."""

    project: Project

    @property
    def folder(self):
        return self.project.folder / ".avdlab" / "six"

    @property
    def fabric(self):
        return json.loads((self.folder / "twin" / "fabric.json").read_text())

    def heal(self):
        for device in DEVICES:
            set_fault(self.fabric, device, None)

    def ask(self, device, *commands: str, output="text"):
        where = self.fabric["nodes"][device]
        user = LabUser("avdlab", (self.folder / "password").read_text().strip())
        target = EapiTarget(device, where["host"], where["https"], user)
        return run_commands(target, ["enable", *commands], output=output)[1:]

    def running(self):
        """Return the running-configs of all devices."""

        def one(device):
            return self.ask(device, "show running-config")[0]["output"]

        with ThreadPoolExecutor() as pool:
            return dict(zip(DEVICES, pool.map(one, DEVICES), strict=True))

    def sessions(self):
        """Return the sessions that are open on any device."""
        found = set()
        for device in DEVICES:
            rows = self.ask(device, "show configuration sessions detail", output="json")[0]
            states = {name: row["state"] for name, row in rows["sessions"].items()}
            found |= {f"{device} {name}" for name, state in states.items() if state != "completed"}
        return found

    def deploy(self, event=None, *words: str, **environment: str):
        """Merge a line into all devices; the run meets the event."""
        change = self.project.folder / "change.cfg"
        arguments = ["deploy", "--merge", str(change), "-n", "six", *words]
        if event is None:
            return self.project.avdlab(*arguments, **environment)
        environment.setdefault("AVDLAB_MAX_WORKERS", "1")
        return avdlab_meets(event, self.project, self.fabric, *arguments, **environment)


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    """The lab."""
    folder = tmp_path_factory.mktemp("table")
    texts = folder / "texts"
    texts.mkdir()
    for number, device in enumerate(DEVICES, start=1):
        (texts / f"{device}.cfg").write_text(config(number))
    project = Project(folder)
    done = project.avdlab("up", "--configs", "texts", "-n", "six", "-q", "--no-test")
    assert done.code == 0, done.err
    yield Table(project)
    project.avdlab("down", "-n", "six", "-q")


@pytest.fixture
def table(six):
    """The lab as it was; what a test deploys is one line that no test before it has deployed."""
    six.heal()
    number = len(list(six.project.folder.glob("used*")))
    (six.project.folder / f"used{number}").touch()
    (six.project.folder / "change.cfg").write_text(f"ntp server 198.51.100.{number + 1}\n")
    assert six.sessions() == set()
    assert not (six.folder / "deploy.json").exists()
    return six
