"""A recording on the twin: its configurations and cabling in, answers to its commands out.

What a recording cannot know is filled in openly: ports that had carrier from something that was not
recorded (a host, another vendor's router) are plugged into a silent endpoint, cables without a
drawing are guessed from subnets, and an EOS before 4.30.1 that names no routing model runs ribd.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from avdlab.compare.recording import RecordedDevice, Recording
from avdlab.errors import InputError
from avdlab.net.interfaces import is_management, is_physical
from avdlab.net.release import Release
from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.exec import CliSession
from avdlab.twin.cli.node import Node
from avdlab.twin.cli.outcome import CommandError
from avdlab.twin.config import coverage
from avdlab.twin.config.read.root import TOP
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.device import Identity
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Cable, Endpoint, Plug
from avdlab.twin.fabric.wiring import WiringError, infer_cables, read_wiring

_OUTSIDE = "outside"
_MULTI_AGENT_SINCE = Release(4, 30, 1)
_USER = UserSettings("replay", privilege=15, role="network-admin")


@dataclass(frozen=True, slots=True)
class Unread:
    """Lines of one device's configuration that the twin refuses, or keeps without effect."""

    rejected: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass
class Replay:
    """The recorded fabric, converged on the twin."""

    recording: Recording
    fabric: Fabric
    nodes: Mapping[str, Node]
    guessed_cables: bool = False
    outside: tuple[str, ...] = ()  # ports plugged into something that was not recorded
    _sessions: dict[str, CliSession] = field(default_factory=dict)

    def answer(self, device: str, command: str) -> dict[str, Any]:
        """Return the twin's JSON; a refused command gives `errors`, as it does in a recording."""
        session = self._session(device)
        try:
            return session.run(command).json or {}
        except CommandError as error:
            return {**error.partial, "errors": list(error.errors)}

    def text(self, device: str, command: str) -> str:
        """Return the twin's text; a refused command gives EOS's `% ...` line."""
        try:
            return self._session(device).run(command, text=True).text
        except CommandError as error:
            return "".join(f"% {text}\n" for text in error.errors)

    def unread(self, device: str) -> Unread:
        """Return the lines that do not take part in the computation."""
        node = self.nodes[device]
        lines = coverage.coverage(node.store.running, TOP).lines
        return Unread(
            tuple(f"{r.line}: {r.message}" for r in node.store.boot_rejected),
            tuple(
                " > ".join((*mode, line)) for mode, line, verdict in lines if verdict != "modelled"
            ),
        )

    def remarks(self) -> list[str]:
        """Return what a reader of the comparison must know about its inputs."""
        said = []
        if self.recording.foreign:
            named = ", ".join(f"{n} ({v})" if v else n for n, v in self.recording.foreign.items())
            said.append(f"not run, as they are no EOS devices: {named}")
        if self.guessed_cables:
            said.append("no cabling was recorded: ports in one subnet were cabled")
        if self.outside:
            said.append(f"{len(self.outside)} ports had carrier from something not recorded")
        for device in self.nodes:
            unread = self.unread(device)
            said += [f"{device}: refused line: {text}" for text in unread.rejected]
            if unread.accepted:
                said.append(f"{device}: {len(unread.accepted)} lines are kept without effect")
        for device, state in self.fabric.state.devices.items():
            said += [f"{device}: {note}" for note in state.notes]
        return said

    def _session(self, device: str) -> CliSession:
        if device not in self._sessions:
            session = CliSession(self.nodes[device], _USER, COMMANDS, abbreviated=True)
            session.run("enable")
            self._sessions[device] = session
        return self._sessions[device]


def replay(recording: Recording) -> Replay:
    """Boot every EOS device of a recording. Raises InputError where its cabling is unreadable."""
    names = recording.devices
    identities = {name: _identity(recording.name, device) for name, device in names.items()}
    fabric = Fabric(recording.name, identities, time.time)
    nodes = {
        name: Node(name, _startup(device), {}, fabric, time.time) for name, device in names.items()
    }
    for node in nodes.values():
        node.sync()
    cables, endpoints, guessed = _wiring(recording, fabric)
    dangling = _dangling(recording, cables)
    if dangling:
        nics = tuple(f"nic{number}" for number in range(len(dangling)))
        endpoints[_OUTSIDE] = Endpoint(_OUTSIDE, nics, talking=False)
        cables |= {
            Cable.between(plug, Plug(_OUTSIDE, nic))
            for plug, nic in zip(dangling, nics, strict=True)
        }
    fabric.set_wiring(cables, endpoints)
    outside = tuple(f"{plug.node}:{plug.interface}" for plug in dangling)
    return Replay(recording, fabric, nodes, guessed, outside)


def _identity(fabric: str, device: RecordedDevice) -> Identity:
    """Return what the factory gave the device: of the recording, as far as it tells."""
    made = identity(fabric, device.name)
    return replace(
        made,
        model=device.model or made.model,
        system_mac=device.system_mac or made.system_mac,
        release=device.release,
    )


def _startup(device: RecordedDevice) -> str:
    """Return the configuration, with the routing model that the release runs where none is
    named."""
    old = device.release is not None and device.release < _MULTI_AGENT_SINCE
    if old and "service routing protocols model" not in device.config:
        return f"service routing protocols model ribd\n{device.config}"
    return device.config


def _wiring(
    recording: Recording, fabric: Fabric
) -> tuple[frozenset[Cable], dict[str, Endpoint], bool]:
    data = recording.cabling()
    if data is None:
        return infer_cables(fabric.inputs.settings), {}, True
    try:
        cables, endpoints = read_wiring(data, recording.devices)
    except WiringError as exc:
        raise InputError(f"the cabling of {recording.folder} cannot be read: {exc}") from exc
    return cables, {name: replace(e, talking=False) for name, e in endpoints.items()}, False


def _dangling(recording: Recording, cables: frozenset[Cable]) -> list[Plug]:
    """Return the ports that had carrier, though no cable of theirs was recorded."""
    used = {plug for cable in cables for plug in (cable.a, cable.b)}
    found = []
    for name, device in recording.devices.items():
        recorded = device.output("show interfaces")
        interfaces = (recorded.data or {}).get("interfaces", {}) if recorded else {}
        for port, facts in sorted(interfaces.items()):
            plug = Plug(name, port)
            wired = is_physical(port) or is_management(port)
            if wired and facts.get("interfaceStatus") == "connected" and plug not in used:
                found.append(plug)
    return found
