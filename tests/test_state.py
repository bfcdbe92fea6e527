"""The lab's folder: state, lock, names."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from avdlab import state
from avdlab.errors import InputError, LabLockedError, NoLabError
from avdlab.state import LabFolder, LabState


@pytest.fixture
def folder(tmp_path: Path) -> LabFolder:
    made = LabFolder(tmp_path / state.FOLDER / "dc1")
    made.create()
    made.save(LabState("dc1", "twin", inventory="/x/inventory.yml"))
    return made


def test_state_survives_a_round_trip(folder: LabFolder) -> None:
    folder.reached("applied")
    assert folder.load() == LabState("dc1", "twin", inventory="/x/inventory.yml", phase="applied")


def test_folder_and_files_are_private(folder: LabFolder) -> None:
    folder.password("secret")
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    for path in folder.path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_first_password_stays(folder: LabFolder) -> None:
    assert folder.password("first") == "first"
    assert folder.password("second") == "first"


def test_no_lab_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(NoLabError, match="no lab is up"):
        state.find_lab(tmp_path)


def test_several_labs_must_be_told_apart(folder: LabFolder) -> None:
    other = LabFolder(folder.path.parent / "dc2")
    other.create()
    other.save(LabState("dc2", "twin", inventory="/y/inventory.yml"))
    project = folder.path.parent.parent
    with pytest.raises(InputError, match="several labs are here: dc1, dc2"):
        state.find_lab(project)
    assert state.find_lab(project, name="dc2").name == "dc2"
    assert state.find_lab(project, inventory=Path("/x/inventory.yml")).name == "dc1"


def test_lab_is_found_by_its_inventory_however_it_is_written(
    folder: LabFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = folder.path.parent.parent
    (project / "inventory.yml").touch()
    folder.save(LabState("dc1", "twin", inventory=str(project / "inventory.yml")))
    monkeypatch.chdir(project)
    for asked in ("inventory.yml", "../" + project.name + "/inventory.yml", "."):
        assert state.find_lab(project, inventory=Path(asked)).name == "dc1"
    with pytest.raises(NoLabError, match=r"no lab of other/inventory\.yml is up"):
        state.find_lab(project, inventory=Path("other/inventory.yml"))


@pytest.mark.parametrize("text", ["{", "[]", '{"schema_version": 1, "x": 1}'])
def test_unreadable_state_is_said_in_one_line(folder: LabFolder, text: str) -> None:
    (folder.path / "state.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"state\.json cannot be read"):
        folder.load()


def test_second_process_finds_the_lab_locked(folder: LabFolder) -> None:
    refused = pytest.raises(LabLockedError, match=f"locked by process {os.getpid()}")
    with folder.locked(), refused, folder.locked():
        pass


def _hold_and_die(path: Path, ready: "multiprocessing.synchronize.Event") -> None:
    with LabFolder(path).locked():
        ready.set()
        os._exit(9)


def test_lock_of_a_dead_process_is_free(folder: LabFolder) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_hold_and_die, args=(folder.path, ready))
    process.start()
    process.join(30)
    assert ready.is_set()
    with folder.locked():
        assert folder.exists


def test_removing_the_last_lab_leaves_nothing(folder: LabFolder) -> None:
    with folder.locked():
        folder.remove()
    assert not folder.path.parent.exists()


@pytest.mark.parametrize(
    ("text", "name"), [("DC1_FABRIC", "DC1_FABRIC"), ("my lab/1", "my-lab-1"), ("..x", "x")]
)
def test_lab_names_are_safe_folders(text: str, name: str) -> None:
    assert state.lab_name(text) == name


def test_empty_lab_name_is_refused() -> None:
    with pytest.raises(InputError, match="cannot name a lab"):
        state.lab_name("///")


def test_write_private_tells_whether_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "a" / "file"
    assert state.write_private(path, "x\n")
    assert not state.write_private(path, "x\n")
    assert state.write_private(path, "y\n")
    assert path.read_text(encoding="utf-8") == "y\n"
    assert [p.name for p in path.parent.iterdir()] == ["file"]
