"""The journal of a lab: what happened, and nothing after the lab is gone."""

from pathlib import Path

from avdlab.events import Reporter, stage
from avdlab.journal import RUNS_KEPT, Journal, read_journal
from avdlab.state import LabFolder, LabState


class Shown(Reporter):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)


def test_events_are_shown_and_written_in_order(tmp_path: Path):
    folder = LabFolder(tmp_path / ".avdlab" / "one")
    folder.create()
    folder.save(LabState("one", "twin"))
    shown = Shown()
    journal = Journal(folder.path, shown)
    with stage(journal, "deploy", 2) as done:
        journal.config_committed("leaf1", True)
        journal.stage_progress("deploy", 1, 2, "leaf1")
        done("1 changed")
    journal.note("odd")
    events = list(read_journal(folder.logs))
    assert [event["event"] for event in events] == [
        "stage_started",
        "config_committed",
        "stage_finished",
        "note",
    ]
    assert (events[1]["device"], events[1]["changed"]) == ("leaf1", True)
    assert (events[2]["stage"], events[2]["summary"]) == ("deploy", "1 changed")
    assert shown.notes == ["odd"]
    (path,) = folder.logs.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text(path.read_text() + '{"half')
    assert len(list(read_journal(folder.logs))) == 4


def test_a_lab_that_is_gone_is_not_brought_back(tmp_path: Path):
    folder = LabFolder(tmp_path / ".avdlab" / "one")
    folder.create()
    folder.save(LabState("one", "twin"))
    journal = Journal(folder.path, Shown())
    folder.remove()
    journal.note("too late")
    assert not folder.path.exists()


def test_only_the_newest_runs_are_kept(tmp_path: Path):
    folder = LabFolder(tmp_path / ".avdlab" / "one")
    folder.create()
    folder.save(LabState("one", "twin"))
    folder.logs.mkdir()
    for number in range(RUNS_KEPT + 5):
        (folder.logs / f"2026{number:04}.jsonl").write_text("{}\n")
    Journal(folder.path, Shown()).note("new")
    names = sorted(path.name for path in folder.logs.iterdir())
    assert len(names) == RUNS_KEPT
    assert "20260000.jsonl" not in names
