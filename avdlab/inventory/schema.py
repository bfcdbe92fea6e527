"""A host's variables against AVD's input schema."""

from collections.abc import Collection, Iterable, Mapping

from avdlab.errors import Problem
from avdlab.inventory.locate import key_path, located
from avdlab.inventory.model import Host


def violations(hosts: Iterable[Host], skipped: Mapping[str, Collection[str]]) -> list[Problem]:
    """Return what AVD's schema objects to; `skipped` are keys of a host that have no value."""
    from pyavd import validate_inputs

    return [
        input_problem(host, item.path, item.message)
        for host in hosts
        for item in validate_inputs(dict(host.variables)).validation_result.violations
        if not item.path or item.path[0] not in skipped.get(host.name, ())
    ]


def input_problem(host: Host, path: list[str], message: str) -> Problem:
    """Say where in the files the key of a message stands."""
    problem = Problem(message.rstrip("."), host.name, key_path(path))
    return located(problem, host.sources.get(path[0], ()) if path else ())
