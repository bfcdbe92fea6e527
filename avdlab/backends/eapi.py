"""A small synchronous eAPI client for readiness checks and `exec`. Standard library only.

Deployment and validation use asynceapi and ANTA; these two import slowly, and a status check must
not.
"""

import base64
import http.client
import json
import ssl
from collections.abc import Sequence
from typing import Any

from avdlab.backends.base import EapiTarget
from avdlab.errors import DeviceError


class LoginRefusedError(DeviceError):
    """The device answered and refused the user or the password."""


class CommandError(DeviceError):
    """The device answered and refused a command: `code` is eAPI's, `reason` EOS's words."""

    def __init__(self, device: str, code: int, reason: str) -> None:
        super().__init__(device, reason)
        self.code = code
        self.reason = reason


Command = str | dict[str, str]


def enable(target: EapiTarget) -> Command:
    """Return the command that enters enabled mode of a device."""
    return {"cmd": "enable", "input": target.enable} if target.enable else "enable"


def run_commands(
    target: EapiTarget, commands: Sequence[Command], *, output: str = "json", timeout: float = 10.0
) -> list[dict[str, Any]]:
    """Run commands on a device and return one result each (`{"output": ...}` for text).

    Lab devices have self-signed certificates, so they are not verified. Raises DeviceError when the
    device does not answer or refuses the credentials, CommandError when it refuses a command.
    """
    request = {
        "jsonrpc": "2.0",
        "method": "runCmds",
        "params": {"version": "latest", "cmds": list(commands), "format": output},
        "id": "avdlab",
    }
    answer = _post(target, json.dumps(request), timeout)
    if "error" in answer:
        raise _refused(target, answer["error"])
    result: list[dict[str, Any]] = answer["result"]
    return result


def _post(target: EapiTarget, body: str, timeout: float) -> dict[str, Any]:
    connection = _connection(target, timeout)
    secret = base64.b64encode(f"{target.user.name}:{target.user.password}".encode()).decode()
    headers = {"Content-Type": "application/json-rpc", "Authorization": f"Basic {secret}"}
    try:
        connection.request("POST", "/command-api", body, headers)
        response = connection.getresponse()
        text = response.read()
    except (OSError, http.client.HTTPException) as exc:
        raise DeviceError(
            target.device, f"eAPI at {target.url} does not answer ({_words(exc)})"
        ) from exc
    finally:
        connection.close()
    if response.status == http.client.UNAUTHORIZED:
        raise LoginRefusedError(
            target.device,
            f"eAPI at {target.url} refuses user '{target.user.name}': wrong user or password",
            hint="Check AVDLAB_USER and AVDLAB_PASSWORD, or the users of its running-config.",
        )
    if response.status != http.client.OK:
        raise DeviceError(target.device, f"eAPI at {target.url} answers HTTP {response.status}")
    try:
        answer = json.loads(text)
    except ValueError as exc:
        raise DeviceError(target.device, f"eAPI at {target.url} answers no JSON") from exc
    if not (isinstance(answer, dict) and ("error" in answer or "result" in answer)):
        raise DeviceError(target.device, f"eAPI at {target.url} answers no JSON-RPC result")
    return answer


def _connection(target: EapiTarget, timeout: float) -> http.client.HTTPConnection:
    if not target.tls:
        return http.client.HTTPConnection(target.host, target.port, timeout=timeout)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without the authorities: nobody asks them
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(target.host, target.port, timeout=timeout, context=context)


def _refused(target: EapiTarget, error: dict[str, Any]) -> CommandError:
    data = error.get("data") or [{}]
    listed = [text for text in data[-1].get("errors", ()) if text]
    return CommandError(
        target.device, int(error.get("code", 0)), "; ".join(listed) or str(error.get("message"))
    )


def _words(exc: Exception) -> str:
    if isinstance(exc, ConnectionRefusedError):
        return "connection refused"
    if isinstance(exc, TimeoutError):
        return "no answer in time"
    return str(exc) or type(exc).__name__
