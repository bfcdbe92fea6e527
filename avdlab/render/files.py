"""What rendering writes: AVD's own folders, private files, only where something changed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from avdlab.render.model import Rendered
from avdlab.state import same_text, write_private

MANIFEST = Path("intended/.avdlab-files.json")  # what we wrote, so that we may remove it


def write(
    rendered: Rendered, root: Path, *, check: bool = False, save_pools: bool = False
) -> list[Path]:
    """Write all files below `root`; return those that changed, those that were removed included.

    A file of a device that is gone is removed only when an earlier run wrote it. With `check`
    nothing is touched, and what would change is returned. `save_pools` writes AVD's pool files.
    """
    wanted = files(rendered)
    stale = _stale(root, frozenset(wanted))
    if check:
        return [root / name for name in wanted if not same_text(root / name, wanted[name])] + stale
    changed = [root / name for name, text in wanted.items() if write_private(root / name, text)]
    for path in (*stale, *_half_written(root, wanted)):
        path.unlink(missing_ok=True)
    changed += stale
    if save_pools:
        changed += [path for path, text in rendered.pools.items() if write_private(path, text)]
    write_private(root / MANIFEST, json.dumps(sorted(wanted), indent=1) + "\n")
    return changed


def files(rendered: Rendered) -> dict[str, str]:
    """Return relative path -> text of everything that rendering writes."""
    made: dict[str, str] = {}
    for name, device in sorted(rendered.devices.items()):
        text = device.structured_text or to_yaml(device.structured_config)
        made[f"intended/structured_configs/{name}.yml"] = text
        made[f"intended/configs/{name}.cfg"] = device.config
        if device.documentation:
            made[f"documentation/devices/{name}.md"] = device.documentation
    for path, text in sorted(rendered.fabric_documents.items()):
        made[f"documentation/{path}"] = text
    for name, text in sorted(rendered.catalogs.items()):
        made[f"anta/avd_catalogs/{name}.json"] = text
    return made


def to_yaml(data: Mapping[str, Any]) -> str:
    """Return YAML in AVD's order of keys."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(dict(data), Dumper=dumper, sort_keys=False, width=130)
    return text


def _stale(root: Path, wanted: frozenset[str]) -> list[Path]:
    paths = [root / name for name in sorted(_written_before(root) - wanted)]
    return [path for path in paths if path.is_file() and root.resolve() in path.resolve().parents]


def _half_written(root: Path, wanted: Iterable[str]) -> Iterator[Path]:
    """Return what a killed run left beside files of ours: `.<name>.<eight letters>`."""
    folders: dict[Path, set[str]] = {}
    for name in wanted:
        folders.setdefault((root / name).parent, set()).add(Path(name).name)
    for folder, names in folders.items():
        for path in folder.glob(".*"):
            stem, _, rest = path.name[1:].rpartition(".")
            if stem in names and len(rest) == 8:
                yield path


def _written_before(root: Path) -> frozenset[str]:
    try:
        names = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return frozenset()
    return frozenset(filter(_ours, names)) if isinstance(names, list) else frozenset()


def _ours(name: object) -> bool:
    folders = ("intended/", "documentation/", "anta/avd_catalogs/")
    return isinstance(name, str) and name.startswith(folders) and ".." not in Path(name).parts
