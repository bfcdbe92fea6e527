"""What EOS refuses in one interface because of another one."""

import pytest

from avdlab.twin.config.loader import load

ETHERNET1 = "interface Ethernet1\n   no switchport\n   ip address 10.0.0.1/24\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "interface Ethernet2\n   ip address 10.0.0.1/24\n",
            "Address 10.0.0.1 is already assigned to interface Ethernet1",
        ),
        ("interface Ethernet2\n   ip address 10.0.0.129/25\n", "overlaps with existing subnet"),
        ("router bgp 1\nrouter bgp 2\n", "BGP is already running with AS number 1"),
        (
            "interface Ethernet3\n   channel-group 1 mode active\n"
            "interface Ethernet4\n   channel-group 1 mode on\n",
            "Cannot change mode; remove all members and try again.",
        ),
        ("vlan 4095\n", "Invalid input (at token 1: '4095')"),
    ],
)
def test_refused(text, message):
    (refused,) = load(ETHERNET1 + text).rejected
    assert message in refused.message


@pytest.mark.parametrize(
    "text",
    [
        "interface Ethernet2\n   vrf RED\n   ip address 10.0.0.1/24\n",
        "interface Loopback0\n   ip address 10.0.0.9/32\n",
        "interface Ethernet1\n   ip address 10.0.0.2/24\n",
        "interface Vlan5\n   ip address virtual 10.0.0.1/24\n",
    ],
)
def test_allowed(text):
    assert load(ETHERNET1 + text).rejected == ()
