"""What an inventory was read from, so that one can tell without Ansible whether it changed.

Files and folders by their content; not what a program, a lookup or a plugin answers: an inventory
with one of these is never taken as unchanged.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

# Templates whose result is not a function of the inventory's files.
VOLATILE = re.compile(
    r"\b(?:lookup|query|q|now|random\w*|shuffle|pipe|url|env|password_hash|to_uuid|strftime)\b"
    r"|ansible_date_time|ansible_facts"
)


def stamps(paths: Iterable[str]) -> dict[str, str]:
    """Return path -> digest of what is there; of a folder, of all files below it."""
    return {path: _stamp(Path(path)) for path in sorted(set(paths))}


def unchanged(known: Mapping[str, str]) -> bool:
    """Tell whether everything is as it was."""
    return all(_stamp(Path(path)) == stamp for path, stamp in known.items())


def newest(paths: Iterable[str]) -> float:
    """Return when the youngest of the files changed."""
    times = [0.0]
    for path in paths:
        for file in _files(Path(path)):
            try:
                times.append(file.stat().st_mtime)
            except OSError:
                continue
    return max(times)


def _stamp(path: Path) -> str:
    files = _files(path) if path.exists() else []
    if not files:
        return "absent"
    found = hashlib.sha256()
    for file in files:
        found.update(f"{file}\0{os.access(file, os.X_OK)}\0".encode())
        try:
            found.update(file.read_bytes())
        except OSError:
            found.update(b"unreadable")
        found.update(b"\0")
    return found.hexdigest()


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file())
