"""All labs of this user on this host, and what is left of labs that are none any more."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from avdlab import index, state
from avdlab.errors import AvdlabError
from avdlab.events import Reporter
from avdlab.lab import Lab
from avdlab.settings import load_settings
from avdlab.state import LabFolder


@dataclass(frozen=True, slots=True)
class LabLine:
    """One lab, for people: where it is, how far it came, and how many nodes are ready."""

    name: str
    backend: str
    phase: str
    ready: int
    nodes: int
    project: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that no lab has any more."""

    kind: str  # folder, entry, process
    what: str
    process: int = 0


def all_labs() -> tuple[LabLine, ...]:
    """Return every lab of this user, with what is really there, now."""
    return tuple(_line(path) for path in index.known())


def _line(path: Path) -> LabLine:
    project = str(path.parent.parent)
    folder = LabFolder(path)
    if not folder.exists:
        there = "a killed run left it" if path.exists() else "its folder is gone"
        return LabLine(path.name, "", "", 0, 0, project, f"{there}: avdlab prune")
    try:
        known = folder.load()
        nodes = Lab(folder, load_settings(path.parent.parent), Reporter()).status()
    except AvdlabError as exc:
        return LabLine(path.name, "", "", 0, 0, project, exc.message)
    ready = sum(node.state.value == "ready" for node in nodes)
    return LabLine(known.name, known.backend, known.phase, ready, len(nodes), project)


def leftovers() -> tuple[Leftover, ...]:
    """Return what killed runs and removed folders left behind; nothing is touched."""
    found: list[Leftover] = []
    for project in sorted({path.parent.parent for path in index.known()}):
        found += [Leftover("folder", str(p)) for p in state.sweep(project, check=True)]
    listed = {item.what for item in found}
    for path in index.known():
        if not path.exists() and str(path) not in listed:
            found.append(Leftover("entry", str(path)))
    ours = set(index.known())  # a twin of another user's, or of a test, is none of our business
    found += [
        Leftover("process", f"twin of {folder} (process {number})", number)
        for number, folder in _twins()
        if folder.parent in ours and not LabFolder(folder.parent).exists
    ]
    return tuple(found)


def prune() -> tuple[Leftover, ...]:
    """Remove all leftovers, and return them."""
    found = leftovers()
    for item in found:
        if item.process:
            try:
                os.kill(item.process, signal.SIGKILL)
            except ProcessLookupError:
                continue
    for project in sorted({path.parent.parent for path in index.known()}):
        state.sweep(project)
    for path in index.known():
        if not path.exists():
            index.forget(path)
    return found


def _twins() -> Iterator[tuple[int, Path]]:
    """Return the twin processes of this user, and the folders that they serve."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if entry.stat().st_uid != os.getuid():
                continue
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            continue
        if words[1:3] == ["-m", "avdlab.twin"] and "--ready-fd" in words:
            yield int(entry.name), Path(words[3])
