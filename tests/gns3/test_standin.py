"""The stand-in node under a real GNS3: what happens to its links shows in its answers."""

import subprocess
from pathlib import Path

import pytest

from tests.pair import config
from tests.support.gns3.api import Api
from tests.support.gns3.network import linux_bridge
from tests.support.rack import WireNode, until

IMAGE = "avdlab-standin:1"
pytestmark = pytest.mark.line("3.0")  # on 2.2 whole fabrics of them run (test_fabric.py)
INIT = (
    "/sbin/init systemd.setenv=CEOS=1 systemd.setenv=EOS_PLATFORM=ceoslab systemd.setenv=ETBA=1 "
    "systemd.setenv=INTFTYPE=eth systemd.setenv=MGMT_INTF=eth0 systemd.setenv=container=docker"
)

RENAMED = """auto eth0
iface eth0 inet manual
    up ip link set dev eth1 down; ip link set dev eth1 name et1; ip link set dev et1 mtu 9500 up
"""


def startup(number: int) -> str:
    other = 3 - number
    return config(number) + (
        f"router bgp 6500{number}\n   router-id 192.0.2.{number}\n"
        f"   neighbor 10.0.0.{other} remote-as 6500{other}\n   redistribute connected\n"
    )


class Pair:
    """Two stand-ins, Ethernet1 to Ethernet1, managed over a cloud."""

    def __init__(self, project, bridge) -> None:
        self.project = project
        self.nodes = [self._node(number) for number in (1, 2)]
        self.switches = [WireNode(f"leaf{n}", Path(), f"172.16.0.{n}", ()) for n in (1, 2)]
        self.cloud = project.cloud("mgmt", bridge, 3)
        for number, node in enumerate(self.nodes):
            project.link((node, 0, 0), (self.cloud, 0, number))
        self.link = self.cable()

    def _node(self, number):
        node = self.project.docker(
            f"leaf{number}", IMAGE, start_command=INIT, extra_volumes=["/mnt/flash"],
            mac_address=f"00:1c:73:00:0{number}:00", environment="CEOS=1",
        )  # fmt: skip
        files = {
            ".gns3_perms": "",
            "startup-config": startup(number),
            "ceos-config": f"SERIALNUMBER=leaf{number}\nSYSTEMMACADDR=001c.7300.0{number}01\n",
        }
        for name, text in files.items():
            self.project.call("POST", f"/nodes/{node}/files/mnt/flash/{name}", text.encode())
        if number == 2:  # GNS3's own script obeys it before the node's first process starts
            path = f"/nodes/{node}/files/etc/network/interfaces"
            self.project.call("POST", path, RENAMED.encode())
        return node

    def cable(self):
        return self.project.link((self.nodes[0], 1, 0), (self.nodes[1], 1, 0))

    def filters(self, filters):
        self.project.call("PUT", f"/links/{self.link}", {"filters": filters})
        if not filters and self.project.api.server.line == "3.0":
            self.project.call("POST", f"/links/{self.link}/reset")

    def neighbors(self):
        [found] = self.switches[0].run("show lldp neighbors")
        return [n["neighborDevice"] for n in found["lldpNeighbors"]]

    def established(self):
        [found] = self.switches[0].run("show ip bgp summary")
        return found["vrfs"]["default"]["peers"]["10.0.0.2"]["peerState"] == "Established"

    def whole(self):
        return self.neighbors() == ["leaf2"] and self.established()


@pytest.fixture(scope="module")
def pair(gns3_server):
    with linux_bridge("avdlab1", "172.16.0.254/24") as bridge:
        project = Api(gns3_server).project("standin")
        made = Pair(project, bridge)
        project.call("POST", "/nodes/start")
        until(made.whole, 90)
        yield made
        project.delete()


def test_it_boots_as_ceos_does_and_says_what_it_is(pair):
    [version] = pair.switches[0].run("show version")
    assert version["serialNumber"] == "TWINleaf1"
    assert version["systemMacAddress"] == "00:1c:73:00:01:01"
    assert "twin" in version["internalVersion"]


def test_a_nic_that_a_hook_renamed_is_the_port_of_its_name(pair):
    assert "et1" in pair.project.shell(pair.nodes[1], "cat /proc/net/dev").stdout
    [found] = pair.switches[1].run("show lldp neighbors")
    assert [n["port"] for n in found["lldpNeighbors"]] == ["Ethernet1"]


def test_a_filter_of_bgp_drops_the_session_and_lldp_stays(pair):
    pair.filters({"bpf": ["tcp port 179"]})
    until(lambda: not pair.established())
    assert pair.neighbors() == ["leaf2"]
    pair.filters({})
    until(pair.whole)


def test_a_deleted_link_is_missed_and_a_new_one_heals(pair):
    pair.project.call("DELETE", f"/links/{pair.link}")
    until(lambda: pair.neighbors() == [] and not pair.established())
    pair.link = pair.cable()
    until(pair.whole)


def test_a_stopped_node_is_missed_and_boots_as_it_was_saved(pair):
    pair.switches[1].run("enable", "configure", "hostname kept", "end", "write memory")
    pair.switches[1].run("enable", "configure", "hostname lost")
    pair.project.call("POST", f"/nodes/{pair.nodes[1]}/stop")
    until(lambda: pair.neighbors() == [] and not pair.established())
    pair.project.call("POST", f"/nodes/{pair.nodes[1]}/start")
    until(lambda: pair.neighbors() == ["kept"] and pair.established())


def test_it_ends_at_once_when_it_is_told_to(pair):
    """A node that waits to be killed costs five seconds for each stop."""
    container = pair.project.container(pair.nodes[1])
    pair.project.call("POST", f"/nodes/{pair.nodes[1]}/stop")
    state = ("docker", "inspect", "-f", "{{.State.ExitCode}}", container)
    assert subprocess.run(state, capture_output=True, text=True, check=True).stdout.strip() == "0"
