"""Files of the twin on disk: private, whole, and inside the folder."""

import json

import pytest

from avdlab.twin.eapi.folder import TwinFolder, write_private


@pytest.fixture
def folder(tmp_path):
    return TwinFolder(tmp_path)


def test_private_and_no_leftovers(tmp_path):
    path = tmp_path / "a" / "file"
    write_private(path, b"one")
    write_private(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["backup", "../../escape", "..", ".hidden", "a/b", "ä %2E"])
def test_flash_files_stay_inside_and_keep_their_names(folder, name):
    folder.save_flash("leaf1", {name: "text"}, {})
    assert folder.flash("leaf1") == {name: "text"}
    [file] = [path for path in folder.path.rglob("*") if path.is_file()]
    assert file.parent == folder.path / "nodes" / "leaf1" / "flash"
    folder.save_flash("leaf1", {}, {name: "text"})
    assert folder.flash("leaf1") == {}


def test_erased_startup(folder):
    folder.save_startup("leaf1", "hostname leaf1\n")
    assert folder.startup("leaf1") == "hostname leaf1\n"
    folder.save_startup("leaf1", None)
    assert folder.startup("leaf1") is None


def test_faults_are_kept_beside_what_else_stands_there(folder):
    (folder.path / "fabric.json").write_text('{"name": "lab", "token": "t"}')
    folder.save_faults(["leaf2"], [["a:1", "b:2"]], [["a:3", "b:4", ["bgp"]]])
    assert json.loads(folder.description()) == {
        "name": "lab",
        "token": "t",
        "stopped": ["leaf2"],
        "cut": [["a:1", "b:2"]],
        "dropped": [["a:3", "b:4", ["bgp"]]],
    }
