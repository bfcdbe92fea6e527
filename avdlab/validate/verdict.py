"""What avdlab says of a test: ANTA's status, the policy, and the level of evidence behind it."""

from collections.abc import Iterable, Mapping, Sequence

from avdlab.validate import drift
from avdlab.validate.catalog import PlannedTest
from avdlab.validate.cross.model import Check
from avdlab.validate.exceptions import Entry
from avdlab.validate.model import TestResult, Verdict
from avdlab.validate.outcome import Outcome
from avdlab.validate.policy import Policy
from avdlab.validate.reach import matrix

LIVE = "F4"  # a device that is no stand-in
MIRRORED = "F1"  # the device's own configuration
COMPUTED = "F2"  # the lowest level that is evidence about the fabric

_NOT_GOOD = {
    "failure": Verdict.FAILED,
    "error": Verdict.ERROR,
    "skipped": Verdict.SKIPPED,
    "unset": Verdict.UNSET,
}


def weakest(commands: Iterable[str], levels: Mapping[str, str] | None) -> str:
    """Return the level of the weakest answer; `levels` None: devices are live.

    A test that asks nothing rests on nothing (F0), and so does one whose answer has no level.
    """
    if levels is None:
        return LIVE
    return min((levels.get(command) or "F0" for command in commands), default="F0")


def judge(planned: PlannedTest, outcome: Outcome, level: str, policy: Policy) -> TestResult:
    """Turn ANTA's outcome of a planned test into ours."""
    entries = policy.explain(planned.device, planned.test, outcome.status, outcome.messages)
    return TestResult(
        device=planned.device,
        test=planned.test,
        verdict=_verdict(outcome.status, level, entries),
        categories=outcome.categories,
        description=outcome.description,
        messages=outcome.messages,
        anta_status=outcome.status,
        level=level,
        policy=", ".join(entry.name for entry in entries),
        inputs=planned.digest,
        source=planned.source,
    )


def _verdict(status: str, level: str, entries: Sequence[Entry] = ()) -> Verdict:
    if entries:
        return Verdict.NOT_APPLICABLE
    if status == "success":
        return Verdict.PASSED_COMPUTED if level >= COMPUTED else Verdict.PASSED_MIRROR
    return _NOT_GOOD.get(status, Verdict.ERROR)


def unreachable(planned: PlannedTest, reason: str) -> TestResult:
    """Return the result of a test that could not run because its device did not answer."""
    return TestResult(
        device=planned.device,
        test=planned.test,
        verdict=Verdict.UNREACHABLE,
        messages=(reason,),
        inputs=planned.digest,
        source=planned.source,
    )


def missing(planned: PlannedTest) -> TestResult:
    """Return the result of a test that ANTA was given and said nothing about."""
    return TestResult(
        device=planned.device,
        test=planned.test,
        verdict=Verdict.ERROR,
        messages=("ANTA returned no result for this test",),
        inputs=planned.digest,
        source=planned.source,
    )


def silent(planned: PlannedTest, outcome: Outcome) -> TestResult:
    """Return the result of a test of whatever the device lists, where it listed nothing."""
    return TestResult(
        device=planned.device,
        test=planned.test,
        verdict=Verdict.UNSET,
        categories=outcome.categories,
        description=outcome.description,
        messages=("the device lists nothing to test",),
        anta_status=outcome.status,
        inputs=planned.digest,
        source=planned.source,
    )


def compared(
    planned: PlannedTest,
    check: Check,
    found: Sequence[str],
    errors: Sequence[str],
    level: str,
) -> TestResult:
    """Return the result of a comparison: what was found, or why it could not be made."""
    verdict = _verdict("failure" if found else "error" if errors else "success", level)
    return TestResult(
        device=planned.device,
        test=planned.test,
        verdict=verdict,
        categories=check.categories,
        description=check.description,
        messages=(*found, *errors),
        level=level,
        inputs=planned.digest,
        source=planned.source,
    )


def reached(planned: PlannedTest, wrong: Sequence[str], *, live: bool) -> TestResult:
    """Return the result of an endpoint's pairs: what is wrong, nothing where all is as designed."""
    level = LIVE if live else COMPUTED
    return TestResult(
        device=planned.device,
        test=planned.test,
        verdict=_verdict("failure" if wrong else "success", level),
        categories=("endpoints",),
        description=f"{matrix.DESCRIPTION} Endpoint: {planned.inputs['endpoint']}",
        messages=tuple(wrong),
        level=level,
        inputs=planned.digest,
        source=planned.source,
    )


def drifted(planned: PlannedTest, found: tuple[str, bool] | None, *, live: bool) -> TestResult:
    """Return the result of comparing what runs with what is intended."""
    text, done = found or ("there is no intended configuration to compare with", False)
    level = LIVE if live else MIRRORED
    status = "error" if not done else "failure" if text else "success"
    return TestResult(
        device=planned.device,
        test=planned.test,
        verdict=_verdict(status, level),
        categories=("configuration",),
        description=drift.DESCRIPTION,
        messages=(text,) if text else (),
        level=level,
        inputs=planned.digest,
        source=planned.source,
    )
