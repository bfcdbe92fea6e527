"""AVD's ANTA catalogs: what the design promises, as tests."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from avdlab.cache import cache_folder
from avdlab.render.cache import digest, versions
from avdlab.state import write_private


def catalogs(
    structured_configs: Mapping[str, Mapping[str, Any]], *, cached: bool = True
) -> dict[str, str]:
    """Return the catalog of each deployed device as JSON text.

    All devices are handed in together: a device's tests name its neighbors.
    """
    plain = {name: dict(config) for name, config in sorted(structured_configs.items()) if config}
    if not cached:
        return _made(plain)
    folder = cache_folder() / "catalogs"
    digests = {name: digest(config) for name, config in plain.items()}
    path = folder / f"{digest([versions(), digests])}.json"
    known = _read(path)
    if known is None:
        known = _made(plain, folder, digests)
        _write(path, known)
    return known


def _made(
    plain: Mapping[str, dict[str, Any]],
    folder: Path | None = None,
    digests: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Make catalogs; what is known of a device and of the fabric around it is taken from there."""
    from pyavd import get_device_test_catalog
    from pyavd.api.anta import AVDFabricData

    fabric = AVDFabricData.from_structured_configs(dict(plain))
    around = digest_of(fabric) if folder else ""
    found: dict[str, str] = {}
    for name, config in plain.items():
        if not is_deployed(config):
            continue
        key = digest([versions(), name, (digests or {}).get(name), around])
        path = folder / f"{key}.json" if folder else None
        known = _read(path) if path else None
        if known is None:
            known = {name: get_device_test_catalog(name, config, fabric).dump().to_json()}
            if path:
                _write(path, known)
        found |= known
    return found


def digest_of(fabric: Any) -> str:  # noqa: ANN401 - pyavd is untyped
    """Return a digest of AVD's data of a fabric, the same in every process: its sets are sorted."""
    plain = {
        key: sorted(map(str, value)) if isinstance(value, set) else repr(value)
        for key, value in vars(fabric).items()
    }
    return digest(plain)


def _read(path: Path) -> dict[str, str] | None:
    try:
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _write(path: Path, known: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(path, json.dumps(known))


def is_deployed(structured_config: Mapping[str, Any]) -> bool:
    """Tell whether the device is (to be) in the network: AVD's `is_deployed`."""
    metadata = structured_config.get("metadata") or {}
    return bool(metadata.get("is_deployed", True))
