"""The public fabrics and our own, read and rendered once."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from avdlab.inventory.load import load
from avdlab.inventory.model import Inventory
from avdlab.render import render
from avdlab.render.model import Rendered


@pytest.fixture(scope="session")
def loaded(data: Callable[[str], Path], repository: Path) -> Callable[[str], Inventory]:
    """Return the inventory of a public fabric, or of our own as 'own'."""

    @lru_cache
    def of(name: str) -> Inventory:
        own = repository / "inventory/inventory.yml"
        return load(own if name == "own" else data(f"fabrics/{name}") / "inventory.yml")

    return of


@pytest.fixture(scope="session")
def rendered(loaded: Callable[[str], Inventory]) -> Callable[[str], Rendered]:
    """Return what rendering makes of it."""
    return lru_cache(lambda name: render(loaded(name)))
