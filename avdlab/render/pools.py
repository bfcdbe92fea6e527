"""AVD's pool manager on copies: the user's pool files are read, and written on request only.

AVD saves a pool without the devices that did not ask for a number, so a build of a part of the
fabric would forget the rest; here all devices always ask, and nothing is saved by itself.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avdlab.render.customization import folders_of

Data = Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class Pools:
    """A PoolManager over copies (None where no device asks), and the inputs that name these."""

    data: Data
    manager: Any = None
    _originals: Mapping[Path, Path] = field(default_factory=dict)  # copy -> the user's file
    _folder: Path = field(default=Path())
    _root: Path = field(default=Path())

    def updated(self) -> dict[Path, str]:
        """Return the pool files that would change, and their new text."""
        if self.manager is None or not self.manager.save_updated_pools():
            return {}
        copies = sorted(path for path in self._folder.rglob("*") if path.is_file())
        found = {self._original(copy): copy.read_text(encoding="utf-8") for copy in copies}
        return {path: text for path, text in found.items() if not _holds(path, text)}

    def _original(self, copy: Path) -> Path:
        if copy in self._originals:
            return self._originals[copy]
        return self._root / "intended" / copy.relative_to(self._folder)


@contextmanager
def pool_manager(root: Path, data: Data) -> Iterator[Pools]:
    """Give a PoolManager over copies of `intended/data`, where AVD keeps the pools."""
    if not any(_node_id(inputs).get("algorithm") == "pool_manager" for inputs in data.values()):
        yield Pools(data)
        return
    from pyavd.api.pool_manager import PoolManager

    with tempfile.TemporaryDirectory(prefix="avdlab-pools-") as text:
        folder = Path(text)
        source = root / "intended" / "data"
        if source.is_dir():
            shutil.copytree(source, folder / "data")
        named = sorted({str(_node_id(inputs).get("pools_file") or "") for inputs in data.values()})
        copies = {name: folder / "named" / str(i) for i, name in enumerate(named) if name}
        originals = {name: _absolute(name, root) for name in copies}
        for name, copy in copies.items():
            copy.parent.mkdir(exist_ok=True)
            if originals[name].is_file():
                shutil.copy(originals[name], copy)
        renamed = {host: _renamed(inputs, copies) for host, inputs in data.items()}
        files = {copies[name]: originals[name] for name in copies}
        yield Pools(renamed, PoolManager(folder), files, folder, root)


def _node_id(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    numbering = inputs.get("fabric_numbering") or {}
    found: Mapping[str, Any] = numbering.get("node_id") or {}
    return found


def _absolute(name: str, root: Path) -> Path:
    """Resolve a name as AVD does: from where ansible-playbook runs, which is the project."""
    places = [folder / name for folder in reversed(folders_of(root))]
    return next((path for path in places if path.is_file()), places[0])


def _renamed(inputs: Mapping[str, Any], copies: Mapping[str, Path]) -> Mapping[str, Any]:
    name = str(_node_id(inputs).get("pools_file") or "")
    if name not in copies:
        return inputs
    node_id = {**_node_id(inputs), "pools_file": str(copies[name])}
    return {**inputs, "fabric_numbering": {**inputs["fabric_numbering"], "node_id": node_id}}


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
