"""A deployment from its start to its end: what an earlier run left, then each batch in turn."""

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from avdlab.backends.base import EapiTarget
from avdlab.deploy.checkpoints import Checkpoints
from avdlab.deploy.fleet import Fleet
from avdlab.deploy.journal import Journal
from avdlab.deploy.model import Deployment, DeviceDeployment, Gate, Load, Options
from avdlab.deploy.recovery import recover
from avdlab.deploy.rollout import Batches
from avdlab.deploy.transaction import Names, Transaction
from avdlab.errors import AvdlabError
from avdlab.events import Reporter


@dataclass(frozen=True, slots=True)
class Naming:
    """What the names of this lab's sessions begin with, and what begins the names of old ones."""

    prefix: str  # avdlab-<lab>-
    own: str  # sessions that begin so were left by an earlier run and are aborted


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done, before any device is asked."""

    targets: Mapping[str, EapiTarget]
    lab_targets: Mapping[str, EapiTarget]
    loads: Mapping[str, Load]
    batches: Batches
    options: Options
    gate: Gate | None
    folder: Path | None
    naming: Naming
    reporter: Reporter
    keep: bool

    async def check(self, interrupted: asyncio.Event) -> Deployment:
        """Compare only; what an earlier run left is left."""
        unfinished = Journal(self.folder).read()
        if unfinished is not None:
            self.reporter.note(
                f"the deployment of {unfinished.when} did not end: the next deploy finishes it or "
                "takes it back"
            )
        names = self._names(unfinished.session if unfinished else "")
        return await self._transaction(tuple(self.loads), names, interrupted, "", check=True)

    async def deploy(self, interrupted: asyncio.Event) -> Deployment:
        """Finish or undo what an earlier run left, then deploy, batch by batch."""
        journal = Journal(self.folder)
        store = Checkpoints(self.folder)

        def fleet(targets: Sequence[EapiTarget], name: str) -> Fleet:
            return self._fleet(targets, name, interrupted)

        recovered = await recover(journal, self.lab_targets, fleet, self.reporter, store)
        if recovered:
            self.reporter.note(recovered)
        if len(self.batches) > 1:  # what a later batch would reject is known before the first
            await self._transaction(tuple(self.loads), self._names(), interrupted, "", check=True)
        started = time.strftime("%Y%m%d-%H%M%S")
        checkpoint = f"before-{started}-{secrets.token_hex(2)}" if self.keep else ""
        devices: dict[str, DeviceDeployment] = {}
        for number, batch in enumerate(self.batches, start=1):
            try:
                done = await self._transaction(batch, self._names(), interrupted, checkpoint)
            except AvdlabError as exc:
                _say_batches(exc, number, self.batches)
                raise
            devices |= done.devices
        store.prune()
        shown = self.batches if len(self.batches) > 1 else ()
        ordered = {device: devices[device] for device in sorted(devices)}
        return Deployment(ordered, recovered=recovered, batches=shown)

    async def _transaction(
        self,
        devices: Sequence[str],
        names: Names,
        interrupted: asyncio.Event,
        checkpoint: str,
        *,
        check: bool = False,
    ) -> Deployment:
        targets = [self.targets[device] for device in devices]
        async with self._fleet(targets, names.session, interrupted) as fleet:
            transaction = Transaction(
                fleet,
                {device: self.loads[device] for device in devices},
                names,
                options=self.options,
                reporter=self.reporter,
                journal=Journal(None if check else self.folder),
                store=Checkpoints(None if check else self.folder),
                checkpoint=checkpoint,
                gate=self.gate,
            )
            return await (transaction.check() if check else transaction.run())

    def _fleet(self, targets: Sequence[EapiTarget], name: str, interrupted: asyncio.Event) -> Fleet:
        return Fleet(
            targets,
            name,
            timeout=self.options.timeout,
            max_workers=self.options.max_workers,
            interrupted=interrupted,
        )

    def _names(self, keep: str = "") -> Names:
        return Names(self.naming.own, self.naming.prefix + secrets.token_hex(4), keep)


def _say_batches(exc: AvdlabError, number: int, batches: Batches) -> None:
    """Say which batches are done: they stay as they are."""
    if len(batches) < 2:
        return
    done = ", ".join(device for batch in batches[: number - 1] for device in batch)
    rest = ", ".join(device for batch in batches[number:] for device in batch)
    said = [f"This was batch {number} of {len(batches)}."]
    said += [f"Deployed before it: {done}."] if done else []
    said += [f"Not begun: {rest}."] if rest else []
    exc.hint = f"{exc.hint} {' '.join(said)}".strip()
