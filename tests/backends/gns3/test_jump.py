"""Ports over SSH to devices behind another machine: a real SSH server, on loopback."""

import asyncio
import socket
import threading

import asyncssh
import pytest

from avdlab.backends.gns3.jump import Jump
from avdlab.errors import BackendError
from tests.support.rack import until


class _Forwarding(asyncssh.SSHServer):
    def __init__(self, keys) -> None:
        self._keys = keys

    def connection_made(self, conn):
        self.connection = conn

    def begin_auth(self, _username):
        return True

    def public_key_auth_supported(self):
        return True

    def validate_public_key(self, _username, key):
        return key in self._keys

    def connection_requested(self, *_addresses: object) -> bool:
        return True  # as AllowTcpForwarding yes


class SshServer:
    """An SSH server of a host key of its own, and an echo service that only it shall reach."""

    def __init__(self) -> None:
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.keys = []
        self.logins = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.port, self.echo = self.call(self._start())

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    async def _start(self):
        def login():
            self.logins.append(_Forwarding(self.keys))
            return self.logins[-1]

        self._ssh = await asyncssh.create_server(login, "127.0.0.1", 0, server_host_keys=[self.key])
        self._echo = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        return self._ssh.get_port(), self._echo.sockets[0].getsockname()[1]

    async def _answer(self, reader, writer):
        writer.write(b"echo " + await reader.readline())
        await writer.drain()
        writer.close()

    async def _drop(self):
        for each in self.logins:
            each.connection.abort()
            await each.connection.wait_closed()

    def drop(self):
        """Lose every connection."""
        self.call(self._drop())

    async def _stop(self):
        self._ssh.close()
        self._echo.close()
        await self._ssh.wait_closed()

    def stop(self):
        self.drop()
        self.call(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture
def server():
    made = SshServer()
    yield made
    made.stop()


@pytest.fixture
def home(tmp_path, monkeypatch, server):
    """A user who has a key that the server takes, and who has logged in before."""
    folder = tmp_path / ".ssh"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(folder / "id_ed25519")
    (folder / "id_ed25519").chmod(0o600)
    server.keys.append(key.convert_to_public())
    public = server.key.export_public_key().decode()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {public}")
    return folder


@pytest.fixture
def jump_to():
    made = []

    def make(place):
        made.append(Jump(place))
        return made[-1]

    yield make
    for jump in made:
        jump.close()


def ask(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as there:
        there.sendall(b"hello\n")
        return there.makefile().readline()


def test_a_port_behind_the_server_is_reached(server, home, jump_to):
    jump = jump_to(f"engineer@127.0.0.1:{server.port}")
    port = jump.forward("127.0.0.1", server.echo)
    assert port != server.echo
    assert ask(port) == "echo hello\n"
    assert jump.forward("127.0.0.1", server.echo) == port
    assert len(server.logins) == 1


def test_a_lost_connection_is_made_again(server, home, jump_to):
    jump = jump_to(f"engineer@127.0.0.1:{server.port}")
    jump.forward("127.0.0.1", server.echo)
    server.drop()
    until(lambda: jump.forward("127.0.0.1", server.echo) and len(server.logins) == 2)
    assert ask(jump.forward("127.0.0.1", server.echo)) == "echo hello\n"


def test_an_unknown_server_is_not_trusted(server, home, jump_to):
    (home / "known_hosts").unlink()
    with pytest.raises(BackendError, match=r"host key of .* is not known") as caught:
        jump_to(f"engineer@127.0.0.1:{server.port}").forward("127.0.0.1", server.echo)
    assert "ssh engineer@127.0.0.1" in caught.value.hint


def test_a_refused_key_says_what_avdlab_uses(server, home, jump_to):
    server.keys.clear()
    with pytest.raises(BackendError, match="refuses the SSH login"):
        jump_to(f"engineer@127.0.0.1:{server.port}").forward("127.0.0.1", server.echo)


def test_a_server_that_is_not_there(home, jump_to):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(BackendError, match="no SSH to"):
        jump_to(f"127.0.0.1:{port}").forward("127.0.0.1", 1)
