"""Taking a transaction back, and the proof that every running-config is the old one again.

Aborting a session drops it, and rolls back a commit whose timer runs. A device that cannot be
reached rolls back by itself when its timer ends: it is waited for. Nothing is believed: the
running-config of every device is compared with the one that it had.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.deploy.fleet import Fleet
from avdlab.deploy.session import fingerprint
from avdlab.errors import DeviceError
from avdlab.events import Reporter

PAUSE = 1.0  # seconds between two rounds over the devices that are not proven yet
GRACE = 3.0  # seconds that EOS may take to roll back after its timer has ended


@dataclass(frozen=True, slots=True)
class Proof:
    """Which devices have their old running-config, and of the others what is known."""

    proven: frozenset[str] = frozenset()
    unproven: Mapping[str, str] = field(default_factory=dict)  # device -> why, for people

    def __str__(self) -> str:
        if not self.unproven:
            return "Every running-config was compared: it is the one from before."
        said = [f"{device}: {why}." for device, why in sorted(self.unproven.items())]
        if self.proven:
            said.append("Every other running-config was compared: it is the one from before.")
        return " ".join(said)


async def take_back(
    fleet: Fleet,
    before: Mapping[str, str],
    timers: Mapping[str, float],
    reporter: Reporter,
    *,
    devices: Iterable[str] | None = None,
) -> Proof:
    """Abort the session everywhere and prove it.

    `before`: device -> fingerprint of its old running-config; `timers`: device -> when its commit
    timer has ended (seconds since the epoch), for devices that may have committed. A second wish to
    stop ends the waiting, not the first round.
    """
    chosen = frozenset(fleet.sessions if devices is None else devices)
    waiting = set(chosen)
    reasons: dict[str, str] = {}
    stop_before = fleet.interrupted.is_set()
    fleet.interrupted.clear()
    told = False

    async def one(device: str) -> None:
        await _back(fleet, device, before.get(device, ""))

    while waiting:
        failed = await fleet.everywhere(one, waiting, to_the_end=True)
        reasons = {d: error.message.removeprefix(f"{d}: ") for d, error in failed.items()}
        waiting = set(failed)
        ends = max((timers.get(device, 0.0) for device in waiting), default=0.0)
        left = ends + GRACE - time.time()
        if not waiting or left <= 0 or fleet.interrupted.is_set():
            break
        if not told:
            told = True
            names = ", ".join(sorted(waiting))
            reporter.note(f"{names}: not reached; waiting up to {left:.0f} s for the commit timer")
        await fleet.pause(min(PAUSE, left))
    if stop_before:
        fleet.interrupted.set()
    unproven = {device: _why(device, reasons[device], timers) for device in waiting}
    return Proof(chosen - waiting, unproven)


async def _back(fleet: Fleet, device: str, before: str) -> None:
    """Abort the session of a device if it is there, and compare. Raises DeviceError."""
    session = fleet.sessions[device]
    seen = await session.look()
    if fleet.name in {*seen.pending, seen.timer}:
        await session.abort()
    if before and fingerprint(await session.running()) != before:
        raise DeviceError(device, "its running-config is not the one from before")


def _why(device: str, reason: str, timers: Mapping[str, float]) -> str:
    if device not in timers:
        return f"{reason}; nothing was committed on it, at most a pending session is left there"
    end = timers[device]
    clock = time.strftime("%H:%M:%S", time.localtime(end))
    if time.time() < end:
        return f"{reason}; its commit timer rolls back at {clock}, and that is not proven"
    return f"{reason}; its commit timer ended at {clock}, and that it rolled back is not proven"
