"""AVD's pipeline over all fabrics of an inventory."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from avdlab.errors import InputError, Problem
from avdlab.inventory.fabrics import node_type
from avdlab.inventory.locate import key_path, located
from avdlab.inventory.model import Host, Inventory
from avdlab.inventory.problems import merged
from avdlab.render.catalogs import catalogs as catalogs_of
from avdlab.render.catalogs import is_deployed
from avdlab.render.configs import render_config, render_documentation
from avdlab.render.documents import fabric_documents
from avdlab.render.model import Rendered, RenderedDevice
from avdlab.render.pools import pool_manager
from avdlab.render.validation import Inputs, validate_all

_VIRTUAL = re.compile("ceos|veos|cloudeos", re.IGNORECASE)

Facts = Mapping[str, Any]
Result = TypeVar("Result")


def render(inventory: Inventory, *, documentation: bool = True, catalogs: bool = True) -> Rendered:
    """Render every device of the design. Raises InputError with all that AVD objects to."""
    inputs = validate_all(inventory)
    devices: dict[str, RenderedDevice] = {}
    documents: dict[str, str] = {}
    for fabric in inventory.fabrics:
        hosts = [host for host in inventory.design_hosts if host.fabric == fabric]
        facts, structured = _fabric(hosts, inputs, inventory.root)
        for host in hosts:
            config = structured[host.name]
            devices[host.name] = _device(host, config, documentation=documentation)
        if documentation:
            settings = inputs.data[hosts[0].name].get("eos_designs_documentation") or {}
            documents |= fabric_documents(fabric, facts, structured, settings)
    configs = {name: device.structured_config for name, device in devices.items()}
    return Rendered(
        devices,
        catalogs_of(configs) if catalogs else {},
        documents,
        (*inputs.notes, *_platform_notes(devices)),
    )


def _platform_notes(devices: Mapping[str, RenderedDevice]) -> list[str]:
    """Name platforms that are virtual and that AVD does not know as such.

    AVD compares the whole name; what fits nothing gets the settings and tests of hardware.
    """
    unknown: dict[str, list[str]] = {}
    for name, device in devices.items():
        metadata = device.structured_config.get("metadata") or {}
        platform = str(metadata.get("platform") or "")
        hardware = (metadata.get("validate_hardware") or {}).get("enabled", True)
        if hardware and _VIRTUAL.match(platform):
            unknown.setdefault(platform, []).append(name)
    return [
        f"{', '.join(names)}: AVD does not know the platform '{platform}' and takes it for "
        "hardware; it knows cEOS, cEOSLab, vEOS-lab and CloudEOS"
        for platform, names in unknown.items()
    ]


def _device(host: Host, config: Mapping[str, Any], *, documentation: bool) -> RenderedDevice:
    return RenderedDevice(
        host.name,
        host.fabric or "",
        config,
        render_config(config),
        render_documentation(config) if documentation else "",
        is_deployed(config),
        node_type(host.name, host.variables) or "",
    )


def _fabric(
    hosts: list[Host], inputs: Inputs, root: Path
) -> tuple[Facts, dict[str, Mapping[str, Any]]]:
    """Return AVD's facts of a fabric and the validated structured config of each host."""
    from pyavd import get_avd_facts, get_device_structured_config
    from pyavd.api.schemas import AVDDesign

    designs = _each(hosts, lambda host: AVDDesign._from_dict(dict(inputs.data[host.name])))
    hostvars = {host.name: dict(host.variables) for host in hosts}
    with pool_manager(root) as pools:
        with _translated(hosts):
            facts = get_avd_facts(designs, all_hostvars=hostvars, pool_manager=pools)
        structured = _each(
            hosts,
            lambda host: get_device_structured_config(
                host.name, designs[host.name], facts, hostvars=hostvars[host.name]
            )._as_dict(),
        )
    return facts, _validated(hosts, structured)


def _each(hosts: list[Host], step: Callable[[Host], Result]) -> dict[str, Result]:
    """Take a step for every host; what fails is collected and raised together."""
    done: dict[str, Result] = {}
    problems: list[Problem] = []
    for host in hosts:
        try:
            with _translated([host]):
                done[host.name] = step(host)
        except InputError as exc:
            problems += exc.problems
    if problems:
        raise InputError(merged(problems))
    return done


@contextmanager
def _translated(hosts: list[Host]) -> Iterator[None]:
    """Turn what pyavd raises into problems with a host and, where it can be found, a place."""
    from pyavd._errors import AristaAvdError

    try:
        yield
    except (AristaAvdError, LookupError, ValueError, TypeError, AttributeError, ImportError) as exc:
        text = str(exc.args[0]) if isinstance(exc, KeyError) and exc.args else str(exc)
        message = " ".join(text.split())
        named = getattr(exc, "host", None) or (hosts[0].name if len(hosts) == 1 else "")
        known = {host.name: host for host in hosts}
        raise InputError((_problem(known.get(named), named, message),)) from exc


def _problem(host: Host | None, name: str, message: str) -> Problem:
    problem = Problem(message.rstrip("."), name)
    if host is None:
        return problem
    path = _mentioned(host, message)
    if not path:
        return problem
    placed = Problem(problem.message, name, key_path(path))
    return located(placed, host.sources.get(str(path[0]), ()))


def _mentioned(host: Host, message: str) -> tuple[str | int, ...]:
    """Return the path of the custom structured configuration key that a message quotes.

    pyavd says "Invalid key 'x'" about such keys, without the host and the path.
    """
    if not message.startswith("Invalid key '"):
        return ()
    key = message.split("'")[1]
    custom = {name: value for name, value in host.variables.items() if "structured_config" in name}
    return _find(custom, key) or _find(host.variables, key)


def _find(value: Any, key: str) -> tuple[str | int, ...]:  # noqa: ANN401 - JSON data
    if isinstance(value, Mapping):
        if key in value:
            return (key,)
        children: list[tuple[str | int, Any]] = list(value.items())
    else:
        children = list(enumerate(value)) if isinstance(value, list) else []
    for step, child in children:
        if found := _find(child, key):
            return (step, *found)
    return ()


def _validated(
    hosts: list[Host], structured: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Validate structured configs: custom parts of them come from the user unchecked."""
    from pyavd import validate_structured_config

    valid: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    for host in hosts:
        result = validate_structured_config(dict(structured[host.name]))
        problems += [
            _structured_problem(host, item.path, item.message)
            for item in result.validation_result.violations
        ]
        valid[host.name] = result.validated_data or {}
    if problems:
        raise InputError(merged(problems))
    return valid


def _structured_problem(host: Host, path: list[str], message: str) -> Problem:
    """Say where in the structured config, and in which file where the user wrote that part."""
    text = f"in the structured config: {message}".rstrip(".")
    problem = Problem(text, host.name, key_path(path))
    key = f"custom_structured_configuration_{path[0]}" if path else ""
    if key not in host.variables:
        return problem
    custom = Problem(text, host.name, key_path([key, *path[1:]]))
    placed = located(custom, host.sources.get(key, ()))
    return replace(problem, file=placed.file, line=placed.line)
