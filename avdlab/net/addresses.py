"""IP addresses as ints, prefixes as (network, length, bits): what the engine computes with.

`ipaddress` costs 3 microseconds an object; the twin asks millions of times, so inside the engine
an address is an int and only the edges (parsing, printing) know dotted quads and colons. `bits`
tells the families apart: 32 for IPv4, 128 for IPv6.
"""

from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple

ALL_ONES = 0xFFFFFFFF
IPV4_BITS = 32
IPV6_BITS = 128


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
def parse_ipv6(text: str) -> int:
    """Return the address as an int. Raises ValueError on anything but an IPv6 address."""
    try:
        return int(IPv6Address(text))
    except AddressValueError as exc:
        raise ValueError(f"not an IPv6 address: {text!r}") from exc


def parse_address(text: str) -> int:
    """Return an address of either family as an int. Raises ValueError."""
    return parse_ipv6(text) if ":" in text else parse_ipv4(text)


@lru_cache(maxsize=65536)
def format_ipv4(value: int) -> str:
    """Return the dotted quad."""
    return f"{value >> 24 & 255}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


@lru_cache(maxsize=65536)
def format_ipv6(value: int) -> str:
    """Return the address in the spelling of RFC 5952."""
    return str(IPv6Address(value))


def format_address(value: int) -> str:
    """Return an address of either family. No IPv6 address in use is below ::1:0:0."""
    return format_ipv4(value) if value <= ALL_ONES else format_ipv6(value)


def is_link_local(value: int) -> bool:
    """Tell whether an address is an IPv6 link-local one, fe80::/10 (RFC 4291 2.5.6)."""
    return value >> 118 == 0xFE80 >> 6


@lru_cache(maxsize=512)
def mask(length: int, bits: int = IPV4_BITS) -> int:
    """Return the netmask of a prefix length as an int."""
    every = (1 << bits) - 1
    return every << (bits - length) & every


class Prefix(NamedTuple):
    """An IP prefix: network address (host bits zero), length, and the family's bits."""

    network: int
    length: int
    bits: int = IPV4_BITS

    def __str__(self) -> str:
        return f"{_format(self.network, self.bits)}/{self.length}"

    @property
    def host(self) -> bool:
        """Tell whether the prefix is one address."""
        return self.length == self.bits

    def contains(self, address: int) -> bool:
        """Tell whether an address of the same family lies inside."""
        return address & mask(self.length, self.bits) == self.network

    def covers(self, other: "Prefix") -> bool:
        """Tell whether the other prefix is this one or a part of it."""
        return (
            other.length >= self.length and other.bits == self.bits and self.contains(other.network)
        )


class InterfaceAddress(NamedTuple):
    """An address on an interface: the host address, the prefix length, and the family's bits."""

    address: int
    length: int
    bits: int = IPV4_BITS

    @property
    def prefix(self) -> Prefix:
        return Prefix(self.address & mask(self.length, self.bits), self.length, self.bits)

    @property
    def host(self) -> bool:
        """Tell whether the prefix is the address alone."""
        return self.length == self.bits

    def __str__(self) -> str:
        return f"{_format(self.address, self.bits)}/{self.length}"


def _format(value: int, bits: int) -> str:
    return format_ipv4(value) if bits == IPV4_BITS else format_ipv6(value)


def host_prefix(address: int, bits: int) -> Prefix:
    """Return the prefix that holds one address."""
    return Prefix(address, bits, bits)


def default_prefix(bits: int) -> Prefix:
    """Return the prefix that holds every address of a family."""
    return Prefix(0, 0, bits)


def _split(text: str) -> tuple[int, int]:
    address, slash, length = text.partition("/")
    if not slash or not (length.isascii() and length.isdigit()) or int(length) > 32:
        raise ValueError(f"not an IPv4 prefix: {text!r}")
    return parse_ipv4(address), int(length)


def _split6(text: str) -> tuple[int, int]:
    address, slash, length = text.partition("/")
    if not slash or not (length.isascii() and length.isdigit()) or int(length) > IPV6_BITS:
        raise ValueError(f"not an IPv6 prefix: {text!r}")
    return parse_ipv6(address), int(length)


def parse_prefix(text: str) -> Prefix:
    """Parse `10.0.0.0/24`; host bits are cleared. Raises ValueError."""
    address, length = _split(text)
    return Prefix(address & mask(length), length)


def parse_prefix6(text: str) -> Prefix:
    """Parse `2001:db8::/32`; host bits are cleared. Raises ValueError."""
    address, length = _split6(text)
    return Prefix(address & mask(length, IPV6_BITS), length, IPV6_BITS)


def parse_any_prefix(text: str) -> Prefix:
    """Parse a prefix of either family; host bits are cleared. Raises ValueError."""
    return parse_prefix6(text) if ":" in text else parse_prefix(text)


def parse_interface_address(text: str) -> InterfaceAddress:
    """Parse `10.0.0.1/24`, host bits kept. Raises ValueError."""
    return InterfaceAddress(*_split(text))


def parse_interface_address6(text: str) -> InterfaceAddress:
    """Parse `2001:db8::1/64`, host bits kept. Raises ValueError."""
    return InterfaceAddress(*_split6(text), IPV6_BITS)
