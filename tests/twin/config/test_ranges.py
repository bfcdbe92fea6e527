"""Numbers beside the range that a command gives are refused, whatever else the table would take."""

import re
from collections.abc import Iterator

import pytest

from avdlab.twin.config import grammar
from avdlab.twin.config.grammar import Match, Mode
from avdlab.twin.config.loader import load

_NUMBER = re.compile(r"<(\d+)-(\d+)\*?>")
_EXAMPLES = {
    "interface": "Ethernet1",
    "interfaces": "Ethernet1",
    "prefix": "10.0.0.0/24",
    "prefix6": "2001:db8::/64",
    "ip": "10.0.0.1",
    "ip6": "2001:db8::1",
    "n": "1",
    "netmask": "255.255.255.0",
    "mac": "00:1c:73:00:00:01",
    "rd": "1:1",
    "rt": "1:1",
    "esi": "0000:0000:0000:0000:0001",
}


def example(token: str) -> str:
    """Return a word that a placeholder takes."""
    kind = token.strip("<>").removesuffix("*").removesuffix("...")
    if number := re.fullmatch(r"(\d+)-\d+", kind):
        return number[1]
    if "|" in kind:
        return kind.split("|")[0]
    return _EXAMPLES.get(kind, "1" if kind.startswith(("vlan", "vni", "asn", "area")) else "word")


def modes(mode: Mode, seen: set[int]) -> Iterator[Mode]:
    seen.add(id(mode))
    yield mode
    for shape in mode.shapes():
        if shape.opens is not None and id(shape.opens) not in seen:
            yield from modes(shape.opens, seen)


def commands() -> Iterator[tuple[Mode, str, int, int]]:
    """Yield commands with a hole for a number, and the ends of its range."""
    for mode in modes(grammar.eos(), set()):
        for shape in mode.shapes():
            tokens = shape.text.replace(" ~", "").split()
            for at, token in enumerate(tokens):
                found = _NUMBER.fullmatch(token)
                if found and "[" not in shape.text:
                    words = [t if t[0] != "<" else example(t) for t in tokens]
                    words[at] = "{}"
                    yield mode, " ".join(words), int(found[1]), int(found[2])


def test_the_ends_of_every_range():
    known = list(commands())
    assert len(known) > 450
    taken = [
        (mode, command.format(number).split()) for mode, command, *ends in known for number in ends
    ]
    refused = [f"{mode.name}: {words}" for mode, words in taken if not fits(mode, words)]
    assert refused == []


def test_numbers_beside_every_range():
    known = list(commands())
    wrong = []
    for mode, command, low, high in known:
        before = command.partition("{}")[0]
        same = [(a, b) for m, c, a, b in known if m is mode and c.partition("{}")[0] == before]
        for number in (low - 1, high + 1):
            of_another = any(a <= number <= b for a, b in same)
            if number >= 0 and not of_another and fits(mode, command.format(number).split()):
                wrong.append(f"{mode.name}: {command.format(number)}")
    assert wrong == []


def fits(mode: Mode, words: list[str]) -> bool:
    return isinstance(mode.find(tuple(words)), Match)


@pytest.mark.parametrize(
    "text",
    [
        "username x privilege 16 role network-admin nopassword",
        "transceiver qsfp default-mode 4x11G",
        "router bgp 1\n   no bgp default ipv5-unicast",
        "interface Ethernet1\n   pim ipv4 hello interval 70000",
        "interface Ethernet1\n   mtu 90000",
        "errdisable recovery interval 5",
    ],
)
def test_values_that_eos_refuses(text):
    (line,) = load(text).rejected
    assert line.message.startswith("Invalid input (at token ")


@pytest.mark.parametrize(
    "text",
    [
        "username x privilege 15 role network-admin nopassword",
        "transceiver qsfp default-mode 4x10G",
        "router bgp 1\n   no bgp default ipv6-unicast",
        "router bgp 1\n   bgp default ipv4-unicast transport ipv6",
        "router bgp 1\n   bgp allowas-in 1",
        "router internet-exit\n   exit-group A\n      fib-default\n   policy P\n      exit-group A",
    ],
)
def test_values_that_eos_takes(text):
    assert load(text).rejected == ()
