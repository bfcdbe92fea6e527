"""The whole suite on healthy fabrics is green, and one thing wrong turns the right test red."""

import pytest

from avdlab.validate.catalog import Source
from tests.side import red

FABRICS = ("own", "single-dc-l3ls", "l2ls-fabric", "isis-ldp-ipvpn")


@pytest.mark.parametrize("name", FABRICS)
def test_a_healthy_fabric_raises_no_alarm(side, name):
    results = side(name).run()
    assert red(results) == set()
    sources = {test.source for test in results.tests}
    assert {Source.AVD, Source.AVDLAB, Source.FABRIC} <= sources


def test_our_tests_are_there_for_every_device_of_the_design(side):
    own = side("own")
    tested = {test.device for test in own.suite.tests if test.source is Source.AVDLAB}
    assert tested == set(own.suite.intent.devices)


@pytest.mark.parametrize(
    ("device", "old", "new", "test", "says"),
    [
        (
            "osl-leaf1a",
            "router-id 10.91.0.3\n   no bgp",
            "router-id 10.91.0.5\n   no bgp",
            "VerifyUniqueRouterIds",
            "router-id 10.91.0.5 is also that of osl-leaf2a",
        ),
        (
            "osl-leaf2a",
            "ip address 10.92.100.5/32",
            "ip address 10.92.100.3/32",
            "VerifyUniqueAddresses",
            "10.92.100.3 in VRF STORE on Loopback100 is also on osl-leaf1a Loopback100",
        ),
        (
            "osl-leaf1b",
            "vxlan vlan 190 vni 10190",
            "vxlan vlan 190 vni 10191",
            "VerifyVniSymmetry",
            "VLAN 190 has VNI 10191, on osl-leaf1a 10190",
        ),
        (
            "osl-leaf1a",
            "ip virtual-router mac-address 00:1c:73:00:0a:01",
            "ip virtual-router mac-address 00:1c:73:00:0a:02",
            "VerifyGatewayEquality",
            "virtual router MAC is 00:1c:73:00:0a:02",
        ),
        (
            "osl-leaf1b",
            "reload-delay non-mlag 330",
            "reload-delay non-mlag 30",
            "VerifyMlagEquality",
            "reload-delay non-mlag is 30, on osl-leaf1a 330",
        ),
    ],
)
def test_a_difference_between_devices_is_named(side, device, old, new, test, says):
    own = side("own")
    try:
        own.edit(device, old, new)
        results = own.run(only=frozenset({test}))
    finally:
        own.heal()
    messages = [m for r in results.failed if r.device == device for m in r.messages]
    assert any(says in message for message in messages), messages


def test_a_device_that_is_off_is_red_itself_and_breaks_no_comparison(side):
    own = side("own")
    try:
        own.twin.set_faults(stopped=["osl-leaf2b"])
        results = own.run(only=frozenset({"VerifyUniqueRouterIds", "VerifyVersion"}))
    finally:
        own.heal()
    verdicts = {test.device: test.verdict.value for test in results.tests}
    assert verdicts["osl-leaf2b"] == "unreachable"
    assert {verdicts[name] for name in verdicts if name != "osl-leaf2b"} == {"passed"}
