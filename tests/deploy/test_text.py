"""Configuration text becomes commands that know their line and their mode."""

import pytest

from avdlab.deploy.text import enter, read_config, split

TEXT = """\
!RANCID-CONTENT-TYPE: arista
!
hostname leaf1
!
banner motd
Welcome to leaf1
! not a comment
end
EOF
!
interface Ethernet1
   description to spine1
   mtu 9214
!
router bgp 65101
   neighbor 10.0.0.1 remote-as 65100
   !
   address-family evpn
      neighbor 10.0.0.1 activate
   !
   vrf A
      rd 1:1
end
no such line
"""


def found(words):
    return next(line for line in read_config(TEXT) if line.words == words)


def test_comments_and_everything_after_end_are_left_out():
    texts = [line.words for line in read_config(TEXT)]
    assert texts[0] == "hostname leaf1"
    assert texts[-1] == "rd 1:1"
    assert not any(text.startswith("!") for text in texts)


def test_lines_keep_their_indentation_and_number():
    line = found("mtu 9214")
    assert (line.number, line.command) == (13, "   mtu 9214")


def test_a_banner_is_one_command_with_input():
    line = found("banner motd")
    assert line.command == {
        "cmd": "banner motd",
        "input": "Welcome to leaf1\n! not a comment\nend\n",
    }


def test_the_mode_is_the_path_of_parents():
    assert found("neighbor 10.0.0.1 activate").mode == ("router bgp 65101", "address-family evpn")
    assert found("rd 1:1").mode == ("router bgp 65101", "vrf A")
    assert found("router bgp 65101").mode == ()


def test_a_banner_without_eof_is_refused_with_its_line():
    with pytest.raises(ValueError, match=r"line 2: 'banner login' is not closed"):
        read_config("hostname a\nbanner login\nhello\n")


def test_lines_under_a_rejected_mode_are_lost_with_it():
    lost, rest = split(read_config(TEXT), found("address-family evpn"))
    assert [line.words for line in lost] == ["neighbor 10.0.0.1 activate"]
    assert [line.words for line in rest] == ["vrf A", "rd 1:1"]


def test_lines_after_a_rejected_leaf_go_on_in_their_mode():
    lost, rest = split(read_config(TEXT), found("description to spine1"))
    assert lost == ()
    assert rest[0].words == "mtu 9214"
    assert enter(rest[0].mode) == ["interface Ethernet1"]


def test_nothing_is_left_after_a_rejected_last_mode():
    lines = read_config("hostname a\nrouter bgp 1\n   rd 1:1\n")
    assert split(lines, lines[1]) == (lines[2:], ())


def test_comments_of_a_mode_become_the_command_for_it():
    text = (
        "!! not a comment of a mode\ninterface Ethernet1\n   !! first\n   !! second\n   mtu 9000\n"
    )
    interface, comment, mtu = read_config(text)
    assert comment.mode == mtu.mode == (interface.words,)
    assert comment.command == {"cmd": "   comment", "input": "first\nsecond\n"}


def test_a_certificate_and_its_key_are_one_input():
    above = "management api http-commands\n   protocol https certificate\n"
    lines = read_config(f"{above}A\nEOF\nB\nEOF\n   no shutdown\n")
    assert lines[1].input == "A\nEOF\nB\n"
    assert lines[2].words == "no shutdown"


def test_tabs_and_flat_text_are_taken_as_they_are():
    assert [line.mode for line in read_config("interface Ethernet1\nmtu 9214\n")] == [(), ()]


def test_the_description_of_a_monitored_host_is_asked_for():
    """EOS prompts for it and prints it on a line of its own (aristanetworks/avd#2652)."""
    text = (
        "monitor connectivity\n   host far\n      description\n      far away\n      ip 10.0.0.1\n"
    )
    assert [line.command for line in read_config(text)[2:]] == [
        {"cmd": "      description", "input": "far away"},
        "      ip 10.0.0.1",
    ]
