"""Neighbors of a recorded fabric that run Cisco NX-OS, in EOS's words: EOS devices learn from them.

NX-OS nests what EOS says in one line: a neighbor with its address families, VRFs inside protocols.
What NX-OS takes for granted and EOS does not is written out: OSPF costs by 40 Gbit/s, metric 20 of
what is brought into OSPF, distances of BGP, one path a prefix. A line that does not read as EOS's
is refused, as on EOS, and counted. Nothing is compared with the neighbor itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from avdlab.backends.twin.origins import incomplete

NAMES = frozenset({"nxos", "nx-os", "cisco_nxos", "cisco-nxos", "nexus"})
_MANAGEMENT = "management"
_OSPF_COST, _LOOPBACK_COST = 40, 1  # 1 Gbit/s of a reference of 40
_SESSION = (
    *("remote-as", "local-as", "update-source", "ebgp-multihop", "description", "shutdown"),
    *("timers", "password"),
)
_FAMILY = (
    *("route-map", "prefix-list", "next-hop-self", "route-reflector-client", "allowas-in"),
    *("default-originate", "weight", "remove-private-as"),
)
_INTERFACE = ("ip address ", "ip ospf ", "no switchport", "mtu ", "description ")
_POLICY = ("ip prefix-list ", "ip community-list ", "ip as-path access-list ")
_NAMES = (
    (re.compile(r"\bloopback(\d)"), r"Loopback\1"),
    (re.compile(r"\bport-channel(\d)"), r"Port-Channel\1"),
)


@dataclass
class _Line:
    text: str
    children: list["_Line"] = field(default_factory=list)

    def starting(self, *words: str) -> Iterator["_Line"]:
        return (line for line in self.children if line.text.startswith(words))


def port(_config: str, name: str) -> str:
    """Return the EOS name of a port, however far it is shortened: Eth1/1."""
    found = re.fullmatch(r"[Ee]th?[a-z]*\s?([\d/.]+)", name.strip())
    return f"Ethernet{found[1]}" if found is not None else _renamed(name)


def as_eos(config: str) -> str:
    """Return the routing of an NX-OS configuration in EOS's words."""
    top = _tree(config.splitlines())
    lines = ["ip routing"]
    for line in top.children:
        lines += _section(line)
    return "".join(f"{line}\n" for line in incomplete(map(_renamed, lines)))


def _tree(lines: Iterable[str]) -> _Line:
    top = _Line("")
    stack = [(-1, top)]
    for raw in lines:
        text = raw.strip()
        if not text or text.startswith("!"):
            continue
        depth = len(raw) - len(raw.lstrip())
        while stack[-1][0] >= depth:
            stack.pop()
        line = _Line(text)
        stack[-1][1].children.append(line)
        stack.append((depth, line))
    return top


def _renamed(text: str) -> str:
    for old, new in _NAMES:
        text = old.sub(new, text)
    return text


def _section(line: _Line) -> Iterator[str]:
    words = line.text.split()
    if words[0] == "hostname" or line.text.startswith(_POLICY):
        yield line.text
    elif line.text.startswith("ip route "):
        yield line.text.replace(" null0", " Null0")
    elif line.text.startswith("vrf context ") and words[2] != _MANAGEMENT:
        yield from (f"vrf instance {words[2]}", f"ip routing vrf {words[2]}")
        for route in line.starting("ip route "):
            told = route.text.removeprefix("ip route ").replace(" null0", " Null0")
            yield f"ip route vrf {words[2]} {told}"
    elif words[0] == "interface" and not words[1].startswith("mgmt"):
        yield from (line.text, *_indented(_interface(words[1], line)))
    elif words[0] == "route-map":
        yield from (line.text, *_indented(child.text for child in line.children))
    elif line.text.startswith("router ospf "):
        yield from _ospf(line)
    elif line.text.startswith("router bgp "):
        yield from (line.text, *_indented(_bgp(line)))


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"   {line}" for line in lines)


def _interface(name: str, section: _Line) -> Iterator[str]:
    texts = [line.text for line in section.children]
    if not any(text.startswith("ip ospf cost") for text in texts):
        yield f"ip ospf cost {_LOOPBACK_COST if name.startswith('loopback') else _OSPF_COST}"
    for text in texts:
        words = text.split()
        if text.startswith("vrf member "):
            yield f"vrf {words[2]}"
        elif area := re.fullmatch(r"ip router ospf \S+ area (\S+)", text):
            yield f"ip ospf area {area[1]}"
        elif text.startswith("encapsulation dot1q "):
            yield f"encapsulation dot1q vlan {words[-1]}"
        elif text == "shutdown" or text.startswith(_INTERFACE):
            yield text


# ---------------------------------------------------------------------------------- OSPF
def _ospf(section: _Line) -> Iterator[str]:
    yield from (section.text, *_indented(_process(section)))
    for vrf in section.starting("vrf "):
        yield from (f"{section.text} {vrf.text}", *_indented(_process(vrf)))


def _process(section: _Line) -> Iterator[str]:
    if not any(section.starting("default-metric ")):
        yield "default-metric 20"
    known = ("router-id ", "area ", "default-information ", "default-metric ", "distance ")
    for line in section.children:
        if line.text.startswith(known):
            yield line.text
        elif line.text.startswith("redistribute "):
            yield _redistributed(line.text)


def _redistributed(text: str) -> str:
    """EOS names no number of the process that it takes routes from; `direct` is connected."""
    text = text.replace("redistribute direct", "redistribute connected")
    return re.sub(r"^redistribute (ospf|bgp|isis) \S+", r"redistribute \1", text)


# ---------------------------------------------------------------------------------- BGP
def _bgp(section: _Line) -> Iterator[str]:
    templates = {line.text.split()[2]: line for line in section.starting("template peer ")}
    yield "distance bgp 20 200 200"
    yield from _instance(section, templates)
    for vrf in section.starting("vrf "):
        yield from (vrf.text, *_indented(_instance(vrf, templates)))


def _instance(section: _Line, templates: dict[str, _Line]) -> Iterator[str]:
    for line in section.starting("router-id ", "local-as ", "cluster-id ", "bestpath "):
        yield f"bgp {line.text}" if line.text.startswith(("cluster-id", "bestpath")) else line.text
    for family in section.starting("address-family ipv4 unicast"):
        for line in family.starting("network ", "aggregate-address ", "maximum-paths "):
            yield line.text.replace("maximum-paths ibgp", "maximum-paths")
        for line in family.starting("redistribute "):
            yield _redistributed(line.text)
    for neighbor in section.starting("neighbor "):
        name, *words = neighbor.text.split()[1:]
        asked = [_Line(" ".join(words))] if words else []
        for inherited in neighbor.starting("inherit peer "):
            template = templates.get(inherited.text.split()[2])
            asked += template.children if template is not None else []
        yield from _neighbor(name, [*asked, *neighbor.children])


def _neighbor(name: str, lines: Iterable[_Line]) -> Iterator[str]:
    for line in lines:
        words = line.text.split()
        if words[0] in _SESSION:
            yield f"neighbor {name} {line.text}"
        for inner in line.children if line.text.startswith("address-family ipv4") else ():
            first = inner.text.split()[0]
            if first in _FAMILY:
                yield f"neighbor {name} {inner.text}"
            elif first == "send-community":
                yield f"neighbor {name} send-community"
            elif first == "as-override":
                yield f"neighbor {name} as-path remote-as replace out"
