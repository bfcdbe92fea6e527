"""Fixtures for all tests: public data (skipped where absent) and labs in folders of their own."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.side import Side

REPOSITORY = Path(__file__).resolve().parent.parent

with suppress(ModuleNotFoundError):  # the clients' environment has none
    from hypothesis import HealthCheck, settings

    # a busy machine is no failure; in CI the same examples each time, elsewhere always new ones
    settings.register_profile(
        "avdlab",
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize="CI" in os.environ,
    )
    settings.load_profile("avdlab")


@pytest.fixture(scope="session", autouse=True)
def _own_caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests' caches and lists of labs out of the user's folders."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's own folder."""
    return REPOSITORY


@pytest.fixture(scope="session")
def data() -> Callable[[str], Path]:
    """A folder or file of the public data, by its path below AVDLAB_DATA (default ../shared)."""
    root = Path(os.environ.get("AVDLAB_DATA", REPOSITORY.parent / "shared"))

    def path(name: str) -> Path:
        if not root.is_dir():
            pytest.skip(f"no public data in {root}: set AVDLAB_DATA")
        found = root / name
        assert found.exists(), f"{found} is missing although {root} is there"
        return found

    return path


@pytest.fixture(scope="session")
def side(data: Callable[[str], Path]) -> Callable[[str], "Side"]:
    """A public fabric, or our own as 'own', on a twin in this process; heal what you break."""
    from tests.side import Side, made_from

    @lru_cache
    def of(name: str) -> "Side":
        own = REPOSITORY / "inventory" / "inventory.yml"
        return Side.of(
            made_from(own if name == "own" else data(f"fabrics/{name}") / "inventory.yml")
        )

    return of


@pytest.fixture
def fabric_copy(tmp_path: Path, data: Callable[[str], Path]) -> Callable[[str], Path]:
    """A writable copy of a public fabric; returns the path of its inventory file."""

    def copy(name: str) -> Path:
        target = tmp_path / name
        shutil.copytree(data(f"fabrics/{name}"), target)
        for path in (target, *target.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        return target / "inventory.yml"

    return copy
