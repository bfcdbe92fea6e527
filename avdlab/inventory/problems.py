"""Many problems as few lines: what several hosts share is said once."""

from collections.abc import Iterable
from dataclasses import replace

from avdlab.errors import Problem

SHOWN = 3  # hosts named before "and N more"


def merged(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Merge problems that differ in the host only, and order them by where they are."""
    hosts: dict[Problem, list[str]] = {}
    for problem in problems:
        hosts.setdefault(replace(problem, host=""), []).append(problem.host)
    found = [replace(problem, host=_names(names)) for problem, names in hosts.items()]
    return tuple(sorted(found, key=lambda p: (p.file, p.line, p.path, p.host, p.message)))


def _names(hosts: list[str]) -> str:
    names = sorted({host for host in hosts if host})
    if len(names) <= SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"
