"""The devices of a transaction: one session on each, and steps taken on all of them at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from avdlab.backends.base import EapiTarget
from avdlab.deploy.client import Client
from avdlab.deploy.session import Session
from avdlab.errors import DeviceError

logger = logging.getLogger(__name__)
Step = Callable[[str], Awaitable[None]]


class StopRequested(Exception):
    """Somebody asked to stop, and no device was in the middle of something."""


class Fleet:
    """A session of one name on every device. Use it as a context manager.

    `interrupted` is set when somebody asks to stop. Nothing is cut off in the middle of a request:
    a request that has left may be carried out, whether its reply is waited for or not.
    """

    def __init__(
        self,
        targets: Sequence[EapiTarget],
        name: str,
        *,
        timeout: float,
        max_workers: int,
        interrupted: asyncio.Event | None = None,
    ) -> None:
        self.name = name
        self.targets = {target.device: target for target in targets}
        self.sessions: dict[str, Session] = {}
        self.interrupted = interrupted or asyncio.Event()
        self.timeout = timeout
        self._max_workers = max(1, max_workers)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for device, target in self.targets.items():
            client = await self._stack.enter_async_context(Client(target, self.timeout))
            self.sessions[device] = Session(client, self.name)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def everywhere(
        self,
        step: Step,
        devices: Iterable[str],
        *,
        progress: Callable[[int, int, str], None] | None = None,
        to_the_end: bool = False,
    ) -> dict[str, DeviceError]:
        """Take a step on all devices at once; return the errors of those that failed.

        Raises StopRequested when somebody asked to stop, unless the step is taken
        `to_the_end` on all devices whatever happens.
        """
        chosen = sorted(devices)
        places = asyncio.Semaphore(self._max_workers)
        failed: dict[str, DeviceError] = {}
        done = 0

        async def one(device: str) -> None:
            nonlocal done
            async with places:
                if self.interrupted.is_set() and not to_the_end:
                    return
                try:
                    await step(device)
                except DeviceError as exc:
                    failed[device] = exc
            done += 1
            if progress is not None:
                progress(done, len(chosen), device)

        async with asyncio.TaskGroup() as group:
            for device in chosen:
                group.create_task(one(device))
        if self.interrupted.is_set() and not to_the_end:
            raise StopRequested
        return {device: failed[device] for device in sorted(failed)}

    async def pause(self, seconds: float) -> None:
        """Wait, but not after somebody asked to stop."""
        try:
            async with asyncio.timeout(seconds):
                await self.interrupted.wait()
        except TimeoutError:
            return


def joined(failed: Mapping[str, DeviceError], hint: str) -> DeviceError:
    """Return one error that says what happened on all devices that failed."""
    errors = list(failed.values())
    first, others = errors[0], errors[1:]
    message = "\n".join(
        [first.message.removeprefix(f"{first.device}: "), *(other.message for other in others)]
    )
    own = f" {first.hint}" if first.hint else ""
    return DeviceError(first.device, message, hint=f"{hint}{own}")
