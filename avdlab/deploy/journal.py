"""What a deployment writes down before it acts, so that the next one can finish or undo it.

The file lies in the lab's folder (`deploy.json`), is private, and holds no configuration: names,
times and fingerprints. It is there while a transaction is open, and after one that was not brought
to a proven end.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from avdlab.deploy.model import Phase
from avdlab.errors import InputError
from avdlab.state import write_private

SCHEMA_VERSION = 1
FILE = "deploy.json"


@dataclass(frozen=True, slots=True)
class Record:
    """One transaction. `phase` is open, commit (timers may run), confirm (it was decided) or save.

    Times are seconds since the epoch: another process reads them, perhaps after a reboot.
    """

    session: str  # the name of its sessions and checkpoints
    phase: Phase
    before: Mapping[str, str]  # device -> fingerprint of the running-config that it had
    after: Mapping[str, str] = field(default_factory=dict)  # the same of the one that it was given
    checkpoint: str = ""  # where the running-configs that it replaced are kept
    timer: int = 0  # seconds of the commit timers
    started: float = 0.0
    committed: float = 0.0  # when the last commit was sent

    @property
    def timers_end(self) -> float:
        """When the last commit timer has run out."""
        return self.committed + self.timer if self.committed else 0.0

    @property
    def when(self) -> str:
        """When it began, for people."""
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.started))


class Journal:
    """The file. Without a folder nothing is written: for callers that keep no lab."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / FILE if folder is not None else None

    def read(self) -> Record | None:
        """Return the transaction that was not ended. Raises InputError for a file of others."""
        if self._path is None or not self._path.exists():
            return None
        try:
            data: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
            if data.pop("schema_version") != SCHEMA_VERSION:
                raise ValueError("another version of avdlab wrote it")
            record = Record(**data)
            return replace(record, phase=Phase(record.phase))
        except (ValueError, KeyError, TypeError) as exc:
            raise InputError(
                f"{self._path} cannot be read: {exc}",
                hint="It is the journal of a deployment that did not end. Look at `show "
                "configuration sessions` of the devices, then remove the file.",
            ) from exc

    def write(self, record: Record) -> None:
        """Write the transaction as it is now."""
        if self._path is not None:
            data = {"schema_version": SCHEMA_VERSION, **asdict(record)}
            write_private(self._path, json.dumps(data, indent=2, sort_keys=True) + "\n")

    def clear(self) -> None:
        """The transaction has come to its end."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
