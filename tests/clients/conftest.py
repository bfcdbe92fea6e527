"""Twins for clients that we did not write: two switches, and the fabric single-dc-l3ls.

`make clients` runs these tests from an environment of its own, where nothing may be skipped.
NAPALM, netmiko and scrapli are of requirements-clients.txt; Ansible runs from another environment,
named by AVDLAB_ANSIBLE_BIN. The number in a test's name is that of its check in docs/clients.md.
"""

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REQUIRED = "AVDLAB_CLIENTS_REQUIRED"


def pytest_sessionfinish(session, exitstatus):
    """A client that is not there was not tried: that is no success where all are required."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get(REQUIRED) and reporter and reporter.stats.get("skipped") and not exitstatus:
        session.exitstatus = 1


def lab_module(repository):
    """The twin of tests/twin/eapi."""
    path = repository / "tests" / "twin" / "eapi" / "conftest.py"
    spec = importlib.util.spec_from_file_location("eapi_lab", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["eapi_lab"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lab(repository, tmp_path_factory):
    """Two switches on a running twin; leaf1 also serves HTTP."""
    module = lab_module(repository)
    twin = module.make(tmp_path_factory.mktemp("clients"), http={"leaf1": free_port()})
    twin.configs["leaf1"] = twin.configs["leaf1"].replace(
        "management api http-commands\n", "management api http-commands\n   protocol http\n"
    )
    twin.write()
    try:
        yield twin.start()
    finally:
        twin.stop()


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def pending(lab):
    """Ask which configuration sessions of leaf1 are pending."""

    def ask():
        rows = lab.run("leaf1", "show configuration sessions")[0]["sessions"]
        return [name for name, row in rows.items() if row["state"].startswith("pending")]

    return ask


@dataclass(frozen=True)
class Rendered:
    """A lab that `avdlab up` made from an AVD inventory."""

    folder: Path

    def avdlab(self, *words: str):
        """Run avdlab; it need not be installed."""
        command = [sys.executable, "-c", "from avdlab.cli.main import main; main()", *words]
        return subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=300, check=False
        )

    @property
    def nodes(self):
        done = self.avdlab("status", "-f", "json")
        assert done.returncode == 0, done.stderr
        return {
            node["name"]: node["eapi"].rsplit(":", 1) for node in json.loads(done.stdout)["nodes"]
        }

    @property
    def password(self):
        (path,) = (self.folder / ".avdlab").glob("*/password")
        return path.read_text().strip()

    @property
    def configs(self):
        return {path.stem: path.read_text() for path in self.folder.glob("intended/configs/*.cfg")}


@pytest.fixture(scope="module")
def single_dc(data, tmp_path_factory):
    """single-dc-l3ls: two spines, four leaves, two access switches, rendered by pyavd."""
    import shutil

    folder = tmp_path_factory.mktemp("single-dc") / "fabric"
    shutil.copytree(data("fabrics/single-dc-l3ls"), folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    made = Rendered(folder)
    done = made.avdlab("up", "-q", "--no-test")
    assert done.returncode == 0, done.stderr
    yield made
    made.avdlab("down", "-q")
