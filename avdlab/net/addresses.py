"""IPv4 addresses as ints, prefixes as (network, length): what the engine computes with.

`ipaddress` costs 3 microseconds an object; the twin asks millions of times, so inside the engine
an address is an int and only the edges (parsing, printing) know dotted quads.
"""

from functools import lru_cache
from typing import NamedTuple

ALL_ONES = 0xFFFFFFFF


@lru_cache(maxsize=65536)
def parse_ipv4(text: str) -> int:
    """Return the address as an int. Raises ValueError on anything but a dotted quad."""
    parts = text.split(".")
    if len(parts) != 4:
        raise ValueError(f"not an IPv4 address: {text!r}")
    value = 0
    for part in parts:
        if not (part.isascii() and part.isdigit()) or int(part) > 255:
            raise ValueError(f"not an IPv4 address: {text!r}")
        value = value << 8 | int(part)
    return value


@lru_cache(maxsize=65536)
def format_ipv4(value: int) -> str:
    """Return the dotted quad."""
    return f"{value >> 24 & 255}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


@lru_cache(maxsize=64)
def mask(length: int) -> int:
    """Return the netmask of a prefix length as an int."""
    return ALL_ONES << (32 - length) & ALL_ONES


class Prefix(NamedTuple):
    """An IPv4 prefix: network address (host bits zero) and length."""

    network: int
    length: int

    def __str__(self) -> str:
        return f"{format_ipv4(self.network)}/{self.length}"

    def contains(self, address: int) -> bool:
        """Tell whether the address lies inside."""
        return address & mask(self.length) == self.network

    def covers(self, other: "Prefix") -> bool:
        """Tell whether the other prefix is this one or a part of it."""
        return other.length >= self.length and self.contains(other.network)


class InterfaceAddress(NamedTuple):
    """An address on an interface: the host address and the prefix length."""

    address: int
    length: int

    @property
    def prefix(self) -> Prefix:
        return Prefix(self.address & mask(self.length), self.length)

    def __str__(self) -> str:
        return f"{format_ipv4(self.address)}/{self.length}"


def _split(text: str) -> tuple[int, int]:
    address, slash, length = text.partition("/")
    if not slash or not (length.isascii() and length.isdigit()) or int(length) > 32:
        raise ValueError(f"not an IPv4 prefix: {text!r}")
    return parse_ipv4(address), int(length)


def parse_prefix(text: str) -> Prefix:
    """Parse `10.0.0.0/24`; host bits are cleared. Raises ValueError."""
    address, length = _split(text)
    return Prefix(address & mask(length), length)


def parse_interface_address(text: str) -> InterfaceAddress:
    """Parse `10.0.0.1/24`, host bits kept. Raises ValueError."""
    return InterfaceAddress(*_split(text))
