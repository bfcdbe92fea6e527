"""Which files an inventory consists of, and which ansible.cfg belongs to it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from avdlab.project import parts

FILE_NAMES = ("inventory.yml", "inventory.yaml", "inventory.ini", "hosts.yml", "hosts.yaml")
# Folders beside an inventory that hold no inventories, AVD's output among them.
_NOT_SOURCES = frozenset(
    {"group_vars", "host_vars", "vars_plugins", "intended", "documentation", "anta", "reports"}
    | {"config_backup", "snapshots", "playbooks", "roles", "collections", "templates"}
)
# What Ansible passes over in a folder of inventories (INVENTORY_IGNORE_EXTS).
_IGNORED = frozenset(
    {".pyc", ".pyo", ".swp", ".bak", ".rpm", ".md", ".txt", ".rst", ".orig", ".cfg", ".retry"}
)
_YAML = frozenset({".yml", ".yaml", ".json"})
OWN_PLUGINS = "avdlab."  # a layer that leads to a running lab is no part of the design


def sources(path: Path) -> tuple[Path, ...]:
    """Return the files that `-i PATH` means, in Ansible's order; several are named with commas.

    Of a folder with an `inventory.yml` (or another usual name) that file counts, and the others
    beside it that are inventories, too: not the playbooks, and not what AVD wrote there.
    """
    return tuple(file for part in parts(path) for file in _sources(part))


def _sources(path: Path) -> tuple[Path, ...]:
    if not path.is_dir():
        return (path,)
    named = [path / name for name in FILE_NAMES if (path / name).is_file()]
    if not named:
        return tuple(_inside(path)) or (path,)
    others = [file for file in sorted(path.iterdir()) if file != named[0] and _is_inventory(file)]
    return tuple(sorted((named[0], *others)))


def _inside(folder: Path) -> Iterator[Path]:
    """Return what Ansible reads of a folder of inventories, by name."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.endswith("~") or path.name in _NOT_SOURCES:
            continue
        if path.is_dir():
            yield from _inside(path)
        elif path.suffix not in _IGNORED and not _leads_to_a_lab(path) and not _is_play(path):
            yield path


def _is_inventory(path: Path) -> bool:
    """Tell whether a YAML file lists hosts or names an inventory plugin."""
    data = _top(path)
    if not isinstance(data, dict):
        return False
    if "plugin" in data:
        return not str(data["plugin"]).startswith(OWN_PLUGINS)
    groups = [value for value in data.values() if isinstance(value, dict)]
    return any("hosts" in group or "children" in group for group in groups)


def _leads_to_a_lab(path: Path) -> bool:
    data = _top(path)
    return isinstance(data, dict) and str(data.get("plugin", "")).startswith(OWN_PLUGINS)


def _is_play(path: Path) -> bool:
    return isinstance(_top(path), list)


def _top(path: Path) -> Any:  # noqa: ANN401 - whatever a YAML file holds
    if path.suffix not in _YAML or not path.is_file():
        return None
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return (
            None  # with a tag of Ansible's it is no such file; if it is wanted, Ansible complains
        )


def ansible_config(root: Path) -> Path | None:
    """Return the ansible.cfg of an inventory: ANSIBLE_CONFIG's, or the nearest one.

    That is in the inventory's folder or above it, within the project.
    """
    given = os.environ.get("ANSIBLE_CONFIG", "")
    if given:
        named = Path(given).expanduser().absolute()
        named = named / "ansible.cfg" if named.is_dir() else named
        if named.is_file():
            return named
    for folder in (root, *root.parents):
        if (folder / "ansible.cfg").is_file():
            return folder / "ansible.cfg"
        if (folder / ".git").exists():
            break
    return None


def project_folder(root: Path, config: Path | None) -> Path:
    """Return the folder whose group_vars count as those beside the playbook."""
    project = config.parent if config else root
    return project if (project / "group_vars").is_dir() else root
