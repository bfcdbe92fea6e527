"""A recording on the twin: its configurations and cabling in, answers to its commands out.

What a recording cannot know is filled in openly: what stood around the fabric (outside.py), cables
where none were drawn, and the routing model of an EOS that names none (ribd before 4.30.1).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from avdlab.backends.twin import ios, nxos
from avdlab.backends.twin.outside import surroundings
from avdlab.backends.twin.spellings import today
from avdlab.compare.cabling import adjacencies, neighbors
from avdlab.compare.recording import RecordedDevice, Recording
from avdlab.errors import InputError
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
    cabling: str = ""  # where the cables come from, "" for a file of the recording
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
        foreign = self.recording.foreign
        absent = [f"{n} ({v})" if v else n for n, v in foreign.items() if n not in self.nodes]
        if absent:
            said.append(f"not run, as they are no EOS devices: {', '.join(absent)}")
        said += [
            f"{name} ({foreign[name]}) is no EOS device: its routing is run in EOS's words, "
            f"{len(self.unread(name).rejected)} lines of it do not read so"
            for name in self.nodes
            if name in foreign
        ]
        if self.cabling:
            said.append(self.cabling)
        if self.outside:
            said.append(f"{len(self.outside)} ports had carrier from something not recorded")
        for device in self.recording.devices:
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
    others = {
        name: (text, vendor)
        for name, text in recording.foreign_configs()
        if (vendor := _vendor(recording, name)) is not None
    }
    identities = {name: _identity(recording.name, device) for name, device in names.items()}
    identities |= {name: identity(recording.name, name) for name in others}
    fabric = Fabric(recording.name, identities, time.time)
    texts = {name: _startup(device) for name, device in names.items()}
    texts |= {name: vendor.as_eos(text) for name, (text, vendor) in others.items()}
    nodes = {name: Node(name, text, {}, fabric, time.time) for name, text in texts.items()}
    for node in nodes.values():
        node.sync()
    cables, endpoints, source = _wiring(recording, fabric)
    cables = frozenset(_named(cable, others) for cable in cables)
    endpoints = {name: found for name, found in endpoints.items() if name not in others}
    settings = fabric.inputs.settings
    cables, endpoints, outside = surroundings(recording, settings, cables, endpoints)
    fabric.set_wiring(cables, endpoints)
    return Replay(recording, fabric, nodes, source, outside)


class _Vendor(Protocol):
    """A vendor whose routing can be said in EOS's words."""

    NAMES: frozenset[str]

    def as_eos(self, config: str) -> str: ...

    def port(self, config: str, name: str) -> str: ...


_VENDORS: tuple[_Vendor, ...] = (ios, nxos)


def _vendor(recording: Recording, name: str) -> _Vendor | None:
    system = recording.foreign[name].lower()
    return next((vendor for vendor in _VENDORS if system in vendor.NAMES), None)


def _named(cable: Cable, others: Mapping[str, tuple[str, _Vendor]]) -> Cable:
    """Return a cable with the EOS names of the ports of other vendors' devices."""

    def plug(end: Plug) -> Plug:
        if end.node not in others:
            return end
        text, vendor = others[end.node]
        return Plug(end.node, vendor.port(text, end.interface))

    return Cable.between(plug(cable.a), plug(cable.b))


def _identity(fabric: str, device: RecordedDevice) -> Identity:
    """Return what the factory gave the device: of the recording, as far as it tells."""
    made = identity(fabric, device.name)
    return replace(
        made,
        model=device.model or made.model,
        system_mac=device.system_mac or made.system_mac,
        port_macs=device.port_macs,
        release=device.release,
    )


def _startup(device: RecordedDevice) -> str:
    """Return the configuration, with the routing model that the release runs where none is
    named."""
    old = device.release is not None and device.release < _MULTI_AGENT_SINCE
    config = today(device.config)
    if old and "service routing protocols model" not in config:
        return f"service routing protocols model ribd\n{config}"
    return config


def _wiring(
    recording: Recording, fabric: Fabric
) -> tuple[frozenset[Cable], dict[str, Endpoint], str]:
    """Return cables, endpoints, and where they come from: "" for a file."""
    data, source = recording.cabling(), ""
    if data is None:
        data = neighbors(recording)
        source = "cables were taken from recorded LLDP neighbors"
    if data is None:
        guessed = infer_cables(fabric.inputs.settings)
        heard, _ = read_wiring(adjacencies(recording), recording.devices)
        plugged = {plug for cable in guessed for plug in (cable.a, cable.b)}
        more = {c for c in heard if not {c.a, c.b} & plugged}
        said = "no cabling was recorded: ports in one subnet were cabled"
        return guessed | more, {}, f"{said}, and neighbors of OSPF and IS-IS" if more else said
    try:
        cables, endpoints = read_wiring(data, recording.devices)
    except WiringError as exc:
        raise InputError(f"the cabling of {recording.folder} cannot be read: {exc}") from exc
    return cables, {name: replace(e, talking=False) for name, e in endpoints.items()}, source
