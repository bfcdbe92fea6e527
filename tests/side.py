"""A fabric on a twin in this process: validated without sockets, in a fraction of a second."""

from dataclasses import dataclass, replace

from avdlab.backends.twin.side import SideTwin
from avdlab.design import Design, Source, design, prepare
from avdlab.events import Reporter
from avdlab.overlay.model import LabUser
from avdlab.validate.access import in_process
from avdlab.validate.model import Results
from avdlab.validate.policy import Policy
from avdlab.validate.suite import Suite, build_suite
from avdlab.validate.validation import validate


def made_from(inventory) -> Design:
    """Render an inventory, and say what a lab of it shall be."""
    prepared = prepare(Source(inventory), Reporter(), check=True)
    return design(prepared, LabUser("avdlab", "secret"), Reporter(), enabled=True)


@dataclass
class Side:
    """A fabric, its suite and its policy."""

    design: Design
    twin: SideTwin
    suite: Suite
    policy: Policy

    @classmethod
    def of(cls, made: Design) -> "Side":
        configs = {name: device.config for name, device in made.configs.devices.items()}
        structured = {n: device.structured_config for n, device in made.configs.devices.items()}
        suite = build_suite(made.catalogs, structured, made.topology)
        policy = Policy.of(configs, topology=made.topology, intent=suite.intent)
        return cls(made, SideTwin(made.topology, configs), suite, policy)

    def run(self, *, only: frozenset[str] = frozenset(), traces: bool = True) -> Results:
        """Validate what runs; `only` these tests, if any are named.

        `traces` False: devices ping for endpoints, as on a backend that cannot follow packets.
        """
        suite = self.suite
        if only:
            suite = replace(suite, tests=tuple(t for t in suite.tests if t.test in only))
        trace = self.twin.trace if traces else None
        access = in_process(self.twin.devices, self.twin.asker, self.twin.evidence, trace)
        return validate(access, suite, lab=self.design.topology.name, policy=self.policy)

    def config(self, device: str) -> str:
        return self.design.configs.devices[device].config

    def edit(self, device: str, old: str, new: str) -> None:
        """Boot a device from its text with one change."""
        text = self.config(device)
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in the text of {device}"
        self.twin.boot(device, text.replace(old, new))

    def heal(self) -> None:
        """Undo everything."""
        self.twin.rewire(self.design.topology)
        self.twin.set_faults()
        for name, device in self.design.configs.devices.items():
            self.twin.boot(name, device.config)


def red(results: Results) -> set[tuple[str, str]]:
    """Return (device, test) of what failed."""
    return {(test.device, test.test) for test in results.failed}
