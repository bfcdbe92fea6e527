"""What happened to a lab, in its own folder: one file of JSON lines for each run.

`avdlab events` shows them. Nothing of a configuration and no secret is in them.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from avdlab.events import Reporter

RUNS_KEPT = 50


class Journal(Reporter):
    """Writes events to the lab's logs, and hands them on to another reporter."""

    def __init__(self, lab: Path, reporter: Reporter) -> None:
        self._lab = lab
        self._reporter = reporter.inner if isinstance(reporter, Journal) else reporter
        self._run = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.getpid()}"

    @property
    def inner(self) -> Reporter:
        """The reporter that shows the events to people."""
        return self._reporter

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 - a method of Reporter
        """Let every event of Reporter, also one that comes later, go both ways."""
        if name.startswith("_") or name == "inner" or name not in vars(Reporter):
            return super().__getattribute__(name)

        def both(*words: Any, **named: Any) -> None:  # noqa: ANN401
            getattr(self._reporter, name)(*words, **named)
            if name not in _SKIPPED:
                self._write(name, words, named)

        return both

    def _write(self, event: str, words: tuple[Any, ...], named: dict[str, Any]) -> None:
        if not (self._lab / "state.json").is_file():
            return  # removed meanwhile: a log must not bring it back
        names = _NAMES.get(event, ())
        data = dict(zip(names, words, strict=False)) | named
        line = {"time": round(time.time(), 3), "run": self._run, "verb": _verb(), "event": event}
        path = self._lab / "logs" / f"{self._run}.jsonl"
        try:
            if not path.exists():
                _make_room(path.parent)
            with os.fdopen(
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"
            ) as handle:
                handle.write(json.dumps(line | data, default=str) + "\n")
        except OSError:
            return  # a full disk must not stop a lab from being removed


_SKIPPED = frozenset({"stage_progress", "test_finished"})
_NAMES = {
    "stage_started": ("stage", "total"),
    "stage_finished": ("stage", "seconds", "summary"),
    "note": ("message",),
    "node_ready": ("node", "seconds"),
    "config_committed": ("device", "changed"),
    "test_recovered": ("device", "test", "seconds"),
}


def _verb() -> str:
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    return words[0] if words and Path(sys.argv[0]).name == "avdlab" else Path(sys.argv[0]).name


def _make_room(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in sorted(folder.glob("*.jsonl"))[: -RUNS_KEPT + 1]:
        old.unlink(missing_ok=True)


def read_journal(folder: Path) -> Iterator[dict[str, Any]]:
    """Return what a lab's journals say, the oldest first; half a line at the end is left out."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue
