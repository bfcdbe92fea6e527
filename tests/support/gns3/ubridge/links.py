"""What needs the kernel: taps, hardware addresses, bridges, and moving an interface to a container.

By ioctl and netlink directly: a forked `ip` would cost more than everything else at a node's start.
"""

import fcntl
import os
import socket
import struct

# <linux/if_tun.h>, <linux/sockios.h>, <linux/if.h>
_TUNSETIFF = 0x400454CA
_IFF_TAP, _IFF_NO_PI = 0x0002, 0x1000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _SIOCSIFHWADDR, _SIOCBRADDIF = 0x8913, 0x8914, 0x8924, 0x89A2
_IFF_UP = 0x1
_ARPHRD_ETHER = 1
# <linux/rtnetlink.h>, <linux/if_link.h>
_RTM_NEWLINK, _NLMSG_ERROR = 16, 2
_NLM_F_REQUEST, _NLM_F_ACK = 1, 4
_IFLA_IFNAME, _IFLA_NET_NS_PID = 3, 19


def open_tap(name: str) -> int:
    """Create a tap and return its descriptor; closing it removes the tap."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        request = struct.pack("16sH22x", name.encode(), _IFF_TAP | _IFF_NO_PI)
        fcntl.ioctl(descriptor, _TUNSETIFF, request)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def set_mac(name: str, mac: str) -> None:
    """Give an interface a hardware address."""
    address = bytes.fromhex(mac.replace(":", ""))
    _ioctl(_SIOCSIFHWADDR, struct.pack("16sH6s16x", name.encode(), _ARPHRD_ETHER, address))


def set_up(name: str) -> None:
    """Bring an interface up."""
    flags = struct.unpack_from("16sH", _ioctl(_SIOCGIFFLAGS, struct.pack("16s24x", name.encode())))
    _ioctl(_SIOCSIFFLAGS, struct.pack("16sH22x", name.encode(), flags[1] | _IFF_UP))


def add_to_bridge(bridge: str, name: str) -> None:
    """Make an interface a port of a Linux bridge, and bring it up."""
    index = socket.if_nametoindex(name)
    _ioctl(_SIOCBRADDIF, struct.pack("16si20x", bridge.encode(), index))
    set_up(name)


def move_to_process(name: str, pid: int, new_name: str) -> None:
    """Move an interface into the network namespace of a process, under another name."""
    attributes = _attribute(_IFLA_NET_NS_PID, struct.pack("=I", pid))
    attributes += _attribute(_IFLA_IFNAME, new_name.encode() + b"\0")
    body = struct.pack("=BxHiII", 0, 0, socket.if_nametoindex(name), 0, 0) + attributes
    header = struct.pack("=IHHII", 16 + len(body), _RTM_NEWLINK, _NLM_F_REQUEST | _NLM_F_ACK, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(header + body)
        reply = kernel.recv(4096)
    kind, number = struct.unpack_from("=4xH10xi", reply)
    if kind == _NLMSG_ERROR and number:
        raise OSError(-number, os.strerror(-number), new_name)


def _attribute(kind: int, value: bytes) -> bytes:
    padded = value + bytes(-len(value) % 4)
    return struct.pack("=HH", 4 + len(value), kind) + padded


def _ioctl(number: int, request: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        return fcntl.ioctl(any_socket, number, request)
