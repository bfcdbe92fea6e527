"""What is tested on a lab: AVD's catalogs, our own tests, comparisons, the user's own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from avdlab.topology.model import Topology
from avdlab.validate.catalog import PlannedTest, Source, planned, read_catalog
from avdlab.validate.cross.model import Check
from avdlab.validate.drift import NAME as DRIFT
from avdlab.validate.intent import Intent, read_intent
from avdlab.validate.reach.matrix import NAME as MATRIX
from avdlab.validate.reach.matrix import endpoints as tried_endpoints


@dataclass(frozen=True, slots=True)
class Suite:
    """Everything that is planned. `checks` are looked up by the name of a planned comparison."""

    tests: tuple[PlannedTest, ...]
    intent: Intent
    checks: Mapping[str, Check] = field(default_factory=dict)
    root: Path | None = None  # the inventory's folder, where the user's own tests lie

    def only(self, devices: Collection[str]) -> "Suite":
        """Keep the tests of these devices."""
        return replace(self, tests=tuple(test for test in self.tests if test.device in devices))

    @property
    def anta(self) -> tuple[PlannedTest, ...]:
        """The tests that ANTA runs."""
        return tuple(test for test in self.tests if test.module)

    @property
    def comparisons(self) -> tuple[PlannedTest, ...]:
        """The tests that compare devices."""
        return tuple(test for test in self.tests if not test.module)


def suite_of_catalogs(catalogs: Mapping[str, str]) -> Suite:
    """Return the tests of catalogs alone (device -> JSON text). Raises InputError."""
    tests = [t for device, text in sorted(catalogs.items()) for t in read_catalog(device, text)]
    ordered = sorted(tests, key=lambda test: (test.device, test.test, test.digest))
    return Suite(tuple(ordered), Intent({}, Topology("", {}, ())))


def build_suite(
    catalogs: Mapping[str, str],
    structured: Mapping[str, Mapping[str, Any]],
    topology: Topology,
    *,
    user: Iterable[PlannedTest] = (),
    root: Path | None = None,
    own: bool = True,
    endpoints: bool = True,
    drift: bool = False,
) -> Suite:
    """Plan all tests of a lab.

    `own`: our own tests too. `endpoints`: connected endpoints run in the lab, and talk. `drift`:
    running configurations are compared with the intended ones.

    Raises InputError for a broken catalog or structured configuration.
    """
    from avdlab.validate.cross import CHECKS
    from avdlab.validate.plan import plan

    intent = read_intent(structured, topology)
    tests = [
        test for device, text in sorted(catalogs.items()) for test in read_catalog(device, text)
    ]
    if own:
        tests += plan(intent, endpoints=endpoints)
        tests += [
            planned(device, "", check.name, {}, Source.FABRIC)
            for check in CHECKS
            for device in intent.devices
            if check.applies(intent, device)
        ]
        tests += [
            planned(device, "", MATRIX, {"endpoint": name}, Source.FABRIC)
            for name, device in (tried_endpoints(intent).items() if endpoints else ())
        ]
    if drift:
        tests += [planned(device, "", DRIFT, {}, Source.FABRIC) for device in intent.devices]
    tests += user
    unique = dict.fromkeys(tests)  # AVD's own come first
    ordered = sorted(unique, key=lambda test: (test.device, test.test, test.digest))
    return Suite(tuple(ordered), intent, {check.name: check for check in CHECKS}, root)
