"""Which lines cEOS-lab refuses, in EOS's words."""

import pytest

from avdlab.net.ceos import refusal, rule_for


@pytest.mark.parametrize(
    ("line", "mode", "token"),
    [
        ("queue-monitor length", "", "0: 'queue-monitor'"),
        ("hardware speed-group 1 serdes 25g", "", "1: 'speed-group'"),
        ("no hardware speed-group 1", "", "2: 'speed-group'"),
        ("storm-control broadcast level 1", "interface Ethernet1", "0: 'storm-control'"),
        ("update wait-install", "router bgp 65001", "1: 'wait-install'"),
        ("poe priority critical", "interface Ethernet1", "0: 'poe'"),
        ("address locking", "", "1: 'locking'"),
    ],
)
def test_a_refusal_names_the_word(line, mode, token):
    words = "Unavailable command (not supported on this hardware platform)"
    assert refusal(line, mode) == f"{words} (at token {token})"


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("hardware access-list mechanism tcam", ""),
        ("hostname hardware", ""),
        ("update wait-install", "address-family ipv4"),
        ("storm-control broadcast level 1", ""),
        ("queue-monitors", ""),
        ("shutdown", "interface Ethernet1"),
    ],
)
def test_other_lines_and_other_modes_are_taken(line, mode):
    assert refusal(line, mode) == ""
    assert rule_for(line, mode) is None


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("speed forced 100gfull", "interface Ethernet1"),
        ("daemon TerminAttr", ""),
        ("ptp mode boundary", ""),
        ("shutdown", "ethernet"),
    ],
)
def test_what_only_harms_a_lab_is_taken_by_the_device(line, mode):
    assert refusal(line, mode) == ""
    assert rule_for(line, mode) is not None
