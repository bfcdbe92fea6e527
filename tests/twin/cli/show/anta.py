"""ANTA's catalogue as a yardstick: its tests, the inputs of their examples, and a device to ask."""

import importlib
import inspect
import pkgutil
import re
from typing import Any

import anta.tests
import yaml
from anta.device import AntaDevice
from anta.models import AntaCommand, AntaTemplate, AntaTest

from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.outcome import CommandError
from avdlab.twin.cli.pipes import take_apart
from avdlab.twin.cli.show.catalog import find
from tests.twin.cli.show.fabric import Lab

HARDWARE = "DCS-7050SX3-48YC8"  # a model that ANTA does not skip tests for
_EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.S)
_SPECIMENS = {
    "{vrf}": "default",
    "{prefix}": "10.255.0.1/32",
    "{route}": "10.255.0.1",
    "{address}": "10.1.10.1",
    "{destination}": "10.255.0.1",
    "{peer}": "10.0.1.0",
    "{vni}": "10010",
    "{vlan}": "10",
    "{size}": "100",
    "{repeat}": "1",
    "{severity_level}": "informational",
    "{log_history_depth}": "last 10 minutes",
    "{capacity_utilization_threshold}": "75",
    "{source_address}": "10.0.0.1",
    "{source_port}": "4500",
    "{domain}": "example.com",
    "{flash_memory}": "flash:",
    "{command}": "show file systems",
    "{source}": "",
    "{df_bit}": "",
}


def tests() -> dict[str, type[AntaTest]]:
    """Return ANTA's tests by name, without the security advisories."""
    found: dict[str, type[AntaTest]] = {}
    for module in pkgutil.walk_packages(anta.tests.__path__, "anta.tests."):
        if ".advisories" in module.name:
            continue
        for name, value in inspect.getmembers(importlib.import_module(module.name)):
            if inspect.isclass(value) and issubclass(value, AntaTest):
                found |= {name: value} if value.__module__ == module.name else {}
    return dict(sorted(found.items()))


def specimen(command: AntaCommand | AntaTemplate) -> str:
    """Return a command line that the test may ask."""
    text = command.template if isinstance(command, AntaTemplate) else command.command
    for placeholder, value in _SPECIMENS.items():
        text = text.replace(placeholder, value)
    return " ".join(text.split())


def answered(command: AntaCommand | AntaTemplate) -> bool:
    """Tell whether the twin answers the command in the format and revision asked for."""
    words = take_apart(specimen(command)).command
    if any(entry.pattern.match(words) is not None for entry in COMMANDS):
        return True
    found = find(words)
    if found is None or (command.ofmt == "json" and found[0].json is None):
        return False
    return command.revision in (None, found[0].revision)


def answerable(test: type[AntaTest]) -> bool:
    """Tell whether the twin answers all commands of a test."""
    return all(answered(command) for command in test.commands)


def example(test: type[AntaTest]) -> dict[str, Any] | None:
    """Return the inputs of the example in the test's own documentation."""
    found = _EXAMPLE.search(inspect.getdoc(test) or "")
    if found is None:
        return None
    return _inputs(yaml.safe_load(found[1]), test.__name__)


def _inputs(node: Any, name: str) -> dict[str, Any] | None:
    """Look for the test in the modules of an example catalog, at any depth."""
    if isinstance(node, dict) and name in node:
        return dict(node[name]) if node[name] else None
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return next((found for part in parts if (found := _inputs(part, name)) is not None), None)


class TwinDevice(AntaDevice):
    """A device of the feature fabric: every command goes through its command line."""

    def __init__(self, lab: Lab, name: str) -> None:
        super().__init__(name, disable_cache=True)
        self.lab = lab
        self.is_online = self.established = True
        self.hw_model = HARDWARE

    @property
    def _keys(self) -> tuple[Any, ...]:
        return (self.name,)

    async def _collect(self, command: AntaCommand, *, collection_id: str | None = None) -> None:
        text = command.ofmt == "text"
        session = self.lab.session(self.name)
        try:
            answer = session.run(command.command, text=text, revision=command.revision)
        except CommandError as error:
            command.errors = [found for found in error.errors if found]
        else:
            command.output = answer.text if text else answer.json

    async def refresh(self) -> None:
        """It is always there."""
