"""Access lists: the first line that matches decides, and the end denies (EOS user manual)."""

import pytest

from avdlab.net.addresses import parse_address
from avdlab.twin.protocols.acl import IMPLICIT_DENY, Flow, echo, judge

A, B = parse_address("10.0.0.1"), parse_address("10.0.0.2")


def lines(*texts: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(text.split()) for text in texts)


PING = echo(A, B)
IKE = Flow(A, B, 17, 500, 4500)
CASES = [
    ("permit ip any any", PING, True),
    ("permit icmp any host 10.0.0.2", PING, True),
    ("permit icmp any host 10.0.0.2 echo", PING, True),
    ("permit icmp any host 10.0.0.2 echo-reply", PING, False),
    ("permit icmp host 10.0.0.1 any", PING, True),
    ("permit ip 10.0.0.0/31 any", PING, True),
    ("permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.0.0.255", PING, True),
    ("permit ip 10.0.1.0 0.0.0.255 any", PING, False),
    ("permit tcp any any", PING, False),
    ("permit 1 any any log", PING, True),
    ("permit udp any host 10.0.0.2 eq isakmp non500-isakmp", IKE, True),
    ("permit udp any eq isakmp any", IKE, True),
    ("permit udp any any eq 3478", IKE, False),
    ("permit udp any any range 4000 5000", IKE, True),
    ("permit udp any gt 1023 any", IKE, False),
    ("permit udp any any neq 500", IKE, True),
    ("permit udp any any ttl eq 5", IKE, False),
    ("permit udp any any eq nonsense", IKE, False),
    ("permit ip any 10.0.0.300/24", PING, False),
]


@pytest.mark.parametrize(("text", "flow", "permit"), CASES, ids=[case[0] for case in CASES])
def test_a_line_asks_of_a_packet(text: str, flow: Flow, permit: bool) -> None:
    assert judge(lines(text), flow).permit is permit


def test_the_first_line_that_matches_decides() -> None:
    found = judge(lines("deny icmp any any echo", "permit ip any any"), PING)
    assert (found.permit, found.line) == (False, "deny icmp any any echo")
    assert judge(lines("remark icmp", "permit ip any any"), PING).permit


def test_the_end_of_a_list_denies() -> None:
    assert judge(lines("permit tcp any any"), PING).line == IMPLICIT_DENY
    assert not judge((), PING).permit


def test_a_list_that_does_not_exist_lets_everything_pass() -> None:
    assert judge(None, PING).permit


def test_standard_lists_look_at_the_source() -> None:
    assert judge(lines("permit host 10.0.0.1"), PING, standard=True).permit
    assert not judge(lines("permit host 10.0.0.2"), PING, standard=True).permit


def test_ipv6() -> None:
    ping = echo(parse_address("2001:db8::1"), parse_address("2001:db8::2"))
    assert judge(lines("permit icmpv6 any any echo-request"), ping).permit
    assert judge(lines("permit ipv6 2001:db8::/64 host 2001:db8::2"), ping).permit
    assert not judge(lines("permit ipv6 any any"), PING).permit
