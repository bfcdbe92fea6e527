"""One device over eAPI, for deployment: asynceapi, with its errors turned into ours.

Every request starts with `enable`, so that it also works for a user below privilege level 15 of a
device without an enable secret; for the others it changes nothing.
"""

import ssl
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, Self, cast

import httpx
from asynceapi import Device, EapiCommandError  # type: ignore[import-untyped]  # no py.typed

from avdlab.backends.base import EapiTarget
from avdlab.deploy.text import Command
from avdlab.errors import DeviceError

CONNECT_SECONDS = 10.0
_PREFIX: tuple[Command, ...] = ("enable",)


class CommandRefusedError(Exception):
    """The device answered and refused the command at `position` of the request, from 0."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason


class Client:
    """Runs commands on one device. Use it as a context manager."""

    def __init__(self, target: EapiTarget, timeout: float) -> None:
        self.target = target
        self._timeout = timeout
        self._device = Device(
            host=target.host,
            port=target.port,
            username=target.user.name,
            password=target.user.password,
            proto="https" if target.tls else "http",
            timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
            trust_env=False,  # a lab device is never behind a web proxy
            verify=_any_certificate() if target.tls else False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._device.aclose()

    async def run(self, commands: Sequence[Command]) -> list[dict[str, Any]]:
        """Run commands, JSON results. Raises CommandRefusedError, DeviceError."""
        return cast("list[dict[str, Any]]", await self._ask(commands, "json"))

    async def text(self, command: Command) -> str:
        """Run one command and return its text. Raises CommandRefusedError, DeviceError."""
        return str((await self._ask([command], "text"))[0])

    async def _ask(self, commands: Sequence[Command], form: Literal["json", "text"]) -> list[Any]:
        sent: list[Any] = [*_PREFIX, *commands]  # asynceapi has its own names for these types
        try:
            results: list[Any] = await self._device.cli(commands=sent, ofmt=form)
        except EapiCommandError as exc:
            raise self._refused(exc) from exc
        except httpx.HTTPStatusError as exc:
            raise self._status(exc.response.status_code) from exc
        except httpx.ConnectTimeout as exc:
            raise self._error(f"no connection to {self.target.url}: it does not answer") from exc
        except httpx.TimeoutException as exc:
            raise self._error(f"no answer from {self.target.url} in {self._timeout:g} s") from exc
        except (httpx.HTTPError, OSError) as exc:
            raise self._error(f"eAPI at {self.target.url} does not answer ({_words(exc)})") from exc
        except (ValueError, LookupError, TypeError, AttributeError) as exc:
            raise self._error(f"eAPI at {self.target.url} answers no JSON-RPC result") from exc
        return results[len(_PREFIX) :]

    def _refused(self, exc: EapiCommandError) -> CommandRefusedError | DeviceError:
        reason = "; ".join(text for text in exc.errors if text) or exc.errmsg
        position = len(exc.passed) - len(_PREFIX)
        if position < 0:
            return self._error(
                f"user '{self.target.user.name}' may not enter enable mode: {reason}"
            )
        return CommandRefusedError(position, reason)

    def _status(self, code: int) -> DeviceError:
        if code == httpx.codes.UNAUTHORIZED:
            return DeviceError(
                self.target.device,
                f"eAPI at {self.target.url} refuses user '{self.target.user.name}': "
                "wrong user or password",
                hint="Check AVDLAB_USER and AVDLAB_PASSWORD, or the users of its running-config.",
            )
        return self._error(f"eAPI at {self.target.url} answers HTTP {code}")

    def _error(self, message: str) -> DeviceError:
        return DeviceError(self.target.device, message)


def _any_certificate() -> ssl.SSLContext:
    """Return a context that takes the self-signed certificate of a lab device."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _words(exc: Exception) -> str:
    root: BaseException = exc
    while root.__cause__ is not None or root.__context__ is not None:
        root = root.__cause__ or root.__context__ or root
    if isinstance(root, ConnectionRefusedError):
        return "connection refused"
    return str(exc) or str(root) or type(exc).__name__
