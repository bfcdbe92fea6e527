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
from avdlab.render.cache import DeviceCache
from avdlab.render.catalogs import catalogs as catalogs_of
from avdlab.render.catalogs import is_deployed
from avdlab.render.customization import (
    folders_of,
    has_modules,
    has_templates,
    importable,
    templar_of,
)
from avdlab.render.device import Made, Work, render_device
from avdlab.render.documents import fabric_documents
from avdlab.render.errors import structured_problem, translated
from avdlab.render.facts import FabricFacts, fabric_facts
from avdlab.render.model import Rendered, RenderedDevice
from avdlab.render.platforms import platform_notes
from avdlab.render.validation import Inputs, validate_all
from avdlab.render.workers import Helpers, helpers, helpers_for, paused_collection, render_all


@dataclass(slots=True)
class _Collected:
    """What the fabrics gave, one after the other."""

    devices: dict[str, RenderedDevice] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    pools: dict[Path, str] = field(default_factory=dict)
    custom: bool = False


def render(
    inventory: Inventory,
    *,
    documentation: bool = True,
    catalogs: bool = True,
    workers: int | None = None,
    cached: bool = True,
) -> Rendered:
    """Render every device of the design. Raises InputError with all that AVD objects to.

    `workers` are the helper processes; None: as many as the fabric is worth. With `cached`, what
    was made of the same inputs before is taken from the user's cache, and kept there.
    """
    count = helpers_for(len(inventory.design_hosts)) if workers is None else workers
    found = _Collected()
    with helpers() as started:
        started.start(count)
        inputs = validate_all(inventory)
        for fabric in (*inventory.fabrics, ""):
            # in the inventory's order, as AVD does: new node ids are given in it
            hosts = [host for host in inventory.hosts.values() if host.fabric == fabric]
            if hosts:
                one = _Fabric(fabric, hosts, inputs, inventory.root, documentation, cached)
                one.render(found, started)
    configs = {name: device.structured_config for name, device in found.devices.items()}
    return Rendered(
        dict(sorted(found.devices.items())),
        catalogs_of(configs, cached=cached) if catalogs else {},
        found.documents,
        (*inputs.notes, *found.notes),
        found.pools,
        found.custom,
    )


@dataclass(frozen=True, slots=True)
class _Fabric:
    """One fabric, or ("") the devices that have eos_cli_config_gen's keys only."""

    name: str
    hosts: Sequence[Host]
    inputs: Inputs
    root: Path
    documentation: bool
    cached: bool

    def render(self, found: _Collected, started: Helpers) -> None:
        """Render the fabric's devices and documents."""
        data = {host.name: self.inputs.data[host.name] for host in self.hosts}
        folders = folders_of(self.root)
        modules = folders if any(map(has_modules, data.values())) else ()
        templar = templar_of(folders) if any(map(has_templates, data.values())) else None
        with importable(modules) if modules else nullcontext():
            known = FabricFacts({}, {})
            if self.name:
                with paused_collection():
                    known = fabric_facts(self.hosts, data, self.root, templar)
            # templates need Ansible, which helpers do not load
            usable = Helpers() if templar is not None else started
            made = self._devices(data, known, templar, modules, usable)
        found.pools |= known.pools
        found.custom |= bool(modules) or templar is not None
        for host in self.hosts:
            found.devices[host.name] = _device(host, made[host.name])
        found.notes += _notes(self.hosts, data, known)
        found.notes += platform_notes(_platforms(made), known.designs) if self.name else []
        if self.documentation and self.name:
            self._documents(made, known, found)

    def _devices(
        self,
        data: Mapping[str, Mapping[str, Any]],
        known: FabricFacts,
        templar: Any,  # noqa: ANN401 - pyavd is untyped
        modules: Sequence[Path],
        started: Helpers,
    ) -> dict[str, Made]:
        """Render the devices; what fails is collected and raised together."""
        hosts = {host.name: host for host in self.hosts}
        problems: list[Problem] = []

        def step(work: Work) -> Made:
            try:
                with translated([hosts[work.name]]):
                    return render_device(work, known.facts, known.designs.get(work.name), templar)
            except InputError as exc:
                problems.extend(exc.problems)
                return Made({})

        works = [
            Work(name, inputs, self.documentation, structured=not self.name)
            for name, inputs in data.items()
        ]
        # what custom logic reads is not known
        cache = DeviceCache(known.facts) if self.cached and not modules and not templar else None
        made = _known(works, cache)
        missing = [work for work in works if work.name not in made]
        fresh = render_all(missing, step, known.facts, modules, started)
        if cache is not None:
            for work in missing:
                cache.put(work, fresh[work.name])
        made |= fresh
        problems += [
            structured_problem(hosts[name], path, message)
            for name, device in made.items()
            for path, message in device.violations
        ]
        if problems:
            raise InputError(merged(problems))
        return made

    def _documents(self, made: Mapping[str, Made], known: FabricFacts, found: _Collected) -> None:
        settings = self.inputs.data[self.hosts[0].name].get("eos_designs_documentation") or {}
        configs = {name: device.structured_config for name, device in made.items()}
        try:
            found.documents |= fabric_documents(self.name, known.facts, configs, settings)
        except KeyError as exc:  # a peer with the node type of a device, and no device
            text = f"no documentation of the fabric {self.name}: AVD finds no {exc}"
            found.notes.append(text)


def _known(works: Sequence[Work], cache: DeviceCache | None) -> dict[str, Made]:
    found = {work.name: cache.get(work) for work in works} if cache is not None else {}
    return {name: made for name, made in found.items() if made is not None}


def _device(host: Host, made: Made) -> RenderedDevice:
    return RenderedDevice(
        host.name,
        host.fabric or "",
        made.structured_config,
        made.config,
        made.documentation,
        is_deployed(made.structured_config),
        node_type(host.name, host.variables) or "",
        made.structured_text,
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
