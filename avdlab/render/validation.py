"""All hosts' inputs against AVD's schema, before anything is computed from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from avdlab.errors import InputError, Problem
from avdlab.inventory.model import Host, Inventory
from avdlab.inventory.problems import merged
from avdlab.inventory.schema import input_problem


@dataclass(frozen=True, slots=True)
class Inputs:
    """Validated inputs of each host, and what AVD has to say about them."""

    data: Mapping[str, Mapping[str, Any]]
    notes: tuple[str, ...] = ()


def validate_all(inventory: Inventory) -> Inputs:
    """Validate every host of the design. Raises InputError with all violations of all hosts."""
    from pyavd import validate_inputs

    data: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for host in inventory.design_hosts:
        result = validate_inputs(dict(host.variables))
        found = result.validation_result
        problems += [input_problem(host, item.path, item.message) for item in found.violations]
        notes += _notes(host, found)
        data[host.name] = result.validated_data or {}
    if problems:
        raise InputError(merged(problems))
    return Inputs(data, tuple(map(str, merged(notes))))


def _notes(host: Host, result: Any) -> Iterator[Problem]:  # noqa: ANN401 - pyavd_utils is untyped
    for item in result.deprecations:
        if not item.removed:
            yield input_problem(host, item.path, item.message)
    for item in result.ignored_eos_config_keys:
        key = item.path[0] if item.path else ""
        text = f"AVD ignores this key here; use custom_structured_configuration_{key}"
        yield input_problem(host, item.path, text)
