"""The running fabric as people's own tests and scripts hold it: devices to ask, tests to wait for.

fabric = Fabric(Lab.open())
fabric["leaf1a"].show("show vlan")["vlans"]
fabric.observe(Expected(green=("*",), within=60.0))
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from avdlab.backends.base import EapiTarget
from avdlab.backends.eapi import enable, run_commands
from avdlab.errors import InputError
from avdlab.events import Reporter
from avdlab.topology.model import Topology

if TYPE_CHECKING:
    from avdlab.faults.play import Seen
    from avdlab.faults.scenario import Expected
    from avdlab.lab import Lab
    from avdlab.validate.validation import Validation


@dataclass(frozen=True, slots=True)
class Device:
    """A device that answers: what it is meant to be, and what it says."""

    name: str
    role: str
    config: str = field(repr=False)  # its lab config, the text that was deployed
    structured_config: Mapping[str, Any] = field(repr=False)
    target: EapiTarget = field(repr=False)

    def show(self, command: str) -> dict[str, Any]:
        """Return the JSON of a command. Raises DeviceError; CommandError where EOS refuses it."""
        return self._run(command, "json")

    def text(self, command: str) -> str:
        """Return the text of a command. Raises as `show` does."""
        return str(self._run(command, "text")["output"])

    def _run(self, command: str, form: str) -> dict[str, Any]:
        return run_commands(self.target, [enable(self.target), command], output=form)[1]


class Fabric(Mapping[str, Device]):
    """The devices of a running lab by name, in order; its topology; its tests."""

    def __init__(self, lab: "Lab") -> None:
        self.lab = lab

    def __getitem__(self, name: str) -> Device:
        if name not in self._devices:
            raise InputError(
                f"'{name}' is no device of lab '{self.lab.folder.name}'",
                hint=f"Known: {', '.join(self._devices)}.",
            )
        return self._devices[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._devices)

    def __len__(self) -> int:
        return len(self._devices)

    @cached_property
    def topology(self) -> Topology:
        """Nodes and cables, endpoints included."""
        return self.lab.topology()

    @cached_property
    def _devices(self) -> Mapping[str, Device]:
        configs, structured = self.lab.configs(), self.lab.structured()
        nodes = self.topology.nodes
        return {
            target.device: Device(
                target.device,
                nodes[target.device].role,
                configs.get(target.device, ""),
                structured.get(target.device, {}),
                target,
            )
            for target in self.lab.targets()
        }

    # ------------------------------------------------------------------ its tests
    def observe(self, expected: "Expected") -> "Seen":
        """Run the tests of the lab until they are as expected, or the time is over.

        Raises InputError for a pattern that names no test.
        """
        from avdlab.faults.play import observe

        expected.refuse_unknown(self._validation.suite.tests)
        return observe(self._validation, expected, time.monotonic() + expected.within)

    @cached_property
    def _validation(self) -> "Validation":
        return self.lab.validation(Reporter())
