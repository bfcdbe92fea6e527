"""Validation: everything that is planned against the devices, and a verdict for each of it."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from avdlab.backends.twin import levels
from avdlab.errors import CannotRunError
from avdlab.events import Reporter
from avdlab.validate import drift
from avdlab.validate.access import Access
from avdlab.validate.catalog import PlannedTest
from avdlab.validate.cross.model import Observed
from avdlab.validate.model import Pair, Results, TestResult
from avdlab.validate.outcome import Answers, Question, Run
from avdlab.validate.policy import Policy
from avdlab.validate.reach import matrix, pings
from avdlab.validate.reach.blame import Blame
from avdlab.validate.suite import Suite
from avdlab.validate.user import importable
from avdlab.validate.verdict import (
    compared,
    drifted,
    judge,
    missing,
    reached,
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
    judged = Validation(access, suite, policy or Policy(), reporter or Reporter())
    return judged.results(lab, wait=wait)


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
        self._levels: dict[str, str] = {}  # of twins' answers, each asked for once
        self._twins: frozenset[str] = frozenset()  # met where live devices may be
        self.pairs: tuple[Pair, ...] = ()  # of endpoints, as the last run found them

    @property
    def suite(self) -> Suite:
        """What is planned."""
        return self._suite

    def results(self, lab: str, *, wait: float = 0.0) -> Results:
        """Run everything, and what failed again until `wait` seconds have passed."""
        suite, start = self._suite, time.monotonic()
        if not suite.tests:
            raise CannotRunError(
                "there is no test to run: the chosen devices have no catalog, or an empty one",
                hint="Build the catalogs from the inventory, or choose other devices.",
            )
        results = self.run(suite.tests)
        self._again(results, start, wait)
        for test in suite.tests:
            self._reporter.test_finished(test.device, test.test, results[test].verdict.value)
        return Results(
            lab,
            tuple(results[test] for test in suite.tests),
            time.monotonic() - start,
            (*_untested(self._access, suite), *self._notes),
            self.pairs,
        )

    def _again(self, results: dict[PlannedTest, TestResult], start: float, wait: float) -> None:
        """Run again what failed, until nothing has or the time is over."""
        while time.monotonic() - start < wait:
            failed = [test for test in self._suite.tests if not results[test].verdict.good]
            if not failed:
                break
            time.sleep(min(PAUSE, max(0.0, wait - (time.monotonic() - start))))
            for test, result in self.run(failed).items():
                results[test] = result
                if result.verdict.good:
                    after = time.monotonic() - start
                    results[test] = replace(result, green_after=after)
                    self._reporter.test_recovered(test.device, test.test, after)

    @property
    def _notes(self) -> tuple[str, ...]:
        """What a reader must know of the results."""
        said = levels.note(self._twins, self._access.devices)
        about = self._plan.note if self.pairs else ""
        return tuple(text for text in (said, about) if text)

    def run(self, tests: Collection[PlannedTest]) -> dict[PlannedTest, TestResult]:
        """Run these tests once."""
        with importable(self._suite.root):
            return self._run(tests)

    def _run(self, tests: Collection[PlannedTest]) -> dict[PlannedTest, TestResult]:
        from avdlab.validate.runner import run_anta  # ANTA takes a second to import

        chosen = set(tests)
        kinds: dict[str, list[PlannedTest]] = {drift.NAME: [], matrix.NAME: [], "": []}
        for test in self._suite.comparisons:
            if test in chosen:
                kinds[test.test if test.test in kinds else ""].append(test)
        run = run_anta(
            self._access.connect,
            [test for test in self._suite.anta if test in chosen],
            questions=self._questions(kinds[""], endpoints=bool(kinds[matrix.NAME])),
            reporter=self._reporter,
        )
        if self._access.evidence is None:
            self._twins |= run.twins
        if self._any_twin(run):
            self._rate(run)
        tested = {test.device for test in tests}
        lost = run.unreachable | (tested - set(self._access.devices))
        reasons = {name: self._access.reason(name) for name in sorted(lost & tested)}
        results = {
            **self._of_anta(chosen, run),
            **self._compared(kinds[""], run),
            **self._reached(kinds[matrix.NAME], run),
            **self._drifted(kinds[drift.NAME], run),
        }
        for test in tests:
            if test.device in reasons:
                results[test] = unreachable(test, reasons[test.device])
        return results

    def _questions(
        self, comparisons: Iterable[PlannedTest], *, endpoints: bool
    ) -> Mapping[str, Sequence[Question]]:
        """Return what every device of the lab is asked: comparisons need both sides."""
        names = {test.test for test in comparisons}
        asked = dict.fromkeys(
            question for name in sorted(names) for question in self._suite.checks[name].questions
        )
        known = [name for name in self._access.devices if name in self._suite.intent.devices]
        found = {name: tuple(asked) for name in known} if asked else {}
        if endpoints and self._access.trace is None:
            for name, own in pings.asked(self._plan).items():
                if name in known:
                    found[name] = (*found.get(name, ()), *own)
        return found

    # ------------------------------------------------------------------ tests of one device
    def _of_anta(self, chosen: set[PlannedTest], run: Run) -> dict[PlannedTest, TestResult]:
        return {test: self._judged(test, run) for test in self._suite.anta if test in chosen}

    def _judged(self, test: PlannedTest, run: Run) -> TestResult:
        key = (test.device, test.test, test.digest)
        outcome = run.outcomes.get(key)
        if outcome is None:
            return missing(test)
        if key in run.silent:
            return silent(test, outcome)
        twin = self._is_twin(test.device, run)
        level = weakest(outcome.commands, self._known(twins=twin))
        return judge(test, outcome, level, self._policy)

    def _is_twin(self, device: str, run: Run) -> bool:
        return self._access.evidence is not None or device in run.twins

    def _any_twin(self, run: Run) -> bool:
        """One device's answer is as good as those that it is compared with."""
        return self._access.evidence is not None or bool(run.twins)

    def _rate(self, run: Run) -> None:
        """Ask for the levels of the answers that are new, all at once."""
        asked = {command for outcome in run.outcomes.values() for command in outcome.commands}
        asked |= {q.command for check in self._suite.checks.values() for q in check.questions}
        new = sorted(asked - self._levels.keys())
        if new:
            self._levels |= (self._access.evidence or levels.evidence)(new)

    def _known(self, *, twins: bool) -> Mapping[str, str] | None:
        """Return the levels of the answers of twins, None for those of live devices."""
        return self._levels if twins else None

    # ------------------------------------------------------------------ devices compared
    def _compared(self, tests: Sequence[PlannedTest], run: Run) -> dict[PlannedTest, TestResult]:
        found = self._findings({test.test for test in tests}, run)
        rated = self._known(twins=self._any_twin(run))
        results = {}
        for test in tests:
            check = self._suite.checks[test.test]
            answers = run.answers.get(test.device, Answers())
            errors = [
                f"{q.command}: {answers.errors[q]}" for q in check.questions if q in answers.errors
            ]
            level = weakest((q.command for q in check.questions), rated)
            about = found.get((test.device, test.test), [])
            results[test] = compared(test, check, about, errors, level)
        return results

    def _findings(
        self, names: Collection[str], run: Run
    ) -> Mapping[tuple[str, str], Sequence[str]]:
        """Return (device, comparison) -> what is wrong."""
        outputs = {device: answers.outputs for device, answers in run.answers.items()}
        observed = Observed(self._suite.intent, outputs)
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for name in sorted(names):
            for finding in self._suite.checks[name].find(observed):
                found[finding.device, name][finding.text] = None
        return {key: list(texts) for key, texts in found.items()}

    # ------------------------------------------------------------------ endpoints
    @cached_property
    def _plan(self) -> matrix.Plan:
        plan = matrix.plan(self._suite.intent)
        return plan if self._access.trace else pings.judged_by_pings(plan)

    def _reached(self, tests: Sequence[PlannedTest], run: Run) -> dict[PlannedTest, TestResult]:
        if not tests:
            return {}
        trace = self._access.trace
        found = (
            trace(matrix.addresses(self._plan)) if trace else pings.traced(self._plan, run.answers)
        )
        self.pairs = matrix.pairs_of(self._plan, found, self._blame())
        wrong = matrix.failures(self.pairs)
        live = not self._any_twin(run)
        return {
            test: reached(test, wrong.get(test.inputs["endpoint"], ()), live=live) for test in tests
        }

    def _blame(self) -> Blame | None:
        compare = self._access.drift
        if compare is None:
            return None

        def differences(devices: Sequence[str]) -> Mapping[str, str]:
            return {name: text for name, (text, done) in compare(devices).items() if done}

        return Blame(self._suite.intent, differences)

    # ------------------------------------------------------------------ drift
    def _drifted(self, tests: Sequence[PlannedTest], run: Run) -> dict[PlannedTest, TestResult]:
        asked = [test.device for test in tests if test.device not in run.unreachable]
        found = self._access.drift(asked) if self._access.drift and asked else {}
        return {
            test: drifted(test, found.get(test.device), live=not self._is_twin(test.device, run))
            for test in tests
        }
