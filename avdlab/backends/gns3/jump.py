"""The way to devices behind a GNS3 server that is another machine: ports forwarded over SSH.

One SSH session to the server carries a local port for each device port that is asked for. It lives
as long as the process, and is made again when it was lost. Keys, agent, host names and known hosts
are those of the user's OpenSSH.
"""

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from avdlab.errors import BackendError

if TYPE_CHECKING:
    import asyncssh

SECONDS = 30.0
KEEPALIVE = 15.0  # seconds between questions to a silent server; three unanswered end the session
T = TypeVar("T")


@dataclass(slots=True)
class Jump:
    """`to` is user@host, host, or user@host:port."""

    to: str
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _session: "asyncssh.SSHClientConnection | None" = None
    _ports: dict[tuple[str, int], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def forward(self, host: str, port: int) -> int:
        """Return the port of 127.0.0.1 that leads to a host and port as the jump host sees them.

        Raises BackendError.
        """
        with self._lock:
            if self._session is not None and self._session.is_closed():
                self._session = None
                self._ports.clear()
            if (host, port) not in self._ports:
                self._ports[host, port] = self._run(self._listen(host, port))
            return self._ports[host, port]

    def close(self) -> None:
        """End the session and its ports. The next `forward` makes another."""
        with self._lock:
            if self._loop is None or self._thread is None:
                return
            if self._session is not None:
                self._session.abort()
                asyncio.run_coroutine_threadsafe(self._session.wait_closed(), self._loop).result(5)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = self._session = None
            self._ports.clear()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        import asyncssh

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
            self._thread.start()
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS)
        except asyncssh.HostKeyNotVerifiable as exc:
            raise BackendError(
                f"the host key of {self.to} is not known",
                hint=f"Log in once by hand: ssh {self.to}",
            ) from exc
        except asyncssh.PermissionDenied as exc:
            raise BackendError(
                f"{self.to} refuses the SSH login",
                hint="avdlab uses the keys of ~/.ssh and of the agent; it asks for no password.",
            ) from exc
        except (OSError, asyncssh.Error, TimeoutError) as exc:
            raise BackendError(
                f"no SSH to {self.to}: {exc or 'no answer in time'}", hint="Check gns3_jump."
            ) from exc

    async def _listen(self, host: str, port: int) -> int:
        import asyncssh

        if self._session is None:
            user, _, place = self.to.rpartition("@")
            name, _, number = place.partition(":")
            given: dict[str, Any] = {"keepalive_interval": KEEPALIVE}
            if user:
                given["username"] = user
            if number:
                given["port"] = int(number)
            self._session = await asyncssh.connect(name, **given)
        listener = await self._session.forward_local_port("127.0.0.1", 0, host, port)
        local: int = listener.get_port()
        return local
