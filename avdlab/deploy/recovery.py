"""What the next deployment does about one that died: finish it, or take it back, with proof.

What the journal says decides which way, what the devices say decides the rest. Up to its gate a
transaction is taken back. Once it had been decided to confirm, it is finished as long as every
device still holds the new configuration; where one has rolled back, the confirmed ones go back to
their checkpoints.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from avdlab.backends.base import EapiTarget
from avdlab.deploy.checkpoints import Checkpoints
from avdlab.deploy.fleet import Fleet, joined
from avdlab.deploy.journal import Journal, Record
from avdlab.deploy.model import Phase
from avdlab.deploy.session import State
from avdlab.deploy.undo import Proof, take_back
from avdlab.errors import CannotRunError, DeviceError
from avdlab.events import Reporter

MakeFleet = Callable[[Sequence[EapiTarget], str], Fleet]


async def recover(
    journal: Journal,
    targets: Mapping[str, EapiTarget],
    make_fleet: MakeFleet,
    reporter: Reporter,
    store: Checkpoints,
) -> str:
    """Bring an earlier transaction to its end; return what was done, "" if there was none.

    `targets` are all devices of the lab. Raises DeviceError where a device that must be asked does
    not answer; then nothing was decided.
    """
    record = journal.read()
    if record is None:
        return ""
    known = [targets[device] for device in sorted(record.before) if device in targets]
    async with make_fleet(known, record.session) as fleet:
        if record.phase is Phase.CONFIRM:
            finished, done = await _decided(record, fleet, reporter)
        elif record.phase is Phase.SAVE:
            finished, done = True, "it was confirmed everywhere, only saving was left"
        else:
            finished, done = False, await _undecided(record, fleet, journal, reporter)
    if not finished:
        store.drop(record.checkpoint, record.before)
    journal.clear()
    return f"the deployment of {record.when} did not end: {done}"


async def _undecided(record: Record, fleet: Fleet, journal: Journal, reporter: Reporter) -> str:
    """Take back what may have been committed."""
    committing = record.phase is Phase.COMMIT
    timers = dict.fromkeys(record.before, record.timers_end) if committing else {}
    proof = await take_back(fleet, record.before, timers, reporter)
    if not committing:
        return f"it had committed nothing. {proof}"
    if proof.unproven:
        journal.write(
            replace(record, before={device: record.before[device] for device in proof.unproven})
        )
        raise CannotRunError(
            f"the deployment of {record.when} ended before its confirmations, and cannot be proven "
            f"to be taken back: {proof}"
        )
    return f"it ended before its confirmations and is taken back. {proof}"


async def _decided(record: Record, fleet: Fleet, reporter: Reporter) -> tuple[bool, str]:
    """Finish the confirmations, or take the confirmed ones back; tell which, and in words."""
    states = await _states(record, fleet)
    timed = {device for device, state in states.items() if state is State.TIMER}
    new = {device for device, state in states.items() if state is State.NEW}
    if timed | new == set(states):
        return True, await _confirmed(record, fleet, timed, new)
    proof = await _restored(record, fleet, new, timed, reporter)
    other = sorted(device for device, state in states.items() if state is State.OTHER)
    if set(proof.unproven) - set(other):
        raise CannotRunError(
            f"the deployment of {record.when} died among its confirmations, and cannot be taken "
            f"back: {proof}"
        )
    old = _names(device for device, state in states.items() if state is State.OLD)
    said = f"it died among its confirmations and {old} had rolled back" if old else "it died"
    if new:
        said += f"; {_names(new)} had confirmed and went back to the checkpoint"
    if other:
        said += f"; {_names(other)} was changed by somebody else since, and left as it is"
    return False, f"{said}. {proof}" if not other else said


async def _states(record: Record, fleet: Fleet) -> Mapping[str, State]:
    states: dict[str, State] = {}

    async def one(device: str) -> None:
        before, after = record.before[device], record.after.get(device, "")
        states[device] = await fleet.sessions[device].state(before, after)

    failed = await fleet.everywhere(one, fleet.sessions, to_the_end=True)
    if failed:
        raise joined(
            failed,
            f"The deployment of {record.when} died among its confirmations: whether it is finished "
            "or taken back is decided when every device of it answers.",
        )
    return states


async def _confirmed(record: Record, fleet: Fleet, timed: set[str], new: set[str]) -> str:
    async def one(device: str) -> None:
        session = fleet.sessions[device]
        try:
            await session.confirm()
        except DeviceError:
            after = record.after.get(device, "")
            if await session.state(record.before[device], after) is not State.NEW:
                raise

    failed = await fleet.everywhere(one, timed, to_the_end=True)
    if failed:
        raise joined(failed, "Run the same command again.")
    said = f"{_names(new)} had confirmed, " if new else ""
    if not timed:
        return "every device had confirmed"
    return f"{said}{_names(timed)} waited for it and {'is' if len(timed) == 1 else 'are'} confirmed"


async def _restored(
    record: Record, fleet: Fleet, new: set[str], timed: set[str], reporter: Reporter
) -> Proof:
    async def one(device: str) -> None:
        await fleet.sessions[device].restore()

    failed = await fleet.everywhere(one, new, to_the_end=True)
    if failed:
        raise joined(failed, "Run the same command again.")
    timers = dict.fromkeys(timed, record.timers_end)
    return await take_back(fleet, record.before, timers, reporter)


def _names(devices: Iterable[str]) -> str:
    return ", ".join(sorted(devices))
