"""What avdlab says of a test: ANTA's status, the policy, and the level of evidence behind it."""

from collections.abc import Callable, Iterable

from avdlab.validate.catalog import PlannedTest
from avdlab.validate.model import TestResult, Verdict
from avdlab.validate.outcome import Outcome
from avdlab.validate.policy import Entry, Policy

LIVE = "F4"  # a device that is no stand-in
COMPUTED = "F2"  # the lowest level that is evidence about the fabric

_NOT_GOOD = {
    "failure": Verdict.FAILED,
    "error": Verdict.ERROR,
    "skipped": Verdict.SKIPPED,
    "unset": Verdict.UNSET,
}


def weakest(commands: Iterable[str], evidence: Callable[[str], str] | None) -> str:
    """Return the level of the weakest answer. A test that asks nothing rests on nothing (F0)."""
    if evidence is None:
        return LIVE
    return min((evidence(command) or "F0" for command in commands), default="F0")


def judge(planned: PlannedTest, outcome: Outcome, level: str, policy: Policy) -> TestResult:
    """Turn ANTA's outcome of a planned test into ours."""
    entry = policy.explain(planned.device, planned.test, outcome.status, outcome.messages)
    return TestResult(
        device=planned.device,
        test=planned.test,
        verdict=_verdict(outcome.status, level, entry),
        categories=outcome.categories,
        description=outcome.description,
        messages=outcome.messages,
        anta_status=outcome.status,
        level=level,
        policy=entry.name if entry else "",
        inputs=planned.digest,
    )


def _verdict(status: str, level: str, entry: Entry | None) -> Verdict:
    if entry is not None:
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
    )


def missing(planned: PlannedTest) -> TestResult:
    """Return the result of a test that ANTA was given and said nothing about."""
    return TestResult(
        device=planned.device,
        test=planned.test,
        verdict=Verdict.ERROR,
        messages=("ANTA returned no result for this test",),
        inputs=planned.digest,
    )
