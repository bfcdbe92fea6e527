"""A twin beside the lab: the same engine in this process, without sockets, files or passwords.

What-if questions run here (`avdlab mutate`), never on a lab that people use. It is made from the
same values as a lab, and answers show commands as the lab's eAPI would.
"""

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avdlab.backends.base import HostAddress, Traced
from avdlab.backends.twin import levels
from avdlab.backends.twin.description import device_names, endpoints, links
from avdlab.errors import ConfigRejectedError, InputError, RejectedLine
from avdlab.topology.model import Topology
from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.exec import CliSession, Mode
from avdlab.twin.cli.node import Node
from avdlab.twin.config.loader import load
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.eapi.description import DescriptionError, cable, check
from avdlab.twin.eapi.jsonrpc import Command, RunCmds
from avdlab.twin.eapi.run import run
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Cable, Faults
from avdlab.twin.fabric.trace import Trace

_USER = UserSettings("avdlab", 15, "network-admin")


def _traced(found: Trace) -> Traced:
    stops = tuple((stop.node, stop.reason) for stop in found.stops)
    return Traced(found.reached, found.hops, stops)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device said to one command: the output, or the errors."""

    output: dict[str, Any] | str | None
    errors: tuple[str, ...] = ()


class SideTwin:
    """A fabric of this process. Configurations, cables and faults go in, answers come out."""

    def __init__(
        self,
        topology: Topology,
        configs: Mapping[str, str],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        names = sorted(device_names(topology))
        identities = {name: identity(topology.name, name) for name in names}
        self._names = frozenset(names)
        self._clock = clock
        self._fabric = Fabric(topology.name, identities, clock)
        self._nodes: dict[str, Node] = {}
        self.rewire(topology)
        for name in names:
            self.boot(name, configs[name])

    # ------------------------------------------------------------------ inputs
    def boot(self, device: str, text: str) -> None:
        """Start a device from a text. Raises ConfigRejectedError; the device stays as it was."""
        rejected = load(text).rejected
        if rejected:
            raise ConfigRejectedError(
                [
                    RejectedLine(device, line.number, line.line, tuple(line.mode), line.message)
                    for line in rejected
                ]
            )
        node = self._nodes[device] = Node(device, text, {}, self._fabric, self._clock)
        node.sync()

    def rewire(self, topology: Topology) -> None:
        """Plug the cables and endpoints of a topology, instead of those before."""
        described = check(
            {
                "schema_version": 1,
                "control": {"token": "none"},
                "nodes": {name: {} for name in self._names},
                "links": links(topology),
                "endpoints": endpoints(topology),
            }
        )
        self._fabric.set_wiring(described.cables, described.endpoints)

    def set_faults(
        self,
        *,
        cut: Sequence[tuple[str, str]] = (),
        stopped: Sequence[str] = (),
        dropped: Mapping[tuple[str, str], Sequence[str]] | None = None,
    ) -> None:
        """Put faults in force in place of those before.

        Cables cut, devices powered off, and cables that swallow the frames of some protocols.
        """
        self._fabric.set_faults(
            Faults(
                frozenset(self._cable(a, b) for a, b in cut),
                frozenset(stopped),
                {self._cable(*ends): frozenset(drop) for ends, drop in (dropped or {}).items()},
            )
        )

    def _cable(self, a: str, b: str) -> Cable:
        try:
            wire = cable(a, b, self._names)
        except DescriptionError as exc:
            raise InputError(str(exc)) from exc
        if wire not in self._fabric.inputs.cables:
            raise InputError(f"there is no link from {a} to {b}")
        return wire

    # ------------------------------------------------------------------ answers
    @property
    def devices(self) -> tuple[str, ...]:
        """The devices, powered on or not."""
        return tuple(sorted(self._nodes))

    def ask(self, device: str, command: str, *, revision: int | None, text: bool) -> Answer:
        """Return what the device's eAPI would answer to one command, in privileged mode."""
        if device in self._fabric.faults.stopped:
            return Answer(None, ("the node is powered off",))
        node = self._nodes[device]
        session = CliSession(node, _USER, COMMANDS, abbreviated=False)
        session.mode = Mode.ENABLED
        request = RunCmds(None, (Command(command, None, revision),), version=None, text=text)
        reply = run(request, session, self._clock)
        if "error" in reply:
            data = reply["error"]["data"][-1]
            reason = reply["error"]["message"].partition(" failed: ")[2]
            return Answer(None, tuple(e for e in data.get("errors", ()) if e) or (reason,))
        result = reply["result"][-1]
        # a client gets its own copy, with JSON's types
        return Answer(result["output"] if text else json.loads(json.dumps(result)))

    def type(self, device: str, lines: Sequence[str]) -> None:
        """Type lines at a device's command line. Raises ConfigRejectedError."""
        node = self._nodes[device]
        session = CliSession(node, _USER, COMMANDS)
        session.mode = Mode.ENABLED
        request = RunCmds(None, tuple(Command(line) for line in lines), version=None)
        reply = run(request, session, self._clock)
        if "error" in reply:
            raise ConfigRejectedError(
                [RejectedLine(device, 0, "; ".join(lines), (), reply["error"]["message"])]
            )
        node.sync()

    def asker(
        self, device: str
    ) -> Callable[[str, int | None, str], tuple[dict[str, Any] | str | None, Sequence[str]]]:
        """Return what answers a device's commands: command, revision, format to output, errors."""

        def ask(
            command: str, revision: int | None, form: str
        ) -> tuple[dict[str, Any] | str | None, Sequence[str]]:
            answer = self.ask(device, command, revision=revision, text=form == "text")
            return answer.output, answer.errors

        return ask

    def trace(self, pairs: Sequence[tuple[HostAddress, HostAddress]]) -> tuple[Traced, ...]:
        """Trace packets between addresses of endpoints."""
        tracer = self._fabric.tracer()
        return tuple(_traced(tracer.trace(a.key, b.key)) for a, b in pairs)

    def evidence(self, commands: Collection[str]) -> Mapping[str, str]:
        """Return command -> the level (F0 ... F3) of its answer."""
        return levels.evidence(commands)

    def running(self, device: str) -> str:
        """Return the running-config."""
        node = self._nodes[device]
        return node.text(node.store.running, "show running-config")
