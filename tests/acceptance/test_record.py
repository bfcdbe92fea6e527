"""A running fabric is recorded over eAPI, and its recording compared with the twin."""

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import Project

together = pytest.mark.xdist_group("shared")  # one lab for all of them


@together
def test_a_recorded_lab_compares_equal(shared_project: Project) -> None:
    done = shared_project.avdlab("record", "-q", "recording")
    assert done.code == 0, done.err
    folder = shared_project.folder / "recording"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    compared = shared_project.avdlab("twin", "compare", "recording", "-f", "json")
    assert compared.code == 0, compared.err
    (found,) = compared.data["recordings"]
    assert found["differences"] == []
    assert found["tables"]["evpn"]["equal"] > 400
    assert found["tables"]["macs"]["equal"] > 30
    _change(folder)
    compared = shared_project.avdlab("twin", "compare", "recording", "--details")
    assert compared.code == 4
    assert "osl-spine1, interfaces, Ethernet1: wrong" in compared.out
    assert "mtu: recorded 1, twin" in compared.out


def _change(folder: Path) -> None:
    path = folder / "show" / "osl-spine1" / "show_interfaces_|_json.json"
    data = json.loads(path.read_text())
    data["interfaces"]["Ethernet1"]["mtu"] = 1
    path.write_text(json.dumps(data))


@together
def test_a_folder_with_content_is_left_alone(shared_project: Project) -> None:
    (shared_project.folder / "full").mkdir()
    (shared_project.folder / "full" / "file").write_text("mine")
    done = shared_project.avdlab("record", "-q", "full")
    assert done.code == 2
    assert "is not empty" in done.err


@together
def test_devices_without_a_lab_are_named(shared_project: Project) -> None:
    nodes = shared_project.avdlab("status", "-f", "json").data["nodes"]
    address = next(node["eapi"] for node in nodes if node["name"] == "osl-leaf1a")
    password = (shared_project.folder / ".avdlab" / "OSLO" / "password").read_text().strip()
    user = {"AVDLAB_USER": "avdlab", "AVDLAB_PASSWORD": password}
    device = f"leaf={address}"
    done = shared_project.avdlab("record", "-q", "one", "--device", device, **user)
    assert done.code == 0, done.err
    cables = (shared_project.folder / "one" / "batfish" / "layer1_topology.json").read_text()
    assert '"hostname": "osl-spine1.oslo.example.net"' in cables  # as LLDP told
    done = shared_project.avdlab("record", "-q", "two", "--device", "leaf", **user)
    assert done.code == 2
    assert "not NAME=HOST[:PORT]" in done.err
