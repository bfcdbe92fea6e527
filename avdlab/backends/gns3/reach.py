"""How far a node has come: its stages between "nothing is there" and "eAPI answers".

The servers' own `started` is bookkeeping: it stays after the container has died. So each stage is
looked at where it shows: the pre-boot hook's marker, the management address, the port, eAPI.
"""

import errno
import socket
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from avdlab.backends.base import EapiTarget, NodeState, NodeStatus
from avdlab.backends.eapi import LoginRefusedError, run_commands
from avdlab.backends.gns3 import ceos, endpoints
from avdlab.backends.gns3.difference import Observed
from avdlab.backends.gns3.errors import Gns3Error
from avdlab.backends.gns3.model import LOCAL, ServerNode
from avdlab.backends.gns3.record import Record
from avdlab.backends.gns3.server import Server
from avdlab.backends.twin.levels import software
from avdlab.errors import DeviceError

CONNECT_SECONDS = 1.0
JUMP_SECONDS = 4.0  # Linux gives a neighbor three to say its MAC
ANSWER_SECONDS = 10.0
PROBES = 16
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked about the nodes of a lab, and of whom. `targets` has the devices: endpoints
    answer no eAPI."""

    server: Server
    record: Record
    observed: Observed
    targets: Mapping[str, EapiTarget]
    wrong: Mapping[str, Sequence[str]]  # what is wrong with a node's cables

    def statuses(self) -> tuple[NodeStatus, ...]:
        """Return how far every node is, asked side by side."""
        away = {node.compute for node in self.observed.nodes.values()} - {LOCAL}
        gone = {c.id: c.name for c in self.server.computes() if not c.connected} if away else {}
        names = sorted(self.record.nodes)
        with ThreadPoolExecutor(max_workers=PROBES) as pool:
            return tuple(pool.map(lambda name: self._with_cables(name, gone), names))

    def _with_cables(self, name: str, gone: Mapping[str, str]) -> NodeStatus:
        found = self._status(name, gone)
        if found.state is NodeState.ABSENT:
            return found
        reasons = [found.reason] if found.reason else []
        return replace(found, reason="; ".join([*reasons, *self.wrong.get(name, ())]))

    def _status(self, name: str, gone: Mapping[str, str]) -> NodeStatus:
        target = self.targets.get(name)
        there = (target.behind or target) if target else None
        address = f"{there.host}:{there.port}" if there else ""
        found = NodeStatus(name, NodeState.ABSENT, "", address)
        if self.observed.project is not None and not self.observed.project.opened:
            return replace(found, state=NodeState.STOPPED, reason="the project is closed")
        node = self.observed.nodes.get(self.record.nodes[name].id)
        missing = self._missing(node, gone)
        if node is None or missing:
            return replace(found, reason=missing)
        found = replace(found, details=self._details(node))
        if not node.started:
            reason = "powered off" if node.status == "stopped" else f"the server says {node.status}"
            return replace(found, state=NodeState.STOPPED, reason=reason)
        if target is None:
            failed = self._failed(node) if node.kind == "docker" else ""
            state = NodeState.NICS if failed else NodeState.READY
            return replace(found, state=state, reason=failed)
        return _started(found, target, lambda: self._hook_ran(node.id))

    def _missing(self, node: ServerNode | None, gone: Mapping[str, str]) -> str:
        """Say why a node is not there, "" when it is."""
        if self.observed.project is None:
            return "the server has no such project any more"
        if node is None:
            return "the project has no such node"
        if node.compute in gone:
            return f"its compute {gone[node.compute]} is not connected"
        if compute := self.observed.lost.get(node.id):
            return f"compute {compute} lost it when it ended; `avdlab up` brings it back"
        return ""

    def _details(self, node: ServerNode) -> dict[str, str]:
        found: dict[str, str] = {}
        if node.console:
            found["console"] = f"telnet {console_host(self.server, node)} {node.console}"
        if node.auxiliary:
            found["auxiliary"] = f"telnet {console_host(self.server, node)} {node.auxiliary}"
        return found

    def _failed(self, node: ServerNode) -> str:
        """Say what of an endpoint's network could not be made, "" where it is whole."""
        data = self.server.read_file(self.record.project, node.id, endpoints.FAILED)
        return endpoints.explain(data.decode(errors="replace")) if data else ""

    def _hook_ran(self, node: str) -> bool:
        try:
            return bool(self.server.read_file(self.record.project, node, ceos.MARKER))
        except Gns3Error:
            return False


def console_host(server: Server, node: ServerNode, *, beside: bool = False) -> str:
    """Return where a node's consoles listen: a server that listens everywhere does so at its own
    address, and on the loopback of its own machine (`beside`)."""
    if node.console_host in {"", "0.0.0.0", "::"}:  # noqa: S104 (what the server says)
        return LOOPBACK if beside else str(urlsplit(server.connector.url).hostname)
    return node.console_host


def _started(found: NodeStatus, target: EapiTarget, hook_ran: Callable[[], bool]) -> NodeStatus:
    """Return the stage of a started device; `hook_ran` is asked only where nothing else tells."""
    stage = _tcp(target)
    if stage is NodeState.RUNNING:
        return _silent(found, target, hook_ran)
    if stage is NodeState.ADDRESS:
        reason = f"{target.host} answers, port {target.port} is closed: eAPI is not up yet"
        return replace(found, state=stage, reason=reason)
    try:
        [version] = run_commands(target, ["show version"], timeout=ANSWER_SECONDS)
    except LoginRefusedError as exc:
        return replace(found, state=NodeState.EAPI, reason=_own_words(exc))
    except DeviceError as exc:
        if target.behind and not _stays_open(target):
            return _silent(found, target, hook_ran)
        return replace(found, state=NodeState.TCP, reason=_own_words(exc))
    return replace(found, state=NodeState.READY, details={**found.details, **software(version)})


def _silent(found: NodeStatus, target: EapiTarget, hook_ran: Callable[[], bool]) -> NodeStatus:
    if not hook_ran():
        reason = "the container waits for its NICs"
        return replace(found, state=NodeState.RUNNING, reason=reason)
    reason = f"its NICs are there, {(target.behind or target).host} does not answer yet"
    return replace(found, state=NodeState.NICS, reason=reason)


def _own_words(exc: DeviceError) -> str:
    return exc.message.removeprefix(f"{exc.device}: ")


def _stays_open(target: EapiTarget) -> bool:
    """Tell whether a jump's port leads somewhere: the jump takes every connection, and drops it
    when it finds that nobody answers there."""
    try:
        with socket.create_connection((target.host, target.port), timeout=JUMP_SECONDS) as there:
            return bool(there.recv(1))
    except TimeoutError:
        return True  # a TLS server waits for its client's first word
    except OSError:
        return False


def _tcp(target: EapiTarget) -> NodeState:
    try:
        with socket.create_connection((target.host, target.port), timeout=CONNECT_SECONDS):
            return NodeState.TCP
    except ConnectionRefusedError:
        return NodeState.ADDRESS
    except OSError as exc:
        refused = exc.errno in {errno.ECONNREFUSED, errno.ECONNRESET}
        return NodeState.ADDRESS if refused else NodeState.RUNNING
