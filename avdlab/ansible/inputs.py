"""The input of the tasks of one run: read and rendered once, and again when a file changed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from avdlab.ansible.request import Request
from avdlab.design import Design, Prepared, Source, prepare
from avdlab.events import Reporter
from avdlab.inventory.files import ansible_config
from avdlab.lab import Lab

_OUTPUT = frozenset({"intended", "documentation", "anta", "reports"})  # what AVD and we write
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Inputs:
    """Keeps the last input. One run of a playbook asks for the same again and again."""

    reporter: Reporter
    _key: tuple[object, ...] = ()
    _prepared: Prepared | None = None
    _designs: dict[tuple[object, ...], Design] = field(default_factory=dict)

    def prepared(self, request: Request) -> Prepared:
        """Return the rendered input of a task; nothing is written. Raises InputError."""
        source = source_of(request)
        key = (source, stamp(source))
        if self._prepared is None or key != self._key or _computed(request.inventory):
            self._designs.clear()
            self._prepared = prepare(source, self.reporter, check=True)
            self._key = key
        return self._prepared

    def design(self, lab: Lab, prepared: Prepared) -> Design:
        """Return what the lab shall be."""
        key = (id(prepared), lab.folder.path, lab.user, lab.settings.overlay)
        if key not in self._designs:
            self._designs[key] = lab.design(prepared)
        return self._designs[key]


def source_of(request: Request) -> Source:
    """Return where the lab of a task comes from."""
    return Source(
        request.inventory,
        extra_vars=request.extra_vars,
        vault_password_file=request.vault_password_file,
        configs=request.path("configs"),
        links=request.path("links"),
        intended=request.path("intended"),
    )


def stamp(source: Source) -> Stamp:
    """Return what tells whether a file of the input changed: names, times and sizes."""
    return tuple(sorted(_stamps(source)))


def _stamps(source: Source) -> Iterator[tuple[str, int, int]]:
    for path in _paths(source):
        try:
            found = path.stat()
        except OSError:
            continue
        yield str(path), found.st_mtime_ns, found.st_size


def _paths(source: Source) -> Iterator[Path]:
    for extra in source.extra_vars:
        if extra.startswith("@"):
            yield Path(extra[1:]).expanduser()
    yield from filter(None, (source.vault_password_file, source.links))
    for given in filter(None, (source.configs, source.intended)):
        yield from given.rglob("*")
    if source.inventory is None:
        return
    root = source.inventory if source.inventory.is_dir() else source.inventory.parent
    yield from _files(root)
    config = ansible_config(root)
    if config is not None:
        yield config
        for name in ("group_vars", "host_vars"):
            yield from _files(config.parent / name)


def _files(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        names[:] = [n for n in names if not n.startswith(".") and n not in _OUTPUT]
        yield from (Path(folder) / file for file in files)


def _computed(inventory: Path) -> bool:
    """Tell whether an inventory may answer otherwise each time: a program, a plugin, a folder."""
    if inventory.is_dir() or os.access(inventory, os.X_OK):
        return True
    try:
        text = inventory.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    return any(line.startswith("plugin:") for line in text.splitlines())
