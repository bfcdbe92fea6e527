"""All hosts' inputs against AVD's schema, before anything is computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from avdlab.inventory.model import Inventory
from avdlab.inventory.problems import merged
from avdlab.inventory.schema import Checker, refused


@dataclass(frozen=True, slots=True)
class Inputs:
    """Validated inputs of each host, and what AVD has to say about them."""

    data: Mapping[str, Mapping[str, Any]]
    notes: tuple[str, ...] = ()


def validate_all(inventory: Inventory) -> Inputs:
    """Validate every host of the design. Raises InputError with all violations of all hosts."""
    checker = Checker()
    checked = {host.name: checker.check(host) for host in inventory.design_hosts}
    problems = [problem for found in checked.values() for problem in found.problems]
    if problems:
        raise refused(problems)
    notes = merged([note for found in checked.values() for note in found.notes])
    return Inputs({name: found.data for name, found in checked.items()}, tuple(map(str, notes)))
