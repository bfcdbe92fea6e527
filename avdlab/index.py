"""The labs of this user on this host: a list of folders, so that `status --all` finds them.

The list says where to look, the folders say what is true. A path is written before its folder is
made and taken out after it is gone, so that a kill leaves no lab that nobody knows of.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path


def index_file() -> Path:
    """Return the file of the list, in the user's state folder."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "avdlab" / "labs.json"


def known() -> tuple[Path, ...]:
    """Return the folders of all labs that were made and not removed, sorted."""
    return tuple(Path(text) for text in sorted(_read()))


def record(folder: Path) -> None:
    """Add a lab's folder. Idempotent; without a state folder that can be written, nothing."""
    _change(lambda listed: listed | {str(folder)})


def forget(folder: Path) -> None:
    """Take a lab's folder out. Idempotent."""
    if index_file().exists():
        _change(lambda listed: listed - {str(folder)})


def _read() -> frozenset[str]:
    try:
        data = json.loads(index_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return frozenset()
    return frozenset(map(str, data.get("labs", ()))) if isinstance(data, dict) else frozenset()


def _change(change: Callable[[frozenset[str]], frozenset[str]]) -> None:
    path = index_file()
    with contextlib.suppress(OSError), _locked(path):
        before = _read()
        after = change(before)
        if after == before and path.exists():
            return
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(json.dumps({"schema_version": 1, "labs": sorted(after)}, indent=1) + "\n")
        beside.replace(path)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.with_name(".labs.lock").open("w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
