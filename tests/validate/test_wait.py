"""--wait runs again what failed, and only that, and says when it turned good."""

import json

from avdlab.backends.base import LinkEffect, LinkFault
from avdlab.events import Reporter
from avdlab.validate import over_eapi, validate, validation
from avdlab.validate.suite import suite_of_catalogs

PEER = {"bgp_peers": [{"peer_address": "10.0.0.2"}]}
CATALOG = json.dumps(
    {
        "anta.tests.routing.bgp": [{"VerifyBGPPeerSession": PEER}],
        "anta.tests.system": [{"VerifyReloadCause": None}],
    }
)


class Heard(Reporter):
    def __init__(self) -> None:
        self.recovered = []

    def test_recovered(self, device, test, seconds):
        self.recovered.append((device, test))


def test_a_test_that_turns_good_says_when(twins, monkeypatch):
    ends = ("leaf1:Ethernet1", "leaf2:Ethernet1")
    ran = []
    run = validation.Validation.run

    def spy(self, tests):
        ran.append(sorted(test.test for test in tests))
        done = run(self, tests)
        if len(ran) == 2:
            twins.backend.set_link(*ends, None)
        return done

    monkeypatch.setattr(validation.Validation, "run", spy)
    monkeypatch.setattr(validation, "PAUSE", 0.01)
    twins.backend.set_link(*ends, LinkFault(LinkEffect.SELECTIVE, ("bgp",)))
    heard = Heard()
    try:
        results = validate(
            over_eapi(twins.targets),
            suite_of_catalogs({"leaf1": CATALOG}),
            lab="pair",
            wait=60.0,
            reporter=heard,
        )
    finally:
        twins.backend.set_link(*ends, None)
    assert ran == [
        ["VerifyBGPPeerSession", "VerifyReloadCause"],
        ["VerifyBGPPeerSession"],
        ["VerifyBGPPeerSession"],
    ]
    session = next(t for t in results.tests if t.test == "VerifyBGPPeerSession")
    assert session.verdict.good
    assert session.green_after
    assert heard.recovered == [("leaf1", "VerifyBGPPeerSession")]


def test_the_budget_ends(twins, monkeypatch):
    monkeypatch.setattr(validation, "PAUSE", 0.01)
    broken = {"bgp_peers": [{"peer_address": "10.0.0.77"}]}
    catalog = json.dumps({"anta.tests.routing.bgp": [{"VerifyBGPPeerSession": broken}]})
    suite = suite_of_catalogs({"leaf1": catalog})
    results = validate(over_eapi(twins.targets), suite, lab="pair", wait=0.2)
    assert len(results.failed) == 1
    assert results.failed[0].green_after is None
