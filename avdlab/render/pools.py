"""AVD's pool manager on a copy: the user's pool files are read, never written."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def pool_manager(root: Path) -> Iterator[Any]:
    """Give a PoolManager over a copy of `intended/data`, where AVD keeps the pools.

    Nothing is saved: new devices get the same numbers at every run, and production decides.
    """
    from pyavd.api.pool_manager import PoolManager

    with tempfile.TemporaryDirectory(prefix="avdlab-pools-") as folder:
        source = root / "intended" / "data"
        if source.is_dir():
            shutil.copytree(source, Path(folder) / "data")
        yield PoolManager(Path(folder))
