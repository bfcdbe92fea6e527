"""Reports: what CI systems, machines and people read."""

import json
import xml.etree.ElementTree as ET

import pytest

from avdlab.report import write
from avdlab.report.junit import render as junit
from avdlab.report.table import render as table
from avdlab.validate.model import Results, TestResult, Verdict


def result(device, test, verdict, **facts: object):
    return TestResult(device, test, verdict, inputs="0a1b2c3d", **facts)


@pytest.fixture
def results():
    tests = (
        result("leaf1", "VerifyBGPPeerSession", Verdict.PASSED_COMPUTED, level="F2"),
        result("leaf1", "VerifyZeroTouch", Verdict.PASSED_MIRROR, level="F1"),
        result("leaf1", "VerifyNTP", Verdict.NOT_APPLICABLE, policy="lab-has-no-ntp-server"),
        result("leaf2", "VerifyMlagStatus", Verdict.SKIPPED, messages=("MLAG is disabled",)),
        result("leaf2", "VerifyLLDPNeighbors", Verdict.FAILED, messages=("<&> \x1b[0m", "second")),
        result("leaf2", "VerifyX", Verdict.UNREACHABLE, messages=("connection refused",)),
    )
    return Results("dc1", tests, 1.5, ("a note",))


def test_junit_has_a_suite_per_device_and_adds_up(results):
    root = ET.fromstring(junit(results))  # noqa: S314 - our own text
    counts = {suite.get("name"): suite.attrib for suite in root}
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("6", "2", "1")
    assert counts["leaf1"]["skipped"] == "1"
    assert (counts["leaf2"]["failures"], counts["leaf2"]["errors"]) == ("2", "1")


def test_junit_keeps_level_policy_and_messages(results):
    root = ET.fromstring(junit(results))  # noqa: S314 - our own text
    cases = {case.get("name"): case for case in root.iter("testcase")}
    properties = {
        p.get("name"): p.get("value") for p in cases["VerifyNTP-0a1b2c3d"].iter("property")
    }
    assert properties["policy"] == "lab-has-no-ntp-server"
    skipped = cases["VerifyNTP-0a1b2c3d"].find("skipped")
    assert skipped is not None
    assert "no NTP server" in str(skipped.get("message"))
    failure = cases["VerifyLLDPNeighbors-0a1b2c3d"].find("failure")
    assert failure is not None
    assert failure.text == "<&> ?[0m\nsecond"


def test_a_plain_table_names_the_three_columns_and_what_failed(results):
    lines = table(results, terminal=False).splitlines()
    assert lines[0].split("  ")[0] == "DEVICE"
    assert [line.split() for line in lines[1:4]] == [
        ["leaf1", "1", "1", "1", "0"],
        ["leaf2", "0", "0", "0", "3"],
        ["all", "1", "1", "1", "3"],
    ]
    assert "not applicable: 1 by lab-has-no-ntp-server" in lines[4]
    assert any(line.startswith("leaf2 VerifyMlagStatus: skipped: a failure") for line in lines)
    assert "  MLAG is disabled" in lines
    assert lines[-1] == "note: a note"


def test_a_terminal_gets_colours_and_a_pipe_none(results):
    assert "\x1b[" in table(results, terminal=True)
    safe = Results("dc1", results.tests[:3])
    assert "\x1b" not in table(safe, terminal=False)


def test_written_reports_are_private_and_the_same_twice(results, tmp_path):
    first = [path.read_bytes() for path in write(results, tmp_path / "reports")]
    again = write(results, tmp_path / "reports")
    assert [path.read_bytes() for path in again] == first
    names = {path.name for path in (tmp_path / "reports").iterdir()}
    assert names == {"junit.xml", "results.json", "report.md", "report.html"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in again)


def test_json_says_whether_the_run_is_good(results, tmp_path):
    path = next(p for p in write(results, tmp_path) if p.suffix == ".json")
    data = json.loads(path.read_text())
    assert data["schema_version"] == 1
    assert data["ok"] is False
    assert data["summary"]["skipped"] == 1
    assert data["tests"][0]["level"] == "F2"
