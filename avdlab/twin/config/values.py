"""Values inside configuration commands: which words a placeholder takes, and how they sort."""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Interface

from avdlab.net import interfaces
from avdlab.net.addresses import parse_interface_address, parse_ipv4

Natural = tuple[int, tuple[int, ...], str]  # class, numbers, text: how values of one type sort
_NETMASKS = {0xFFFFFFFF << (32 - length) & 0xFFFFFFFF for length in range(33)}
_RANGE = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")
_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}", re.IGNORECASE)
_ASN = re.compile(r"\d+(\.\d+)?")
_INTERFACES = re.compile(r"([A-Za-z-]+)([\d/.,$-]+)")
MAX_ASN = 0xFFFFFFFF


def fits(kind: str, word: str) -> str | None:
    """Return the word in EOS's spelling if the placeholder `<kind>` takes it, else None."""
    if "|" in kind:
        return word if word in kind.split("|") or _fits_one_of(kind, word) else None
    check = _CHECKS.get(kind)
    if check is not None:
        return check(word)
    low, dash, high = kind.partition("-")
    if dash and low.isdigit() and high.isdigit():
        return word if _is_number(word, int(low), int(high)) else None
    return word


def _fits_one_of(kind: str, word: str) -> bool:
    return any(name in _CHECKS and _CHECKS[name](word) for name in kind.split("|"))


@lru_cache(maxsize=65536)
def natural(word: str) -> Natural:
    """Order of names, numbers, interfaces and addresses as running-configs print them."""
    if interfaces.is_interface(word):
        kind, numbers, sub, _ = interfaces.sort_key(word)
        return (_KIND_ORDER[kind], (*numbers, -1 if sub is None else sub), "")
    if _is_ip(word.partition("/")[0]):
        address, _, length = word.partition("/")
        return (101, (parse_ipv4(address), int(length) if length.isdigit() else 32), "")
    if word[:1].isdigit() and word[:1].isascii():
        return (100, tuple(int(n) for n in re.findall(r"[0-9]+", word)[:8]), word)
    return (102 if ":" in word else 50, (), word)


def expand(ranges: str) -> tuple[int, ...]:
    """Expand `10-12,20` into its numbers, in order."""
    numbers: list[int] = []
    for part in ranges.split(","):
        low, dash, high = part.partition("-")
        numbers += range(int(low), int(high or low) + 1) if dash else [int(low)]
    return tuple(numbers)


def compress(numbers: set[int]) -> str:
    """Write numbers as EOS does: `10-12,20`."""
    parts: list[str] = []
    ordered = sorted(numbers)
    for index, number in enumerate(ordered):
        if index and ordered[index - 1] == number - 1:
            continue
        last = number
        while last + 1 in numbers:
            last += 1
        parts.append(str(number) if last == number else f"{number}-{last}")
    return ",".join(parts)


def expand_interfaces(word: str) -> tuple[str, ...]:
    """Expand `Et1-4,Po7` or `Ethernet1/1-4` into canonical names. Raises ValueError."""
    names: list[str] = []
    kind = ""
    for part in word.split(","):
        found = re.fullmatch(r"([A-Za-z-]*?)([\d/.]*?)(\d+)(?:-(\d+))?", part)
        if found is None:
            raise interfaces.InterfaceNameError(f"not an interface name: {word!r}")
        kind = found[1] or kind
        low, high = int(found[3]), int(found[4] or found[3])
        if high - low > 4096:
            raise interfaces.InterfaceNameError(f"not an interface name: {word!r}")
        stem = f"{kind}{found[2]}"
        names += [interfaces.canonical(f"{stem}{number}") for number in range(low, high + 1)]
    return tuple(names)


def _is_number(word: str, low: int, high: int) -> bool:
    return word.isascii() and word.isdigit() and low <= int(word[:12]) <= high


def _is_ip(word: str) -> bool:
    try:
        parse_ipv4(word)
    except ValueError:
        return False
    return True


def _ip(word: str) -> str | None:
    return word if _is_ip(word) else None


def _numeric(word: str) -> str | None:
    """Numbers, ranges, addresses and prefixes: what a command may start with besides a word."""
    return word if word[:1].isdigit() or ":" in word else None


def _netmask(word: str) -> str | None:
    return word if _is_ip(word) and parse_ipv4(word) in _NETMASKS else None


def _prefix(word: str) -> str | None:
    try:
        parse_interface_address(word)
    except ValueError:
        return None
    return word


def _ip6(word: str) -> str | None:
    try:
        IPv6Address(word)
    except ValueError:
        return None
    return word


def _prefix6(word: str) -> str | None:
    if "/" not in word:
        return None
    try:
        IPv6Interface(word)
    except ValueError:
        return None
    return word


def _mac(word: str) -> str | None:
    return word if _MAC.fullmatch(word) else None


def _vlan(word: str) -> str | None:
    return word if _is_number(word, 1, 4094) else None


def _vni(word: str) -> str | None:
    return word if _is_number(word, 1, 16777215) else None


def _in_range(word: str, high: int) -> str | None:
    if not (word.isascii() and _RANGE.fullmatch(word)):
        return None
    for part in word.split(","):
        ends = [int(end[:12]) for end in part.split("-")]
        if not 0 <= ends[0] <= ends[-1] <= high:
            return None
    return word


def _vlans(word: str) -> str | None:
    return None if re.search(r"(?<!\d)0", word) else _in_range(word, 4094)


def _vnis(word: str) -> str | None:
    return _in_range(word, 16777215)


def _asn(word: str) -> str | None:
    if not (word.isascii() and _ASN.fullmatch(word)):
        return None
    high, dot, low = word.partition(".")
    if dot:
        return word if int(high[:12]) <= 65535 and int(low[:12]) <= 65535 else None
    return word if 1 <= int(word[:12]) <= MAX_ASN else None


def _asns(word: str) -> str | None:
    return word if all(_asn(part) for part in re.split(r"[-,]", word)) else None


def _rd(word: str) -> str | None:
    """RFC 4364 4.2: administrator (AS number or address) and assigned number."""
    administrator, colon, number = word.rpartition(":")
    if not colon or not _is_number(number, 0, MAX_ASN):
        return None
    return word if _is_ip(administrator) or _asn(administrator) or administrator == "0" else None


def _area(word: str) -> str | None:
    return word if _is_ip(word) or _is_number(word, 0, MAX_ASN) else None


def _interface(word: str) -> str | None:
    try:
        return interfaces.canonical(word)
    except interfaces.InterfaceNameError:
        return None


def _interfaces(word: str) -> str | None:
    if not _INTERFACES.fullmatch(word.partition(",")[0]):
        return None
    try:
        names = expand_interfaces(word)
    except (interfaces.InterfaceNameError, ValueError):
        return None
    return names[0] if len(names) == 1 else word


def _esi(word: str) -> str | None:
    return word if re.fullmatch(r"([0-9a-fA-F]{4}:){4}[0-9a-fA-F]{4}", word) else None


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "ip": _ip,
    "n": _numeric,
    "netmask": _netmask,
    "prefix": _prefix,
    "ip6": _ip6,
    "address": lambda word: _ip(word) or _ip6(word),
    "prefix6": _prefix6,
    "mac": _mac,
    "vlan": _vlan,
    "vlans": _vlans,
    "vni": _vni,
    "vnis": _vnis,
    "asn": _asn,
    "asns": _asns,
    "rd": _rd,
    "rt": _rd,
    "area": _area,
    "interface": _interface,
    "interfaces": _interfaces,
    "esi": _esi,
}
# EOS prints port-channels before ports, loopbacks and management after them, then SVIs and VXLAN.
_KIND_ORDER = {
    interfaces.FULL_NAMES.index(name): position
    for position, name in enumerate(
        (
            "Dps",
            "Port-Channel",
            "Recirc-Channel",
            "Fabric",
            "Internal",
            "Ethernet",
            "Loopback",
            "Management",
            "Tunnel",
            "Vlan",
            "Vxlan",
        )
    )
}
