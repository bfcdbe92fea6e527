"""Builds that were done before: when nothing that they read or wrote changed, nothing is to do.

A record holds digests of the inventory's files and of the files that were written, so one can tell
without Ansible and pyavd. It holds no value of the inventory.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from avdlab.cache import cache_folder
from avdlab.inventory.consulted import newest, stamps, unchanged
from avdlab.inventory.model import Inventory
from avdlab.render.cache import digest, versions
from avdlab.render.files import files
from avdlab.render.model import Rendered
from avdlab.state import write_private


@dataclass(frozen=True, slots=True)
class Build:
    """What a build said: a line per device, and the notes."""

    devices: Sequence[Mapping[str, Any]]
    notes: Sequence[str]


def build_key(inventory: Path, options: Sequence[str]) -> str:
    """Return the name of a build's record: where it reads, and what it is told."""
    ansible = sorted((k, v) for k, v in os.environ.items() if k.startswith("ANSIBLE_"))
    return digest([versions(), str(inventory), list(options), ansible, os.environ.get("HOME")])


def recall(key: str, root: Path) -> Build | None:
    """Return what the same build said before, if all is as it left it."""
    try:
        record = json.loads(_path(key).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if record["root"] != str(root) or not unchanged(record["consulted"]):
        return None
    if any(_digest_of(root / name) != known for name, known in record["written"].items()):
        return None
    return Build(record["devices"], record["notes"])


def remember(
    key: str, root: Path, inventory: Inventory, rendered: Rendered, build: Build, started: float
) -> None:
    """Keep the record of a build that began at a time and wrote its files below `root`."""
    if not inventory.consulted or rendered.custom or newest(inventory.consulted) >= started:
        return
    record = {
        "root": str(root),
        "consulted": stamps(inventory.consulted),
        "written": {name: _digest(text.encode()) for name, text in files(rendered).items()},
        **asdict(build),
    }
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(path, json.dumps(record))


def _path(key: str) -> Path:
    return cache_folder() / "builds" / f"{key}.json"


def _digest_of(path: Path) -> str:
    try:
        return _digest(path.read_bytes())
    except OSError:
        return "absent"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
