"""Numbers in configuration text: VLAN lists, addresses with a mask, MAC addresses."""

from collections.abc import Iterable

from avdlab.net.addresses import (
    InterfaceAddress,
    Prefix,
    mask,
    parse_interface_address,
    parse_ipv4,
    parse_prefix,
)

ALL_VLANS = frozenset(range(1, 4095))


def vlan_numbers(text: str) -> frozenset[int]:
    """Read `10,20-22` into numbers; words that are no numbers raise ValueError."""
    numbers: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        numbers.update(range(int(first), (int(last) if dash else int(first)) + 1))
    return frozenset(numbers)


def interface_address(words: list[str]) -> InterfaceAddress:
    """Read `10.0.0.1/24` or `10.0.0.1 255.255.255.0`. Raises ValueError."""
    if "/" in words[0]:
        return parse_interface_address(words[0])
    return InterfaceAddress(parse_ipv4(words[0]), mask_length(words[1]))


def prefix(words: list[str]) -> tuple[Prefix, list[str]]:
    """Read `10.0.0.0/8` or `10.0.0.0 255.0.0.0` off the front; return the words that follow."""
    if "/" in words[0]:
        return parse_prefix(words[0]), words[1:]
    length = mask_length(words[1])
    return Prefix(parse_ipv4(words[0]) & mask(length), length), words[2:]


def mask_length(text: str) -> int:
    """Return the length of a dotted netmask. Raises ValueError when it is none."""
    value = parse_ipv4(text)
    for length in range(33):
        if mask(length) == value:
            return length
    raise ValueError(f"not a netmask: {text!r}")


def mac_address(text: str) -> str:
    """Return `aabb.ccdd.eeff` or `aa:bb:cc:dd:ee:ff` in the colon form. Raises ValueError."""
    digits = "".join(char for char in text.lower() if char not in ".:-")
    value = int(digits, 16)
    if len(digits) != 12:
        raise ValueError(f"not a MAC address: {text!r}")
    return mac_text(value)


def mac_text(value: int) -> str:
    """Return a MAC address given as an int."""
    return ":".join(f"{value:012x}"[i : i + 2] for i in range(0, 12, 2))


def ordered(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return the numbers, ascending."""
    return tuple(sorted(numbers))
