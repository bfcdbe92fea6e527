"""Checkpoints of the whole fabric: running-configs by name, in the lab's folder.

`<lab>/checkpoints/<name>/` holds `<device>.cfg` as EOS printed it and `checkpoint.json`. A
deployment keeps what it replaces in a checkpoint of its own, which `avdlab rollback` brings back.
"""

import json
import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avdlab.errors import InputError
from avdlab.state import write_private

FOLDER = "checkpoints"
KEPT = 10  # checkpoints of deployments; those that people save stay until they delete them
_FACTS = "checkpoint.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is known of a checkpoint without reading its configurations."""

    name: str
    created: float  # seconds since the epoch
    devices: tuple[str, ...]
    automatic: bool = False  # made by a deployment

    @property
    def when(self) -> str:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.created))


class Checkpoints:
    """The checkpoints of one lab. Without a folder nothing is kept."""

    def __init__(self, lab: Path | None) -> None:
        self._folder = lab / FOLDER if lab is not None else None

    def list(self) -> tuple[Checkpoint, ...]:
        """Return all, the oldest first."""
        if self._folder is None or not self._folder.is_dir():
            return ()
        found = [_read(path) for path in self._folder.iterdir() if (path / _FACTS).is_file()]
        return tuple(sorted(found, key=lambda checkpoint: (checkpoint.created, checkpoint.name)))

    def get(self, name: str) -> Checkpoint:
        """Return a checkpoint. Raises InputError."""
        for checkpoint in self.list():
            if checkpoint.name == name:
                return checkpoint
        known = ", ".join(c.name for c in self.list()) or "none"
        raise InputError(f"there is no checkpoint '{name}'", hint=f"There are: {known}.")

    def newest(self) -> Checkpoint:
        """Return what the last deployment replaced. Raises InputError."""
        made = [checkpoint for checkpoint in self.list() if checkpoint.automatic]
        if not made:
            raise InputError("there is nothing to roll back to: no deployment changed a device")
        return made[-1]

    def texts(self, name: str) -> Mapping[str, str]:
        """Return device -> configuration. Raises InputError."""
        checkpoint = self.get(name)
        folder = self._path(name)
        return {d: (folder / f"{d}.cfg").read_text(encoding="utf-8") for d in checkpoint.devices}

    def check_new(self, name: str) -> None:
        """Refuse a name that cannot be one, or is taken. Raises InputError."""
        if not _NAME.fullmatch(name):
            raise InputError(f"'{name}' cannot name a checkpoint", hint="Use letters, digits, -_.")
        if any(checkpoint.name == name for checkpoint in self.list()):
            raise InputError(f"there is a checkpoint '{name}' already", hint="Delete it first.")

    def add(self, name: str, texts: Mapping[str, str], *, automatic: bool = False) -> None:
        """Keep configurations under a name; more devices may be added to it."""
        if self._folder is None or not texts:
            return
        folder = self._path(name)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for device, text in texts.items():
            write_private(folder / f"{device}.cfg", text)
        devices = sorted(path.stem for path in folder.glob("*.cfg"))
        known = _read(folder).created if (folder / _FACTS).is_file() else time.time()
        facts = {"created": known, "devices": devices, "automatic": automatic}
        write_private(folder / _FACTS, json.dumps(facts, indent=2, sort_keys=True) + "\n")

    def drop(self, name: str, devices: Mapping[str, object] | None = None) -> None:
        """Forget a checkpoint, or only some devices of it."""
        if self._folder is None or not name:
            return
        folder = self._path(name)
        kept = {}
        if devices is not None and (folder / _FACTS).is_file():
            texts = self.texts(name)
            kept = {device: text for device, text in texts.items() if device not in devices}
        shutil.rmtree(folder, ignore_errors=True)
        self.add(name, kept, automatic=True)

    def prune(self) -> None:
        """Forget the oldest checkpoints of deployments."""
        made = [checkpoint for checkpoint in self.list() if checkpoint.automatic]
        for checkpoint in made[:-KEPT]:
            self.drop(checkpoint.name)

    def _path(self, name: str) -> Path:
        if self._folder is None:
            raise InputError("this lab keeps no checkpoints")
        return self._folder / name


def _read(folder: Path) -> Checkpoint:
    facts: dict[str, Any] = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    return Checkpoint(
        folder.name, float(facts["created"]), tuple(facts["devices"]), bool(facts["automatic"])
    )
