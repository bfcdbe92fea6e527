"""One config session on one device: look, open, load, compare, commit, confirm, save, abort."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from avdlab.deploy.client import Client, CommandRefusedError
from avdlab.deploy.redact import REMOVED, redact
from avdlab.deploy.text import Command, Line, enter, split
from avdlab.errors import DeviceError, RejectedLine

MOST_REJECTED = 200  # a text for another device or release: no point in asking line by line


class State(StrEnum):
    """Where a device stands in a transaction, found out by asking it."""

    TIMER = "its commit timer runs"
    OLD = "it has its old configuration"
    NEW = "it has the new configuration"
    OTHER = "it has neither the old nor the new configuration"


@dataclass(frozen=True, slots=True)
class Seen:
    """The sessions that a device lists. `timer` is the one whose commit waits to be confirmed."""

    pending: tuple[str, ...] = ()
    timer: str = ""
    user: str = ""  # of the session with the timer

    @classmethod
    def of(cls, answer: dict[str, Any]) -> "Seen":
        """Read `show configuration sessions detail`.

        EOS up to 4.31 says "pendingCommitTimer" in the row, 4.32 and later name the session beside
        the table (napalm#2166).
        """
        sessions = answer.get("sessions") or {}
        states = {name: str(facts.get("state", "")) for name, facts in sessions.items()}
        timers = [name for name, state in states.items() if state == "pendingCommitTimer"]
        timer = str(answer.get("commitTimerSessionName") or "") or (timers or [""])[0]
        pending = tuple(sorted(name for name, state in states.items() if state == "pending"))
        return cls(pending, timer, str((sessions.get(timer) or {}).get("commitUser") or ""))


def fingerprint(text: str) -> str:
    """Return a digest of a running-config, without the comments that EOS prints above it."""
    lines = text.splitlines()
    while lines and lines[0].startswith("! "):  # "! Command: ...", "! device: ..."
        del lines[0]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class Session:
    """A named session. It lives on the device until it is committed or aborted."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self.device = client.target.device
        self.name = name
        self._enter = f"configure session {name}"

    # ------------------------------------------------------------------ questions
    async def look(self) -> Seen:
        """Return the sessions that the device has. Raises DeviceError."""
        (found,) = await self._run(
            ["show configuration sessions detail"], "its sessions cannot be listed"
        )
        return Seen.of(found)

    async def running(self) -> str:
        """Return the running-config as EOS prints it. Raises DeviceError."""
        return await self._text("show running-config", "its running-config cannot be read")

    async def state(self, before: str, after: str = "") -> State:
        """Find out where the device stands; `before` and `after` are fingerprints."""
        if (await self.look()).timer == self.name:
            return State.TIMER
        now = fingerprint(await self.running())
        if now == before:
            return State.OLD
        return State.NEW if now == after else State.OTHER

    async def unsaved(self) -> bool:
        """Tell whether the startup-config differs from the running-config."""
        otherwise = "startup and running-config cannot be compared"
        return bool((await self._text("show running-config diffs", otherwise)).strip())

    # ------------------------------------------------------------------ the candidate
    async def open(self) -> None:
        """Make the session. Raises DeviceError where EOS lets nobody configure now."""
        await self._run([self._enter], "no session can be opened")

    async def load(
        self, lines: Sequence[Line], *, replace: bool = True
    ) -> tuple[RejectedLine, ...]:
        """Load the candidate with these lines; return those that EOS refused or never saw.

        A refused line ends an eAPI request, so the rest is sent again without it and without what
        stands in the mode that it would have opened.
        """
        rejected: list[RejectedLine] = []
        left = tuple(lines)
        lead: list[Command] = [self._enter, *(["rollback clean-config"] if replace else [])]
        refusals = 0
        while left:
            refused = await self._send(lead, left)
            if refused is None:
                break
            line, reason = refused
            refusals += 1
            lost, left = split(left, line)
            rejected.append(self._rejection(line, reason))
            rejected += [self._not_evaluated(low, f"'{line.words}' was rejected") for low in lost]
            lead = [self._enter, *(enter(left[0].mode) if left else ())]
            if refusals >= MOST_REJECTED:
                why = f"{MOST_REJECTED} lines above were rejected"
                rejected += [self._not_evaluated(rest, why) for rest in left]
                break
        return tuple(rejected)

    def _rejection(self, line: Line, reason: str) -> RejectedLine:
        shown = redact(line.words)
        if shown != line.words:  # EOS quotes the word it does not like, and that may be the secret
            head, quote, _ = reason.partition(": '")
            reason = f"{head}{quote}{REMOVED}')" if quote else reason
        return RejectedLine(self.device, line.number, shown, line.mode, reason)

    def _not_evaluated(self, line: Line, why: str) -> RejectedLine:
        return RejectedLine(
            self.device, line.number, redact(line.words), line.mode, why, evaluated=False
        )

    async def _send(self, lead: list[Command], lines: Sequence[Line]) -> tuple[Line, str] | None:
        try:
            await self._client.run([*lead, *(line.command for line in lines)])
        except CommandRefusedError as exc:
            at = exc.position - len(lead)
            if at < 0:
                raise self._failed(f"'{_words(lead[exc.position])}' refused", exc) from exc
            return lines[at], exc.reason
        return None

    async def diff(self) -> str:
        """Return the difference to the running-config as EOS prints it, "" for none."""
        command = f"show session-config named {self.name} diffs"
        text = await self._text(command, "no diff of the session")
        return text if text.strip() else ""

    # ------------------------------------------------------------------ commit and its end
    async def commit(self, timer: int) -> None:
        """Save a checkpoint, then commit under the timer: without `confirm` in time EOS rolls back.

        Raises CommandRefusedError: a configuration that cannot be committed is a rejected one.
        """
        clock = f"{timer // 3600:02}:{timer // 60 % 60:02}:{timer % 60:02}"
        await self._client.run(
            [f"configure checkpoint save {self.name}", f"{self._enter} commit timer {clock}"]
        )

    async def confirm(self) -> None:
        """Make a commit final. Raises DeviceError."""
        await self._run([f"{self._enter} commit"], "the commit cannot be confirmed")

    async def restore(self) -> None:
        """Go back to the checkpoint of `commit`, after a confirmation. Raises DeviceError."""
        await self._run(
            [f"configure checkpoint restore {self.name}"], "its checkpoint cannot be restored"
        )

    async def abort(self, name: str = "") -> None:
        """Drop a session; a commit under its timer is rolled back. Raises DeviceError."""
        chosen = name or self.name
        await self._run([f"configure session {chosen} abort"], f"session {chosen} stays")

    async def save(self) -> None:
        """Copy the running-config to the startup-config. Raises DeviceError."""
        await self._run(["write memory"], "the configuration is active but cannot be saved")

    async def forget(self) -> None:
        """Delete the checkpoint: the transaction is over. A refusal is of no consequence."""
        try:
            await self._client.run([f"delete checkpoint:/{self.name}"])
        except CommandRefusedError:
            return

    # ------------------------------------------------------------------ asking
    async def _run(self, commands: Sequence[Command], otherwise: str) -> list[dict[str, Any]]:
        try:
            return await self._client.run(commands)
        except CommandRefusedError as exc:
            raise self._failed(otherwise, exc) from exc

    async def _text(self, command: str, otherwise: str) -> str:
        try:
            return await self._client.text(command)
        except CommandRefusedError as exc:
            raise self._failed(otherwise, exc) from exc

    def _failed(self, what: str, exc: CommandRefusedError) -> DeviceError:
        return DeviceError(self.device, f"{what}: {exc.reason}")


def _words(command: Command) -> str:
    return command if isinstance(command, str) else command["cmd"]
