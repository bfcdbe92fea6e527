"""AVD's pipeline over all fabrics of an inventory."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avdlab.errors import InputError, Problem
from avdlab.inventory.fabrics import node_type
from avdlab.inventory.model import Host, Inventory
from avdlab.inventory.problems import merged
from avdlab.render.catalogs import catalogs as catalogs_of
from avdlab.render.catalogs import is_deployed
from avdlab.render.customization import (
    folders_of,
    has_modules,
    has_templates,
    importable,
    templar_of,
)
from avdlab.render.device import Made, finish, structured_config
from avdlab.render.documents import fabric_documents
from avdlab.render.errors import structured_problem, translated
from avdlab.render.facts import FabricFacts, fabric_facts
from avdlab.render.model import Rendered, RenderedDevice
from avdlab.render.platforms import platform_notes
from avdlab.render.validation import Inputs, validate_all


@dataclass(slots=True)
class _Collected:
    """What the fabrics gave, one after the other."""

    devices: dict[str, RenderedDevice] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    pools: dict[Path, str] = field(default_factory=dict)


def render(inventory: Inventory, *, documentation: bool = True, catalogs: bool = True) -> Rendered:
    """Render every device of the design. Raises InputError with all that AVD objects to."""
    inputs = validate_all(inventory)
    found = _Collected()
    for fabric in (*inventory.fabrics, ""):
        # in the inventory's order, as AVD does: new node ids are given in it
        hosts = [host for host in inventory.hosts.values() if host.fabric == fabric]
        if hosts:
            _fabric(fabric, hosts, inputs, inventory.root, found, documentation=documentation)
    configs = {name: device.structured_config for name, device in found.devices.items()}
    return Rendered(
        dict(sorted(found.devices.items())),
        catalogs_of(configs) if catalogs else {},
        found.documents,
        (*inputs.notes, *found.notes),
        found.pools,
    )


def _fabric(
    fabric: str,
    hosts: Sequence[Host],
    inputs: Inputs,
    root: Path,
    found: _Collected,
    *,
    documentation: bool,
) -> None:
    """Render one fabric, or ("") the devices that have eos_cli_config_gen's keys only."""
    data = {host.name: inputs.data[host.name] for host in hosts}
    folders = folders_of(root)
    modules = any(map(has_modules, data.values()))
    templar = templar_of(folders) if any(map(has_templates, data.values())) else None
    with importable(folders) if modules else nullcontext():
        known = fabric_facts(hosts, data, root, templar) if fabric else FabricFacts({}, {})
        structured = _structured(hosts, data, known, templar) if fabric else data
        made = _finished(hosts, structured, documentation=documentation)
    found.pools |= known.pools
    for host in hosts:
        found.devices[host.name] = _device(host, made[host.name])
    found.notes += _notes(hosts, data, known)
    found.notes += platform_notes(_platforms(made), known.designs) if fabric else []
    if documentation and fabric:
        settings = data[hosts[0].name].get("eos_designs_documentation") or {}
        configs = {name: device.structured_config for name, device in made.items()}
        try:
            found.documents |= fabric_documents(fabric, known.facts, configs, settings)
        except KeyError as exc:  # a peer with the node type of a device, and no device
            found.notes.append(f"no documentation of the fabric {fabric}: AVD finds no {exc}")


def _structured(
    hosts: Sequence[Host],
    data: Mapping[str, Mapping[str, Any]],
    known: FabricFacts,
    templar: Any,  # noqa: ANN401 - pyavd is untyped
) -> dict[str, dict[str, Any]]:
    """Return the structured configs; what fails is collected and raised together."""
    found: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for host in hosts:
        try:
            with translated([host]):
                found[host.name] = structured_config(
                    host.name, known.designs[host.name], known.facts, data[host.name], templar
                )
        except InputError as exc:
            problems += exc.problems
    if problems:
        raise InputError(merged(problems))
    return found


def _finished(
    hosts: Sequence[Host], structured: Mapping[str, Mapping[str, Any]], *, documentation: bool
) -> dict[str, Made]:
    made = {host.name: finish(structured[host.name], documentation=documentation) for host in hosts}
    problems = [
        structured_problem(host, path, message)
        for host in hosts
        for path, message in made[host.name].violations
    ]
    if problems:
        raise InputError(merged(problems))
    return made


def _device(host: Host, made: Made) -> RenderedDevice:
    return RenderedDevice(
        host.name,
        host.fabric or "",
        made.structured_config,
        made.config,
        made.documentation,
        is_deployed(made.structured_config),
        node_type(host.name, host.variables) or "",
    )


def _platforms(made: Mapping[str, Made]) -> dict[str, str]:
    found = {name: device.structured_config.get("metadata") or {} for name, device in made.items()}
    return {name: str(metadata.get("platform") or "") for name, metadata in found.items()}


def _notes(
    hosts: Sequence[Host], data: Mapping[str, Mapping[str, Any]], known: FabricFacts
) -> list[str]:
    """Name what AVD's Ansible roles would do and nothing here does."""
    notes = [
        f"node ids were given that {path} does not hold; avdlab build --save-pools writes them"
        for path in known.pools
    ]
    with_templates = [host.name for host in hosts if data[host.name].get("custom_templates")]
    if with_templates:
        names = ", ".join(with_templates[:3]) + (" ..." if len(with_templates) > 3 else "")
        notes.append(f"{names}: custom_templates are of AVD's Ansible role, they are not rendered")
    return notes
