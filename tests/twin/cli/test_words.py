"""Which words a command line may have, and where EOS says that it stopped understanding."""

import pytest

from avdlab.twin.cli.outcome import CommandError
from avdlab.twin.cli.words import Vocabulary

VOCABULARY = Vocabulary(
    [
        "show version",
        "show vlan",
        "show vlan <vlan>",
        "show interfaces",
        "show interfaces <interface>",
        "show interfaces [<interface>] status",
        "show interfaces description",
        "show ip route [vrf <vrf>] [<prefix>]",
        "show ip bgp neighbors|summary vrf all",
        "configure [terminal]",
        "configure session [<name>]",
        "copy <source> <target>",
        "write [memory]",
        "bash timeout <seconds> <rest...>",
    ]
)


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("sh ver", "show version"),
        ("conf t", "configure terminal"),
        ("conf s x", "configure session x"),
        ("wr", "write"),
        ("wr mem", "write memory"),
        ("sh int et1 stat", "show interfaces Ethernet1 status"),
        ("show interfaces Ethernet 1/1", "show interfaces Ethernet1/1"),
        ("sh int desc", "show interfaces description"),
        ("sh ip ro vrf A 10.0.0.0/8", "show ip route vrf A 10.0.0.0/8"),
        ("sh vl 10", "show vlan 10"),
        ("bash timeout 10 df -h", "bash timeout 10 df -h"),
    ],
)
def test_abbreviations(typed, full):
    assert VOCABULARY.resolve(typed, abbreviated=True) == full


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("bogus", "Invalid input (at token 0: 'bogus')"),
        ("show bogus", "Invalid input (at token 1: 'bogus')"),
        ("show interfaces status foo", "Invalid input (at token 3: 'foo')"),
        ("show interfaces nonsense", "Invalid input (at token 2: 'nonsense')"),
        ("show ip", "Incomplete command (at token 1: 'ip')"),
        ("sh version", "Incomplete token (at token 0: 'sh')"),
        ("show platform trident counters", "Invalid input (at token 2: 'trident')"),
        ("show module power", "Incomplete command (at token 1: 'module')"),
    ],
)
def test_refusals(typed, message):
    with pytest.raises(CommandError) as refused:
        VOCABULARY.resolve(typed, abbreviated=False)
    assert refused.value.errors == (message,)


def test_ambiguous():
    with pytest.raises(CommandError, match=r"Ambiguous command \(at token 1: 'v'\)"):
        VOCABULARY.resolve("show v", abbreviated=True)


def test_full_words_need_no_abbreviation():
    assert VOCABULARY.resolve("show  ip bgp summary vrf all ", abbreviated=False)
