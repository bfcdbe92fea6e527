"""Cables between containers as GNS3 lays them: a tap at each end, frames carried in between.

A tap keeps its carrier whatever the other end does, as behind ubridge; a veth pair would not, and a
Linux bridge would swallow LLDP and LACP. Needs root: taps are moved into the containers.
"""

import contextlib
import fcntl
import os
import select
import struct
import subprocess
import threading
from dataclasses import dataclass, field

from avdlab.errors import BackendError

# linux/if_tun.h; <net/if.h>: struct ifreq is 40 bytes
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
LARGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Nic:
    """An end of a cable: a NIC of the container whose first process is `pid`."""

    pid: int
    name: str
    mac: str


@dataclass(slots=True)
class Wires:
    """Cables, and the thread that carries their frames until `close`."""

    _cables: list[tuple[int, int]] = field(default_factory=list)
    _wake: tuple[int, int] = field(default_factory=os.pipe)
    _thread: threading.Thread | None = None

    def lay(self, a: Nic, b: Nic) -> None:
        """Put a cable between two NICs, which are made."""
        ends = _tap(a), _tap(b)
        self._cables.append(ends)

    def carry(self) -> None:
        """Begin to carry frames, over all cables that were laid."""
        self._thread = threading.Thread(target=self._run, name="wires", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Remove the cables and their NICs. Idempotent."""
        if self._thread is not None:
            os.write(self._wake[1], b"x")
            self._thread.join()
            self._thread = None
        for end in (*self._cables, self._wake):
            for descriptor in end:
                with contextlib.suppress(OSError):
                    os.close(descriptor)
        self._cables, self._wake = [], (-1, -1)

    def _run(self) -> None:
        far = dict(self._cables) | {b: a for a, b in self._cables}
        poll = select.poll()
        for descriptor in (*far, self._wake[0]):
            poll.register(descriptor, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self._wake[0]:
                    return
                try:
                    os.write(far[descriptor], os.read(descriptor, LARGEST))
                except BlockingIOError:
                    continue
                except OSError:
                    # an end that is down takes no frames; one whose container ended gives none
                    if not _there(descriptor):
                        poll.unregister(descriptor)


def _there(tap: int) -> bool:
    """Tell whether a tap's interface still exists."""
    try:
        fcntl.ioctl(tap, 0x800454D2, bytes(40))  # TUNGETIFF
    except OSError:
        return False
    return True


def _tap(nic: Nic) -> int:
    """Make a tap, move it into the container and name it there; return what carries its frames."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    try:
        asked = struct.pack("16sH22x", b"avdlabtap%d", IFF_TAP | IFF_NO_PI)
        made = fcntl.ioctl(descriptor, TUNSETIFF, asked)[:16].rstrip(b"\0").decode()
        ip("link", "set", made, "address", nic.mac)
        ip("link", "set", made, "netns", str(nic.pid), "name", nic.name)
        inside(nic.pid, "link", "set", nic.name, "up")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def inside(pid: int, *words: str) -> None:
    """Run `ip` in the network namespace of a process."""
    _run(["nsenter", "-t", str(pid), "-n", "ip", *words])


def ip(*words: str) -> None:
    """Run `ip` here. Raises BackendError with its words."""
    _run(["ip", *words])


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise BackendError(f"{' '.join(command)}: {exc}") from exc
    if done.returncode:
        raise BackendError(f"{' '.join(command)}: {done.stderr.strip()}")
