"""One config session on one device: load, compare, commit with a timer, confirm, save, abort."""

from collections.abc import Sequence

from avdlab.deploy.client import Client, CommandRefusedError
from avdlab.deploy.text import Command, Line, enter, without
from avdlab.errors import DeviceError, RejectedLine

PREFIX = "avdlab-"  # of the session names; what carries it is ours to abort
COMMIT_TIMER = "00:05:00"
MOST_REJECTED = 200  # a text for another device or release: no point in asking line by line


class Session:
    """A named session. It lives on the device until it is committed or aborted."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self.device = client.target.device
        self.name = name
        self._enter = f"configure session {name}"

    async def load(self, lines: Sequence[Line]) -> tuple[RejectedLine, ...]:
        """Replace the candidate with these lines; return those that EOS refused.

        A refused line ends an eAPI request, so the rest is sent again without it and without what
        stood in the mode that it would have opened.
        """
        rejected: list[RejectedLine] = []
        left = tuple(lines)
        lead: list[Command] = [self._enter, "rollback clean-config"]
        while left and len(rejected) < MOST_REJECTED:
            refused = await self._send(lead, left)
            if refused is None:
                break
            line, reason = refused
            rejected.append(self._rejection(line, reason))
            left = without(left, line)
            lead = [self._enter, *(enter(left[0].mode) if left else ())]
        if left and len(rejected) >= MOST_REJECTED:
            rest = f"it and what follows was not tried: {MOST_REJECTED} lines were rejected"
            rejected.append(self._rejection(left[0], rest))
        return tuple(rejected)

    def _rejection(self, line: Line, reason: str) -> RejectedLine:
        return RejectedLine(self.device, line.number, line.words, line.mode, reason)

    async def _send(self, lead: list[Command], lines: Sequence[Line]) -> tuple[Line, str] | None:
        try:
            await self._client.run([*lead, *(line.command for line in lines)])
        except CommandRefusedError as exc:
            at = exc.position - len(lead)
            if at < 0:
                raise self._failed(f"'{_text(lead[exc.position])}' refused", exc) from exc
            return lines[at], exc.reason
        return None

    async def diff(self) -> str:
        """Return the difference to the running-config as EOS prints it, "" for none."""
        try:
            text = await self._client.text(f"show session-config named {self.name} diffs")
        except CommandRefusedError as exc:
            raise self._failed("no diff of the session", exc) from exc
        return text if text.strip() else ""

    async def commit(self) -> None:
        """Commit under the timer: without `confirm` in time EOS rolls back by itself.

        Raises CommandRefusedError: a configuration that cannot be committed is a rejected one.
        """
        await self._client.run([f"{self._enter} commit timer {COMMIT_TIMER}"])

    async def confirm(self) -> None:
        """Make a commit final. Raises DeviceError."""
        await self._do(f"{self._enter} commit", "the commit cannot be confirmed")

    async def save(self) -> None:
        """Copy the running-config to the startup-config. Raises DeviceError."""
        await self._do("write memory", "the configuration is active but cannot be saved")

    async def abort(self) -> None:
        """Drop the session; a commit under its timer is rolled back. Raises DeviceError."""
        await self._do(f"{self._enter} abort", "the session cannot be aborted")

    async def unsaved(self) -> bool:
        """Tell whether the startup-config differs from the running-config."""
        try:
            return bool((await self._client.text("show running-config diffs")).strip())
        except CommandRefusedError as exc:
            raise self._failed("startup and running-config cannot be compared", exc) from exc

    async def abort_stale(self) -> None:
        """Abort what an avdlab that was killed left here: EOS has room for five sessions only."""
        try:
            (found,) = await self._client.run(["show configuration sessions detail"])
        except CommandRefusedError as exc:
            raise self._failed("its sessions cannot be listed", exc) from exc
        # EOS up to 4.31 says "pendingCommitTimer"; later ones name the session beside the table.
        stale = {
            name
            for name, facts in found.get("sessions", {}).items()
            if str(facts.get("state", "")).startswith("pending")
        } | {str(found.get("commitTimerSessionName") or "")}
        for name in sorted(stale - {self.name}):
            if name.startswith(PREFIX):
                await self._do(f"configure session {name} abort", f"old session {name} stays")

    async def _do(self, command: str, otherwise: str) -> None:
        try:
            await self._client.run([command])
        except CommandRefusedError as exc:
            raise self._failed(otherwise, exc) from exc

    def _failed(self, what: str, exc: CommandRefusedError) -> DeviceError:
        return DeviceError(self.device, f"{what}: {exc.reason}")


def _text(command: Command) -> str:
    return command if isinstance(command, str) else command["cmd"]
