"""Runs the commands of one eAPI request on one node, and builds the reply as EOS words it."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from avdlab.twin.cli.exec import CliSession
from avdlab.twin.cli.outcome import Code, CommandError, Output
from avdlab.twin.eapi.jsonrpc import Command, Json, RunCmds, command_failure, success

logger = logging.getLogger(__name__)
_SLICE = 0.02  # seconds that a request may keep all other connections waiting


def run(request: RunCmds, session: CliSession, clock: Callable[[], float]) -> Json:
    """Run every command, or up to the first that fails.

    With `stopOnError` false the rest runs too; the reply is still an error, of the first failure.
    """
    steps = _Steps(request, session, clock)
    for command in request.commands:
        if not steps.take(command):
            break
    return steps.reply()


async def run_in_turn(request: RunCmds, session: CliSession, clock: Callable[[], float]) -> Json:
    """Run as `run` does; between commands that take long, other connections have their turn."""
    steps = _Steps(request, session, clock)
    since = time.monotonic()
    for command in request.commands:
        if time.monotonic() - since > _SLICE:
            await asyncio.sleep(0)
            since = time.monotonic()
        if not steps.take(command):
            break
    return steps.reply()


class _Steps:
    """One request on its way."""

    def __init__(self, request: RunCmds, session: CliSession, clock: Callable[[], float]) -> None:
        self._request, self._session, self._clock = request, session, clock
        self._results: list[Json] = []
        self._failed: tuple[int, Code] | None = None

    def take(self, command: Command) -> bool:
        """Run one command; tell whether the next one is to run."""
        request, started = self._request, self._clock()
        try:
            revision = command.revision or request.version
            result = _result(self._session, command, text=request.text, revision=revision)
        except CommandError as error:
            result = _failed(error, text=request.text)
            self._failed = self._failed or (len(self._results) + 1, error.code)
        if request.timestamps:
            duration = self._clock() - started
            result["_meta"] = {"execStartTime": started, "execDuration": duration}
        self._results.append(result)
        return not (self._failed and request.stop_on_error)

    def reply(self) -> Json:
        """End the request."""
        self._session.close()
        if self._failed is None:
            return success(self._request.request_id, self._results)
        position, code = self._failed
        return command_failure(self._request, position, code, code.reason, self._results)


def _result(session: CliSession, command: Command, *, text: bool, revision: int | None) -> Json:
    try:
        output = session.run(command.text, command.input, text=text, revision=revision)
    except CommandError:
        raise
    except Exception as exc:
        # The one catch-all of the twin: a fault of ours must look like EOS's own "internal error",
        # end this request only, and leave its traceback in the log.
        logger.exception("%s: '%s' failed inside the twin", session.node.name, command.text)
        raise CommandError(Code.INTERNAL, f"internal error: {type(exc).__name__}: {exc}") from exc
    return _encoded(output, text=text)


def _encoded(output: Output, *, text: bool) -> Json:
    return {"output": output.text} if text else dict(output.json or {})


def _failed(error: CommandError, *, text: bool) -> Json:
    result: dict[str, Any] = dict(error.partial)
    if text:
        said = "".join(f"% {line}\n" for line in error.errors if line)
        result = {"output": error.output + said}
    return result | {"errors": list(error.errors)}
