"""The user's cache folder: what may be removed at any time, and costs only time."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

KEPT_DAYS = 30
KEPT_BYTES = 512 * 1024 * 1024


def cache_folder() -> Path:
    """Return the user's cache folder of avdlab."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "avdlab"


def forget_old(folder: Path | None = None) -> int:
    """Remove entries older than a month, and the oldest past the limit; return how many."""
    entries: list[tuple[float, int, Path]] = []
    for path in (folder or cache_folder()).rglob("*.json"):
        try:
            found = path.stat()
        except OSError:
            continue
        entries.append((found.st_mtime, found.st_size, path))
    return _remove(sorted(entries, reverse=True))


def _remove(entries: Sequence[tuple[float, int, Path]]) -> int:
    oldest = time.time() - KEPT_DAYS * 86400
    total = removed = 0
    for changed, size, path in entries:
        total += size
        if changed < oldest or total > KEPT_BYTES:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
