"""One device over eAPI, for deployment: asynceapi, with its errors turned into ours.

Every request starts with `enable`, so that it also works for a user below privilege level 15; for
the others it changes nothing.

Loading and committing a large configuration may take a switch a minute, a device that is gone must
not: while a request waits, the device is asked now and then whether it is still there.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, Self, cast

import httpx
from asynceapi import Device, EapiCommandError  # type: ignore[import-untyped]  # no py.typed

from avdlab.backends.base import EapiTarget
from avdlab.backends.eapi import enable
from avdlab.deploy.text import Command
from avdlab.errors import DeviceError

CONNECT_SECONDS = 10.0
WATCH_SECONDS = 5.0  # between two looks at a device that has not answered yet, and for one look
MISSED_LOOKS = 2  # in a row: the device is gone
_PREFIX = 1  # commands in front of those that are asked for


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
        self._enable: Command = enable(target)
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
        sent: list[Any] = [self._enable, *commands]  # asynceapi has its own names for these types
        try:
            results: list[Any] = await self._watched(sent, form)
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
        return results[_PREFIX:]

    async def _watched(self, sent: list[Any], form: Literal["json", "text"]) -> list[Any]:
        """Send a request, and give it up when its device is gone."""
        request = asyncio.ensure_future(self._device.cli(commands=sent, ofmt=form))
        watch = asyncio.ensure_future(self._gone())
        try:
            await asyncio.wait({request, watch}, return_when=asyncio.FIRST_COMPLETED)
            if not request.done():
                raise self._error(f"{self.target.url} does not answer any more")
            results: list[Any] = request.result()
            return results
        finally:
            for task in (request, watch):
                task.cancel()
            await asyncio.gather(request, watch, return_exceptions=True)

    async def _gone(self) -> None:
        """Return when the device has not answered for a while."""
        missed = 0
        while missed < MISSED_LOOKS:
            await asyncio.sleep(WATCH_SECONDS)
            missed += 1
            with contextlib.suppress(httpx.HTTPError, OSError):
                await self._device.head("/command-api", timeout=WATCH_SECONDS)
                missed = 0

    def _refused(self, exc: EapiCommandError) -> CommandRefusedError | DeviceError:
        reason = "; ".join(text for text in exc.errors if text) or exc.errmsg
        position = len(exc.passed) - _PREFIX
        if position < 0:
            user = self.target.user.name
            return self._error(f"user '{user}' may not enter enable mode: {reason}")
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
