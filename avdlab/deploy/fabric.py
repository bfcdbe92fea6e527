"""What is asked of every device of the fabric without a transaction: its configuration, saved."""

import asyncio
from collections.abc import Mapping, Sequence

from avdlab.backends.base import EapiTarget
from avdlab.deploy.deployment import run
from avdlab.deploy.fleet import Fleet, joined

TIMEOUT = 60.0


def running(targets: Sequence[EapiTarget], *, max_workers: int = 64) -> Mapping[str, str]:
    """Return device -> running-config. Raises DeviceError that names all that do not answer."""

    async def work(_: asyncio.Event) -> Mapping[str, str]:
        texts: dict[str, str] = {}
        async with Fleet(targets, "", timeout=TIMEOUT, max_workers=max_workers) as fleet:

            async def one(device: str) -> None:
                texts[device] = await fleet.sessions[device].running()

            failed = await fleet.everywhere(one, fleet.sessions, to_the_end=True)
        if failed:
            raise joined(failed, "")
        return texts

    return run(work)


def save(targets: Sequence[EapiTarget], *, max_workers: int = 64) -> tuple[str, ...]:
    """`write memory` where startup and running-config differ; return those devices.

    Raises DeviceError that names all that do not answer; the others are saved.
    """

    async def work(_: asyncio.Event) -> tuple[str, ...]:
        saved: set[str] = set()
        async with Fleet(targets, "", timeout=TIMEOUT, max_workers=max_workers) as fleet:

            async def one(device: str) -> None:
                session = fleet.sessions[device]
                if await session.unsaved():
                    await session.save()
                    saved.add(device)

            failed = await fleet.everywhere(one, fleet.sessions, to_the_end=True)
        if failed:
            raise joined(failed, "The others are saved.")
        return tuple(sorted(saved))

    return run(work)
