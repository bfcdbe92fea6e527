"""Access lists as a packet meets them: the first line that matches decides, the end denies.

EOS: a list that an interface names and that does not exist lets everything pass. What a line asks
of a packet and this reader does not know (`ttl`, `fragments`, user-defined fields ...) makes the
line match nothing.
"""

from dataclasses import dataclass
from functools import lru_cache

from avdlab.net.addresses import IPV4_BITS, IPV6_BITS, parse_address, parse_any_prefix, parse_ipv4

Words = tuple[str, ...]
IMPLICIT_DENY = "the end of the list"

PROTOCOLS = {
    "icmp": 1,
    "igmp": 2,
    "tcp": 6,
    "udp": 17,
    "gre": 47,
    "esp": 50,
    "ahp": 51,
    "icmpv6": 58,
    "ospf": 89,
    "pim": 103,
    "vrrp": 112,
}
# IANA service names as EOS's command line offers them
PORTS = {
    "ftp-data": 20,
    "ftp": 21,
    "ssh": 22,
    "telnet": 23,
    "smtp": 25,
    "domain": 53,
    "bootps": 67,
    "bootpc": 68,
    "tftp": 69,
    "www": 80,
    "http": 80,
    "ntp": 123,
    "snmp": 161,
    "snmptrap": 162,
    "bgp": 179,
    "ldap": 389,
    "https": 443,
    "isakmp": 500,
    "syslog": 514,
    "ldp": 646,
    "vxlan": 4789,
    "non500-isakmp": 4500,
    "bfd": 3784,
    "bfd-echo": 3785,
    "multihop-bfd": 4784,
}
# RFC 792, RFC 4443: message types by the names of EOS
ICMP_TYPES = {"echo": 8, "echo-reply": 0, "unreachable": 3, "time-exceeded": 11, "redirect": 5}
ICMP6_TYPES = {"echo-request": 128, "echo-reply": 129, "unreachable": 1, "time-exceeded": 3}


@dataclass(frozen=True, slots=True)
class Flow:
    """What a packet shows to a list. `kind` is the type of an ICMP message."""

    source: int
    destination: int
    protocol: int = 1
    source_port: int | None = None
    destination_port: int | None = None
    kind: int | None = None

    @property
    def bits(self) -> int:
        return IPV4_BITS if self.destination < 1 << IPV4_BITS else IPV6_BITS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a list says of a packet, and the line that said it."""

    permit: bool
    line: str


def judge(lines: tuple[Words, ...] | None, flow: Flow, *, standard: bool = False) -> Verdict:
    """Return the verdict of a list; `standard` ones look at the source alone."""
    if lines is None:
        return Verdict(True, "")
    for words in lines:
        if words[0] in {"permit", "deny"} and _matches(words[1:], flow, standard=standard):
            return Verdict(words[0] == "permit", " ".join(words))
    return Verdict(False, IMPLICIT_DENY)


def _matches(words: Words, flow: Flow, *, standard: bool) -> bool:
    try:
        if standard:
            found, _ = _address(words, flow.source)
            return found
        return _extended(words, flow)
    except (ValueError, IndexError):
        return False


def _extended(words: Words, flow: Flow) -> bool:
    protocol, words = words[0], words[1:]
    if not _protocol(protocol, flow):
        return False
    source, words = _address(words, flow.source)
    matched, words = _port(words, flow.source_port)
    destination, words = _address(words, flow.destination)
    far, words = _port(words, flow.destination_port)
    return source and matched and destination and far and _rest(words, flow)


def _protocol(word: str, flow: Flow) -> bool:
    if word in {"ip", "ipv4", "ipv6"}:
        return (flow.bits == IPV6_BITS) == (word == "ipv6") or word == "ip"
    number = int(word) if word.isdigit() else PROTOCOLS.get(word)
    return number is not None and number == flow.protocol


def _address(words: Words, address: int) -> tuple[bool, Words]:
    """Take an address off the front; tell whether it is the packet's."""
    if words[0] == "any":
        return True, words[1:]
    if words[0] == "host":
        return parse_address(words[1]) == address, words[2:]
    if "/" in words[0]:
        return parse_any_prefix(words[0]).contains(address), words[1:]
    if len(words) > 1 and words[1].count(".") == 3:
        care = ~parse_ipv4(words[1]) & 0xFFFFFFFF  # a wildcard mask
        return address & care == parse_ipv4(words[0]) & care, words[2:]
    return parse_address(words[0]) == address, words[1:]


def _port(words: Words, port: int | None) -> tuple[bool, Words]:
    """Take `eq A B`, `neq`, `gt`, `lt` or `range A B` off the front, if it is there."""
    if not words or words[0] not in {"eq", "neq", "gt", "lt", "range"}:
        return True, words
    operator, words = words[0], words[1:]
    numbers: list[int] = []
    while words and (words[0].isdigit() or words[0] in PORTS):
        numbers.append(int(words[0]) if words[0].isdigit() else PORTS[words[0]])
        words = words[1:]
    if port is None or not numbers:
        return False, words
    found = {
        "eq": port in numbers,
        "neq": port not in numbers,
        "gt": port > numbers[0],
        "lt": port < numbers[0],
        "range": numbers[0] <= port <= numbers[-1],
    }
    return found[operator], words


def _rest(words: Words, flow: Flow) -> bool:
    """Tell whether what stands behind the addresses holds for the packet."""
    words = tuple(word for word in words if word not in {"log", "tracked"})
    if not words:
        return True
    types = ICMP_TYPES if flow.bits == IPV4_BITS else ICMP6_TYPES
    kind = int(words[0]) if words[0].isdigit() else types.get(words[0])
    return len(words) == 1 and kind is not None and kind == flow.kind


@lru_cache(maxsize=4096)
def echo(source: int, destination: int, *, reply: bool = False) -> Flow:
    """Return a ping as a list sees it."""
    six = destination >= 1 << IPV4_BITS
    types = ICMP6_TYPES if six else ICMP_TYPES
    asked = "echo-request" if six else "echo"
    return Flow(
        source,
        destination,
        PROTOCOLS["icmpv6" if six else "icmp"],
        kind=types["echo-reply" if reply else asked],
    )
