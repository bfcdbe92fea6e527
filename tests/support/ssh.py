"""A real SSH server of the tests' own, which forwards ports and knows one user's keys."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import asyncssh

from tests.support.gns3.network import enter


class _Forwarding(asyncssh.SSHServer):
    def __init__(self, server: "SshServer") -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connection = conn

    def begin_auth(self, _username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, _username: str, key: asyncssh.SSHKey) -> bool:
        return key in self._server.keys

    def connection_requested(self, host: str, port: int, *_origin: object) -> bool:
        self._server.forwards.append((host, port))
        return True  # as AllowTcpForwarding yes


class SshServer:
    """An SSH server with a host key of its own, and an echo service that only it shall reach.

    `network_of` is a process in whose network it runs; 0: in this one.
    """

    def __init__(self, host: str = "127.0.0.1", network_of: int = 0) -> None:
        self.host = host
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.keys: list[asyncssh.SSHKey] = []
        self.logins: list[_Forwarding] = []
        self.forwards: list[tuple[str, int]] = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, args=(network_of,), daemon=True)
        self.thread.start()
        self.port, self.echo = self.call(self._start())

    def _run(self, network_of: int) -> None:
        if network_of:
            enter(network_of)
        self.loop.run_forever()

    def call(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    async def _start(self) -> tuple[int, int]:
        def login() -> _Forwarding:
            self.logins.append(_Forwarding(self))
            return self.logins[-1]

        self._ssh = await asyncssh.create_server(login, self.host, 0, server_host_keys=[self.key])
        self._echo = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        return self._ssh.get_port(), self._echo.sockets[0].getsockname()[1]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"echo " + await reader.readline())
        await writer.drain()
        writer.close()

    async def _drop(self) -> None:
        for each in self.logins:
            each.connection.abort()
            await each.connection.wait_closed()

    def drop(self) -> None:
        """Lose every connection."""
        self.call(self._drop())

    async def _stop(self) -> None:
        self._ssh.close()
        self._echo.close()
        await self._ssh.wait_closed()

    def stop(self) -> None:
        self.drop()
        self.call(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def welcome(self, home: Path) -> Path:
        """Make the user of a home folder one whom the server lets in, and who has logged in before;
        return the folder .ssh."""
        folder = home / ".ssh"
        folder.mkdir(mode=0o700, parents=True)
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(folder / "id_ed25519")
        (folder / "id_ed25519").chmod(0o600)
        self.keys.append(key.convert_to_public())
        public = self.key.export_public_key().decode()
        (folder / "known_hosts").write_text(f"[{self.host}]:{self.port} {public}")
        return folder
