"""Commands of an interface that EOS refuses because of another interface.

Entered one by one, as EOS checks them: the order of the lines matters. The wording of the subnet's
refusal is not recorded from a device; clients look for `Subnet ... overlaps` in it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from avdlab.net.addresses import InterfaceAddress, parse_interface_address

# every interface with its commands; called only when a command could conflict
Interfaces = Callable[[], Iterable[tuple[str, Iterable[str]]]]


def conflict(command: str, own: str, interfaces: Interfaces) -> str:
    """Return EOS's objection to a command of the interface `own`, or an empty string."""
    if command.startswith("ip address "):
        return _address(command, own, interfaces)
    if command.startswith("channel-group "):
        return _channel_group(command, own, interfaces)
    return ""


def _address(command: str, own: str, interfaces: Interfaces) -> str:
    wanted = _addressed(command)
    if wanted is None:
        return ""
    held: Mapping[str, list[str]] = {name: list(lines) for name, lines in interfaces()}
    vrf = _vrf(held.get(own, ()))
    for name, lines in held.items():
        if name == own or _vrf(lines) != vrf:
            continue
        for other in (found for line in lines if (found := _addressed(line)) is not None):
            if other.address == wanted.address:
                return f"Address {command.split()[2].partition('/')[0]} is already assigned to " + (
                    f"interface {name}"
                )
            if _overlap(wanted, other):
                return f"Subnet {wanted.prefix} overlaps with existing subnet {other.prefix} " + (
                    f"of interface {name}"
                )
    return ""


def _overlap(one: InterfaceAddress, other: InterfaceAddress) -> bool:
    """Host addresses, as loopbacks have them, may lie inside another subnet."""
    length = min(one.length, other.length)
    shift = 32 - length
    inside = one.address >> shift == other.address >> shift
    return inside and max(one.length, other.length) < 32


@lru_cache(maxsize=65536)
def _addressed(command: str) -> InterfaceAddress | None:
    """Return the address of `ip address A/L [secondary]`; shared virtual ones do not conflict."""
    words = command.split()
    if words[:2] != ["ip", "address"] or len(words) < 3:
        return None
    try:
        return parse_interface_address(words[2])
    except ValueError:
        return None


def _vrf(lines: Iterable[str]) -> str:
    return next((line.split()[1] for line in lines if line.startswith("vrf ")), "default")


def _channel_group(command: str, own: str, interfaces: Interfaces) -> str:
    """LACP (active, passive) and static (on) members do not mix in one port-channel."""
    words = command.split()
    for name, lines in interfaces():
        for line in _groups(lines) if name != own else ():
            other = line.split()
            if other[1] == words[1] and (other[-1] == "on") != (words[-1] == "on"):
                return "Cannot change mode; remove all members and try again."
    return ""


def _groups(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if line.startswith("channel-group "))
