"""ANTA devices: how the outputs of commands come to ANTA's unmodified tests.

`EapiDevice` asks one command per request, as ANTA does by itself. `BatchedDevice` asks everything
that the tests will want beforehand, one request per device and format, and serves the tests from
that: an eAPI request costs ANTA's client 2 ms of CPU and EOS a CLI session, a command in it next
to nothing. `DirectDevice` needs no eAPI at all. All of them remember what was answered.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, Literal, Protocol

import httpx
from anta.device import AntaDevice, AsyncEOSDevice
from anta.models import AntaCommand
from asynceapi import Device, EapiCommandError  # type: ignore[import-untyped]  # no py.typed
from asynceapi.errors import EapiAuthenticationError  # type: ignore[import-untyped]

from avdlab.backends.base import EapiTarget
from avdlab.backends.twin.levels import is_twin
from avdlab.validate.outcome import Output

logger = logging.getLogger(__name__)

BATCH = 64  # commands in one request
PINGS = 8  # pings in one request: each may last
AT_ONCE = 16  # devices that are asked for everything at the same time: one host may carry them all
KNOCKS = 2  # ANTA gives a busy device 5 s to answer the first time
PING_SECONDS = 12.0  # EOS gives a lost packet up 10 s after it was sent


class LabAntaDevice(Protocol):
    """What the runner needs of a device beyond ANTA's own."""

    established: bool
    twin: bool  # it says that it is a stand-in
    answered: dict[str, Output]  # command -> its output, where it had one

    def want(self, commands: Iterable[AntaCommand], turns: asyncio.Semaphore | None = None) -> None:
        """Hear beforehand what will be asked, and share turns with the other devices."""

    async def collect_commands(
        self, commands: list[AntaCommand], *, collection_id: str | None = None
    ) -> None: ...


class EapiDevice(AsyncEOSDevice):
    """A device as ANTA reaches it: one command, one request."""

    def __init__(self, target: EapiTarget, timeout: float) -> None:
        super().__init__(
            host=target.host,
            port=target.port,
            username=target.user.name,
            password=target.user.password,
            name=target.device,
            tags={target.device},
            timeout=timeout,
            proto="https" if target.tls else "http",
            enable=True,
            enable_password=target.enable or None,
            insecure=True,
        )
        self._enter = {"cmd": "enable"} | ({"input": target.enable} if target.enable else {})
        self.twin = False
        self.answered: dict[str, Output] = {}  # command -> its output, where it had one

    def want(self, commands: Iterable[AntaCommand], turns: asyncio.Semaphore | None = None) -> None:
        """Nothing is asked beforehand."""

    async def refresh(self) -> None:
        """Connect, and hear what the device says that it is."""
        await super().refresh()
        version = self.answered.get("show version")
        self.twin = isinstance(version, dict) and is_twin(version)

    async def _collect(self, command: AntaCommand, *, collection_id: str | None = None) -> None:
        await super()._collect(command, collection_id=collection_id)
        if command.output is not None:
            self.answered[command.command] = command.output


class BatchedDevice(EapiDevice):
    """A device that is asked for everything at once, as soon as it is known to answer.

    An error of one command stays that command's error: eAPI stops there, and the rest is asked in
    another request. Where the connection fails, nothing is kept and the tests ask by themselves.
    """

    def __init__(self, target: EapiTarget, timeout: float) -> None:
        super().__init__(target, timeout)
        self._timeout = timeout
        self._wanted: dict[str, AntaCommand] = {}
        self._primed: dict[str, Output | EapiCommandError] = {}
        self._turns: asyncio.Semaphore | None = None

    def want(self, commands: Iterable[AntaCommand], turns: asyncio.Semaphore | None = None) -> None:
        """Say what the tests will ask."""
        self._wanted = {command.uid: command for command in commands}
        self._turns = turns

    async def refresh(self) -> None:
        """Connect, then ask for what is wanted: some devices at a time, so that none waits for its
        answer while all the others are served."""
        async with self._turns or nullcontext():
            for _ in range(KNOCKS):
                await super().refresh()
                if self.established:
                    break
            if self.established:
                asked = (self._ask(batch) for batch in _batches(self._wanted.values()))
                await asyncio.gather(*asked)

    async def _collect(self, command: AntaCommand, *, collection_id: str | None = None) -> None:
        found = self._primed.get(command.uid)
        if found is None:
            await super()._collect(command, collection_id=collection_id)
        elif isinstance(found, EapiCommandError):
            self._handle_eapi_command_error(command, found)
        else:
            command.output = self.answered[command.command] = found

    async def _ask(self, batch: Sequence[AntaCommand]) -> None:
        rest = list(batch)
        pings = sum(_is_ping(command) for command in batch)
        try:
            # closed when it was answered: idle TLS connections cost a device much memory
            async with self._create_client() as client:
                if pings:
                    client.timeout = httpx.Timeout(self._timeout + PING_SECONDS * pings)
                while rest:
                    rest = await self._ask_once(client, rest)
        except (httpx.HTTPError, OSError, EapiAuthenticationError, ValueError, LookupError) as exc:
            logger.info("%s: a batch of %d commands failed: %r", self.name, len(rest), exc)

    async def _ask_once(self, client: Device, batch: list[AntaCommand]) -> list[AntaCommand]:
        """Ask up to the first command that fails; return what is left to ask."""
        sent: list[Any] = [self._enter, *(_sent(command) for command in batch)]
        try:
            results = await client.cli(
                commands=sent, ofmt=batch[0].ofmt, version=batch[0].version, req_id="avdlab-batch"
            )
        except EapiCommandError as exc:
            done = len(exc.passed) - 1  # without `enable`
            if done < 0:
                raise ValueError(exc.errmsg) from exc
            self._keep(batch, exc.passed[1:])
            self._primed[batch[done].uid] = exc
            return batch[done + 1 :]
        self._keep(batch, results[1:])
        return []

    def _keep(self, batch: Sequence[AntaCommand], outputs: Sequence[Output]) -> None:
        for command, output in zip(batch, outputs, strict=False):
            self._primed[command.uid] = output


def _sent(command: AntaCommand) -> dict[str, Any]:
    revision = {"revision": command.revision} if command.revision else {}
    return {"cmd": command.command, **revision}


def _is_ping(command: AntaCommand) -> bool:
    return command.command.startswith("ping ")


def _batches(commands: Iterable[AntaCommand]) -> Iterator[list[AntaCommand]]:
    """Yield what goes out in one request each: one format, one version, pings apart."""
    groups: dict[tuple[bool, str, object], list[AntaCommand]] = {}
    for command in commands:
        key = (_is_ping(command), command.ofmt, command.version)
        groups.setdefault(key, []).append(command)
    for (pings, _, _), group in groups.items():
        size = PINGS if pings else BATCH
        for start in range(0, len(group), size):
            yield group[start : start + size]


Answered = tuple[Output | None, Sequence[str]]
Ask = Callable[[str, int | None, Literal["json", "text"]], Answered]


class DirectDevice(AntaDevice):
    """A device of this process: `ask` answers a command with its output or its errors."""

    def __init__(self, name: str, ask: Ask) -> None:
        super().__init__(name, {name})
        self._ask = ask
        self.twin = True
        self.answered: dict[str, Output] = {}

    def want(self, commands: Iterable[AntaCommand], turns: asyncio.Semaphore | None = None) -> None:
        """Nothing is asked beforehand."""

    @property
    def _keys(self) -> tuple[str]:
        return (self.name,)

    async def _collect(self, command: AntaCommand, *, collection_id: str | None = None) -> None:
        output, errors = self._ask(command.command, command.revision, command.ofmt)
        if errors:
            command.errors = list(errors)
        elif output is not None:
            command.output = self.answered[command.command] = output

    async def refresh(self) -> None:
        """Learn the model: ANTA skips tests by it."""
        output, _ = self._ask("show version", None, "json")
        if isinstance(output, dict):
            self.hw_model = str(output.get("modelName", ""))
        self.is_online = self.established = bool(self.hw_model)

    async def disconnect(self) -> None:
        """There is no connection."""
