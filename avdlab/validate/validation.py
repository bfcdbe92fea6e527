"""Validation: the catalogs against the devices, and a verdict for every test that was planned."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from avdlab.backends.base import EapiTarget
from avdlab.backends.eapi import run_commands
from avdlab.errors import CannotRunError, DeviceError
from avdlab.events import Reporter
from avdlab.validate.catalog import PlannedTest, read_catalog
from avdlab.validate.model import Results, TestResult
from avdlab.validate.outcome import Run
from avdlab.validate.policy import Policy
from avdlab.validate.verdict import judge, missing, unreachable, weakest


def validate(
    targets: Sequence[EapiTarget],
    catalogs: Mapping[str, str],
    *,
    lab: str,
    evidence: Callable[[str], str] | None = None,
    policy: Policy | None = None,
    reporter: Reporter | None = None,
    timeout: float = 30.0,
) -> Results:
    """Run each device's catalog (JSON text) through ANTA and judge every planned test.

    `evidence` tells the level of a command's answer; without it the devices are taken as live.
    Raises InputError for a broken catalog and CannotRunError when there is no test to run: nothing
    tested is not a green result.
    """
    from avdlab.validate.runner import run_anta  # ANTA takes a second to import

    start = time.monotonic()
    shown = reporter or Reporter()
    planned = _planned(targets, catalogs)
    run = run_anta(targets, planned, timeout=timeout, reporter=shown)
    reasons = {t.device: _reason(t) for t in targets if t.device in run.unreachable}
    tests = _results(planned, run, reasons, evidence, policy or Policy())
    for test in tests:
        shown.test_finished(test.device, test.test, test.verdict.value)
    return Results(lab, tests, time.monotonic() - start, _untested(targets, planned))


def _planned(targets: Sequence[EapiTarget], catalogs: Mapping[str, str]) -> tuple[PlannedTest, ...]:
    chosen = sorted(target.device for target in targets if target.device in catalogs)
    planned = [test for device in chosen for test in read_catalog(device, catalogs[device])]
    if not planned:
        raise CannotRunError(
            "there is no test to run: the chosen devices have no catalog, or an empty one",
            hint="Build the catalogs from the inventory, or choose other devices.",
        )
    return tuple(sorted(planned, key=lambda test: (test.device, test.test, test.digest)))


def _untested(targets: Sequence[EapiTarget], planned: Iterable[PlannedTest]) -> tuple[str, ...]:
    tested = {test.device for test in planned}
    bare = sorted(target.device for target in targets if target.device not in tested)
    return (f"no tests for {', '.join(bare)}: no catalog, or an empty one",) if bare else ()


def _reason(target: EapiTarget) -> str:
    """Ask a device that ANTA left out why: ANTA only logs it."""
    try:
        run_commands(target, ["show version"], timeout=5.0)
    except DeviceError as exc:
        return exc.message.removeprefix(f"{target.device}: ")
    return f"eAPI at {target.url} did not answer when the tests began; it answers now"


def _results(
    planned: Iterable[PlannedTest],
    run: Run,
    reasons: Mapping[str, str],
    evidence: Callable[[str], str] | None,
    policy: Policy,
) -> tuple[TestResult, ...]:
    level = cache(evidence) if evidence else None
    results = []
    for test in planned:
        outcome = run.outcomes.get((test.device, test.test, test.digest))
        if test.device in reasons:
            results.append(unreachable(test, reasons[test.device]))
        elif outcome is None:
            results.append(missing(test))
        else:
            results.append(judge(test, outcome, weakest(outcome.commands, level), policy))
    return tuple(results)
