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


class Runner:
    """Runs avdlab; it is imported once for all runs, each of which is a process (driver.py)."""

    def __init__(self, folder: Path) -> None:
        self._out, self._err = folder / "out", folder / "err"
        self._process = subprocess.Popen(
            [sys.executable, DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, project, *words: str, event=None, **environment: str):
        """Run avdlab in a project; one request of its deployment may meet an event."""
        asked = {
            "cwd": str(project.folder),
            "environment": project.environment(**environment),
            "words": words,
            "out": str(self._out),
            "err": str(self._err),
            "event": event,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = json.loads(self._process.stdout.readline())["code"]
        done = Done(code, self._out.read_text(), self._err.read_text())
        assert "Traceback" not in done.err, done.err
        return done

    def stop(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="session")
def runner(tmp_path_factory):
    """What runs avdlab."""
    made = Runner(tmp_path_factory.mktemp("runner"))
    yield made
    made.stop()


def event_of(fabric, **facts: object):
    """Complete an event with what it needs of a twin."""
    control = fabric["control"]
    return {"fault": "unreachable", "control": control["port"], "token": control["token"]} | facts


def running(targets):
    """Return the running-configs of devices, asked at once."""

    def one(target):
        return run_commands(target, ["enable", "show running-config"], output="text")[1]["output"]

    with ThreadPoolExecutor() as pool:
        texts = pool.map(one, targets)
        return {target.device: text for target, text in zip(targets, texts, strict=True)}


def targets_of(lab):
    """Return where the devices of a lab answer, from its folder."""
    user = LabUser("avdlab", (lab / "password").read_text().strip())
    nodes = json.loads((lab / "twin" / "fabric.json").read_text())["nodes"]
    return {n: EapiTarget(n, w["host"], w["https"], user) for n, w in nodes.items()}


@dataclass(frozen=True)
class Table:
    """The lab, and how a deployment is sent into an event."""

    project: Project
    runner: Runner

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
        target = targets_of(self.folder)[device]
        return run_commands(target, ["enable", *commands], output=output)[1:]

    def running(self):
        """Return the running-configs of all devices."""
        return running(list(targets_of(self.folder).values()))

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
        if event is not None:
            environment.setdefault("AVDLAB_MAX_WORKERS", "1")
            event = event_of(self.fabric, **event)
        return self.runner.run(self.project, *arguments, event=event, **environment)

    def avdlab(self, *words: str):
        """Run another verb on the lab."""
        return self.runner.run(self.project, *words, "-n", "six")


@pytest.fixture(scope="module")
def six(tmp_path_factory, runner):
    """The lab."""
    folder = tmp_path_factory.mktemp("table")
    texts = folder / "texts"
    texts.mkdir()
    for number, device in enumerate(DEVICES, start=1):
        (texts / f"{device}.cfg").write_text(config(number))
    project = Project(folder)
    done = project.avdlab("up", "--configs", "texts", "-n", "six", "-q", "--no-test")
    assert done.code == 0, done.err
    yield Table(project, runner)
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
