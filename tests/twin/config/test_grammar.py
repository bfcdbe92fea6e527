"""Which commands EOS takes, and its words for the others."""

import pytest

from avdlab.twin.config import grammar
from avdlab.twin.config.grammar import Match, Miss


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@pytest.mark.parametrize(
    ("command", "position", "reason"),
    [
        ("foo bar", 0, "Invalid input"),
        ("router bgpx 1", 1, "Invalid input"),
        ("router bgp", 1, "Incomplete command"),
        ("router bgp 65x", 2, "Invalid input"),
        ("router bgp 0", 2, "Invalid input"),
        ("vlan 4095", 1, "Invalid input"),
        ("vlan 0", 1, "Invalid input"),
        ("interface Foo1", 1, "Invalid input"),
        ("ip route 10.0.0.0/33 Null0", 2, "Invalid input"),
        ("route", 0, "Incomplete token"),
    ],
)
def test_wrong_commands_name_the_first_word_that_does_not_fit(command, position, reason):
    found = grammar.eos().find(words(command))
    assert found == Miss(position, reason)


@pytest.mark.parametrize(
    "command",
    [
        "router bgp 65000.1",
        "vlan 10-12,20",
        "interface Ethernet1/1.100",
        "ip route vrf A 0.0.0.0/0 10.0.0.1",
        "username bob privilege 15 role network-admin secret sha512 $6$x$y",
        "service routing protocols model multi-agent",
        "alias shown show lldp neighbors",
        "alias several",
    ],
)
def test_known_commands_are_found(command):
    found = grammar.eos().find(words(command))
    assert isinstance(found, Match)
    assert found.text == command


def test_interface_names_are_spelled_out():
    found = grammar.eos().find(words("interface et1"))
    assert isinstance(found, Match)
    assert found.text == "interface Ethernet1"


def test_abbreviated_words_are_for_people_only():
    assert isinstance(grammar.eos().find(words("hostn leaf1"), abbreviated=True), Match)
    assert grammar.eos().find(words("hostn leaf1")) == Miss(0, "Incomplete token")


def test_notation_has_options_choices_and_identity():
    mode = grammar.parse("a <name*> [b <1-9>]\nc ~ <x|y> [d]\n")
    first, second = mode.find(("a", "1")), mode.find(("a", "1", "b", "5"))
    assert isinstance(first, Match)
    assert isinstance(second, Match)
    assert first.key == ("a", "1")
    assert second.key == ("a", "1", "b")
    assert mode.find(("a", "1", "b", "10")) == Miss(3, "Invalid input")
    third = mode.find(("c", "y", "d"))
    assert isinstance(third, Match)
    assert third.key == ("c",)


def test_blocks_are_shared():
    mode = grammar.parse("m {mode}\n   &block\n:block\n   x <v>\n")
    opened = mode.find(("m",))
    assert isinstance(opened, Match)
    assert opened.shape.opens is not None
    assert isinstance(opened.shape.opens.find(("x", "1")), Match)
