"""The list of labs, what killed runs leave, and who may remove what."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from avdlab import index, state
from avdlab.housekeeping import all_labs, leftovers, prune
from avdlab.state import LabFolder, LabState


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def lab(project: Path, name: str = "one", backend: str = "twin") -> LabFolder:
    folder = LabFolder(project / ".avdlab" / name)
    folder.create()
    folder.save(LabState(name, backend))
    return folder


def test_labs_are_listed_until_they_are_removed(tmp_path: Path):
    first, second = lab(tmp_path / "a"), lab(tmp_path / "b", "two")
    assert index.known() == (first.path, second.path)
    assert [line.name for line in all_labs()] == ["one", "two"]
    first.remove()
    assert index.known() == (second.path,)


def test_a_lab_is_found_by_name_from_anywhere(tmp_path: Path):
    folder = lab(tmp_path / "a")
    assert state.find_lab(tmp_path / "elsewhere", name="one") == folder
    lab(tmp_path / "b")
    with pytest.raises(state.InputError, match="several labs are named 'one'"):
        state.find_lab(tmp_path / "elsewhere", name="one")


def test_what_killed_runs_leave_is_told_and_removed(tmp_path: Path):
    kept = lab(tmp_path / "a", "kept")
    lost = LabFolder(tmp_path / "a" / ".avdlab" / "lost")
    lost.create()  # killed before its state was written
    half = tmp_path / "a" / ".avdlab" / f"{state.GONE}half-1"
    half.mkdir()
    gone = lab(tmp_path / "b", "gone")
    for path in sorted(gone.path.parent.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    told = leftovers()
    assert {(item.kind, Path(item.what).name) for item in told} == {
        ("folder", "lost"),
        ("folder", f"{state.GONE}half-1"),
        ("entry", "gone"),
    }
    notes = {line.name: line.note for line in all_labs()}
    assert notes["lost"].startswith("a killed run left it")
    assert notes["gone"].startswith("its folder is gone")
    assert prune() == told
    assert leftovers() == ()
    assert index.known() == (kept.path,)
    assert not lost.path.exists()
    assert not half.exists()


def test_what_another_process_works_on_is_left_alone(tmp_path: Path):
    busy = LabFolder(tmp_path / "a" / ".avdlab" / "busy")
    busy.create()
    with busy.locked():
        assert leftovers() == ()
        assert prune() == ()
        assert busy.path.exists()


def test_only_twins_of_listed_labs_are_ended(tmp_path: Path):
    ours = lab(tmp_path / "a")
    words = ["-m", "avdlab.twin"]
    code = "import sys, time; print(flush=True); time.sleep(60)"
    started = []
    for folder in (ours.path / "twin", tmp_path / "other" / "twin"):
        # a process that looks like a twin: `python -m avdlab.twin FOLDER --ready-fd N`
        (tmp_path / "avdlab").mkdir(exist_ok=True)
        (tmp_path / "avdlab" / "__init__.py").write_text("")
        (tmp_path / "avdlab" / "twin.py").write_text(code)
        started.append(
            subprocess.Popen(
                [sys.executable, *words, str(folder), "--ready-fd", "3"],
                cwd=tmp_path,
                env=os.environ | {"PYTHONPATH": str(tmp_path)},
                stdout=subprocess.PIPE,
            )
        )
    try:
        for process in started:
            assert process.stdout
            process.stdout.readline()
        assert leftovers() == ()  # its lab is there
        (ours.path / "state.json").unlink()
        assert [item.process for item in leftovers() if item.process] == [started[0].pid]
        prune()
        assert started[0].wait(10) == -9
        assert started[1].poll() is None
    finally:
        for process in started:
            process.kill()
            process.wait()
            assert process.stdout
            process.stdout.close()


def test_the_list_survives_rubbish_in_its_file(tmp_path: Path):
    index.index_file().parent.mkdir(parents=True)
    index.index_file().write_text("{")
    assert index.known() == ()
    folder = lab(tmp_path / "a")
    assert json.loads(index.index_file().read_text())["labs"] == [str(folder.path)]
