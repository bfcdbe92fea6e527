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


async def run(request: RunCmds, session: CliSession, clock: Callable[[], float]) -> Json:
    """Run every command, or up to the first that fails.

    With `stopOnError` false the rest runs too; the reply is still an error, of the first failure.
    Between commands other connections have their turn, when these took long.
    """
    results: list[Json] = []
    failed: tuple[int, Code] | None = None
    since = time.monotonic()
    for position, command in enumerate(request.commands, start=1):
        if time.monotonic() - since > _SLICE:
            await asyncio.sleep(0)
            since = time.monotonic()
        started = clock()
        try:
            revision = command.revision or request.version
            result = _result(session, command, text=request.text, revision=revision)
        except CommandError as error:
            result = _failed(error, text=request.text)
            failed = failed or (position, error.code)
        if request.timestamps:
            result["_meta"] = {"execStartTime": started, "execDuration": clock() - started}
        results.append(result)
        if failed and request.stop_on_error:
            break
    session.close()
    if failed:
        return command_failure(request, failed[0], failed[1], failed[1].reason, results)
    return success(request.request_id, results)


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
