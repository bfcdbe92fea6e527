"""What a lab leaves on disk: its folder, its state file, its lock. Standard library only.

`.avdlab/<lab>/` lies in the project (project.py), mode 0700, with a `.gitignore` of its own.
`state.json` is written by rename, so a reader never sees half of it; a kill at any point leaves the
last whole state.
"""

import contextlib
import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from avdlab import index
from avdlab.errors import InputError, LabLockedError, NoLabError, Problem

SCHEMA_VERSION = 1
FOLDER = ".avdlab"
GONE = ".gone-"  # starts the name of a lab's folder that is being removed


@dataclass(frozen=True, slots=True)
class LabState:
    """What must be known to find, resume or remove a lab without its inventory."""

    name: str
    backend: str
    inventory: str = ""  # absolute path; "" for a lab made from config texts
    phase: str = "new"  # new, built, applied, deployed: the last stage that ended well
    user: str = "avdlab"
    # what the backend needs to find its own objects again (ports, process id, GNS3 ids ...)
    objects: Mapping[str, Any] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class LabFolder:
    """The folder of one lab and the files in it."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def configs(self) -> Path:
        """The lab configs, one `<device>.cfg` each."""
        return self.path / "configs"

    @property
    def catalogs(self) -> Path:
        """The ANTA catalogs of the running lab, one `<device>.json` each."""
        return self.path / "catalogs"

    @property
    def structured(self) -> Path:
        """The structured configs behind the lab configs, one `<device>.json` each."""
        return self.path / "structured"

    @property
    def reports(self) -> Path:
        return self.path / "reports"

    @property
    def topology(self) -> Path:
        return self.path / "topology.json"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def exists(self) -> bool:
        return self._state_file.is_file()

    @property
    def _state_file(self) -> Path:
        return self.path / "state.json"

    @property
    def _password_file(self) -> Path:
        return self.path / "password"

    def create(self) -> None:
        """Make the folder, private to the user and invisible to git. Idempotent."""
        index.record(self.path)
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.chmod(0o700)
        ignore = self.path.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")

    def load(self) -> LabState:
        """Read the state. Raises InputError when there is no lab here or its file is unreadable."""
        try:
            data = json.loads(self._state_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise InputError(f"there is no lab '{self.name}' in {self.path.parent}") from None
        except ValueError as exc:
            raise self._unreadable(str(exc)) from exc
        if not isinstance(data, dict):
            raise self._unreadable("it is no mapping")
        if data.get("schema_version") != SCHEMA_VERSION:
            raise InputError(f"{self._state_file} was written by another version of avdlab")
        try:
            return LabState(**data)
        except TypeError as exc:
            raise self._unreadable("it has other keys than those of a lab") from exc

    def _unreadable(self, why: str) -> InputError:
        return InputError(
            f"{self._state_file} cannot be read: {why}", hint="Remove the folder by hand."
        )

    def save(self, state: LabState) -> None:
        """Write the state by rename."""
        write_private(self._state_file, json.dumps(asdict(state), indent=2, sort_keys=True) + "\n")

    def reached(self, phase: str) -> LabState:
        """Store that a stage ended well, and return the new state."""
        state = replace(self.load(), phase=phase)
        self.save(state)
        return state

    def password(self, new: str = "") -> str:
        """Return the lab user's password; `new` is stored when there is none yet."""
        with contextlib.suppress(FileNotFoundError):
            return self._password_file.read_text(encoding="utf-8").strip()
        if new:
            write_private(self._password_file, new + "\n")
        return new

    def remove(self) -> None:
        """Remove the folder. `.avdlab` itself goes with the last lab's lock.

        It is renamed first: a kill leaves a whole lab, or none and rubbish that `sweep` finds.
        """
        gone = self.path.with_name(f"{GONE}{self.name}-{os.getpid()}")
        with contextlib.suppress(FileNotFoundError):
            self.path.rename(gone)
        for rubbish in sorted(self.path.parent.glob(f"{GONE}*")):  # of killed runs, too
            shutil.rmtree(rubbish, ignore_errors=True)
        index.forget(self.path)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lab's lock. Raises LabLockedError at once if another process has it.

        The kernel drops the lock when its holder dies, so no lock is ever stale. The file lies
        outside the lab's folder: removing the lab must not remove a lock somebody waits on.
        """
        locks = self.path.parent / ".locks"
        locks.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = locks / f"{self.name}.lock"
        with _lock_file(path) as handle:
            handle.truncate(0)
            handle.write(f"process {os.getpid()}")
            handle.flush()
            try:
                yield
            finally:
                if not self.path.exists():
                    path.unlink(missing_ok=True)
                    self._remove_empty(locks)

    def _remove_empty(self, locks: Path) -> None:
        _remove_shared(locks.parent)


def _remove_shared(base: Path) -> None:
    """Remove what all labs of a project share, when there is nothing else."""
    shared = {".locks", ".gitignore"}
    if not base.is_dir() or any(entry.name not in shared for entry in base.iterdir()):
        return
    with contextlib.suppress(OSError):
        if (base / ".locks").is_dir():
            (base / ".locks").rmdir()
        (base / ".gitignore").unlink(missing_ok=True)
        base.rmdir()


def sweep(project: Path, *, check: bool = False) -> tuple[Path, ...]:
    """Remove what killed runs left in a project, and return it; with `check` only tell.

    That is a folder that became no lab, or one whose removal was not finished. A lab that another
    process works on is left alone.
    """
    base = project / FOLDER
    found: list[Path] = []
    for entry in sorted(base.iterdir()) if base.is_dir() else ():
        rubbish = entry.name.startswith(GONE)
        lost = entry.is_dir() and not entry.name.startswith(".") and not LabFolder(entry).exists
        if (rubbish or lost) and not _busy(base, entry.name):
            found.append(entry)
    if not check:
        for entry in found:
            shutil.rmtree(entry, ignore_errors=True)
            index.forget(entry)
        for lock in sorted((base / ".locks").glob("*.lock")):
            if not (base / lock.stem).exists() and not _busy(base, lock.stem):
                lock.unlink(missing_ok=True)
        _remove_shared(base)
        for entry in index.known():
            if entry.parent == base and not entry.exists():
                index.forget(entry)
    return tuple(found)


def _busy(base: Path, name: str) -> bool:
    """Tell whether a process holds a lab's lock."""
    path = base / ".locks" / f"{name}.lock"
    if not path.is_file():
        return False
    with path.open("a", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextlib.contextmanager
def _lock_file(path: Path) -> Iterator[TextIO]:
    while True:
        with path.open("a+", encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.seek(0)
                holder = handle.read().strip() or "another process"
                raise LabLockedError(
                    f"lab '{path.stem}' is locked by {holder}", hint="Wait for it, or end it."
                ) from None
            # the last holder may have removed the file between our open and our lock
            if path.exists() and path.stat().st_ino == os.fstat(handle.fileno()).st_ino:
                yield handle
                return


def same_text(path: Path, text: str) -> bool:
    """Tell whether a file holds exactly this text."""
    try:
        return path.read_text(encoding="utf-8") == text
    except (FileNotFoundError, UnicodeDecodeError):
        return False


def write_private(path: Path, content: str | bytes) -> bool:
    """Write a file of mode 0600 by rename; tell whether its content changed."""
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


def replace_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Make the folder hold exactly these private files (name -> text)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, text in files.items():
        write_private(folder / name, text)
    for entry in folder.iterdir():
        if entry.is_file() and entry.name not in files:
            entry.unlink()


def lab_name(text: str) -> str:
    """Make a name that is safe as a folder. Raises InputError when nothing is left of it."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-.")
    if not name:
        raise InputError(f"'{text}' cannot name a lab", hint="Use letters, digits, - and _.")
    return name


def labs_in(project: Path) -> tuple[LabFolder, ...]:
    """Return the labs of a project, sorted by name."""
    base = project / FOLDER
    if not base.is_dir():
        return ()
    found = (LabFolder(entry) for entry in sorted(base.iterdir()) if not entry.name.startswith("."))
    return tuple(lab for lab in found if lab.exists)


def labs_made_from(project: Path, inventory: Path) -> tuple[LabFolder, ...]:
    """Return the labs of a project that were made from an inventory: its file, or its folder."""
    return tuple(lab for lab in labs_in(project) if made_from(lab, inventory))


def find_lab(project: Path, *, name: str = "", inventory: Path | None = None) -> LabFolder:
    """Return the one lab that is meant. Raises InputError that lists the candidates otherwise."""
    labs = labs_in(project)
    if name:
        labs = tuple(lab for lab in labs if lab.name == name) or _elsewhere(name)
    elif inventory is not None:
        labs = labs_made_from(project, inventory)
    if len(labs) == 1:
        return labs[0]
    if not labs:
        what = f"lab '{name}'" if name else "lab"
        of = f" of {inventory}" if inventory and not name else ""
        raise NoLabError(f"no {what}{of} is up in {project}", hint="Start one with: avdlab up")
    if name:
        places = ", ".join(str(lab.path.parent.parent) for lab in labs)
        raise InputError(
            f"several labs are named '{name}': in {places}", hint="Go to one of these."
        )
    names = ", ".join(lab.name for lab in labs)
    raise InputError([Problem(f"several labs are here: {names}", hint="Choose one with --name.")])


def _elsewhere(name: str) -> tuple[LabFolder, ...]:
    """Return the labs of a name in other projects of this user."""
    found = (LabFolder(path) for path in index.known() if path.name == name)
    return tuple(lab for lab in found if lab.exists)


def made_from(lab: LabFolder, inventory: Path | None) -> bool:
    """Tell whether a lab was made from an inventory (its file or its folder), None: from texts."""
    stored = lab.load().inventory
    if not stored or inventory is None:
        return not stored and inventory is None
    named, asked = Path(stored).resolve(), inventory.resolve()
    return asked in {named, named.parent} or asked.parent == named
