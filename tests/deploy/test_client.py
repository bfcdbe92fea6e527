"""No exception of a foreign library leaves the client, and no password is ever in a message."""

import asyncio
import http.server
import json
import socket
import threading
from contextlib import contextmanager

import pytest

from avdlab.backends.base import EapiTarget
from avdlab.deploy import deploy
from avdlab.deploy.client import Client, CommandRefusedError
from avdlab.errors import DeviceError, InputError
from avdlab.overlay.model import LabUser

PASSWORD = "s3cret-word"


@contextmanager
def web_server(status, body):
    """A web server that answers every POST alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object):
            """Stay silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def target(port, *, tls=False):
    return EapiTarget("leaf1", "127.0.0.1", port, LabUser("admin", PASSWORD), tls=tls)


def ask(where, timeout=5.0):
    async def run():
        async with Client(where, timeout) as client:
            return await client.run(["show version", "bogus"])

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, b"Unable to authenticate", "refuses user 'admin': wrong user or password"),
        (503, b"busy", "answers HTTP 503"),
        (200, b"<html>", "answers no JSON-RPC result"),
        (200, b"[]", "answers no JSON-RPC result"),
        (200, b"{}", "answers no JSON-RPC result"),
        (200, b'{"error": {"code": -32602, "message": "no"}}', "answers no JSON-RPC result"),
    ],
)
def test_strange_answers_name_the_device(status, body, words):
    with web_server(status, body) as port, pytest.raises(DeviceError) as caught:
        ask(target(port))
    assert caught.value.device == "leaf1"
    assert words in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_refused_command_is_counted_without_the_enable_in_front():
    data = [{}, {"version": "4"}, {"errors": ["Invalid input (at token 0: 'bogus')"]}]
    body = json.dumps({"error": {"code": 1002, "message": "CLI command 3 of 3", "data": data}})
    with web_server(200, body.encode()) as port, pytest.raises(CommandRefusedError) as caught:
        ask(target(port))
    assert caught.value.position == 1
    assert caught.value.reason == "Invalid input (at token 0: 'bogus')"


def test_a_refused_enable_is_an_error_of_the_device():
    data = [{"errors": ["", "Cannot authenticate unknown uid 10095"]}]
    body = json.dumps({"error": {"code": 1005, "message": "failed", "data": data}})
    with web_server(200, body.encode()) as port, pytest.raises(DeviceError, match="enable mode"):
        ask(target(port))


def test_a_closed_port_is_said_so():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(DeviceError, match=r"does not answer \(connection refused"):
        ask(target(port))


def test_a_silent_device_ends_with_the_timeout():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(DeviceError, match=r"no answer from http://127.0.0.1:\d+ in 0.2 s"):
            ask(target(port), timeout=0.2)


def test_http_where_tls_is_expected_is_one_line():
    with web_server(200, b"{}") as port, pytest.raises(DeviceError, match="does not answer"):
        ask(target(port, tls=True))


def test_texts_are_read_before_any_device_is_asked():
    with pytest.raises(InputError) as caught:
        deploy([target(1)], {"leaf1": "banner motd\nhello\n"})
    assert "leaf1: line 1: 'banner motd' is not closed" in str(caught.value)
    with pytest.raises(InputError, match="leaf1: there is no configuration for it"):
        deploy([target(1)], {})


def test_all_devices_that_do_not_answer_are_named():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    other = EapiTarget("leaf2", "127.0.0.1", port, LabUser("admin", PASSWORD), tls=False)
    with pytest.raises(DeviceError) as caught:
        deploy([target(port), other], dict.fromkeys(("leaf1", "leaf2"), "hostname a\n"))
    assert "leaf1:" in str(caught.value)
    assert "leaf2:" in str(caught.value)
    assert "No device was changed." in str(caught.value)
