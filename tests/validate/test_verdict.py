"""What ANTA said, what the answers rest on, and what avdlab makes of both."""

import pytest

from avdlab.validate.catalog import PlannedTest
from avdlab.validate.model import Verdict
from avdlab.validate.outcome import Outcome
from avdlab.validate.policy import Policy
from avdlab.validate.verdict import judge, missing, unreachable, weakest

PLANNED = PlannedTest("leaf1", "anta.tests.system", "VerifyNTP", "abcd1234", {})
LEVELS = {"show version": "F1", "show lldp neighbors": "F3", "show mystery": ""}


@pytest.mark.parametrize(
    ("commands", "level"),
    [
        (["show unheard-of"], "F0"),
        (["show lldp neighbors"], "F3"),
        (["show lldp neighbors", "show version"], "F1"),
        (["show lldp neighbors", "show mystery"], "F0"),
        ([], "F0"),
    ],
)
def test_the_weakest_command_decides(commands, level):
    assert weakest(commands, LEVELS) == level


def test_a_live_device_is_evidence():
    assert weakest(["show version"], None) == "F4"


@pytest.mark.parametrize(
    ("status", "level", "verdict"),
    [
        ("success", "F4", Verdict.PASSED_COMPUTED),
        ("success", "F2", Verdict.PASSED_COMPUTED),
        ("success", "F1", Verdict.PASSED_MIRROR),
        ("success", "F0", Verdict.PASSED_MIRROR),
        ("failure", "F2", Verdict.FAILED),
        ("error", "F2", Verdict.ERROR),
        ("skipped", "F2", Verdict.SKIPPED),
        ("unset", "F2", Verdict.UNSET),
        ("new in a later ANTA", "F4", Verdict.ERROR),
    ],
)
def test_verdicts(status, level, verdict):
    result = judge(PLANNED, Outcome(status, ("words",)), level, Policy())
    assert (result.verdict, result.level, result.inputs) == (verdict, level, "abcd1234")


def test_only_a_policy_entry_makes_a_result_not_applicable():
    words = "NTP status mismatch - Expected: synchronised Actual: unsynchronised"
    result = judge(PLANNED, Outcome("failure", (words,)), "F1", Policy())
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert result.policy == "lab-has-no-ntp-server"
    assert result.anta_status == "failure"


def test_what_did_not_run_is_no_pass():
    assert not unreachable(PLANNED, "connection refused").verdict.good
    assert not missing(PLANNED).verdict.good
