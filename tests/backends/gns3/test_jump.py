"""Ports over SSH to devices behind another machine: a real SSH server, on loopback."""

import socket

import pytest

from avdlab.backends.gns3.jump import Jump
from avdlab.errors import BackendError
from tests.support.rack import until
from tests.support.ssh import SshServer


@pytest.fixture
def server():
    made = SshServer()
    yield made
    made.stop()


@pytest.fixture
def home(tmp_path, monkeypatch, server):
    """A user whom the server lets in."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return server.welcome(tmp_path)


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
