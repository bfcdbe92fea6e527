"""The record of a lab's faults: written before a fault is brought about, so that it can be healed
whatever happens."""

import json
from collections.abc import Iterable
from pathlib import Path

from avdlab.errors import InputError
from avdlab.faults.model import Fault
from avdlab.state import write_private

SCHEMA_VERSION = 1
FILE = "faults.json"


def read(folder: Path) -> tuple[Fault, ...]:
    """Return the faults in force, oldest first. Raises InputError for a file that is unreadable."""
    path = folder / FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Fault.from_data(item) for item in data["faults"])
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError) as exc:
        raise InputError(f"{path} is no record of faults: {exc}") from exc


def write(folder: Path, faults: Iterable[Fault]) -> None:
    """Replace the record."""
    data = {"schema_version": SCHEMA_VERSION, "faults": [fault.as_data() for fault in faults]}
    write_private(folder / FILE, json.dumps(data, indent=2) + "\n")


def forget_configurations(folder: Path, devices: Iterable[str]) -> None:
    """Drop the configuration faults of devices that were given their intended configuration."""
    gone = set(devices)
    kept = [f for f in read(folder) if f.kind != "config" or not f.nodes & gone]
    if len(kept) != len(read(folder)):
        write(folder, kept)
