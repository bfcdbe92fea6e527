"""Which pytest items there are: one per device and test of the lab, or one per device."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from avdlab.errors import CannotRunError, InputError
from avdlab.lab import Lab

# pytest's own markers: a device of such a name has none
_BUILT_IN = {"filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xfail"}


def tests(config: pytest.Config, lab: Lab) -> list[Any]:
    """Return the tests of the lab that the options choose. Raises AvdlabError where none is."""
    own = config.getoption("--avdlab-tests") == "all"
    known = lab.suite(own=own, drift=own).tests
    if not known:
        raise CannotRunError(
            "the lab has no test catalogs", hint="Make it from an inventory: avdlab up -i INVENTORY"
        )
    wanted = _chosen(config, {test.device for test in known})
    return [
        pytest.param(test, id=test.name, marks=_marks(config, test.device, test.category))
        for test in known
        if test.device in wanted
    ]


def devices(config: pytest.Config, lab: Lab, patterns: Iterable[str]) -> list[Any]:
    """Return the devices that match patterns of names and groups; without any, all."""
    groups, asked = lab.groups, tuple(patterns)
    names = [
        name
        for name in sorted(_chosen(config, set(groups)))
        if not asked or any(fnmatchcase(word, p) for word in (name, *groups[name]) for p in asked)
    ]
    if not names and not config.getoption("--avdlab-device"):
        raise InputError(f"no device or group of the lab is named {', '.join(asked)}")
    return [pytest.param(name, id=name, marks=_marks(config, name)) for name in names]


def _chosen(config: pytest.Config, known: set[str]) -> set[str]:
    """Return the devices that `--avdlab-device` names, or all."""
    texts = config.getoption("--avdlab-device")
    wanted = {name.strip() for text in texts for name in text.split(",") if name.strip()}
    unknown = sorted(wanted - known)
    if unknown:
        raise CannotRunError(f"the lab has no tests for {', '.join(unknown)}")
    return wanted or known


def _marks(config: pytest.Config, *names: str) -> list[pytest.MarkDecorator]:
    """Return markers, as in `-m bgp` and `-m leaf1`."""
    found = []
    for name in names:
        if name in _BUILT_IN or name.startswith("_"):
            continue
        if all(line.partition(":")[0] != name for line in config.getini("markers")):
            config.addinivalue_line("markers", f"{name}: tests of the running lab")
        found.append(getattr(pytest.mark, name))
    return found
