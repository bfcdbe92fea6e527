"""A lab on a server that is another machine: only its SSH and GNS3's API are reached from here."""

import shutil
import socket
import subprocess

import pytest

from tests.gns3.test_fabric import Project
from tests.support.gns3.network import far_network
from tests.support.gns3.servers import Gns3Server, containers, gns3_servers
from tests.support.ssh import SshServer

HERE, THERE = "10.255.255.2", "10.255.255.1"
BRIDGE = (
    "ip link add name avdlab0 type bridge forward_delay 0",
    "ip address add 10.90.0.1/24 dev avdlab0",
    "ip link set avdlab0 up",
)


@pytest.fixture
def project(gns3_server, tmp_path, repository):
    folder = tmp_path / "project"
    shutil.copytree(repository / "inventory", folder / "inventory")
    shutil.copy(repository / "ansible.cfg", folder)
    with far_network(f"{HERE}/24", f"{THERE}/24") as process:
        for command in BRIDGE:
            enter = ("nsenter", f"--net=/proc/{process}/ns/net")
            subprocess.run((*enter, *command.split()), check=True)
        server = Gns3Server(gns3_server.line, tmp_path / "far", host=THERE, network_of=process)
        ssh = SshServer(THERE, process)
        ssh.welcome(tmp_path / "home")
        settings = f"backend: gns3\ngns3_jump: engineer@{THERE}:{ssh.port}\n"
        (folder / "avdlab.yml").write_text(settings)
        with gns3_servers([server]):
            yield Project(folder, server), ssh
        ssh.stop()


@pytest.mark.line("3.0")
def test_a_lab_behind_ssh_from_nothing_to_green_and_back(project):
    lab, ssh = project
    assert lab.data("up")["changed"] == []
    with pytest.raises(OSError, match="unreachable"):
        socket.create_connection(("10.90.0.21", 443))
    nodes = {node["name"]: node for node in lab.data("status")["nodes"]}
    assert nodes["osl-leaf1a"]["state"] == "ready"
    assert nodes["osl-leaf1a"]["eapi"] == "10.90.0.21:443"
    shown = lab.run("connect", "osl-leaf1a", "--show")
    assert shown.startswith(f"ssh -J engineer@{THERE}:{ssh.port} ")
    assert "avdlab@10.90.0.21" in shown
    shown = lab.run("connect", "osl-leaf1a", "--console", "--show")
    assert shown.startswith(f"ssh -t -p {ssh.port} engineer@{THERE} telnet {THERE} ")
    assert "this is not EOS" in lab.run("connect", "osl-leaf1a", "--console")
    assert (THERE, int(shown.split()[-1])) in ssh.forwards
    lab.run("down")
    assert containers(lab.server) == []
