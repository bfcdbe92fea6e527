"""The NICs of the container: which EOS port is which, frames in and out, the management address."""

import contextlib
import fcntl
import json
import re
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from avdlab.net import interfaces as names
from avdlab.net.addresses import InterfaceAddress, mask

# <linux/sockios.h>, <linux/if.h>, <linux/if_packet.h>, <linux/route.h>
_SIOCADDRT, _SIOCDELRT = 0x890B, 0x890C
_SIOCGIFFLAGS, _SIOCSIFFLAGS = 0x8913, 0x8914
_SIOCSIFADDR, _SIOCSIFNETMASK, _SIOCGIFHWADDR = 0x8916, 0x891C, 0x8927
_IFF_UP, _IFF_RUNNING = 0x1, 0x40
_RTF_UP, _RTF_GATEWAY = 0x1, 0x2
_ETH_P_ALL = 3
_PACKET_OUTGOING = 4
_SOL_PACKET, _PACKET_IGNORE_OUTGOING = 263, 23
FRAME = 65535

_NIC = re.compile(r"^(ma|eth|et|Management|Ethernet)(\d+(?:_\d+)*)$")
_KINDS = {"ma": "Management", "eth": "Ethernet", "et": "Ethernet"}


@dataclass(frozen=True, slots=True)
class NicMap:
    """EOS name -> NIC; `management` is the pair of the management port, or None."""

    ethernet: Mapping[str, str]
    management: tuple[str, str] | None = None


def nic_map(nics: list[str], environment: Mapping[str, str], mapping: str | None) -> NicMap:
    """Name the NICs as cEOS does: by EosIntfMapping.json, else by their own names.

    `environment` may say which one is the management port (MGMT_INTF). Raises ValueError for a
    mapping that cannot be read.
    """
    if mapping is not None:
        told = json.loads(mapping)
        if not isinstance(told, dict):
            raise ValueError("an object is needed")
        pairs = {**told.get("ManagementIntf", {}), **told.get("EthernetIntf", {})}
        known = {nic: names.canonical(name) for nic, name in pairs.items() if nic in nics}
    else:
        known = {nic: name for nic in nics if (name := _own_name(nic)) is not None}
        chosen = environment.get("MGMT_INTF", "")
        if chosen in nics and not names.is_management(known.get(chosen, "Ethernet1")):
            # cEOS: eth0 -> Management0, whatever the Ethernet ports are called
            known[chosen] = f"Management{chosen.removeprefix('eth') or 0}"
    management = sorted((name, nic) for nic, name in known.items() if names.is_management(name))
    ethernet = {name: nic for nic, name in known.items() if names.is_physical(name)}
    ordered = dict(sorted(ethernet.items(), key=lambda item: names.sort_key(item[0])))
    return NicMap(ordered, management[0] if management else None)


def _own_name(nic: str) -> str | None:
    """Read `et1_1` as Ethernet1/1, `ma1` as Management1."""
    found = _NIC.match(nic)
    if found is None or (found[2] == "0" and found[1] in {"eth", "et"}):
        return None
    return _KINDS.get(found[1], found[1]) + found[2].replace("_", "/")


def present() -> list[str]:
    """Return the NICs of this network namespace."""
    return [name for _, name in socket.if_nameindex() if name != "lo"]


# ---------------------------------------------------------------------------------- one NIC
class Nic:
    """Frames of one NIC."""

    def __init__(self, name: str) -> None:
        """Bring the NIC up and listen. Raises OSError."""
        self.name = name
        set_up(name)
        self.mac = hardware_address(name)
        self.socket = socket.socket(
            socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.htons(_ETH_P_ALL)
        )
        with contextlib.suppress(OSError):  # Linux before 4.20: `receive` looks itself
            self.socket.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
        try:
            self.socket.bind((name, _ETH_P_ALL))
        except OSError:
            self.socket.close()
            raise

    def fileno(self) -> int:
        return self.socket.fileno()

    def receive(self) -> bytes | None:
        """Return a frame that came in, None for none. Raises OSError when the NIC went."""
        while True:
            try:
                frame, address = self.socket.recvfrom(FRAME)
            except BlockingIOError:
                return None
            if address[2] != _PACKET_OUTGOING:
                return frame

    def send(self, frame: bytes) -> None:
        """Send a frame; what cannot go now is lost, as on a wire."""
        with contextlib.suppress(OSError):
            self.socket.send(frame)

    def carrier(self) -> bool:
        """Tell whether the NIC is up and has carrier. Raises OSError when the NIC went."""
        return flags(self.name) & (_IFF_UP | _IFF_RUNNING) == _IFF_UP | _IFF_RUNNING

    def close(self) -> None:
        self.socket.close()


# ---------------------------------------------------------------------------------- ioctl
def flags(name: str) -> int:
    """Return the flags of a NIC. Raises OSError."""
    (found,) = struct.unpack_from("16xH", _ioctl(_SIOCGIFFLAGS, name, b""))
    return int(found)


def set_up(name: str) -> None:
    """Bring a NIC up. Raises OSError."""
    _ioctl(_SIOCSIFFLAGS, name, struct.pack("H", flags(name) | _IFF_UP))


def hardware_address(name: str) -> bytes:
    """Return the MAC address of a NIC. Raises OSError."""
    return _ioctl(_SIOCGIFHWADDR, name, b"")[18:24]


def set_address(name: str, address: InterfaceAddress | None) -> None:
    """Give a NIC its one IPv4 address, or take it away. Raises OSError."""
    wanted = address.address if address is not None else 0
    with contextlib.suppress(OSError):  # there was none to take away
        _ioctl(_SIOCSIFADDR, name, _sockaddr(0))
    if address is not None:
        set_up(name)
        _ioctl(_SIOCSIFADDR, name, _sockaddr(wanted))
        _ioctl(_SIOCSIFNETMASK, name, _sockaddr(mask(address.length)))


def set_gateway(gateway: int | None) -> None:
    """Make this the default route, or have none. Raises OSError."""
    with contextlib.suppress(OSError), _any_socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCDELRT, _route(None))
    if gateway is not None:
        with _any_socket() as any_socket:
            fcntl.ioctl(any_socket, _SIOCADDRT, _route(gateway))


def _route(gateway: int | None) -> bytes:
    """Write a `struct rtentry` for the default route (64-bit layout)."""
    bits = _RTF_UP | (_RTF_GATEWAY if gateway is not None else 0)
    head = struct.pack("Q16s16s16sH", 0, _sockaddr(0), _sockaddr(gateway or 0), _sockaddr(0), bits)
    return head.ljust(120, b"\0")


def _sockaddr(address: int) -> bytes:
    return struct.pack("HH4s8x", socket.AF_INET, 0, address.to_bytes(4, "big"))


def _ioctl(number: int, name: str, value: bytes) -> bytes:
    request = name.encode().ljust(16, b"\0") + value.ljust(24, b"\0")
    with _any_socket() as any_socket:
        return fcntl.ioctl(any_socket, number, request)


def _any_socket() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
