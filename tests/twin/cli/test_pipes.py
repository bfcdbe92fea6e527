"""The pipe of the command line."""

import pytest

from avdlab.twin.cli.outcome import CommandError
from avdlab.twin.cli.pipes import take_apart

CONFIG = """\
! device: leaf1
hostname leaf1
!
interface Ethernet1
   description to spine1
   ip address 10.0.0.1/31
!
router bgp 65001
   neighbor 10.0.0.0 remote-as 65000
   vrf A
      router-id 1.1.1.1
!
vlan 10
   name ten
"""


def piped(line):
    return take_apart(f"show running-config | {line}").apply(CONFIG)


def test_no_pipe():
    assert take_apart("show  version ").command == "show version"


def test_json_and_no_more():
    parted = take_apart("show version | json | no-more")
    assert (parted.command, parted.json, parted.filters) == ("show version", True, ())


def test_include_and_exclude():
    assert piped("include ^vlan|   name") == "vlan 10\n   name ten\n"
    assert "!" not in piped("exclude ^!")
    assert piped("grep -v .") == ""


def test_begin():
    assert piped("begin router bgp").startswith("router bgp 65001\n")


def test_section_keeps_what_is_below_a_match():
    assert piped("section ^vlan") == "vlan 10\n   name ten\n"
    assert piped("section interface Ethernet1").count("\n") == 3


def test_section_keeps_the_parents_of_a_match():
    assert piped("section router-id") == "router bgp 65001\n   vrf A\n      router-id 1.1.1.1\n"


def test_filters_follow_each_other():
    assert piped("section bgp | include neighbor").strip() == "neighbor 10.0.0.0 remote-as 65000"


def test_unknown_filter():
    with pytest.raises(CommandError, match=r"at token 3: 'shuffle'"):
        piped("shuffle")
