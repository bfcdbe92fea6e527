"""Devices that were rendered before, by what they were made from.

The key of an entry is the device's own inputs (without what only concerns others), whether
documentation is wanted, and the versions of pyavd and of this code. An entry also holds a digest of
the facts of each device that AVD looked at on the way: it counts only while they are the same. So a
change re-renders the devices that it can affect, and no others. Entries hold what is also in
`intended/`, nothing else, in private files.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from avdlab import __version__
from avdlab.cache import cache_folder
from avdlab.render.device import Made, Work
from avdlab.state import write_private

FORM = 2  # of the entries


@lru_cache(maxsize=1)
def versions() -> str:
    """Name the code that rendering depends on."""
    names = ("pyavd", "pyavd-utils", "anta", "ansible-core")
    return ",".join([__version__, str(FORM), *(version(name) for name in names)])


def digest(value: object) -> str:
    """Return a digest of JSON data."""
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()


@dataclass(slots=True)
class DeviceCache:
    """The entries of devices of one fabric, against its facts."""

    facts: Mapping[str, Any]
    folder: Path = field(default_factory=lambda: cache_folder() / "devices")
    _digests: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.facts:  # now: pyavd writes into the facts while it renders
            self._fact(name)

    def get(self, work: Work) -> Made | None:
        """Return what was made of the same inputs and facts before."""
        try:
            entry = json.loads(self._path(work).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if any(self._fact(name) != known for name, known in entry["asked"].items()):
            return None
        return Made(
            entry["structured_config"],
            entry["config"],
            entry["documentation"],
            entry["structured_text"],
            asked=frozenset(entry["asked"]),
        )

    def put(self, work: Work, made: Made) -> None:
        """Keep what was made of a device without an objection."""
        if made.violations or not made.config:
            return
        entry = {
            "asked": {name: self._fact(name) for name in sorted(made.asked)},
            "structured_config": made.structured_config,
            "config": made.config,
            "documentation": made.documentation,
            "structured_text": made.structured_text,
        }
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(self._path(work), json.dumps(entry))

    def _path(self, work: Work) -> Path:
        inputs = {key: value for key, value in work.inputs.items() if key not in _UNUSED}
        key = [versions(), work.name, work.documentation, work.structured, inputs]
        return self.folder / f"{digest(key)}.json"

    def _fact(self, name: str) -> str:
        """Return the digest of a device's facts; "" stands for those of all devices."""
        if name not in self._digests:
            self._digests[name] = self._digest(name)
        return self._digests[name]

    def _digest(self, name: str) -> str:
        if not name:
            return digest([self._fact(each) for each in self.facts])
        return digest(self.facts[name]._as_dict()) if name in self.facts else "absent"


# Variables that reach no device's configuration: how the harness itself reaches it.
_UNUSED = frozenset({"ansible_host", "ansible_port", "lab_links"})
