"""SSH on port 22 of the node: the server is imported when a client comes, to save memory."""

import asyncio
import logging
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from avdlab.twin.sockets import PortInUseError, bound

if TYPE_CHECKING:
    from avdlab.twin.ssh.server import Front, SshServer

logger = logging.getLogger(__name__)

_ANY = "0.0.0.0"  # noqa: S104  as the node's eAPI
_PORT = 22


class LazySsh:
    """Holds the port; a knock on it starts the server, which takes the waiting connection."""

    def __init__(self, front: "Front", name: str, folder: Path) -> None:
        self._front = front
        self._name = name
        self._folder = folder
        self._sleeping: socket.socket | None = None
        self._starting: asyncio.Task[None] | None = None
        self._server: SshServer | None = None
        self._on = False

    async def follow(self, *, on: bool) -> None:
        """Open or close the port."""
        self._on = on
        if self._server is not None:
            await self._server.follow(self._name, _ANY, _PORT, on=on)
        elif on and self._sleeping is None and self._starting is None:
            self._sleep()
        elif not on:
            self._forget()

    def _sleep(self) -> None:
        try:
            self._sleeping = bound(self._name, _ANY, _PORT)
        except PortInUseError as exc:
            logger.warning("%s", exc.strerror)
            return
        self._sleeping.listen(16)
        self._sleeping.setblocking(False)
        asyncio.get_running_loop().add_reader(self._sleeping.fileno(), self._knock)

    def _knock(self) -> None:
        sock, self._sleeping = self._sleeping, None
        if sock is not None:
            asyncio.get_running_loop().remove_reader(sock.fileno())
            self._starting = asyncio.create_task(self._wake(sock))

    async def _wake(self, sock: socket.socket) -> None:
        from avdlab.twin.ssh.server import SshServer

        self._server = SshServer(self._front, self._folder)
        await self._server.follow(self._name, _ANY, _PORT, on=self._on, taken=sock)

    def _forget(self) -> None:
        if self._sleeping is not None:
            asyncio.get_running_loop().remove_reader(self._sleeping.fileno())
            self._sleeping.close()
            self._sleeping = None

    async def close(self) -> None:
        """Close everything."""
        self._forget()
        if self._starting is not None:
            await self._starting
        if self._server is not None:
            await self._server.close()
