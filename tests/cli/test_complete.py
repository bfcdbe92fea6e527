"""Completion as a shell asks for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from avdlab.state import LabFolder, LabState
from avdlab.topology.files import to_json
from avdlab.topology.model import Node, NodeKind, Topology

AVDLAB = Path(sys.executable).parent / "avdlab"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a lab of two devices."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = LabFolder(tmp_path / ".avdlab" / "one")
    folder.create()
    folder.save(LabState("one", "twin"))
    nodes = {n: Node(n, NodeKind.DEVICE, interfaces=("Ethernet1",)) for n in ("leaf1", "leaf2")}
    folder.topology.write_text(to_json(Topology("one", nodes, ())))
    return tmp_path


def complete(project: Path, *words: str) -> list[str]:
    environment = os.environ | {
        "_AVDLAB_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("avdlab", *words)),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run(
        [AVDLAB], env=environment, cwd=project, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if "," in line]


def test_verbs_labs_and_nodes_are_completed(project: Path):
    assert complete(project, "sta") == ["status"]
    assert complete(project, "status", "--name", "o") == ["one"]
    assert complete(project, "exec", "-l", "leaf") == ["leaf1", "leaf2"]
    assert complete(project, "exec", "-l", "leaf1,l") == ["leaf1,leaf1", "leaf1,leaf2"]
    assert complete(project, "connect", "leaf2") == ["leaf2"]


def test_nothing_is_said_where_there_is_no_lab(tmp_path: Path):
    assert complete(tmp_path, "exec", "-l", "x") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_for_shells_are_printed(shell: str):
    done = subprocess.run([AVDLAB, "completion", shell], capture_output=True, text=True, check=True)
    assert "_AVDLAB_COMPLETE" in done.stdout
