"""Drift is a red test with the lines that differ, and leaves nothing on the device."""

from dataclasses import replace

from avdlab.backends.eapi import run_commands
from avdlab.validate import over_eapi, validate
from avdlab.validate.catalog import Source, planned
from avdlab.validate.drift import NAME
from avdlab.validate.model import Verdict
from avdlab.validate.suite import Suite, suite_of_catalogs


def drift(twins, **configs: str):
    names = [target.device for target in twins.targets]
    tests = tuple(planned(name, "", NAME, {}, Source.FABRIC) for name in names)
    suite: Suite = replace(suite_of_catalogs({}), tests=tests)
    access = over_eapi(twins.targets, intended=twins.configs | configs)
    results = validate(access, suite, lab="pair")
    return {test.device: test for test in results.tests}


def test_what_runs_as_intended_is_green_and_no_session_stays(twins):
    found = drift(twins)
    assert {test.verdict for test in found.values()} == {Verdict.PASSED_COMPUTED}
    assert twins.sessions("leaf1") == set()


def test_a_line_that_somebody_typed_is_shown(twins):
    lines = ["enable", "configure", "interface Ethernet1", "mtu 1600", "end"]
    run_commands(twins.targets[0], lines)
    found = drift(twins)
    assert found["leaf1"].verdict is Verdict.FAILED
    assert "mtu 1600" in found["leaf1"].messages[0]
    assert found["leaf2"].verdict.good
    assert twins.sessions("leaf1") == set()


def test_an_intended_text_that_the_device_refuses_is_an_error_of_that_device(twins):
    found = drift(twins, leaf1="no such line\n" + twins.configs["leaf1"])
    assert found["leaf1"].verdict is Verdict.ERROR
    assert "no such line" in found["leaf1"].messages[0]
    assert found["leaf2"].verdict.good


def test_a_secret_that_differs_is_not_shown(twins):
    other = twins.configs["leaf1"].replace("tDn4Ed", "tDn4Ef")
    found = drift(twins, leaf1=other)
    assert found["leaf1"].verdict is Verdict.FAILED
    assert "tDn4E" not in "".join(found["leaf1"].messages)
