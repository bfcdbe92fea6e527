"""Neighbors of a recorded fabric that run Cisco IOS, in EOS's words: EOS devices learn from them.

Routing is told in nearly the same words. What IOS takes for granted and EOS does not is written
out: routed ports, OSPF costs by 100 Mbit/s, metric 20 of what is brought into OSPF, distances of
BGP. A line that does not read as EOS's is refused, as on EOS, and counted. Nothing is compared with
the neighbor itself.
"""

import re
from collections.abc import Iterable, Iterator

from avdlab.backends.twin.origins import incomplete
from avdlab.net.addresses import parse_ipv4

NAMES = frozenset({"ios", "iosxe", "ios-xe", "cisco_ios", "cisco-ios"})
_SECTIONS = (
    *("hostname ", "interface ", "router ospf ", "router bgp ", "router isis", "ip route "),
    *("ip prefix-list ",),
    *("route-map ", "ip community-list ", "ip as-path ", "ipv6 unicast-routing"),
)
_PHYSICAL = re.compile(
    r"(FastEthernet|GigabitEthernet|TenGigabitEthernet|Ethernet)([\d/]+)(\.\d+)?"
)
_NAME = re.compile(r"\b(?:FastEthernet|GigabitEthernet|TenGigabitEthernet|Ethernet)[\d/]+")
_MASKED = re.compile(r"(\d+\.\d+\.\d+\.\d+) (\d+\.\d+\.\d+\.\d+)")
_OSPF = (
    *("network ", "area ", "router-id ", "default-information ", "distance ", "default-metric "),
    *("passive-interface ", "no passive-interface "),
)
_ISIS = "ISIS"  # the instance that IOS leaves unnamed
_SLOW = "Ethernet"  # 10 Mbit/s: OSPF cost 10, everything faster costs 1 (reference 100 Mbit/s)


def ports(config: str) -> dict[str, str]:
    """Return IOS port -> the EOS name that it gets: Ethernet1, Ethernet2 ... in their order."""
    heads = [line.split()[1] for line in config.splitlines() if line.startswith("interface ")]
    stems = dict.fromkeys(
        found[1] + found[2] for name in heads if (found := _PHYSICAL.fullmatch(name)) is not None
    )
    return {stem: f"Ethernet{number}" for number, stem in enumerate(stems, start=1)}


def port(config: str, name: str) -> str:
    """Return the EOS name of an IOS port, however far it is shortened: Gi0/2."""
    kind, number = re.match(r"([A-Za-z]*)(.*)", name.strip()).groups()  # type: ignore[union-attr]  # matches all
    for stem, eos in ports(config).items():
        whole = _PHYSICAL.fullmatch(stem)
        if whole is not None and whole[2] == number and whole[1].lower().startswith(kind.lower()):
            return eos
    return name


def as_eos(config: str) -> str:
    """Return the routing of an IOS configuration in EOS's words."""
    names = ports(config)
    lines = ["ip routing"]
    blocks = list(_blocks(config.splitlines()))
    passive = dict(_passive(blocks))
    for head, body in blocks:
        if head.startswith("interface ") and head.split()[1] in passive:
            body += [f"ip router isis {passive[head.split()[1]]}", "isis passive"]
        if head.startswith(_SECTIONS):
            lines += _block(head, body, names)
    renamed = (_NAME.sub(lambda found: names.get(found[0], found[0]), line) for line in lines)
    return "\n".join(incomplete(renamed)) + "\n"


def _blocks(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of the global mode with the lines of the mode that it opens."""
    head, body = "", list[str]()
    for line in lines:
        if line.startswith(" "):
            body.append(line.strip())
            continue
        if head:
            yield head, body
        head, body = line.strip(), []
    if head:
        yield head, body


def _passive(blocks: Iterable[tuple[str, list[str]]]) -> Iterator[tuple[str, str]]:
    """Yield interfaces that stand in IS-IS by `passive-interface` alone, and the instance."""
    for head, body in blocks:
        if head.startswith("router isis"):
            name = (head.split()[2:] or [_ISIS])[0]
            yield from (
                (line.split()[1], name) for line in body if line.startswith("passive-interface ")
            )


def _block(head: str, body: list[str], names: dict[str, str]) -> Iterator[str]:
    if head.startswith("ip route "):
        yield _with_length(head)
        return
    if head.startswith("router isis"):
        yield f"router isis {(head.split()[2:] or [_ISIS])[0]}"
        yield from (f"   {line}" for line in _isis(body))
        return
    yield head
    if head.startswith("interface "):
        body = [*_interface(head.split()[1], body)]
    elif head.startswith("router ospf "):
        body = [*_ospf(body)]
    elif head.startswith("router bgp "):
        body = [*_bgp(body)]
    yield from (f"   {line}" for line in body)


def _interface(name: str, body: list[str]) -> Iterator[str]:
    found = _PHYSICAL.fullmatch(name)
    if found is not None and found[3] is None:
        yield "no switchport"
    if not any(line.startswith("ip ospf cost") for line in body) and not name.startswith("Vlan"):
        yield f"ip ospf cost {10 if found is not None and found[1] == _SLOW else 1}"
    for line in body:
        if line.startswith("ip address "):
            yield _with_length(line)
        elif line.startswith("encapsulation dot1Q "):
            yield f"encapsulation dot1q vlan {line.split()[2]}"
        elif area := re.fullmatch(r"ip ospf \d+ area (\S+)", line):
            yield f"ip ospf area {area[1]}"
        elif line.startswith("ip router isis"):
            yield f"isis enable {(line.split()[3:] or [_ISIS])[0]}"
        elif line.startswith(
            ("isis circuit-type ", "isis network ", "isis metric ", "isis passive")
        ):
            yield line.replace("level-2-only", "level-2")
        elif line.startswith(("ip ospf ", "shutdown", "description ", "ip mtu ", "ipv6 ")):
            yield line


def _ospf(body: list[str]) -> Iterator[str]:
    if not any(line.startswith("default-metric") for line in body):
        yield "default-metric 20"
    for line in body:
        if line.startswith(_OSPF):
            yield line
        elif line.startswith("redistribute "):
            yield _redistributed(line.replace(" subnets", ""))


def _isis(body: list[str]) -> Iterator[str]:
    for line in body:
        if line.startswith(("net ", "is-type ")):
            yield line.replace("level-2-only", "level-2")
        elif line.startswith("redistribute "):
            yield _redistributed(line)
    yield "address-family ipv4 unicast"


def _bgp(body: list[str]) -> Iterator[str]:
    yield "distance bgp 20 200 200"
    for line in body:
        if line.startswith(("neighbor ", "bgp router-id ", "address-family ipv4")):
            told = line.replace("bgp router-id", "router-id").replace("peer-group", "peer group")
            yield re.sub(r"(send-community|address-family ipv4).*", r"\1", told)
        elif line.startswith(("network ", "aggregate-address ")):
            yield _with_length(line.replace(" mask ", " "))
        elif line.startswith("redistribute "):
            yield _redistributed(line)


def _redistributed(line: str) -> str:
    """EOS names no number of the process that it takes routes from."""
    return re.sub(r"^redistribute (ospf|bgp|isis) \S+", r"redistribute \1", line)


def _with_length(line: str) -> str:
    """Write the first `A.B.C.D MASK` of a line as a prefix."""
    return _MASKED.sub(lambda m: f"{m[1]}/{parse_ipv4(m[2]).bit_count()}", line, count=1)
