"""Of all that differs from the design, the lines that a pair of endpoints has to do with."""

import pytest

from avdlab.backends.base import Traced
from avdlab.validate.intent.hosts import hosts_of
from avdlab.validate.reach.blame import Blame


@pytest.fixture
def pair(side):
    """The design, and two endpoints of one VRF behind different leaves."""
    intent = side("own").suite.intent
    hosts = {host.address: host for host in hosts_of(intent)}
    return intent, hosts["10.92.110.102"], hosts["10.92.120.101"]


STOPPED = Traced(False, (), (("osl-leaf2a", "osl-leaf2a: no route"),))


def test_lines_about_the_pair_go_before_others(pair):
    intent, one, other = pair
    diff = "--- a\n+++ b\n-   description else\n+   vxlan vlan 120 vni 10120\n"
    found = Blame(intent, lambda devices: {"osl-leaf2a": diff})(one, other, STOPPED)
    assert found == ("osl-leaf2a: missing: 'vxlan vlan 120 vni 10120'",)


def test_where_nothing_names_the_pair_all_that_differs_is_shown(pair):
    intent, one, other = pair
    blame = Blame(intent, lambda devices: {"osl-leaf2a": "-   mtu 1400\n+   mtu 9214\n"})
    assert blame(one, other, STOPPED) == (
        "osl-leaf2a: runs by no design: 'mtu 1400'",
        "osl-leaf2a: missing: 'mtu 9214'",
    )


def test_a_device_is_compared_once_and_where_packets_end_first(pair):
    intent, one, other = pair
    asked = []

    def differences(devices):
        asked.append(tuple(devices))
        return {}

    blame = Blame(intent, differences)
    assert blame(one, other, STOPPED) == ()
    assert blame(one, other, STOPPED) == ()
    assert len(asked) == 1
    assert asked[0][0] == "osl-leaf2a"
    assert {"osl-leaf1a", "osl-leaf1b"} <= set(asked[0])
