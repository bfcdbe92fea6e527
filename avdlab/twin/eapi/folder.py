"""The lab's folder on disk: fabric.json, and per node its startup-config and flash files.

Files hold secrets, so they are private, and a kill at any moment leaves the old or the new content.
"""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, all of it or nothing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class TwinFolder:
    """Where the process keeps what must survive it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def description(self) -> str:
        """Return the text of fabric.json. Raises OSError."""
        return (self.path / "fabric.json").read_text(encoding="utf-8")

    def save_faults(
        self, stopped: list[str], cut: list[list[str]], dropped: Sequence[Sequence[object]] = ()
    ) -> None:
        """Keep the faults in fabric.json, so that a restart has them too.

        `dropped`: the two ends of a cable, and the protocols whose frames it swallows.
        """
        data: dict[str, Any] = json.loads(self.description())
        faults = {"stopped": stopped, "cut": cut, "dropped": [list(item) for item in dropped]}
        if all(data.get(key, []) == value for key, value in faults.items()):
            return
        data |= faults
        text = json.dumps(data, indent=2, sort_keys=True) + "\n"
        write_private(self.path / "fabric.json", text.encode())

    def startup(self, node: str) -> str | None:
        """Return a node's startup-config, or None when it has none."""
        try:
            return self._node(node).joinpath("startup-config").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def flash(self, node: str) -> dict[str, str]:
        """Return a node's other flash files: name -> text."""
        folder = self._node(node) / "flash"
        if not folder.is_dir():
            return {}
        return {
            unquote(path.name): path.read_text(encoding="utf-8")
            for path in sorted(folder.iterdir())
            if path.is_file() and not path.name.startswith(".")
        }

    def save_startup(self, node: str, text: str | None) -> None:
        """Keep a node's startup-config; None is `write erase`."""
        path = self._node(node) / "startup-config"
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write_private(path, text.encode())

    def save_flash(self, node: str, files: dict[str, str], before: dict[str, str]) -> None:
        """Write the flash files that changed and remove those that went."""
        folder = self._node(node) / "flash"
        for name in before.keys() - files.keys():
            (folder / _file_name(name)).unlink(missing_ok=True)
        for name, text in files.items():
            if before.get(name) != text:
                write_private(folder / _file_name(name), text.encode())

    def checkpoints(self, node: str) -> dict[str, dict[str, Any]]:
        """Return a node's checkpoints: name -> {text, user, saved_at}."""
        try:
            text = self._node(node).joinpath("checkpoints.json").read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        found: dict[str, dict[str, Any]] = json.loads(text)
        return found

    def save_checkpoints(self, node: str, checkpoints: dict[str, dict[str, Any]]) -> None:
        """Keep a node's checkpoints: on EOS they lie in flash."""
        write_private(
            self._node(node) / "checkpoints.json", json.dumps(checkpoints, indent=2).encode()
        )

    def _node(self, node: str) -> Path:
        return self.path / "nodes" / node


def _file_name(name: str) -> str:
    """Return a file name that stays inside the folder, whatever the flash file is called."""
    return quote(name, safe="").replace(".", "%2E", 1) if name.startswith(".") else quote(name, "")
