"""A network of the tests' own: server, bridges, taps and the tests themselves live in it together.

The namespace has no name. It ends with its last process, and everything in it with it, so a killed
run leaves no tap and no bridge; and no lab packet can leave by an interface of the machine.
"""

import ctypes
import ipaddress
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLONE_NEWNET = 0x40000000


@contextmanager
def own_network() -> Iterator[None]:
    """Put the calling thread, and the processes and threads it starts, in a new namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _checked(libc.unshare(_CLONE_NEWNET))
        run("ip", "link", "set", "lo", "up")
        yield
    finally:
        _checked(libc.setns(before, _CLONE_NEWNET))
        os.close(before)


def enter(process: int) -> None:
    """Move the calling thread into the network of a process."""
    there = os.open(f"/proc/{process}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _checked(ctypes.CDLL(None, use_errno=True).setns(there, _CLONE_NEWNET))
    finally:
        os.close(there)


def _checked(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def run(*command: str) -> str:
    """Run a command and return what it prints. Raises AssertionError with its complaint."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()}"
    return done.stdout


@contextmanager
def linux_bridge(name: str, address: str = "") -> Iterator[str]:
    """Make a bridge, with an address of this machine in it (`172.16.1.1/24`)."""
    run("ip", "link", "add", name, "type", "bridge", "forward_delay", "0")
    try:
        if address:
            ipaddress.ip_interface(address)
            run("ip", "address", "add", address, "dev", name)
        run("ip", "link", "set", name, "up")
        yield name
    finally:
        run("ip", "link", "delete", name)


@contextmanager
def far_network(here: str, there: str) -> Iterator[int]:
    """Make a second network beside this one, with a cable between them; yield a process in it.

    `here` and `there` are the ends' addresses (`10.255.255.2/24`).
    """
    with subprocess.Popen(("unshare", "--net", "sleep", "infinity")) as holder:
        try:
            _until_apart(holder.pid)
            enter = ("nsenter", f"--net=/proc/{holder.pid}/ns/net")
            run("ip", "link", "add", "far0", "type", "veth", "peer", "name", "near0",
                "netns", str(holder.pid))  # fmt: skip
            run("ip", "address", "add", here, "dev", "far0")
            run("ip", "link", "set", "far0", "up")
            run(*enter, "ip", "link", "set", "lo", "up")
            run(*enter, "ip", "address", "add", there, "dev", "near0")
            run(*enter, "ip", "link", "set", "near0", "up")
            yield holder.pid
        finally:
            subprocess.run(("ip", "link", "delete", "far0"), capture_output=True, check=False)
            holder.kill()


def _until_apart(pid: int) -> None:
    """Wait until a process has left this network."""
    mine = Path("/proc/thread-self/ns/net").readlink()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}/ns/net").readlink() == mine:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def interfaces() -> set[str]:
    """Return the names of the interfaces of this thread's namespace."""
    return {line.split(":")[0].strip() for line in _proc_net_dev()}


def _proc_net_dev() -> list[str]:
    return Path("/proc/thread-self/net/dev").read_text().splitlines()[2:]
