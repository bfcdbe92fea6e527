"""Connected endpoints as nodes: what a Linux container makes of its NICs, or says it cannot."""

import subprocess
from dataclasses import replace

import pytest

from avdlab.topology.model import (
    EndpointAddress,
    EndpointNic,
    Link,
    LinkEnd,
    Node,
    NodeKind,
    Topology,
)
from tests.backends.gns3.fabrics import fabric
from tests.gns3.labs import NODE, BusyboxLab, taken_down
from tests.gns3.test_lifecycle import answers, container, shell
from tests.support.rack import until

DESK = Node(
    "desk1", NodeKind.ENDPOINT, interfaces=("lan",), nics=(EndpointNic("lan"),),
    addresses=(EndpointAddress("lan", None, "10.1.210.101/24", "10.1.210.1"),),
)  # fmt: skip
WEB = Node(
    "web1", NodeKind.ENDPOINT, interfaces=("eth0", "eth1"),
    nics=(EndpointNic("bond0", ("eth0", "eth1"), "lacp-active"),),
    addresses=(EndpointAddress("bond0", 110, "10.1.110.101/24"),),
)  # fmt: skip


def with_endpoints() -> Topology:
    """Return a leaf and a spine, with a desk at the leaf's Ethernet3 and a server at 4 and 5."""
    topology = fabric(leaves=1, spines=1)
    leaf = topology.nodes["LEAF_1"]
    leaf = replace(leaf, interfaces=(*leaf.interfaces, "Ethernet3", "Ethernet4", "Ethernet5"))
    plugged = [(DESK, "lan", 3), (WEB, "eth0", 4), (WEB, "eth1", 5)]
    links = [
        Link.between(LinkEnd("LEAF_1", f"Ethernet{number}"), LinkEnd(node.name, nic))
        for node, nic, number in plugged
    ]
    nodes = {**topology.nodes, "LEAF_1": leaf, "desk1": DESK, "web1": WEB}
    return replace(topology, nodes=nodes, links=tuple(sorted((*topology.links, *links))))


def bonds_here() -> bool:
    """Tell whether this machine's kernel has bonds."""
    made = subprocess.run(("ip", "link", "add", "b0", "type", "bond"), check=False)
    subprocess.run(("ip", "link", "delete", "b0"), capture_output=True, check=False)
    return made.returncode == 0


@pytest.mark.line("2.2")
def test_a_linux_host_has_its_address_and_one_whose_bond_failed_says_so(gns3_server, tmp_path):
    topology = with_endpoints()
    with taken_down(BusyboxLab(tmp_path / "lab", gns3_server, {"gns3_endpoints": NODE})) as lab:
        lab.up(topology)
        desk, leaf = container(lab, "desk1"), container(lab, "LEAF_1")
        port = lab.record.nodes["LEAF_1"].adapters.index("Ethernet3")
        until(lambda: "eth2" in shell(leaf, "ls /sys/class/net"))
        shell(leaf, f"ip address add 10.1.210.1/24 dev eth{port}")
        until(lambda: answers(desk, "10.1.210.1"))
        assert "default via 10.1.210.1" in shell(desk, "ip route")
        if not bonds_here():
            until(lambda: "modprobe -a bonding 8021q" in lab.reasons()["web1"])
            assert "ip link add bond0 type bond" in lab.reasons()["web1"]
        states = lab.states()
        assert states["desk1"] == "ready"
        assert states["web1"] == ("ready" if bonds_here() else "nics")
        assert lab.up(topology) == []
