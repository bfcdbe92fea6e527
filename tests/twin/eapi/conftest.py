"""A twin process of two switches, started as a user starts it and spoken to by real clients."""

import base64
import http.client
import json
import os
import select
import signal
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

USER, PASSWORD, TOKEN = "arista", "arista", "token"
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE
# sha512-crypt of "arista" with the salt "avdlab"
HASH = (
    "$6$avdlab$tDn4Ed/bCtvDwL6egQRVu4itAowCkFsFck0fAR2UzEbLwXbDWtDi2rU5Fjx"
    ".Ylk0tcGLFpDjh8Nmok8s7inma1"
)


def config(name, number, peer_as, *, extra=""):
    """Return a switch: eAPI in the MGMT VRF, one routed link, BGP to the other."""
    return f"""\
hostname {name}
!
aaa authorization exec default local
!
username {USER} privilege 15 role network-admin secret sha512 {HASH}
!
vrf instance MGMT
!
interface Ethernet1
   description to the other one
   no switchport
   ip address 10.0.0.{number}/31
!
interface Loopback0
   ip address 192.0.2.{number + 1}/32
!
interface Management0
   vrf MGMT
   ip address 172.16.0.{number + 1}/24
!
ip routing
!
router bgp {65000 + number}
   neighbor 10.0.0.{1 - number} remote-as {peer_as}
!
management api http-commands
   no shutdown
   !
   vrf MGMT
      no shutdown
!
{extra}end
"""


@dataclass
class Lab:
    """A twin process and the folder that it serves."""

    folder: Path
    configs: dict[str, str]
    http: dict[str, int] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    ready: dict = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    ssh: dict[str, int] = field(default_factory=dict)

    def describe(self, **changes: object):
        nodes = {
            name: {
                "host": "127.0.0.1",
                "https": self.ports.get(name, 0),
                "http": self.http.get(name, 0),
                "ssh": self.ssh.get(name, 0),
                "management_address": f"172.16.0.{number + 1}/24",
            }
            for number, name in enumerate(self.configs)
        }
        return {
            "schema_version": 1,
            "name": "lab",
            "control": {"host": "127.0.0.1", "port": 0, "token": TOKEN},
            "nodes": nodes,
            "links": [["leaf1:Ethernet1", "leaf2:Ethernet1"]],
            "endpoints": [],
            "stopped": [],
            "cut": [],
        } | changes

    def write(self, **changes: object):
        self.folder.mkdir(exist_ok=True, parents=True)
        (self.folder / "fabric.json").write_text(json.dumps(self.describe(**changes)))
        for name, text in self.configs.items():
            node = self.folder / "nodes" / name
            node.mkdir(parents=True, exist_ok=True)
            if not (node / "startup-config").exists():
                (node / "startup-config").write_text(text)

    def start(self):
        reader, writer = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "avdlab.twin", str(self.folder), "--ready-fd", str(writer)],
            pass_fds=(writer,),
        )
        os.close(writer)
        with os.fdopen(reader) as stream:
            assert select.select([stream], [], [], 60)[0], "the twin did not say ready"
            self.ready = json.loads(stream.readline())
        if self.ready["ready"]:
            status = self.control("GET", "/status")
            self.ports, self.ssh = status["ports"], status["ssh"]
        return self

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            code = self.process.wait(10)
            self.process = None
            return code
        return None

    def control(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ready["control_port"], timeout=10)
        connection.request(
            method,
            path,
            None if body is None else json.dumps(body),
            {"Authorization": f"Bearer {TOKEN}"},
        )
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def connect(self, node):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(
            "127.0.0.1", self.ports[node], context=context, timeout=9
        )

    def post(self, node, body, *, user=USER, password=PASSWORD, connection=None):
        """Post a body and return (status, decoded answer)."""
        mine = connection or self.connect(node)
        secret = base64.b64encode(f"{user}:{password}".encode()).decode()
        raw = body if isinstance(body, str | bytes) else json.dumps(body)
        mine.request("POST", "/command-api", raw, {"Authorization": f"Basic {secret}"})
        reply = mine.getresponse()
        text = reply.read().decode()
        if connection is None:
            mine.close()
        return reply.status, json.loads(text) if text.startswith(("{", "[")) else text

    def call(self, node, *commands: object, **params: object):
        """Run commands and return the whole reply."""
        body = {
            "jsonrpc": "2.0",
            "method": "runCmds",
            "params": {"version": 1, "cmds": list(commands)} | params,
            "id": "test",
        }
        return self.post(node, body)[1]

    def run(self, node, *commands: object, **params: object):
        """Run commands that must succeed and return their results."""
        reply = self.call(node, *commands, **params)
        assert "result" in reply, reply
        return reply["result"]

    def text(self, node, command):
        return self.run(node, command, format="text")[0]["output"]


def make(folder, **options: dict[str, int]):
    return Lab(
        folder,
        {"leaf1": config("leaf1", 0, 65001), "leaf2": config("leaf2", 1, 65000)},
        **options,
    )


@pytest.fixture(scope="session")
def make_lab():
    """Makes twins in folders of the test's choice, for tests that want one of another kind."""
    return make


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory):
    """A running twin that all tests share: leave it as it was."""
    twin = make(tmp_path_factory.mktemp("twin"))
    twin.write()
    try:
        twin.start()
        twin.run("leaf1", "copy running-config flash:golden")
        yield twin
    finally:
        twin.stop()


@pytest.fixture
def lab(shared_lab):
    """The shared twin, of which leaf1 may be configured: it is put back afterwards."""
    yield shared_lab
    back = [{"cmd": "enable", "input": PASSWORD}, "configure replace flash:golden", "write memory"]
    shared_lab.run("leaf1", *back)
    for name, row in shared_lab.run("leaf1", "show configuration sessions")[0]["sessions"].items():
        if row["state"].startswith("pending"):
            shared_lab.run("leaf1", back[0], f"configure session {name} abort")


@pytest.fixture
def own_lab(tmp_path):
    """A running twin for one test that stops it or locks itself out."""
    twin = make(tmp_path / "twin")
    twin.write()
    try:
        yield twin.start()
    finally:
        twin.stop()


@pytest.fixture
def stopped_lab(tmp_path):
    """A twin that is not started yet."""
    twin = make(tmp_path / "twin")
    yield twin
    twin.stop()
