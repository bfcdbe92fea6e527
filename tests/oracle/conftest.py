"""Which recordings are there."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One case for each recorded lab of the public data, and for each that must be there."""
    if "lab" in metafunc.fixturenames:
        root = Path(os.environ.get("AVDLAB_DATA", REPOSITORY.parent / "shared")) / "oracle"
        found = {path.parent.name for path in root.glob("*/configs")} if root.is_dir() else set()
        metafunc.parametrize("lab", sorted({*metafunc.module.LEAST, *found}))
