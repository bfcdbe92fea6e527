"""One transaction over the fabric: every device takes its configuration, or none does.

    load everywhere -> compare -> commit under a timer -> eAPI still answers -> confirm -> save

Until the confirmation any failure takes all devices back: sessions are aborted, which also rolls
back a commit under its timer; a device that cannot be reached any more rolls back by itself when
the timer ends. A confirmation that fails midway is the one case that leaves a mixed fabric, and the
error then names the devices on either side.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack

from avdlab.backends.base import EapiTarget
from avdlab.deploy.client import Client, CommandRefusedError
from avdlab.deploy.model import Deployment, DeviceDeployment
from avdlab.deploy.redact import redact
from avdlab.deploy.session import COMMIT_TIMER, PREFIX, Session
from avdlab.deploy.text import Line
from avdlab.errors import ConfigRejectedError, DeviceError, RejectedLine
from avdlab.events import Reporter

logger = logging.getLogger(__name__)
Step = Callable[[str], Awaitable[None]]
PAUSE = 0.5  # seconds between two questions to a device that does not answer after its commit


class Transaction:
    """One deployment. Its sessions carry one name on all devices."""

    def __init__(
        self,
        targets: Sequence[EapiTarget],
        texts: Mapping[str, tuple[Line, ...]],
        *,
        reporter: Reporter,
        timeout: float,
        health_timeout: float,
        max_workers: int,
    ) -> None:
        self._targets = {target.device: target for target in targets}
        self._texts = texts
        self._reporter = reporter
        self._timeout = timeout
        self._health_timeout = health_timeout
        self._max_workers = max(1, max_workers)
        self._name = f"{PREFIX}{secrets.token_hex(4)}"
        self._sessions: dict[str, Session] = {}
        self._open: set[str] = set()  # devices with a session of ours, pending or under its timer
        self._rejected: dict[str, tuple[RejectedLine, ...]] = {}
        self._diffs: dict[str, str] = {}
        self._saved: set[str] = set()

    async def check(self) -> Deployment:
        """Load and compare, change nothing and leave no session behind."""
        async with AsyncExitStack() as stack:
            await self._connect(stack)
            try:
                await self._load()
            finally:
                await self._abort()
        return self._result(committed=False)

    async def run(self) -> Deployment:
        """Deploy. Raises ConfigRejectedError, DeviceError."""
        async with AsyncExitStack() as stack:
            await self._connect(stack)
            try:
                await self._load()
                changed = sorted(device for device, diff in self._diffs.items() if diff)
                await self._abort(set(self._diffs) - set(changed))
                await self._commit(changed)
                await self._confirm(changed)
            finally:  # nothing is open after a confirmation; also the way out of Ctrl-C
                await self._abort()
            await self._save()
        return self._result(committed=True)

    # ------------------------------------------------------------------ steps
    async def _connect(self, stack: AsyncExitStack) -> None:
        for device, target in self._targets.items():
            client = await stack.enter_async_context(Client(target, self._timeout))
            self._sessions[device] = Session(client, self._name)

    async def _load(self) -> None:
        """Load all texts and compare. Raises ConfigRejectedError first, else DeviceError."""
        failed = await self._everywhere(self._load_one, self._targets, report=True)
        rejected = [line for _, lines in sorted(self._rejected.items()) for line in lines]
        if rejected:
            away = "".join(f" Not asked: {error.message}." for error in failed.values())
            raise ConfigRejectedError(rejected, hint=f"No device was changed.{away}")
        if failed:
            raise _joined(failed, "No device was changed.")

    async def _load_one(self, device: str) -> None:
        session = self._sessions[device]
        await session.abort_stale()
        self._open.add(device)
        rejected = await session.load(self._texts[device])
        if rejected:
            self._rejected[device] = rejected
        else:
            self._diffs[device] = await session.diff()

    async def _commit(self, devices: Collection[str]) -> None:
        """Commit under the timer, then look whether the devices still let us in."""
        failed = await self._everywhere(self._commit_one, devices)
        refused = [line for lines in self._rejected.values() for line in lines]
        if not failed and not refused:
            failed = await self._everywhere(self._answers, devices)
        if not failed and not refused:
            return
        back = await self._abort()
        hint = _rolled_back(back)
        if refused:
            raise ConfigRejectedError(refused, hint=hint)
        raise _joined(failed, hint)

    async def _commit_one(self, device: str) -> None:
        session = self._sessions[device]
        try:
            await session.commit()
        except CommandRefusedError as exc:
            line = RejectedLine(device, 0, f"commit of session {self._name}", (), exc.reason)
            self._rejected[device] = (line,)
            return
        logger.info("%s: committed session %s under a timer", device, self._name)

    async def _answers(self, device: str) -> None:
        """Come in anew, as anybody would: an old connection says nothing about a closed door."""
        end = time.monotonic() + self._health_timeout
        while True:
            try:
                wait = max(1.0, min(self._timeout, end - time.monotonic()))
                async with Client(self._targets[device], wait) as client:
                    await client.run(["show version"])
            except CommandRefusedError as exc:
                raise DeviceError(device, f"after the commit: {exc.reason}") from exc
            except DeviceError as exc:
                if time.monotonic() + PAUSE >= end:
                    words = exc.message.removeprefix(f"{device}: ")
                    raise DeviceError(device, f"after the commit, {words}") from exc
                await asyncio.sleep(PAUSE)
            else:
                return

    async def _confirm(self, devices: Collection[str]) -> None:
        failed = await self._everywhere(self._confirm_one, devices)
        if failed:
            confirmed = set(devices) - set(failed)
            raise _joined(failed, _rolled_back(await self._abort(), confirmed))
        for device in sorted(self._diffs):
            self._reporter.config_committed(device, device in devices)

    async def _confirm_one(self, device: str) -> None:
        await self._sessions[device].confirm()
        self._open.discard(device)
        logger.info("%s: confirmed session %s", device, self._name)

    async def _save(self) -> None:
        failed = await self._everywhere(self._save_one, self._targets)
        if failed:
            raise _joined(failed, "The configurations are active on all devices.")

    async def _save_one(self, device: str) -> None:
        session = self._sessions[device]
        if self._diffs[device] or await session.unsaved():
            await session.save()
            self._saved.add(device)

    async def _abort(self, devices: Iterable[str] | None = None) -> dict[str, DeviceError]:
        """Abort the open sessions (of these devices); return those that could not be reached."""
        chosen = self._open & set(self._open if devices is None else devices)
        self._open -= chosen
        failed = await self._everywhere(self._abort_one, chosen)
        for device, error in failed.items():
            logger.warning("%s: session %s is left: %s", device, self._name, error.message)
        return failed

    async def _abort_one(self, device: str) -> None:
        await self._sessions[device].abort()

    # ------------------------------------------------------------------ all devices
    async def _everywhere(
        self, step: Step, devices: Iterable[str], *, report: bool = False
    ) -> dict[str, DeviceError]:
        """Take a step on all devices at once; return the errors of those that failed."""
        chosen = sorted(devices)
        places = asyncio.Semaphore(self._max_workers)
        failed: dict[str, DeviceError] = {}
        done = 0

        async def one(device: str) -> None:
            nonlocal done
            try:
                async with places:
                    await step(device)
            except DeviceError as exc:
                failed[device] = exc
            done += 1
            if report:
                self._reporter.stage_progress("deploy", done, len(chosen), device)

        async with asyncio.TaskGroup() as group:
            for device in chosen:
                group.create_task(one(device))
        return {device: failed[device] for device in sorted(failed)}

    def _result(self, *, committed: bool) -> Deployment:
        devices = {
            device: DeviceDeployment(
                device,
                redact(diff),
                committed=committed and bool(diff),
                saved=device in self._saved,
            )
            for device, diff in sorted(self._diffs.items())
        }
        return Deployment(devices, check=not committed)


def _joined(failed: Mapping[str, DeviceError], hint: str) -> DeviceError:
    """Return one error that says what happened on all devices that failed."""
    errors = list(failed.values())
    first, others = errors[0], errors[1:]
    message = "\n".join(
        [first.message.removeprefix(f"{first.device}: "), *(other.message for other in others)]
    )
    own = f" {first.hint}" if first.hint else ""
    return DeviceError(first.device, message, hint=f"{hint}{own}")


def _rolled_back(unreachable: Collection[str], confirmed: Collection[str] = ()) -> str:
    """Say what became of the devices after everything was taken back."""
    said = []
    if unreachable:
        names = ", ".join(sorted(unreachable))
        said.append(f"{names}: not reached, the commit timer rolls back within {COMMIT_TIMER}.")
    if confirmed:
        names = ", ".join(sorted(confirmed))
        said.append(f"{names}: confirmed before that, has the new configuration.")
    rest = "Every other device" if said else "Every device"
    return " ".join([*said, f"{rest} has its old configuration back."])
