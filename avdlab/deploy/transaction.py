"""One transaction over the fabric: every device takes its configuration, or none does.

    open -> load -> diff -> commit under a timer -> gate -> confirm -> save

Until the confirmations any failure takes all devices back (undo.py), and that is proven before the
error is shown. The journal is written before the first session, before the first commit and before
the first confirmation, so whatever kills this process, the next deployment knows what may have
happened and finishes it or takes it back (recovery.py).

The window that no protocol can close: between the first and the last confirmation some devices are
confirmed and others are not. Within it a lost device means that the confirmed ones go back to the
checkpoints that they saved before they committed. If the lost device had received its confirmation
and only its reply was lost, it alone has the new configuration until the next deployment, which
finds it in the journal.
"""

import asyncio
import logging
import math
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from avdlab.deploy.checkpoints import Checkpoints
from avdlab.deploy.client import Client, CommandRefusedError
from avdlab.deploy.fleet import Fleet, Step, StopRequested, joined
from avdlab.deploy.journal import Journal, Record
from avdlab.deploy.model import Deployment, DeviceDeployment, Gate, Load, Options, Phase
from avdlab.deploy.redact import redact
from avdlab.deploy.session import Session, State, fingerprint
from avdlab.deploy.undo import GRACE, take_back
from avdlab.errors import (
    AvdlabError,
    CannotRunError,
    ConfigRejectedError,
    DeviceError,
    InterruptedByUserError,
    RejectedLine,
)
from avdlab.events import Reporter

logger = logging.getLogger(__name__)
PAUSE = 0.5  # seconds between two questions to a device that does not answer after its commit
SLOWEST_COMMIT = 10.0  # seconds that a commit may take at least, however fast the candidate loaded
MARGIN = 5.0  # seconds for the confirmations
ENOUGH = 2.0  # seconds that must be left of the timers to confirm, or to take back while they run


@dataclass(frozen=True, slots=True)
class Names:
    """The names of sessions on the devices."""

    own: str  # what begins the names of sessions that an earlier run left
    session: str  # avdlab-<lab>-<token>
    keep: str = ""  # a session of an earlier run that is not to be touched


class Transaction:
    """One deployment. Its sessions and checkpoints carry one name on all devices."""

    def __init__(
        self,
        fleet: Fleet,
        loads: Mapping[str, Load],
        names: Names,
        *,
        options: Options,
        reporter: Reporter,
        journal: Journal,
        store: Checkpoints,
        checkpoint: str = "",
        gate: Gate | None = None,
    ) -> None:
        self._fleet = fleet
        self._loads = loads
        self._names = names
        self._options = options
        self._reporter = reporter
        self._journal = journal
        self._store = store
        self._gate = gate
        self._record = Record(
            names.session, Phase.OPEN, {}, checkpoint=checkpoint, started=time.time()
        )
        self._slowest = 0.0  # seconds that the slowest device took to load and compare
        self._running: dict[str, str] = {}  # device -> running-config before
        self._stale: dict[str, tuple[str, ...]] = {}  # sessions that an earlier run left
        self._rejected: dict[str, tuple[RejectedLine, ...]] = {}
        self._opened: set[str] = set()
        self._diffs: dict[str, str] = {}
        self._sent: dict[str, float] = {}  # device -> when its commit was sent
        self._timers: dict[str, float] = {}  # device -> when its commit timer has ended at last
        self._after: dict[str, str] = {}
        self._confirmed: set[str] = set()
        self._rolled_back: set[str] = set()  # found out while confirming
        self._saved: set[str] = set()

    async def check(self) -> Deployment:
        """Load and compare, change nothing and leave no session behind."""
        try:
            await self._inspect()
            await self._clean()
            await self._load()
        except StopRequested:
            raise InterruptedByUserError("interrupted. No device was changed.") from None
        finally:
            await self._abort(self._fleet.sessions)
        return self._result(committed=False)

    async def run(self) -> Deployment:
        """Deploy. Raises ConfigRejectedError, DeviceError, InterruptedByUserError."""
        try:
            await self._inspect()
            await self._clean()
            self._journal.write(self._record)
            await self._load()
            changed = sorted(device for device, diff in self._diffs.items() if diff)
            await self._abort(set(self._diffs) - set(changed))
            if changed:
                await self._commit(changed)
                await self._check_health(changed)
                self._decide()
        except (AvdlabError, StopRequested) as exc:
            raise await self._taken_back(exc) from exc
        except OSError as exc:  # of the journal or the checkpoint: the devices' are translated
            told = CannotRunError(f"{exc.filename}: {exc.strerror}")
            raise await self._taken_back(told) from exc
        except Exception:
            await self._taken_back(StopRequested())
            raise
        if changed:
            await self._confirm(changed)
        await self._save()
        self._journal.clear()
        if self._fleet.interrupted.is_set():
            raise InterruptedByUserError(
                "interrupted after the decision: every device has its new configuration"
            )
        return self._result(committed=True)

    # ------------------------------------------------------------------ open, load, diff
    async def _inspect(self) -> None:
        """Look at all devices; nothing is touched if one of them cannot be used now."""
        failed = await self._everywhere(self._inspect_one)
        if failed:
            raise joined(failed, "No device was changed.")

    async def _inspect_one(self, device: str) -> None:
        seen = await self._fleet.sessions[device].look()
        own = self._names.own
        if seen.timer and not seen.timer.startswith(own):
            user = f" of user {seen.user}" if seen.user else ""
            raise DeviceError(
                device,
                f"session '{seen.timer}'{user} has committed and waits for its confirmation",
                hint="Confirm it, abort it, or wait until its timer ends.",
            )
        left = (*seen.pending, *([seen.timer] if seen.timer else []))
        self._stale[device] = tuple(
            name for name in left if name.startswith(own) and name != self._names.keep
        )

    async def _clean(self) -> None:
        """Abort what an earlier run left behind, then read the running-configs."""
        failed = await self._everywhere(self._clean_one)
        if failed:
            raise joined(failed, "No device was changed.")
        before = {device: fingerprint(text) for device, text in self._running.items()}
        self._record = replace(self._record, before=before)

    async def _clean_one(self, device: str) -> None:
        session = self._fleet.sessions[device]
        for name in self._stale[device]:
            logger.info("%s: aborting session %s of an earlier run", device, name)
            await session.abort(name)
        self._running[device] = await session.running()

    async def _load(self) -> None:
        """Load all texts and compare. Raises ConfigRejectedError first, else DeviceError."""
        failed = await self._everywhere(self._load_one, report=True)
        rejected = [line for _, lines in sorted(self._rejected.items()) for line in lines]
        if rejected:
            away = "".join(f" Not asked: {error.message}." for error in failed.values())
            raise ConfigRejectedError(rejected, hint=f"No device was changed.{away}")
        if failed:
            raise joined(failed, "No device was changed.")

    async def _load_one(self, device: str) -> None:
        session, load = self._fleet.sessions[device], self._loads[device]
        start = time.monotonic()
        self._opened.add(device)
        rejected = await session.load(load.lines, replace=load.replace)
        if rejected:
            self._rejected[device] = rejected
            return
        self._diffs[device] = await session.diff()
        self._slowest = max(self._slowest, time.monotonic() - start)

    # ------------------------------------------------------------------ commit, gate
    def _timer(self) -> int:
        """Return the seconds of the commit timers: longer than the gate and the slowest commit."""
        commit = max(SLOWEST_COMMIT, 3 * self._slowest)
        needed = commit + self._options.health_timeout + self._options.gate_timeout + MARGIN
        return math.ceil(self._options.timer or needed)

    async def _commit(self, devices: Collection[str]) -> None:
        timer = self._timer()
        before = {device: self._record.before[device] for device in devices}
        self._record = replace(
            self._record, phase=Phase.COMMIT, before=before, timer=timer, committed=time.time()
        )
        self._journal.write(self._record)
        if self._record.checkpoint:
            kept = {device: self._running[device] for device in devices}
            self._store.add(self._record.checkpoint, kept, automatic=True)
        failed = await self._everywhere(self._commit_one, devices, to_the_end=True)
        self._record = replace(self._record, committed=time.time())
        self._journal.write(self._record)
        rejected = [line for _, lines in sorted(self._rejected.items()) for line in lines]
        if rejected:
            raise ConfigRejectedError(rejected)
        if failed:
            raise joined(failed, "")
        if self._fleet.interrupted.is_set():
            raise StopRequested

    async def _commit_one(self, device: str) -> None:
        if self._rejected or self._fleet.interrupted.is_set():
            return  # it will not be confirmed anyway
        timer = self._record.timer
        self._sent[device] = time.time()
        try:
            await self._fleet.sessions[device].commit(timer)
        except CommandRefusedError as exc:
            line = f"commit of session {self._names.session}"
            self._rejected[device] = (RejectedLine(device, 0, line, (), exc.reason),)
        finally:
            self._timers[device] = time.time() + timer  # whenever it arrived, it was before now
        logger.info("%s: committed session %s under a timer", device, self._names.session)

    async def _check_health(self, devices: Collection[str]) -> None:
        """Ask whether the devices still let us in, then the gate. Raises AvdlabError."""
        failed = await self._everywhere(self._answers, devices)
        if failed:
            raise joined(failed, "")
        if self._gate is not None:
            problems = await self._ask_gate(self._gate, devices)
            if problems:
                raise CannotRunError("the health gate failed:\n" + "\n".join(problems))
        took = time.time() - min(self._sent[device] for device in devices)
        if took > self._record.timer - ENOUGH / 2:
            raise CannotRunError(
                f"commit and gate took {took:.0f} s, longer than the commit timers",
                hint="Give more time with --confirm.",
            )

    async def _answers(self, device: str) -> None:
        """Come in anew, as anybody would: an old connection says nothing about a closed door."""
        soonest = min(self._sent.values()) + self._record.timer - ENOUGH
        end = min(time.time() + self._options.health_timeout, soonest)
        while True:
            try:
                wait = max(1.0, min(self._options.timeout, end - time.time()))
                async with Client(self._fleet.targets[device], wait) as client:
                    text = await Session(client, self._names.session).running()
            except DeviceError as exc:
                if time.time() + PAUSE >= end or self._fleet.interrupted.is_set():
                    words = exc.message.removeprefix(f"{device}: ")
                    raise DeviceError(device, f"after the commit, {words}") from exc
                await self._fleet.pause(PAUSE)
            else:
                self._after[device] = fingerprint(text)
                return

    async def _ask_gate(self, gate: Gate, devices: Collection[str]) -> tuple[str, ...]:
        """Run the gate in a thread: it has an event loop of its own."""
        asked = asyncio.ensure_future(asyncio.to_thread(gate, sorted(devices)))
        stop = asyncio.ensure_future(self._fleet.interrupted.wait())
        try:
            await asyncio.wait({asked, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                raise StopRequested
            return tuple(asked.result())
        finally:
            stop.cancel()

    # ------------------------------------------------------------------ taking back
    async def _taken_back(self, exc: AvdlabError | StopRequested) -> AvdlabError:
        """Take everything back, prove it, and return the error that says so."""
        proof = await take_back(
            self._fleet,
            self._record.before,
            self._timers,
            self._reporter,
            devices=self._record.before,
        )
        self._store.drop(self._record.checkpoint, self._record.before)
        open_ones = set(proof.unproven) & set(self._timers)
        try:
            if open_ones:
                before = {device: self._record.before[device] for device in sorted(open_ones)}
                self._journal.write(replace(self._record, before=before))
            else:
                self._journal.clear()
        except OSError as error:  # the one that is there makes the next run look at all devices
            logger.warning("the journal stays as it was: %s", error)
        said = str(proof) if self._record.before else ""
        if isinstance(exc, StopRequested):
            return InterruptedByUserError(f"interrupted. {said or 'No device was changed.'}")
        exc.hint = f"{exc.hint} {said}".strip()
        return exc

    # ------------------------------------------------------------------ confirm, save
    def _decide(self) -> None:
        """Note that the commits are confirmed: a later run confirms what this one does not."""
        self._record = replace(self._record, phase=Phase.CONFIRM, after=dict(self._after))
        self._journal.write(self._record)

    async def _confirm(self, devices: Collection[str]) -> None:
        """Confirm everywhere; from here on nobody is asked any more, and Ctrl-C waits."""
        left = set(devices)
        while left:
            failed = await self._everywhere(self._confirm_one, left, to_the_end=True)
            left = set(failed)
            over = {device for device in left if time.time() > self._timers[device] + GRACE}
            if self._rolled_back or over:
                raise await self._half_confirmed(failed)
            if left:
                await asyncio.sleep(PAUSE)
        for device in sorted(self._diffs):
            self._reporter.config_committed(device, device in devices)

    async def _confirm_one(self, device: str) -> None:
        session = self._fleet.sessions[device]
        try:
            await session.confirm()
        except DeviceError:
            # the reply of an earlier confirmation may have been lost
            state = await session.state(self._record.before[device], self._after[device])
            if state is State.OLD:
                self._rolled_back.add(device)  # no use in trying again
            if state is not State.NEW:
                raise
        self._confirmed.add(device)
        logger.info("%s: confirmed session %s", device, self._names.session)

    async def _half_confirmed(self, failed: Mapping[str, DeviceError]) -> DeviceError:
        """Take the confirmed devices back to their checkpoints, as the others rolled back."""
        lost = await self._everywhere(self._restore_one, self._confirmed, to_the_end=True)
        timers = {device: self._timers[device] for device in failed}
        proof = await take_back(
            self._fleet,
            self._record.before,
            timers,
            self._reporter,
            devices=set(failed) | self._confirmed,
        )
        self._store.drop(self._record.checkpoint, self._record.before)
        if not proof.unproven:
            self._journal.clear()
        restored = ", ".join(sorted(self._confirmed - set(lost)))
        said = f"{restored}: confirmed before that, and put back. " if restored else ""
        return joined(failed, f"{said}{proof}")

    async def _restore_one(self, device: str) -> None:
        await self._fleet.sessions[device].restore()

    async def _save(self) -> None:
        self._record = replace(self._record, phase=Phase.SAVE)
        self._journal.write(self._record)
        if self._options.save:
            failed = await self._everywhere(self._save_one, self._diffs, to_the_end=True)
            if failed:
                raise joined(failed, "The configurations are active on all devices.")
        await self._everywhere(self._forget_one, self._confirmed, to_the_end=True)

    async def _save_one(self, device: str) -> None:
        session = self._fleet.sessions[device]
        if self._diffs[device] or await session.unsaved():
            await session.save()
            self._saved.add(device)

    async def _forget_one(self, device: str) -> None:
        await self._fleet.sessions[device].forget()

    async def _abort(self, devices: Collection[str]) -> None:
        """Abort sessions that were opened and shall not be committed; failures are logged."""

        async def one(device: str) -> None:
            session = self._fleet.sessions[device]
            if self._names.session in (await session.look()).pending:
                await session.abort()

        failed = await self._everywhere(one, self._opened & set(devices), to_the_end=True)
        for device, error in failed.items():
            logger.warning("%s: session %s is left: %s", device, self._names.session, error.message)

    # ------------------------------------------------------------------ all devices
    async def _everywhere(
        self,
        step: Step,
        devices: Collection[str] | None = None,
        *,
        report: bool = False,
        to_the_end: bool = False,
    ) -> dict[str, DeviceError]:
        def progress(done: int, total: int, device: str) -> None:
            self._reporter.stage_progress("deploy", done, total, device)

        return await self._fleet.everywhere(
            step,
            self._fleet.sessions if devices is None else devices,
            progress=progress if report else None,
            to_the_end=to_the_end,
        )

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
