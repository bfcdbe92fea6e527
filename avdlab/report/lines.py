"""Lines of a configuration that a failed test is about: those that name what its messages name."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from avdlab.net.interfaces import canonical, is_interface

_SHOWN = 8  # lines of one test

# What messages name.
_INTERFACE = re.compile(
    r"\b(?:Ethernet|Port-Channel|Vlan|Loopback|Vxlan|Management|Et|Po)[\d/.]*\d\b"
)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b")  # or a route distinguisher
_NUMBERED = re.compile(r"\b(VLAN|VNI|Vlan|Vni)s?:? (\d+)\b")
_VRF = re.compile(r"\bVRF:? ([\w.-]+)")


class Line(NamedTuple):
    """A line of a configuration, and the section that it stands in ("" at the top)."""

    number: int
    text: str
    section: str


def interfaces_in(messages: Sequence[str]) -> set[str]:
    """Return the interfaces that messages name, by their long names."""
    found = (name for text in messages for name in _INTERFACE.findall(text))
    return {canonical(name) for name in found if is_interface(name)}


def lines_about(messages: Sequence[str], config: str) -> tuple[Line, ...]:
    """Return the lines that name what the messages name, the most telling first, at most eight."""
    wanted = list(_wanted(messages))
    found: dict[int, Line] = {}
    for pattern in wanted:
        for line in _numbered(config):
            inside = line.section.startswith("interface ") and pattern.search(line.section)
            if (inside or pattern.search(line.text)) and line.number not in found:
                found[line.number] = line
    return tuple(sorted(list(found.values())[:_SHOWN]))


def _wanted(messages: Sequence[str]) -> Iterator[re.Pattern[str]]:
    for text in messages:
        for address in _ADDRESS.findall(text):
            yield re.compile(rf"(?<![\d.]){re.escape(address)}(?![\d.:])")
    for name in sorted(interfaces_in(messages)):
        yield re.compile(rf"^interface {re.escape(name)}$")
    for text in messages:
        for kind, number in _NUMBERED.findall(text):
            words = r"\bvlan {0}\b" if kind.lower() == "vlan" else r"\bvni {0}\b"
            yield re.compile(words.format(number))
        for vrf in _VRF.findall(text):
            if vrf != "default":
                yield re.compile(rf"\bvrf (?:instance )?{re.escape(vrf)}\b")


def _numbered(config: str) -> Iterator[Line]:
    section = ""
    for number, text in enumerate(config.splitlines(), start=1):
        stripped = text.strip()
        if not stripped or stripped.startswith("!"):
            continue
        inside = text[0] == " "
        yield Line(number, stripped, section if inside else "")
        if not inside:
            section = stripped
