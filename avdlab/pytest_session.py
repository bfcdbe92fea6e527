"""What the workers of a pytest run share: the lab, turns on it, and the results of one validation.

A test with a fault has the lab to itself: it takes a lock that all other tests of the lab share, in
whatever process they run (pytest-xdist's workers, other runs). The lock lies in the lab's folder.
"""

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from avdlab.errors import CannotRunError
from avdlab.lab import Lab
from avdlab.project import project_here
from avdlab.state import labs_in, write_private
from avdlab.validate.model import Results, TestResult, Verdict

_NOT_RUNNING = {"absent", "stopped"}


def open_lab(config: pytest.Config) -> Lab:
    """Find the lab and see that it runs. Raises AvdlabError."""
    inventory = config.getoption("--avdlab-inventory")
    name = config.getoption("--avdlab-name")
    if not (inventory or name or labs_in(project_here())):
        raise CannotRunError("no lab is up; run make lab-up")
    found = Lab.open(Path(inventory) if inventory else None, name)
    if all(node.state in _NOT_RUNNING for node in found.status()):
        raise CannotRunError("no lab is up; run make lab-up")
    return found


@contextmanager
def turn(lab: Lab, *, alone: bool) -> Iterator[None]:
    """Use the lab together with others, or alone: wait for it."""
    with (lab.folder.path / "tests.lock").open("a", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def once(config: pytest.Config, path: Path, run: Callable[[], Results]) -> Mapping[str, TestResult]:
    """Return results by the names of planned tests: the first worker runs, the others read."""
    if not hasattr(config, "workerinput"):  # the environment says what any outer run is, too
        return by_name(run().tests)
    with path.with_suffix(".lock").open("a", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not path.exists():
            write_private(path, json.dumps([asdict(test) for test in run().tests]))
        return by_name(_result(entry) for entry in json.loads(path.read_text(encoding="utf-8")))


def by_name(tests: Iterable[TestResult]) -> Mapping[str, TestResult]:
    """Return results by the names of planned tests."""
    return {f"{test.device}-{test.test}-{test.inputs}": test for test in tests}


def _result(entry: dict[str, object]) -> TestResult:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return TestResult(**{**entry, **lists, "verdict": Verdict(entry["verdict"])})  # type: ignore[arg-type]  # as asdict wrote it
