"""Backend `existing`: the devices of a lab that somebody else runs."""

import json
import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import Project

pytestmark = pytest.mark.xdist_group("shared")  # the lab is the one of test_command_line.py
USER, PASSWORD = "admin", "avdlab-example"  # of the design itself


@pytest.fixture
def borrowed(shared_project: Project, tmp_path: Path) -> Project:
    """A project with the same design, whose inventory says where the other lab's devices are."""
    project = Project(tmp_path / "mine")
    project.folder.mkdir()
    ignored = shutil.ignore_patterns("intended", "documentation", "anta", ".avdlab", "host_vars")
    source = shared_project.folder
    shutil.copytree(source / "inventory", project.folder / "inventory", ignore=ignored)
    shutil.copy(source / "ansible.cfg", project.folder / "ansible.cfg")
    nodes = shared_project.inside("status", "-f", "json").data["nodes"]
    folder = project.folder / "inventory" / "host_vars"
    folder.mkdir()
    for node in nodes:
        host, port = node["eapi"].rsplit(":", 1)
        facts = {"ansible_host": host, "ansible_httpapi_port": int(port)}
        facts |= {"ansible_user": "nobody", "anta_user": USER, "ansible_httpapi_pass": PASSWORD}
        (folder / f"{node['name']}.yml").write_text(json.dumps(facts))
    (project.folder / "avdlab.yml").write_text("backend: existing\n")
    return project


def running(project: Project) -> dict[str, str]:
    found = project.inside("exec", "-f", "json", "show running-config").data["devices"]
    return {device: json.dumps(texts) for device, texts in found.items()}


def test_others_devices_are_compared_deployed_and_tested_and_never_started_or_ended(
    shared_project: Project, borrowed: Project
) -> None:
    before = running(shared_project)
    done = borrowed.inside("diff", "-q")
    assert done.code == 0, done.err
    assert "-username avdlab" in done.out
    assert not (borrowed.folder / ".avdlab").exists()

    up = borrowed.avdlab("up", "-q")
    assert up.code == 0, up.err
    assert running(shared_project) == before

    done = borrowed.inside("status", "-f", "json")
    assert {node["state"] for node in done.data["nodes"]} == {"ready"}
    assert all("not cEOS" in node["software"] for node in done.data["nodes"])  # it asks them
    kept = borrowed.folder / ".avdlab" / "OSLO" / "existing.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in done.out

    done = borrowed.inside("deploy", "-q", "-f", "json", "-l", "osl-leaf1a")
    assert done.data["changed"] == ["osl-leaf1a"], done.err
    assert borrowed.inside("deploy", "-q", "-f", "json", "-l", "osl-leaf1a").data["changed"] == []
    texts = borrowed.inside("exec", "-l", "osl-leaf1a", "show running-config section username").out
    assert "username avdlab" not in texts

    done = borrowed.inside("test", "-q", "-l", "osl-leaf1a", "-f", "json")
    assert (done.code, done.data["failed"]) == (0, []), done.err
    assert "every device: avdlab's twin answers, not cEOS" in done.data["notes"]
    assert done.data["summary"]["passed (config mirror)"] > 0
    assert (borrowed.folder / ".avdlab" / "OSLO" / "reports").is_dir()

    assert borrowed.inside("rollback", "-q").code == 0
    assert borrowed.inside("down", "-q").code == 0
    assert not (borrowed.folder / ".avdlab").exists()
    assert running(shared_project) == before


def test_without_a_user_every_device_is_named(shared_project: Project, borrowed: Project) -> None:
    for path in (borrowed.folder / "inventory" / "host_vars").iterdir():
        facts = json.loads(path.read_text())
        path.write_text(json.dumps({key: facts[key] for key in facts if "user" not in key}))
    done = borrowed.inside("up", "-q")
    assert done.code == 2
    assert done.err.count("no user to log in with. Set ansible_user or anta_user.") == 7
    done = borrowed.inside("diff", "-q", AVDLAB_USER=USER)
    assert done.code == 0, done.err
