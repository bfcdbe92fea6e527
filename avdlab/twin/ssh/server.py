"""SSH for every node: one port each, the users of the node's own running-config, EOS's shell."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import asyncssh

from avdlab.twin.cli.node import Node
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.sockets import PortInUseError, bound
from avdlab.twin.ssh.shell import Shell

logger = logging.getLogger(__name__)

_WIDTH, _HEIGHT = 80, 24


class Front(Protocol):
    """What the SSH server asks of the process around it."""

    def node(self, name: str) -> Node: ...

    def login(self, name: str, user: str, password: str) -> UserSettings | None:
        """Return the user if the password is right."""

    def follow(self, name: str) -> Awaitable[None]:
        """After a line: files are saved, ports follow the running-config."""


@dataclass(slots=True)
class _Port:
    host: str
    number: int
    acceptor: asyncssh.SSHAcceptor | None = None
    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    node: Node | None = None  # whom the connections speak to: a reboot ends them


def host_key(folder: Path) -> asyncssh.SSHKey:
    """Return the lab's host key, made when there is none."""
    path = folder / "ssh_host_ed25519_key"
    if not path.exists():
        key = asyncssh.generate_private_key("ssh-ed25519")
        path.touch(mode=0o600)
        key.write_private_key(str(path))
    return asyncssh.read_private_key(str(path))


class SshServer:
    """Opens and closes the SSH ports of the nodes."""

    def __init__(self, front: Front, folder: Path) -> None:
        self._front = front
        self._key = host_key(folder)
        self._ports: dict[str, _Port] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def port(self, node: str) -> int:
        """Return the number of a node's port; 0 when it has none or it is closed."""
        port = self._ports.get(node)
        return port.number if port is not None and port.acceptor is not None else 0

    async def follow(
        self, name: str, host: str, number: int, *, on: bool, taken: socket.socket | None = None
    ) -> None:
        """Open or close a node's port. Raises PortInUseError. `taken`: a socket that holds it."""
        port = self._ports.setdefault(name, _Port(host, number))
        if port.node is not None and (not on or port.node is not self._front.node(name)):
            _hang_up(port)
        if on and port.acceptor is None:
            sock = taken or bound(name, host, port.number)  # the same port when it opens again
            port.node = self._front.node(name)
            try:
                port.acceptor = await asyncssh.listen(
                    sock=sock,
                    server_factory=lambda: _Server(name, self._front, port, self.tasks),
                    server_host_keys=[self._key],
                    line_editor=False,
                    encoding="utf-8",
                    errors="replace",
                    allow_scp=False,
                    agent_forwarding=False,
                    x11_forwarding=False,
                )
            except OSError as exc:
                sock.close()
                raise PortInUseError(name, host, number) from exc
            port.number = port.acceptor.get_port()
        elif not on and port.acceptor is not None:
            await _close(port)

    async def remove(self, name: str) -> None:
        """Close a node's port for good."""
        port = self._ports.pop(name, None)
        if port is not None:
            await _close(port)

    async def close(self) -> None:
        """Close everything."""
        for name in tuple(self._ports):
            await self.remove(name)
        await asyncio.gather(*self.tasks, return_exceptions=True)


def _hang_up(port: _Port) -> None:
    for connection in tuple(port.connections):
        connection.abort()
    port.node = None


async def _close(port: _Port) -> None:
    _hang_up(port)
    acceptor, port.acceptor = port.acceptor, None
    if acceptor is not None:
        acceptor.close()
        await acceptor.wait_closed()


class _Server(asyncssh.SSHServer):
    """One connection: who it is, and a shell for each of its channels."""

    def __init__(
        self, name: str, front: Front, port: _Port, tasks: set[asyncio.Task[None]]
    ) -> None:
        self._name = name
        self._front = front
        self._port = port
        self._tasks = tasks
        self._connection: asyncssh.SSHServerConnection | None = None
        self._user: UserSettings | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._port.connections.add(conn)
        self._port.node = self._node

    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            self._port.connections.discard(self._connection)

    @property
    def _node(self) -> Node:
        return self._front.node(self._name)

    def begin_auth(self, username: str) -> bool:
        banner = self._node.store.running.first("banner login")
        if banner is not None and banner.body and self._connection is not None:
            self._connection.send_auth_banner(banner.body.replace("\n", "\r\n") + "\r\n")
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._user = self._front.login(self._name, username, password)
        return self._user is not None

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Compare with the `username NAME ssh-key` lines of the running-config."""
        own = key.export_public_key().decode().split()[:2]
        user = self._node.settings.system.users.get(username)
        lines = self._node.store.running.find(f"username {username} ssh-key")
        if user is None or not any(list(line.words[3:5]) == own for line in lines):
            return False
        self._user = user
        return True

    def session_requested(self) -> "_Session":
        assert self._user is not None
        return _Session(self._node, self._user, self._follow)

    def _follow(self) -> None:
        task = asyncio.ensure_future(_run(self._front.follow(self._name)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _run(awaitable: Awaitable[None]) -> None:
    await awaitable


class _Session(asyncssh.SSHServerSession[str]):
    """One channel: a shell on a terminal, or one command."""

    def __init__(self, node: Node, user: UserSettings, follow: Callable[[], None]) -> None:
        self._node = node
        self._user = user
        self._follow = follow
        self._height = 0
        self._command: str | None = None
        self._shell: Shell | None = None
        self._channel: asyncssh.SSHServerChannel[str] | None = None

    def connection_made(self, chan: "asyncssh.SSHServerChannel[str]") -> None:
        self._channel = chan

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: object
    ) -> bool:
        self._height = term_size[1]
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        if self._shell is not None:
            self._shell.height = height

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        return True

    def session_started(self) -> None:
        self._shell = Shell(self._node, self._user, self._height)
        if self._command is None:
            self._send(self._shell.start())
            return
        said = self._shell.answer(self._command)
        self._send(said)
        self._finish(1 if said.startswith("% ") else 0)

    def data_received(self, data: str, datatype: int | None) -> None:
        if self._shell is None or self._command is not None:
            return
        self._send(self._shell.feed(data))
        self._node.sync()
        self._follow()
        if self._shell.closed:
            self._finish(0)

    def break_received(self, msec: int) -> bool:
        return True

    def eof_received(self) -> bool:
        """Input from a pipe has ended: the shell ends too."""
        if self._command is None:
            self._finish(0)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if self._shell is not None and not self._shell.closed:
            self._shell.close()
            self._follow()

    def _send(self, text: str) -> None:
        if self._channel is not None and text:
            self._channel.write(text)

    def _finish(self, code: int) -> None:
        if self._shell is not None:
            self._shell.close()
            self._follow()
        if self._channel is not None:
            self._channel.exit(code)
