"""Which files set which variables, in Ansible's order of precedence. Runs in the worker."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.inventory.group import Group
from ansible.inventory.helpers import sort_groups
from ansible.inventory.host import Host
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

_EXTENSIONS = frozenset({".yml", ".yaml", ".json"})
_KINDS = ("group_vars", "host_vars", "filter_plugins", "test_plugins", "vars_plugins", "library")
_MAGIC = frozenset({"inventory_file", "inventory_dir"})
VAULT_HEADER = b"$ANSIBLE_VAULT;"


@dataclass(slots=True)
class SourceFinder:
    """Finds the files of groups and hosts; each file is read once, by Ansible's own loader."""

    loader: DataLoader
    inventory: InventoryManager
    broken: dict[str, AnsibleError] = field(default_factory=dict)  # file -> why
    _keys: dict[str, frozenset[str]] = field(default_factory=dict)
    _entities: dict[tuple[str, str], tuple[tuple[str, frozenset[str]], ...]] = field(
        default_factory=dict
    )

    def of(self, host: Host) -> Mapping[str, tuple[str, ...]]:
        """Return variable -> files for a host, the file that wins last."""
        found: dict[str, tuple[str, ...]] = {}
        for entity in (*sort_groups(host.get_groups()), host):
            for file, keys in self._entity(entity):
                for key in keys:
                    found[key] = (*found.get(key, ()), file)
        return found

    def read_all(self) -> None:
        """Read every file once, so that all the broken ones are known together."""
        for host in self.inventory.get_hosts(ignore_limits=True):
            self.of(host)

    def consulted(self) -> list[str]:
        """Return the files and folders that the variables come from, or could come from."""
        folders = [str(folder / kind) for folder in self._folders() for kind in _KINDS]
        return [*map(str, self.inventory._sources), *folders, *self._global_files()]

    def _entity(self, entity: Group | Host) -> tuple[tuple[str, frozenset[str]], ...]:
        kind = "host_vars" if isinstance(entity, Host) else "group_vars"
        if (kind, entity.name) not in self._entities:
            self._entities[kind, entity.name] = tuple(self._read(kind, entity))
        return self._entities[kind, entity.name]

    def _read(self, kind: str, entity: Group | Host) -> Iterator[tuple[str, frozenset[str]]]:
        is_all = entity.name == "all" and kind == "group_vars"
        shared = {file: self._file(file) for file in (self._global_files() if is_all else ())}
        yield from shared.items()
        # Ansible adds the shared ones to the group's own.
        inline = frozenset(map(str, entity.vars)).difference(*shared.values(), _MAGIC)
        if inline:
            yield self._inventory_file(entity), inline
        for folder in self._folders():
            for found in self.loader.find_vars_files(str(folder / kind), entity.name):
                file = os.fsdecode(found)
                yield file, self._file(file)

    def _inventory_file(self, entity: Group | Host) -> str:
        file = entity.vars.get("inventory_file") if isinstance(entity, Host) else None
        sources = [str(source) for source in self.inventory._sources]
        return str(file or (sources[0] if sources else ""))

    def _folders(self) -> list[Path]:
        """Return where group_vars and host_vars may lie: beside each source, and the project."""
        sources = [Path(source) for source in self.inventory._sources]
        folders = [source if source.is_dir() else source.parent for source in sources]
        return list(dict.fromkeys((*folders, Path(self.loader.get_basedir()))))

    def _global_files(self) -> list[str]:
        """Return the files of the vars plugin arista.avd.global_vars, where it is enabled."""
        if "arista.avd.global_vars" not in constants.VARIABLE_PLUGINS_ENABLED:
            return []
        from ansible.plugins.loader import vars_loader

        plugin = vars_loader.get("arista.avd.global_vars")
        paths = plugin.get_option("paths") if plugin else []
        named = [(folder / str(text)).resolve() for folder in self._folders() for text in paths]
        inside = [sorted(path.iterdir()) if path.is_dir() else [path] for path in named]
        return [str(file) for files in inside for file in files if file.suffix in _EXTENSIONS]

    def _file(self, file: str) -> frozenset[str]:
        if file not in self._keys:
            self._keys[file] = frozenset(map(str, self._load(file)))
        return self._keys[file]

    def _load(self, file: str) -> Mapping[str, Any]:
        try:
            data = self.loader.load_from_file(
                file, cache="all", unsafe=True, trusted_as_template=True
            )
        except AnsibleError as exc:
            self.broken[file] = exc
            return {}
        if not isinstance(data, Mapping):
            if data:
                self.broken[file] = AnsibleError("must be a mapping of variables")
            return {}
        return data


def is_encrypted(file: str) -> bool:
    """Tell whether the whole file is an Ansible vault."""
    try:
        with Path(file).open("rb") as stream:
            return stream.read(len(VAULT_HEADER)) == VAULT_HEADER
    except OSError:
        return False
