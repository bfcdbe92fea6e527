"""The user's own ANTA catalogs and tests, from the folders where AVD looks for them.

    anta/user_catalogs/*.yml|yaml|json    ANTA catalogs
    anta/user_tests/*.py                  modules that the catalogs may name

A test without tags runs on every device, one with tags on the devices and groups that they name.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from avdlab.errors import InputError, Problem
from avdlab.validate.catalog import PlannedTest, Source, entries, planned

CATALOGS = Path("anta") / "user_catalogs"
TESTS = Path("anta") / "user_tests"
_SUFFIXES = {".yml", ".yaml", ".json"}


def user_tests(root: Path, groups: Mapping[str, Sequence[str]]) -> tuple[PlannedTest, ...]:
    """Read the catalogs below `root`; `groups`: device -> its groups. Raises InputError."""
    found: list[PlannedTest] = []
    problems: list[Problem] = []
    for path in sorted((root / CATALOGS).glob("*")):
        if path.suffix in _SUFFIXES:
            try:
                found += _read(path, groups)
            except (ValueError, TypeError, AttributeError, yaml.YAMLError) as exc:
                problems.append(Problem(f"not an ANTA catalog: {exc}", file=str(path)))
    if problems:
        raise InputError(problems)
    return tuple(dict.fromkeys(found))


def _read(path: Path, groups: Mapping[str, Sequence[str]]) -> Iterator[PlannedTest]:
    text = path.read_text(encoding="utf-8")
    data: Any = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    for module, test, inputs in entries(data or {}):
        tags = set((inputs.get("filters") or {}).get("tags") or ())
        for device, own in groups.items():
            if not tags or tags & {device, *own}:
                yield planned(device, module, test, inputs, Source.USER)


@contextmanager
def importable(root: Path | None) -> Iterator[None]:
    """Let catalogs name modules of the user's tests folder."""
    folder = str(root / TESTS) if root and (root / TESTS).is_dir() else ""
    if folder:
        sys.path.insert(0, folder)
    try:
        yield
    finally:
        if folder in sys.path:
            sys.path.remove(folder)
