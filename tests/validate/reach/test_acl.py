"""What an access list of the design says of a ping."""

import pytest

from avdlab.validate.intent.acl import permits

A, B = "10.1.1.10", "10.2.2.20"


@pytest.mark.parametrize(
    ("lines", "echo", "reply"),
    [
        (("permit ip any any",), True, True),
        (("deny ip any any", "permit ip any any"), False, False),
        (("deny tcp any any", "permit ip any any"), True, True),
        (("permit tcp any any eq 443",), False, False),
        (("deny icmp any host 10.2.2.20", "permit ip any any"), False, False),
        (("deny icmp any any echo", "permit ip any any"), False, True),
        (("permit ip 10.1.1.0/24 10.2.2.0/24",), True, True),
        (("permit ip 10.1.1.0 0.0.0.255 any",), True, True),
        (("permit ip 10.3.0.0 0.0.255.255 any",), False, False),
        (("remark nothing to see", "permit icmp any any log"), True, True),
        (("permit ip host 10.1.1.10 any",), True, True),
        ((), False, False),
        (None, True, True),
    ],
)
def test_lines_are_read_from_the_top(lines, echo, reply):
    assert permits(lines, A, B, "echo") is echo
    assert permits(lines, A, B, "echo-reply") is reply


@pytest.mark.parametrize(
    "line", ["permit ip any any dscp ef", "permit icmp any any unreachable", "permit ip addrgroup"]
)
def test_what_a_ping_cannot_show_is_left_open(line):
    assert permits((line,), A, B, "echo") is None
