"""Validation: everything that is planned against the devices, and a verdict for each of it."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from avdlab.backends.twin import levels
from avdlab.errors import CannotRunError
from avdlab.events import Reporter
from avdlab.validate import drift
from avdlab.validate.access import Access
from avdlab.validate.catalog import PlannedTest
from avdlab.validate.cross.model import Observed
from avdlab.validate.model import Results, TestResult
from avdlab.validate.outcome import Answers, Question, Run
from avdlab.validate.policy import Policy
from avdlab.validate.suite import Suite
from avdlab.validate.user import importable
from avdlab.validate.verdict import (
    compared,
    drifted,
    judge,
    missing,
    silent,
    unreachable,
    weakest,
)

PAUSE = 2.0  # seconds between two runs of what failed


def validate(
    access: Access,
    suite: Suite,
    *,
    lab: str,
    policy: Policy | None = None,
    reporter: Reporter | None = None,
    wait: float = 0.0,
) -> Results:
    """Run the suite and judge every planned test.

    What failed is run again until `wait` seconds have passed; the results say when each turned
    good. Raises InputError for inputs that ANTA refuses and CannotRunError when there is no test to
    run: nothing tested is not a green result.
    """
    if not suite.tests:
        raise CannotRunError(
            "there is no test to run: the chosen devices have no catalog, or an empty one",
            hint="Build the catalogs from the inventory, or choose other devices.",
        )
    shown = reporter or Reporter()
    start = time.monotonic()
    judged = Validation(access, suite, policy or Policy(), shown)
    with importable(suite.root):
        results = judged.run(suite.tests)
        _again(judged, suite, results, start, wait, shown)
    for test in suite.tests:
        shown.test_finished(test.device, test.test, results[test].verdict.value)
    return Results(
        lab,
        tuple(results[test] for test in suite.tests),
        time.monotonic() - start,
        _untested(access, suite),
    )


def _again(
    judged: "Validation",
    suite: Suite,
    results: dict[PlannedTest, TestResult],
    start: float,
    wait: float,
    shown: Reporter,
) -> None:
    """Run again what failed, until nothing has or the time is over."""
    while time.monotonic() - start < wait:
        failed = [test for test in suite.tests if not results[test].verdict.good]
        if not failed:
            break
        time.sleep(min(PAUSE, max(0.0, wait - (time.monotonic() - start))))
        for test, result in judged.run(failed).items():
            results[test] = result
            if result.verdict.good:
                after = time.monotonic() - start
                results[test] = replace(result, green_after=after)
                shown.test_recovered(test.device, test.test, after)


def _untested(access: Access, suite: Suite) -> tuple[str, ...]:
    tested = {test.device for test in suite.tests}
    bare = sorted(set(access.devices) - tested)
    return (f"no tests for {', '.join(bare)}: no catalog, or an empty one",) if bare else ()


class Validation:
    """Runs tests of a suite, all or some, and judges what came of them."""

    def __init__(self, access: Access, suite: Suite, policy: Policy, reporter: Reporter) -> None:
        self._access = access
        self._suite = suite
        self._policy = policy
        self._reporter = reporter
        self._twin_level = cache(access.evidence or levels.level)

    def run(self, tests: Collection[PlannedTest]) -> dict[PlannedTest, TestResult]:
        """Run these tests once."""
        from avdlab.validate.runner import run_anta  # ANTA takes a second to import

        chosen = set(tests)
        comparisons = [test for test in self._suite.comparisons if test in chosen]
        drifting = [test for test in comparisons if test.test == drift.NAME]
        comparisons = [test for test in comparisons if test.test != drift.NAME]
        run = run_anta(
            self._access.connect,
            [test for test in self._suite.anta if test in chosen],
            questions=self._questions(comparisons),
            reporter=self._reporter,
        )
        tested = {test.device for test in tests}
        lost = run.unreachable | (tested - set(self._access.devices))
        reasons = {name: self._access.reason(name) for name in sorted(lost & tested)}
        found = self._compare(comparisons, run)
        asked = [test.device for test in drifting if test.device not in run.unreachable]
        differing = self._access.drift(asked) if self._access.drift and asked else {}
        results = {
            test: self._judged(test, run, reasons, found) for test in tests if test not in drifting
        }
        return results | {
            test: unreachable(test, reasons[test.device])
            if test.device in reasons
            else drifted(test, differing.get(test.device), live=not self._is_twin(test.device, run))
            for test in drifting
        }

    def _questions(self, comparisons: Iterable[PlannedTest]) -> Mapping[str, Sequence[Question]]:
        """Return what every device of the lab is asked: comparisons need both sides."""
        names = {test.test for test in comparisons}
        asked = dict.fromkeys(
            question for name in sorted(names) for question in self._suite.checks[name].questions
        )
        known = (name for name in self._access.devices if name in self._suite.intent.devices)
        return {name: tuple(asked) for name in known} if asked else {}

    def _compare(
        self, comparisons: Iterable[PlannedTest], run: Run
    ) -> Mapping[tuple[str, str], list[str]]:
        """Return (device, comparison) -> what is wrong."""
        outputs = {device: answers.outputs for device, answers in run.answers.items()}
        observed = Observed(self._suite.intent, outputs)
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for name in sorted({test.test for test in comparisons}):
            for finding in self._suite.checks[name].find(observed):
                if finding.text not in found[finding.device, name]:
                    found[finding.device, name].append(finding.text)
        return found

    def _judged(
        self,
        test: PlannedTest,
        run: Run,
        reasons: Mapping[str, str],
        found: Mapping[tuple[str, str], list[str]],
    ) -> TestResult:
        if test.device in reasons:
            return unreachable(test, reasons[test.device])
        if not test.module:
            check = self._suite.checks[test.test]
            answers = run.answers.get(test.device, Answers())
            errors = [
                f"{q.command}: {answers.errors[q]}" for q in check.questions if q in answers.errors
            ]
            # one device's answer is as good as those that it was compared with
            twins = any(self._is_twin(device, run) for device in (test.device, *run.answers))
            level = weakest((q.command for q in check.questions), self._level(twins=twins))
            return compared(test, check, found.get((test.device, test.test), []), errors, level)
        key = (test.device, test.test, test.digest)
        outcome = run.outcomes.get(key)
        if outcome is None:
            return missing(test)
        if key in run.silent:
            return silent(test, outcome)
        twin = self._is_twin(test.device, run)
        level = weakest(outcome.commands, self._level(twins=twin))
        return judge(test, outcome, level, self._policy, stand_in=twin)

    def _is_twin(self, device: str, run: Run) -> bool:
        return self._access.evidence is not None or device in run.twins

    def _level(self, *, twins: bool) -> Callable[[str], str] | None:
        """Return what tells the level of an answer of twins, None for that of live devices."""
        return self._twin_level if twins else None
