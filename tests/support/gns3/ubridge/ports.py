"""The ends of a bridge: a tap, a UDP tunnel, or an interface of the machine."""

import os
import socket
from typing import Protocol

from links import open_tap

FRAME = 65535
ETH_P_ALL = 3
PACKET_OUTGOING = 4


class Port(Protocol):
    """Reads and writes Ethernet frames without waiting."""

    key: tuple[str, ...]  # what the control protocol calls it

    def fileno(self) -> int: ...

    def read(self) -> bytes:
        """Return a frame. Raises BlockingIOError when there is none."""

    def write(self, frame: bytes) -> None:
        """Send a frame. Raises OSError when the other side cannot take it."""

    def close(self) -> None: ...


class Tap:
    """A tap: the kernel's side of it ends up in a container."""

    def __init__(self, name: str) -> None:
        self.key = ("tap", name)
        self._descriptor = open_tap(name)

    def fileno(self) -> int:
        return self._descriptor

    def read(self) -> bytes:
        return os.read(self._descriptor, FRAME)

    def write(self, frame: bytes) -> None:
        os.write(self._descriptor, frame)

    def close(self) -> None:
        os.close(self._descriptor)


class Udp:
    """A tunnel to another ubridge: one frame per datagram."""

    def __init__(self, local_port: str, host: str, port: str) -> None:
        self.key = ("udp", local_port, host, port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            self._socket.bind(("0.0.0.0", int(local_port)))  # noqa: S104
            self._socket.connect((host, int(port)))
        except OSError:
            self._socket.close()
            raise

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self) -> bytes:
        return self._socket.recv(FRAME)

    def write(self, frame: bytes) -> None:
        self._socket.send(frame)

    def close(self) -> None:
        self._socket.close()


class Raw:
    """An interface of this machine, by a packet socket."""

    def __init__(self, name: str) -> None:
        self.key = ("linux_raw", name)
        self._socket = socket.socket(
            socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.htons(ETH_P_ALL)
        )
        try:
            self._socket.bind((name, ETH_P_ALL))
        except OSError:
            self._socket.close()
            raise

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self) -> bytes:
        while True:
            frame, address = self._socket.recvfrom(FRAME)
            if address[2] != PACKET_OUTGOING:  # what we sent comes back to us
                return frame

    def write(self, frame: bytes) -> None:
        self._socket.send(frame)

    def close(self) -> None:
        self._socket.close()
