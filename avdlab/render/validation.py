"""All hosts' inputs against AVD's schema, before anything is computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from avdlab.errors import Problem
from avdlab.inventory.model import Inventory
from avdlab.inventory.problems import merged
from avdlab.inventory.schema import Checker, refused
from avdlab.render.trim import Trimmer


@dataclass(frozen=True, slots=True)
class Inputs:
    """Validated inputs of each host, and what AVD has to say about them."""

    data: Mapping[str, Mapping[str, Any]]
    notes: tuple[str, ...] = ()


def validate_all(inventory: Inventory) -> Inputs:
    """Validate every host of the design. Raises InputError with all violations of all hosts."""
    hosts = inventory.design_hosts
    checker, trimmer = Checker(), Trimmer(hosts)
    data: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for host in hosts:
        trimmed = trimmer.trim(host)
        whole = [checker.check(host)] if trimmed.indices and trimmer.unseen(host) else []
        found = checker.check(host, trimmed.variables, trimmed.original)
        data[host.name] = found.data
        for checked in (*whole, found):
            problems += checked.problems
            notes += checked.notes
    if problems:
        raise refused(dict.fromkeys(problems))
    return Inputs(data, tuple(map(str, merged(dict.fromkeys(notes)))))
