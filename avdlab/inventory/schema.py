"""A host's variables against AVD's schemas: what is wrong, what is worth a note, and the data."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from avdlab.errors import InputError, Problem
from avdlab.inventory.custom import custom_problems, prefixes
from avdlab.inventory.locate import key_path, located
from avdlab.inventory.model import Host
from avdlab.inventory.problems import merged
from avdlab.inventory.upgrade import GUIDE, SILENT, as_changes, is_of_avd5

Original = Callable[[list[str]], list[str]]
NEAR = 0.9  # how alike a name must be to one of AVD's to be taken for a slip of the finger


@dataclass(frozen=True, slots=True)
class Checked:
    """A host's inputs as AVD's validation gives them back; `data` is empty where it objects."""

    data: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Checker:
    """Checks hosts; what several of them share is looked at once."""

    _custom: dict[str, list[tuple[list[str], str]]] = field(default_factory=dict)

    def check(
        self, host: Host, inputs: Mapping[str, Any] | None = None, original: Original = list
    ) -> Checked:
        """Validate a host of a fabric, or one that has eos_cli_config_gen's keys only.

        `inputs` are its variables, or a part of them; `original` turns paths back to the whole.
        """
        if host.fabric == "":
            return _check_eos(host)
        from pyavd import validate_inputs

        result = validate_inputs(dict(host.variables if inputs is None else inputs))
        found = result.validation_result
        problems = [input_problem(host, original(i.path), i.message) for i in found.violations]
        problems += custom_problems(host, self._custom)
        notes = (*_notes(host, found, original), *_slips(host))
        return Checked(result.validated_data or {}, tuple(problems), notes)


def violations(hosts: Iterable[Host], skipped: Mapping[str, Collection[str]]) -> list[Problem]:
    """Return what AVD's schema objects to; `skipped` are keys of a host that have no value."""
    checker = Checker()
    return [
        problem
        for host in hosts
        for problem in checker.check(host).problems
        if problem.path.partition(".")[0].partition("[")[0] not in skipped.get(host.name, ())
    ]


def refused(problems: Iterable[Problem]) -> InputError:
    """Return the error of all these problems, as a list of what to change."""
    found = list(problems)
    hint = ""
    if is_of_avd5(found):
        hint = f"This inventory was written for an older AVD; avdlab renders with AVD 6.4: {GUIDE}"
    return InputError(merged(as_changes(found)), hint=hint)


def input_problem(host: Host, path: list[str], message: str) -> Problem:
    """Say where in the files the key of a message stands."""
    problem = Problem(message.rstrip("."), host.name, key_path(path))
    return located(problem, host.sources.get(path[0], ()) if path else ())


def _check_eos(host: Host) -> Checked:
    from pyavd import validate_structured_config
    from pyavd.api.schemas import EOSConfig

    data = {key: value for key, value in host.variables.items() if key in EOSConfig._fields}
    removed = {key: value for key, value in host.variables.items() if key not in data}
    result = validate_structured_config({"hostname": host.name, **removed, **data})
    problems = tuple(
        input_problem(host, item.path, item.message) for item in result.validation_result.violations
    )
    valid = result.validated_data or {}
    return Checked({key: valid[key] for key in valid if key in EOSConfig._fields}, problems)


def _notes(host: Host, result: Any, original: Original) -> Iterator[Problem]:  # noqa: ANN401
    for item in result.deprecations:
        if not item.removed:
            yield input_problem(host, original(item.path), item.message)
    for item in result.ignored_eos_config_keys:
        key = item.path[0] if item.path else ""
        text = f"AVD ignores this key here; use custom_structured_configuration_{key}"
        yield input_problem(host, item.path, text)


def _slips(host: Host) -> Iterator[Problem]:
    """Find keys that AVD 6 dropped silently, and names that are nearly one of AVD's."""
    known = _known()
    for name in host.variables:
        if name in known or name.startswith(("_", *prefixes(host.variables))):
            continue
        if name in SILENT:
            yield input_problem(host, [name], f"AVD 6 ignores this key; {SILENT[name]}")
        elif (near := _near(name)) and near not in host.variables:
            yield input_problem(host, [name], f"AVD has no such key. Did you mean {near}?")


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    from pyavd.api.schemas import AVDDesign, EOSConfig

    return frozenset(AVDDesign._fields) | frozenset(EOSConfig._fields)


@lru_cache(maxsize=4096)
def _near(name: str) -> str:
    near = get_close_matches(name, _known(), n=1, cutoff=NEAR)
    return near[0] if near else ""
