"""JSON-RPC 2.0 as eAPI speaks it: bytes to a checked `runCmds` request, results to bytes. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Id = str | int | float | None

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

# runCmds(version, cmds, format, timestamps, autoComplete, expandAliases, stopOnError ...)
_KEYWORDS = (
    "version",
    "cmds",
    "format",
    "timestamps",
    "autoComplete",
    "expandAliases",
    "stopOnError",
    "streaming",
    "includeErrorDetail",
)


class RpcError(Exception):
    """The request itself is wrong, before any command ran."""

    def __init__(self, code: int, message: str, request_id: Id = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.request_id = request_id


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `input` answers what it asks for (a password, the text of a banner)."""

    text: str
    input: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class RunCmds:
    """A checked request. `version` None is "latest"."""

    request_id: Id
    commands: tuple[Command, ...]
    version: int | None = 1
    text: bool = False
    timestamps: bool = False
    auto_complete: bool = False
    expand_aliases: bool = False
    stop_on_error: bool = True


def decode(body: bytes) -> object:
    """Decode a request, or a batch of them (a list). Raises RpcError."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise RpcError(PARSE_ERROR, "Unable to parse JSON") from None


def check(message: object) -> RunCmds:
    """Check a decoded request. Raises RpcError."""
    if not isinstance(message, dict):
        raise RpcError(INVALID_REQUEST, "Invalid request: an object is needed")
    request_id = message.get("id")
    if isinstance(request_id, bool) or not isinstance(request_id, str | int | float | None):
        raise RpcError(INVALID_REQUEST, "Invalid request: id must be a string, a number or null")
    if message.get("jsonrpc") != "2.0":
        raise RpcError(INVALID_REQUEST, 'Invalid request: jsonrpc must be "2.0"', request_id)
    method = message.get("method")
    if not isinstance(method, str):
        raise RpcError(INVALID_REQUEST, "Invalid request: a method is needed", request_id)
    if method != "runCmds":
        raise RpcError(METHOD_NOT_FOUND, f"Method {method} not supported", request_id)
    return _run_cmds(_named(message.get("params"), request_id), request_id)


def _named(params: object, request_id: Id) -> Json:
    """Give positional parameters their names; refuse names that EOS does not know."""
    if isinstance(params, list):
        if len(params) > len(_KEYWORDS):
            raise RpcError(
                INVALID_PARAMS, f"runCmds() takes at most {len(_KEYWORDS)} arguments", request_id
            )
        params = dict(zip(_KEYWORDS, params, strict=False))
    if not isinstance(params, dict):
        raise RpcError(INVALID_PARAMS, "runCmds() needs version and cmds", request_id)
    for name in params:
        if name not in _KEYWORDS:
            text = f"runCmds() got an unexpected keyword argument '{name}'"
            raise RpcError(INVALID_PARAMS, text, request_id)
    missing = [name for name in ("version", "cmds") if name not in params]
    if missing:
        text = f"runCmds() missing required argument: {', '.join(missing)}"
        raise RpcError(INVALID_PARAMS, text, request_id)
    return params


def _run_cmds(params: Mapping[str, Any], request_id: Id) -> RunCmds:
    return RunCmds(
        request_id=request_id,
        commands=_commands(params["cmds"], request_id),
        version=_version(params["version"], request_id),
        text=_format(params.get("format"), request_id) == "text",
        timestamps=_flag(params, "timestamps", request_id),
        auto_complete=_flag(params, "autoComplete", request_id),
        expand_aliases=_flag(params, "expandAliases", request_id),
        stop_on_error=_flag(params, "stopOnError", request_id, default=True),
    )


def _version(value: object, request_id: Id) -> int | None:
    if value == "latest":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise RpcError(INVALID_PARAMS, f"Invalid params: version {value!r} not supported", request_id)


def _format(value: object, request_id: Id) -> str:
    if value is None:
        return "json"
    if value in ("json", "text"):
        return str(value)
    raise RpcError(INVALID_PARAMS, f"Invalid params: format {value!r} not supported", request_id)


def _flag(params: Mapping[str, Any], name: str, request_id: Id, *, default: bool = False) -> bool:
    value = params.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise RpcError(INVALID_PARAMS, f"Invalid params: {name} must be a boolean", request_id)
    return value


def _commands(value: object, request_id: Id) -> tuple[Command, ...]:
    if not isinstance(value, list):
        raise RpcError(INVALID_PARAMS, "Invalid params: cmds must be a list", request_id)
    return tuple(_command(item, request_id) for item in value)


def _command(item: object, request_id: Id) -> Command:
    if isinstance(item, str):
        return Command(item)
    if not isinstance(item, dict) or not isinstance(item.get("cmd"), str):
        raise RpcError(
            INVALID_PARAMS, "Invalid params: a command is a string or an object", request_id
        )
    given, revision = item.get("input"), item.get("revision")
    if given is not None and not isinstance(given, str):
        raise RpcError(INVALID_PARAMS, "Invalid params: input must be a string", request_id)
    if revision is not None and (isinstance(revision, bool) or not isinstance(revision, int)):
        raise RpcError(INVALID_PARAMS, "Invalid params: revision must be a number", request_id)
    return Command(item["cmd"], given, revision)


def success(request_id: Id, results: Sequence[Json]) -> Json:
    """Build the reply to a request of which every command ran."""
    return {"jsonrpc": "2.0", "id": request_id, "result": list(results)}


def command_failure(
    request: RunCmds, position: int, code: int, reason: str, results: Sequence[Json]
) -> Json:
    """Build the reply to a request of which the command at `position` (from 1) failed.

    `results` are those of all commands that ran, the failed one included.
    """
    command = request.commands[position - 1].text
    message = f"CLI command {position} of {len(request.commands)} '{command}' failed: {reason}"
    error = {"code": code, "message": message, "data": list(results)}
    return {"jsonrpc": "2.0", "id": request.request_id, "error": error}


def failure(error: RpcError) -> Json:
    """Build the reply to a request that was itself wrong."""
    return {
        "jsonrpc": "2.0",
        "id": error.request_id,
        "error": {"code": error.code, "message": error.message},
    }


def encode(reply: Json | Sequence[Json]) -> bytes:
    """Serialise a reply."""
    return json.dumps(reply, separators=(",", ":")).encode()
