"""A copy of the shipped inventory in a folder of its own, and the command line run on it."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from avdlab.cli.main import main

BINARIES = Path(sys.executable).parent


@dataclass(frozen=True)
class Done:
    """What a command printed and ended with."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Project:
    """A folder with ansible.cfg and inventory/, as a fresh clone has them."""

    folder: Path
    cache: Path | None = None  # shared with other projects; else its own

    def environment(self, **more: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AVDLAB_")}
        home = str(self.folder / "home")
        path = f"{BINARIES}:{kept.get('PATH', '')}"
        folders = {
            "XDG_CONFIG_HOME": f"{home}/.config",
            "XDG_CACHE_HOME": str(self.cache or f"{home}/.cache"),
            "XDG_STATE_HOME": f"{home}/.local/state",
        }
        return kept | {"HOME": home, "PATH": path} | folders | more

    def run(self, *words: str, **environment: str) -> Done:
        """Run a program of the virtual environment in this folder."""
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def avdlab(self, *words: str, **environment: str) -> Done:
        """Run avdlab; whatever it says, it never shows a traceback."""
        done = self.run("avdlab", *words, **environment)
        assert "Traceback" not in done.err, done.err
        return done

    def inside(self, *words: str, **environment: str) -> Done:
        """Run avdlab in this process: what it needs is imported once, and only once.

        For what a process of its own proves nothing more about: words, exit codes, files.
        """
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name in set(os.environ) - set(self.environment(**environment)):
                patch.delenv(name)
            for name, value in self.environment(**environment).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["avdlab", *words])
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
                main()
        assert isinstance(ended.value.code, int)
        assert "Traceback" not in err.getvalue(), err.getvalue()
        return Done(ended.value.code, out.getvalue(), err.getvalue())


def make_project(folder: Path, repository: Path, cache: Path | None = None) -> Project:
    """Copy what a user edits from the repository."""
    ignored = shutil.ignore_patterns("intended", "documentation", "anta", ".avdlab")
    shutil.copytree(repository / "inventory", folder / "inventory", ignore=ignored)
    shutil.copy(repository / "ansible.cfg", folder / "ansible.cfg")
    (folder / "avdlab").mkdir()
    (folder / "avdlab" / "ansible").symlink_to(repository / "avdlab" / "ansible")
    return Project(folder, cache)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for the projects of all workers: most of them render the same inventory."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"


@pytest.fixture
def project(tmp_path: Path, repository: Path, cache: Path) -> Iterator[Project]:
    """A project of one test's own; its lab is removed at the end."""
    made = make_project(tmp_path, repository, cache)
    yield made
    made.inside("down", "-q")


@pytest.fixture(scope="session")
def shared_project(
    tmp_path_factory: pytest.TempPathFactory, repository: Path, cache: Path
) -> Iterator[Project]:
    """A project whose lab is up, for all tests of the group `shared`: one worker has them."""
    made = make_project(tmp_path_factory.mktemp("shared"), repository, cache)
    done = made.avdlab("up", "-q")
    assert done.code == 0, done.err
    yield made
    made.avdlab("down", "-q")
