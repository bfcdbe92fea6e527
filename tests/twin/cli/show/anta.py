"""ANTA's catalogue as a yardstick: its tests, the inputs of their examples, and a device to ask."""

import inspect
import re
from typing import Any

import yaml
from anta.device import AntaDevice
from anta.models import AntaCommand, AntaTest

from avdlab.twin.cli.outcome import CommandError
from tests.twin.cli.show.fabric import Lab

HARDWARE = "DCS-7050SX3-48YC8"  # a model that ANTA does not skip tests for
_EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.S)


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
