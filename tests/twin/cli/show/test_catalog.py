"""The catalog knows its commands, and every one of them answers."""

import json

import pytest

from avdlab.compare.tables import TABLES
from avdlab.twin.cli.show.catalog import COMMANDS, find
from avdlab.twin.cli.show.registry import Level, ShowError

ARGUMENTS = {
    "<vrf>": "default",
    "<interface>": "Ethernet1",
    "<destination>": "10.0.0.0",
    "<source>": "Loopback0",
    "<size>": "100",
    "<repeat>": "2",
    "<vlan>": "10",
    "<vni>": "10010",
    "<rd>": "192.168.255.4:10",
    "<type>": "imet",
    "<address>": "192.168.254.4",
    "<prefix>": "192.168.255.3/32",
    "<peer>": "10.0.0.0",
    "<number>": "5",
    "<seconds>": "10",
    "<severity>": "errors",
    "<count>": "3",
    "<unit>": "days",
}


NOT_THERE = {
    "BGP inactive",
    "There seem to be no power supplies connected",
    "VLAN 10 not found in current VLAN database",
    "Interface does not exist",
    "No source interface Loopback0",
    "No IPv6 configured interfaces",
}


def spelled(text: str) -> str:
    """Return the command with every optional part and a value for every placeholder."""
    words = text.replace("[", "").replace("]", "").split()
    return " ".join(ARGUMENTS.get(word, word) for word in words)


def bare(text: str) -> str:
    """Return the command without its optional parts."""
    depth, kept = 0, []
    for letter in text:
        depth += {"[": 1, "]": -1}.get(letter, 0)
        if not depth and letter != "]":
            kept.append(letter)
    words = "".join(kept).split()
    return " ".join(ARGUMENTS.get(word, word) for word in words)


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.pattern.text)
@pytest.mark.parametrize("form", [spelled, bare])
def test_every_command_is_found_and_answers(entry, form, leaf):
    command = form(entry.pattern.text)
    found = find(command)
    assert found is not None, command
    args = entry.pattern.match(command)
    assert args is not None
    assert entry.json or entry.text
    refused = {
        "show system environment power": "no power supplies",
        "show ipv6 interface": "No IPv6",
        "show ipv6 interface Ethernet1": "No IPv6",
    }
    if command in refused:
        with pytest.raises(ShowError, match=refused[command]):
            entry.json(leaf, args)
        return
    if entry.json is not None:
        json.dumps(entry.json(leaf, args), allow_nan=False)
    if entry.text is not None:
        text = entry.text(leaf, args)
        assert not text or text.endswith("\n")


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.pattern.text)
def test_a_bare_switch_answers_too(entry, bare_switch):
    """No BGP, VXLAN or MLAG: an empty answer or EOS's error, never a crash."""
    args = entry.pattern.match(bare(entry.pattern.text))
    answers = [answer for answer in (entry.json, entry.text) if answer is not None]
    for answer in answers:
        found, error = told(answer, bare_switch, args)
        assert found is not None or error.rstrip(".") in NOT_THERE


def told(answer, view, args):
    """Return what the command answers, or the text of its error."""
    try:
        return answer(view, args), ""
    except ShowError as error:
        return None, error.message


def test_unknown_commands_are_not_found():
    assert find("show nonsense") is None
    assert find("") is None


def test_spaces_do_not_matter():
    found = find("  show   logging threshold errors ")
    assert found is not None
    assert found[1] == {"severity": "errors"}


def test_answers_are_the_same_bytes_each_time(leaf, json_of):
    for command in ("show interfaces", "show ip bgp neighbors vrf all", "show bgp evpn"):
        assert json.dumps(json_of(leaf, command)) == json.dumps(json_of(leaf, command))


def level(command: str) -> Level:
    found = find(command)
    assert found is not None
    return found[0].level


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("show version", Level.MIRRORED),
        ("show ntp status", Level.MIRRORED),
        ("show reload cause", Level.MIRRORED),
        ("show snmp", Level.MIRRORED),
        ("show lldp neighbors detail", Level.COMPUTED),
        ("show mlag", Level.COMPUTED),
        ("show port-channel", Level.COMPUTED),
        ("show interfaces description", Level.COMPUTED),
        ("show bfd peers", Level.COMPUTED),
        ("ping vrf default 10.0.0.0 size 100 repeat 1", Level.COMPUTED),
        ("show ip route vrf RED", Level.VERIFIED),
        ("show bgp neighbors vrf all", Level.VERIFIED),
        ("show bgp evpn", Level.VERIFIED),
    ],
)
def test_levels_tell_mirrored_from_computed_and_verified(command, expected):
    assert level(command) is expected


def test_what_is_verified_is_compared_with_recordings():
    """tests/oracle compares these commands, over more than one lab, and finds nothing wrong."""
    compared = {command for table in TABLES for command in table.commands}
    for command in ("show ip route", "show ip bgp", "show bgp evpn", "show interfaces"):
        assert command in compared
        assert level(command) is Level.VERIFIED
    roots = ("show ip route", "show ip bgp", "show bgp", "show interfaces")
    for entry in COMMANDS:
        if entry.level is Level.VERIFIED:
            assert entry.pattern.text.startswith(roots)
