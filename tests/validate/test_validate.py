"""Validation of running devices: what breaks turns red, and nothing that did not run is green."""

import json
from dataclasses import replace

import pytest

from avdlab.backends.base import EapiTarget, LinkEffect, LinkFault
from avdlab.errors import CannotRunError, InputError
from avdlab.overlay.model import LabUser
from avdlab.validate import over_eapi, validate
from avdlab.validate.model import Verdict
from avdlab.validate.suite import suite_of_catalogs


def catalog(number):
    other = f"leaf{3 - number}"
    neighbor = {"port": "Ethernet1", "neighbor_device": other, "neighbor_port": "Ethernet1"}
    return json.dumps(
        {
            "anta.tests.connectivity": [{"VerifyLLDPNeighbors": {"neighbors": [neighbor]}}],
            "anta.tests.hardware": [{"VerifyTemperature": None}],
            "anta.tests.mlag": [{"VerifyMlagStatus": None}],
            "anta.tests.routing.bgp": [
                {"VerifyBGPPeerSession": {"bgp_peers": [{"peer_address": f"10.0.0.{3 - number}"}]}}
            ],
        }
    )


CATALOGS = {"leaf1": catalog(1), "leaf2": catalog(2)}


def run(targets, catalogs, *, batched=True, evidence=None, wait=0.0, reporter=None):
    suite = suite_of_catalogs(catalogs)
    access = over_eapi(targets, evidence=evidence, batched=batched)
    return validate(access, suite, lab="pair", wait=wait, reporter=reporter)


def verdicts(results, device="leaf1"):
    return {test.test: test.verdict for test in results.tests if test.device == device}


@pytest.mark.parametrize("batched", [True, False])
def test_tests_pass_fail_and_recover_with_the_cable(twins, batched):
    def again():
        evidence = twins.backend.evidence
        return run(twins.targets, CATALOGS, evidence=evidence, batched=batched)

    whole = verdicts(again())
    assert whole == {
        "VerifyLLDPNeighbors": Verdict.PASSED_COMPUTED,
        "VerifyBGPPeerSession": Verdict.PASSED_COMPUTED,
        "VerifyTemperature": Verdict.NOT_APPLICABLE,
        "VerifyMlagStatus": Verdict.SKIPPED,  # asked for, and MLAG is not configured
    }
    twins.backend.set_link("leaf1:Ethernet1", "leaf2:Ethernet1", LinkFault(LinkEffect.CARRIER))
    cut = verdicts(again())
    assert cut["VerifyLLDPNeighbors"] is Verdict.FAILED
    assert cut["VerifyBGPPeerSession"] is Verdict.FAILED
    twins.backend.set_link("leaf1:Ethernet1", "leaf2:Ethernet1", None)
    assert verdicts(again()) == whole


def test_twins_met_among_live_devices_are_told_apart(twins):
    """Nobody says what the devices are: stand-ins on GNS3, somebody's lab. They do."""
    known = run(twins.targets, CATALOGS, evidence=twins.backend.evidence)
    met = run(twins.targets, CATALOGS)
    assert [(t.verdict, t.level) for t in met.tests] == [(t.verdict, t.level) for t in known.tests]
    assert {test.level for test in met.tests if test.verdict.good} <= {"F0", "F1", "F2", "F3"}
    assert "every device: avdlab's twin answers, not cEOS" in met.notes
    assert known.notes == ()  # its backend's name says it


def test_every_test_of_an_unreachable_device_has_a_result_with_the_reason(twins):
    twins.backend.stop(["leaf2"])
    try:
        results = run(twins.targets, CATALOGS)
    finally:
        twins.backend.start(["leaf2"])
    assert set(verdicts(results, "leaf2").values()) == {Verdict.UNREACHABLE}
    assert len(results.tests) == 8
    assert "connection refused" in next(t for t in results.tests if t.device == "leaf2").messages[0]


def test_a_wrong_password_is_unreachable_and_never_printed(twins):
    wrong = replace(twins.targets[1], user=LabUser("arista", "not-the-one"))
    results = run([twins.targets[0], wrong], CATALOGS)
    said = next(test for test in results.tests if test.device == "leaf2").messages[0]
    assert "refuses user 'arista'" in said
    assert "not-the-one" not in repr(results)


def test_nothing_to_test_is_not_green(twins):
    with pytest.raises(CannotRunError, match="there is no test to run"):
        run(twins.targets, {"leaf1": "{}"})


def test_nothing_of_anta_reaches_the_terminal(twins, capfd):
    run(twins.targets, CATALOGS)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "broken",
    [
        {"anta.tests.system": [{"VerifyNothingLikeThis": None}]},
        {"anta.tests.nowhere": [{"VerifyNTP": None}]},
        {"anta.tests.routing.bgp": [{"VerifyBGPPeerSession": {"bgp_peers": "x"}}]},
    ],
)
def test_a_catalog_that_anta_refuses_is_an_input_error(broken):
    target = EapiTarget("leaf1", "127.0.0.1", 1, LabUser("a", "b"))
    with pytest.raises(InputError, match="ANTA refuses the catalog"):
        run([target], {"leaf1": json.dumps(broken)})
