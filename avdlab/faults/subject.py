"""What faults are tried on: the running lab, or a twin of it in this process."""

from collections.abc import Collection, Mapping
from typing import Protocol

from avdlab.backends.twin.side import SideTwin
from avdlab.faults.catalog import CONFIG_FAULTS
from avdlab.faults.edits import Target
from avdlab.faults.inject import LabFaults
from avdlab.faults.model import BLACKHOLE, DOWN, Fault, Kind
from avdlab.faults.text import ConfigText
from avdlab.validate.catalog import PlannedTest
from avdlab.validate.model import Pair, TestResult
from avdlab.validate.validation import Validation

Found = tuple[Mapping[PlannedTest, TestResult], tuple[Pair, ...]]


class Subject(Protocol):
    """Something with faults and tests. `instant`: its state follows a fault at once."""

    instant: bool
    validation: Validation

    def inject(self, fault: Fault) -> Fault: ...

    def heal(self, fault: Fault) -> None: ...


def run(subject: Subject, tests: Collection[PlannedTest] | None = None) -> Found:
    """Run tests, all or these; return their results, and the pairs of endpoints."""
    validation = subject.validation
    results = validation.run(validation.suite.tests if tests is None else tests)
    return results, validation.pairs


class LabSubject:
    """The running lab. Its faults are recorded; heal them in `LabFaults.healing`."""

    def __init__(self, faults: LabFaults, validation: Validation, *, instant: bool) -> None:
        self._faults = faults
        self.validation = validation
        self.instant = instant

    def inject(self, fault: Fault) -> Fault:
        return self._faults.add(fault)

    def heal(self, fault: Fault) -> None:
        self._faults.heal([fault])


class SideSubject:
    """A twin beside the lab, which is not touched."""

    instant = True

    def __init__(self, twin: SideTwin, configs: Mapping[str, str], validation: Validation) -> None:
        self._twin = twin
        self._configs = configs
        self._active: list[Fault] = []
        self.validation = validation

    def inject(self, fault: Fault) -> Fault:
        self._active.append(fault)
        self._put(fault)
        return fault

    def heal(self, fault: Fault) -> None:
        self._active.remove(fault)
        self._put(fault)

    def _put(self, fault: Fault) -> None:
        """Put what is active in force, where it may have changed."""
        if fault.kind is Kind.CONFIG:
            self._boot(fault.target[0])
            return
        links = [f for f in self._active if f.kind is Kind.LINK]
        self._twin.set_faults(
            cut=[_ends(f) for f in links if f.effect == DOWN],
            stopped=[f.target[0] for f in self._active if f.kind is Kind.NODE],
            dropped={
                _ends(f): ["all"] if f.effect == BLACKHOLE else list(f.drop)
                for f in links
                if f.effect != DOWN
            },
        )

    def _boot(self, device: str) -> None:
        text = self._configs[device]
        intent = self.validation.suite.intent
        for fault in self._active:
            if fault.kind is Kind.CONFIG and fault.target[0] == device:
                target = Target(intent, intent.devices[device], ConfigText(text))
                edits = CONFIG_FAULTS[fault.effect].find(target)
                text = next((e.text for e in edits if fault.at in e.what), text)
        self._twin.boot(device, text)


def _ends(fault: Fault) -> tuple[str, str]:
    a, b = fault.target
    return a, b
