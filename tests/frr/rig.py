"""FRR routers in network namespaces: one namespace a node, one more for each VRF (`zebra -n`).

Everything is private to the rig: network namespaces without names on the host, a mount namespace
with its own /run/netns per node, files in a temporary folder. `close` ends what was started.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DAEMONS = Path("/usr/lib/frr")
NETNS = Path("/run/netns")
BUFFERS = Path("/var/tmp/frr")  # noqa: S108 - where daemons keep what they have yet to log
_POLL = 0.2


def missing() -> str:
    """Return why FRR cannot run here, "" when it can."""
    if os.geteuid() != 0:
        return "not root: network namespaces cannot be made"
    for program in ("ip", "bridge", "unshare", "nsenter", "vtysh"):
        if shutil.which(program) is None:
            return f"{program} is not installed (Debian: frr, iproute2)"
    if not (DAEMONS / "bgpd").exists():
        return "FRR is not installed (Debian: frr)"
    tried = subprocess.run(["unshare", "-n", "-m", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "namespaces are not permitted here"


@dataclass
class Node:
    """One router: the process that holds its namespaces, and its folder."""

    name: str
    holder: subprocess.Popen[bytes]
    folder: Path
    vrfs: tuple[str, ...] = ()

    @property
    def pid(self) -> int:
        return self.holder.pid

    def enter(self, *command: str) -> list[str]:
        return ["nsenter", "-t", str(self.pid), "-n", "-m", "--", *command]

    def run(self, *command: str, given: str | None = None) -> str:
        """Run a command in the node's default VRF."""
        done = subprocess.run(
            self.enter(*command), input=given, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def batch(self, lines: Iterable[str], vrf: str = "default", program: str = "ip") -> None:
        """Run commands of `ip` (or `bridge`) in a VRF."""
        inside = () if vrf == "default" else ("ip", "netns", "exec", vrf)
        text = "\n".join(lines)
        if text:
            self.run(*inside, program, "-batch", "-", given=text + "\n")

    def show(self, *commands: str) -> list[Any]:
        """Run vtysh commands that print JSON, all in one go."""
        words = [word for command in commands for word in ("-c", f"{command} json")]
        text = self.run("vtysh", "--vty_socket", str(self.folder), *words)
        found, decoder = [], json.JSONDecoder()
        while text := text.lstrip():
            value, end = decoder.raw_decode(text)
            found.append(value)
            text = text[end:]
        return found


@dataclass
class Rig:
    """All routers of one test."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="frr")))
    nodes: dict[str, Node] = field(default_factory=dict)
    _wires: int = 0

    def __enter__(self) -> "Rig":
        NETNS.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, name: str, vrfs: Iterable[str] = ()) -> Node:
        """Make a node with its VRFs; loopback devices are up."""
        holder = subprocess.Popen(
            ["unshare", "-n", "-m", "--propagation", "private", "sleep", "infinity"]
        )
        folder = self.folder / str(len(self.nodes))
        folder.mkdir()
        shutil.chown(folder, "frr", "frr")
        node = self.nodes[name] = Node(name, holder, folder, tuple(vrfs))
        self._await_namespaces(node)
        node.run("mount", "-t", "tmpfs", "tmpfs", str(NETNS))
        node.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.disable_ipv6=0")
        node.batch(["link set lo up"])
        for vrf in node.vrfs:
            node.run("ip", "netns", "add", vrf)
            node.batch(["link set lo up"], vrf)
        return node

    def _await_namespaces(self, node: Node) -> None:
        own, other = Path("/proc/self/ns/net"), Path(f"/proc/{node.pid}/ns/net")
        until(lambda: other.readlink() != own.readlink(), 5.0)

    # -------------------------------------------------------------------------- wires
    def wire(self, a: str, port_a: str, b: str, port_b: str, vrf: str = "default") -> None:
        """Join two ports, both in a VRF of the same name."""
        self._wires += 1
        one, two = f"w{self._wires}a", f"w{self._wires}b"
        left, right = self.nodes[a], self.nodes[b]
        left.run(
            *("ip", "link", "add", one, "type", "veth"),
            *("peer", "name", two, "netns", str(right.pid)),
        )
        for node, temporary, port in ((left, one, port_a), (right, two, port_b)):
            if vrf != "default":
                node.batch([f"link set {temporary} netns {vrf}"])
            node.batch([f"link set {temporary} name {port}", f"link set {port} up"], vrf)

    def segment(self, ends: Iterable[tuple[str, str]], vrf: str = "default") -> None:
        """Join more than two ports on a bridge of its own."""
        hub = f"hub{self._wires}"
        node = self.add(hub)
        node.batch(["link add lan type bridge", "link set lan up"])
        for number, (name, port) in enumerate(ends):
            self.wire(hub, f"p{number}", name, port, vrf)
            node.batch([f"link set p{number} master lan"])

    def stub(self, name: str, ports: Iterable[tuple[str, str]]) -> None:
        """Make ports (VRF, name) that are up and lead nowhere: loopbacks, SVIs without a peer."""
        found: dict[str, list[str]] = {}
        for vrf, port in ports:
            found.setdefault(vrf, []).extend(
                [
                    f"link add {port} type veth peer name {port}-x",
                    f"link set {port} up",
                    f"link set {port}-x up",
                ]
            )
        for vrf, lines in found.items():
            self.nodes[name].batch(lines, vrf)

    # -------------------------------------------------------------------------- daemons
    def start(self, name: str, configs: Mapping[str, str], zebra: str = "") -> None:
        """Start zebra and the daemons that have a configuration: daemon -> text."""
        node = self.nodes[name]
        for daemon, text in {"zebra": zebra, **configs}.items():
            path = node.folder / f"{daemon}.conf"
            path.write_text(f"hostname {name}\n{text}")
            shutil.chown(path, "frr", "frr")
            where = [
                *("-d", "-f", str(path), "-i", str(node.folder / f"{daemon}.pid")),
                *("-z", str(node.folder / "zserv"), "--vty_socket", str(node.folder)),
                *("--log", f"file:{node.folder / daemon}.log", "--log-level", "warnings"),
            ]
            namespaces = ["-n"] if daemon == "zebra" else []
            node.run(str(DAEMONS / daemon), *where, *namespaces)

    def complaints(self) -> list[str]:
        """Return the configuration lines that FRR refused."""
        found = []
        for node in self.nodes.values():
            for log in sorted(node.folder.glob("*.log")):
                lines = log.read_text(errors="replace").splitlines()
                found += [f"{node.name}: {x}" for x in lines if "Unknown command" in x or "% " in x]
        return found

    def close(self) -> None:
        """End every process of the rig and remove its files."""
        for node in self.nodes.values():
            for pid_file in node.folder.glob("*.pid"):
                pid = int(pid_file.read_text())
                _end(pid)
        for node in self.nodes.values():
            node.holder.kill()
            node.holder.wait()
        for buffer in BUFFERS.glob("*.*"):  # daemon and process id
            if not Path("/proc", buffer.suffix[1:]).exists():
                shutil.rmtree(buffer, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def until(done: Callable[[], bool], seconds: float) -> bool:
    """Poll until something holds; tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True
