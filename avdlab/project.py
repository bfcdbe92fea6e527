"""Where a lab belongs: which inventory is meant, and the project folder that holds `.avdlab`.

Standard library only. What is made through `-i` must be found again without it, and from a folder
of the project as well as from its top, so both ways of asking are on this page.
"""

import configparser
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from avdlab.errors import InputError
from avdlab.state import labs_in

CANDIDATES = (
    *("inventory.yml", "inventory.yaml", "inventory/inventory.yml", "inventory/inventory.yaml"),
    *("hosts.yml", "hosts.yaml", "inventory/hosts.yml", "inventory/hosts.yaml"),
    *("inventory.ini", "inventory/inventory.ini", "inventory/hosts.ini", "hosts.ini"),
)
ABOVE = 2  # folders above an inventory (or above here) in which its project is looked for


def project_of(inventory: Path) -> Path:
    """Return the folder that holds `.avdlab` for an inventory file or folder.

    The nearest of the inventory's own folder and the two above it that holds `avdlab.yml` or
    `ansible.cfg`; else the inventory's folder. The current folder where that is read-only.
    """
    root = folder_of(inventory)
    for folder in _upwards(root):
        if (folder / "avdlab.yml").is_file() or (folder / "ansible.cfg").is_file():
            root = folder
            break
    return root if is_writable(root) else Path.cwd()


def parts(inventory: Path) -> tuple[Path, ...]:
    """Return the absolute paths that `-i` names: several stand between commas."""
    if "," not in str(inventory) or inventory.exists():
        return (inventory.expanduser().resolve(),)
    texts = [text.strip() for text in str(inventory).split(",")]
    return tuple(Path(text).expanduser().resolve() for text in texts if text)


def joined(inventories: Iterable[Path]) -> Path:
    """Write several inventories as one path, with commas."""
    return Path(",".join(map(str, inventories)))


def folder_of(inventory: Path) -> Path:
    """Return the folder of an inventory: itself, or the one that holds its (first) file."""
    path = parts(inventory)[0]
    return path if path.is_dir() else path.parent


def project_here() -> Path:
    """Return the project that the current folder means when no inventory is named.

    The nearest folder, here or up to two above, that holds labs; else the project of the inventory
    that is found here, which may lie elsewhere; else the current folder.
    """
    here = Path.cwd()
    for folder in _upwards(here):
        if labs_in(folder):
            return folder
    found = find_inventory(here)
    return project_of(found) if found else here


def find_inventory(folder: Path) -> Path | None:
    """Return the inventory of a folder: ansible.cfg's, or a file of a usual name."""
    config = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        config.read(folder / "ansible.cfg", encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as exc:
        raise InputError(f"{folder / 'ansible.cfg'} cannot be read: {exc}") from exc
    named = config.get("defaults", "inventory", fallback="").split(",")
    listed = [
        (folder / Path(text.strip()).expanduser()).resolve() for text in named if text.strip()
    ]
    found = [path for path in listed if path.exists()]
    if found:
        return joined(found)
    for name in CANDIDATES:
        path = (folder / name).resolve()
        if path.exists():
            return path
    return None


def is_writable(folder: Path) -> bool:
    """Tell whether the folder is meant to be written to: root too respects the owner's mode bit."""
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_IWUSR) and os.access(folder, os.W_OK)


def _upwards(folder: Path) -> list[Path]:
    return [folder, *list(folder.parents)[:ABOVE]]
