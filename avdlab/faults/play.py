"""A scenario played on a lab: step by step, every fault healed at the end whatever happens."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from avdlab.faults.inject import LabFaults
from avdlab.faults.scenario import Expected, Scenario, Step
from avdlab.validate.catalog import PlannedTest
from avdlab.validate.validation import Validation

PAUSE = 1.0  # seconds between two looks at the tests


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a step. `unmet`: what was expected and does not hold; `seconds` until it did."""

    step: Step
    seconds: float
    red: tuple[PlannedTest, ...] = ()
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A look at the tests: what is red, what is not as expected, and how long it took to be."""

    seconds: float
    red: tuple[PlannedTest, ...] = ()
    unmet: tuple[str, ...] = ()


def observe(
    validation: Validation,
    expected: Expected,
    until: float,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Seen:
    """Look at the tests until they are as expected, or a time has come."""
    start = clock()
    while True:
        results = validation.run(validation.suite.tests)
        red = tuple(test for test, result in results.items() if not result.verdict.good)
        unmet = tuple(expected.unmet(red))
        now = clock()
        if not unmet or now >= until:
            return Seen(now - start, red, unmet)
        pause(min(PAUSE, until - now))


@dataclass(slots=True)
class Player:
    """Plays scenarios on one lab."""

    faults: LabFaults
    validation: Validation
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def play(
        self, scenario: Scenario, progress: Callable[[Played], None] | None = None
    ) -> tuple[Played, ...]:
        """Play the steps until one is not as expected, or the budget is spent."""
        end = self.clock() + scenario.budget
        played: list[Played] = []
        with self.faults.healing():
            for step in scenario.steps:
                found = self._step(step, end)
                played.append(found)
                if progress:
                    progress(found)
                if found.unmet:
                    break
        return tuple(played)

    def _step(self, step: Step, end: float) -> Played:
        start = self.clock()
        if start >= end:
            return Played(step, 0.0, (), ("the budget of the scenario is spent",))
        if step.action == "fault":
            self.faults.add(step.faults[0])
        elif step.action == "heal":
            self._heal(step)
        elif step.action == "flap":
            self.faults.flap(step.faults[0], count=step.count, period=step.pause, pause=self.pause)
        elif step.action == "reload":
            self.faults.reload(step.node)
        elif step.action == "wait":
            self.pause(min(step.pause, end - start))
        if step.expected is None:
            return Played(step, self.clock() - start)
        return self._expect(step, step.expected, start, end)

    def _heal(self, step: Step) -> None:
        active = self.faults.active
        chosen = [f for f in active if any(f.same_place(named) for named in step.faults)]
        self.faults.heal(chosen if step.faults else active)

    def _expect(self, step: Step, expected: Expected, start: float, end: float) -> Played:
        until = min(end, self.clock() + expected.within)
        seen = observe(self.validation, expected, until, self.pause, self.clock)
        return Played(step, self.clock() - start, seen.red, seen.unmet)
