"""Wire nodes in network namespaces of their own, cabled as GNS3 does it: root on Linux, no Docker.

The namespaces have no names and end with their nodes; the test stands in the management network.
"""

import http.client
import json
import os
import ssl
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.gns3.network import linux_bridge, own_network, run

sys.path.append(str(Path(__file__).parent / "gns3" / "ubridge"))

import links
from bridge import Bridge
from loop import Loop
from ports import Tap

BRIDGE, OUR_ADDRESS = "mgmt", "172.16.0.254/24"
INTERVAL = 0.4  # seconds between hellos: what is not heard for four of them is gone
_WAIT_FOR_NICS = (
    "for nic in $NICS; do "
    "while ! ip link show $nic >/dev/null 2>&1; do sleep 0.05; done; "
    'done; exec "$@"'
)


@dataclass(slots=True)
class WireNode:
    """A node: its flash, its process, its management address."""

    name: str
    flash: Path
    address: str
    nics: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def run(self, *commands: str, text: bool = False) -> list[dict[str, Any]]:
        """Run commands over eAPI. Raises OSError while it does not answer."""
        request = {
            "jsonrpc": "2.0", "id": 1, "method": "runCmds",
            "params": {"version": 1, "cmds": list(commands), "format": "text" if text else "json"},
        }  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(self.address, timeout=5, context=context)
        login = b64encode(b"arista:arista").decode()
        try:
            connection.request(
                "POST", "/command-api", json.dumps(request), {"Authorization": f"Basic {login}"}
            )
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        assert "error" not in answer, answer["error"]
        found: list[dict[str, Any]] = answer["result"]
        return found


@dataclass(slots=True)
class Rack:
    """Nodes and their cables."""

    folder: Path
    nodes: dict[str, WireNode] = field(default_factory=dict)
    wires: dict[str, Bridge] = field(default_factory=dict)
    taps: list[Tap] = field(default_factory=list)
    _managed: list[str] = field(default_factory=list)
    _loop: Loop = field(default_factory=Loop)

    def run_wires(self) -> threading.Thread:
        """Move frames until `end_wires`."""
        thread = threading.Thread(target=self._loop.run, name="wires", daemon=True)
        thread.start()
        return thread

    def end_wires(self, thread: threading.Thread) -> None:
        """Move no more frames, and take the cables out."""
        self._loop.stop()
        thread.join(5)
        for open_end in (*self.wires.values(), *self.taps):
            open_end.close()

    def add(
        self, name: str, startup: str, address: str, nics: tuple[str, ...] = ("eth1",), **files: str
    ) -> WireNode:
        """Put a node in the rack, powered off. `files` go to its flash."""
        flash = self.folder / name / "flash"
        flash.mkdir(parents=True)
        (flash / "startup-config").write_text(startup)
        for file, content in files.items():
            (flash / file).write_text(content)
        node = self.nodes[name] = WireNode(name, flash, address, ("eth0", *nics))
        return node

    def start(self, *names: str) -> None:
        """Power nodes on, in a namespace of their own each, plugged into the management bridge."""
        for name in names or tuple(self.nodes):
            node = self.nodes[name]
            log = (self.folder / name / "log").open("ab")
            command = (
                "unshare", "--net", "sh", "-c", _WAIT_FOR_NICS, "node", sys.executable, "-m",
                "avdlab.twin.wire", "--flash", str(node.flash), "--name", name, "--state",
                str(self.folder / name / "state"), "--interval", str(INTERVAL), "-v",
                "systemd.setenv=MGMT_INTF=eth0", "systemd.setenv=INTFTYPE=eth",
            )  # fmt: skip
            environment = os.environ | {"NICS": " ".join(node.nics)}
            node.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            log.close()
            until(lambda node=node: _namespace(node.pid) != _namespace(os.getpid()))
            ours = f"m{len(self._managed)}"
            self._managed.append(ours)
            self.plug(name, "eth0", ours)
            run("ip", "link", "set", ours, "master", BRIDGE, "up")

    def plug(self, name: str, nic: str, ours: str) -> None:
        """Give a node a NIC whose other end is `ours`, in the test's namespace."""
        node = self.nodes[name]
        run("ip", "link", "add", ours, "type", "veth", "peer", "name", f"x-{ours}")
        run("ip", "link", "set", f"x-{ours}", "netns", str(node.pid), "name", nic)

    def cable(self, a: str, b: str) -> None:
        """Connect two `node:nic` ends, as GNS3 does: two taps with a bridge of frames between."""
        wire = Bridge(f"{a} {b}", self._loop)
        for number, end in enumerate((a, b)):
            name, _, nic = end.partition(":")
            ours = f"t{len(self.wires)}-{number}"
            wire.add(Tap(ours))
            links.move_to_process(ours, self.nodes[name].pid, nic)
        wire.start()
        self.wires[f"{a} {b}"] = wire

    def loose(self, name: str, nic: str) -> None:
        """Give a node a NIC with carrier and nothing behind it, as an unlinked adapter in GNS3."""
        ours = f"l{len(self.taps)}"
        self.taps.append(Tap(ours))
        links.move_to_process(ours, self.nodes[name].pid, nic)

    def drop(self, cable: str, **match: Callable[[bytes], bool]) -> None:
        """Let frames of a cable vanish; without a match, nothing vanishes any more."""
        self.wires[cable].filters = {
            key: lambda frame, match=found: None if match(frame) else (frame, 0.0)
            for key, found in match.items()
        }

    def stop(self, *names: str) -> None:
        """Power nodes off."""
        for name in names or tuple(self.nodes):
            node = self.nodes[name]
            if node.process is not None:
                node.process.terminate()
                node.process.wait(20)
                node.process = None


@contextmanager
def rack(folder: Path, bridge_address: str = OUR_ADDRESS) -> Iterator[Rack]:
    """Stand in a network of our own with an empty rack; everything in it ends with the block."""
    if os.geteuid() or sys.platform != "linux":
        pytest.skip("wire nodes in namespaces need root on Linux")
    with own_network(), linux_bridge(BRIDGE, bridge_address):
        made = Rack(folder)
        thread = made.run_wires()
        try:
            yield made
        finally:
            made.stop()
            made.end_wires(thread)


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for what other processes do."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if true():
                return
            said: object = "not yet true"
        except (OSError, http.client.HTTPException) as exc:
            said = exc
        assert time.monotonic() < deadline, f"it did not happen in time: {said!r}"
        time.sleep(0.05)


def _namespace(pid: int) -> str:
    return str(Path(f"/proc/{pid}/ns/net").readlink())
