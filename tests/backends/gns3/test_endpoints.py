"""Connected endpoints: what each becomes on GNS3, and what it boots with."""

import pytest

from avdlab.backends.gns3 import endpoints
from avdlab.backends.gns3.endpoints import Runs
from avdlab.topology.model import EndpointAddress, EndpointNic, Node, NodeKind
from avdlab.twin.config.loader import load

SERVER = Node(
    "web1",
    NodeKind.ENDPOINT,
    interfaces=("eth0", "eth1", "ilo"),
    nics=(
        EndpointNic("eth0"),
        EndpointNic("eth1"),
        EndpointNic("bond0", ("eth0", "eth1"), "lacp-active"),
        EndpointNic("ilo"),
    ),
    addresses=(
        EndpointAddress("bond0", 110, "10.1.110.101/24", "10.1.110.1"),
        EndpointAddress("bond0", 120, "10.1.120.101/24", "10.1.120.1"),
    ),
)
PLAIN = Node(
    "desk1",
    NodeKind.ENDPOINT,
    interfaces=("lan",),
    nics=(EndpointNic("lan"),),
    addresses=(EndpointAddress("lan", None, "10.1.210.101/24", "10.1.210.1"),),
)


@pytest.mark.parametrize(
    ("setting", "server", "plain"),
    [
        ("none", Runs.NOTHING, Runs.NOTHING),
        ("vpcs", Runs.NOTHING, Runs.VPCS),
        ("ceos", Runs.CEOS, Runs.CEOS),
        ("alpine:3", Runs.DOCKER, Runs.DOCKER),
    ],
)
def test_vpcs_is_for_hosts_with_one_cable_and_no_tags_only(setting, server, plain):
    assert endpoints.runs_as(SERVER, setting) is server
    assert endpoints.runs_as(PLAIN, setting) is plain
    assert endpoints.runs_as(Node("leaf", NodeKind.DEVICE), setting) is Runs.NOTHING


def test_a_ceos_bonds_and_tags_as_the_design_says_in_lines_that_eos_knows():
    text = endpoints.eos_config(SERVER)
    assert load(text).rejected == ()
    for words in (
        "vlan 110,120",
        "interface Port-Channel1\n   switchport mode trunk\n"
        "   switchport trunk allowed vlan 1,110,120\n",
        "interface Ethernet2\n   channel-group 1 mode active\n",
        "interface Ethernet3\n   switchport\n",
        "interface Vlan110\n   ip address 10.1.110.101/24\n",
        "ip routing\nip route 0.0.0.0/0 10.1.110.1\n",
    ):
        assert words in text
    assert load(endpoints.eos_config(PLAIN)).rejected == ()
    assert "interface Vlan1\n   ip address 10.1.210.101/24\n" in endpoints.eos_config(PLAIN)


def test_a_linux_host_bonds_first_and_tags_the_bond():
    hook = endpoints.linux_hook(SERVER)
    steps = [line.partition("$(")[2].partition(" 2>&1)")[0] for line in hook.splitlines()]
    assert [step for step in steps if step] == [
        "ip link add bond0 type bond mode 802.3ad miimon 100",
        "ip link set eth0 down",
        "ip link set eth0 master bond0",
        "ip link set eth1 down",
        "ip link set eth1 master bond0",
        "ip link set bond0 up",
        "ip link add link bond0 name bond0.110 type vlan id 110",
        "ip link set bond0.110 up",
        "ip address add 10.1.110.101/24 dev bond0.110",
        "ip link add link bond0 name bond0.120 type vlan id 120",
        "ip link set bond0.120 up",
        "ip address add 10.1.120.101/24 dev bond0.120",
        "ip route add default via 10.1.110.1",
    ]


def test_what_a_hook_could_not_do_is_one_line_with_a_remedy():
    failed = (
        "ip link add bond0 type bond mode 802.3ad: ip: Not supported\nip link set bond0 up: ?\n"
    )
    text = endpoints.explain(failed)
    assert text.startswith("its network is not whole: ip link add bond0 type bond mode 802.3ad: ip")
    assert "(2 commands in all)" in text
    assert "modprobe -a bonding 8021q" in text
    assert "modprobe" not in endpoints.explain("ip address add 10.0.0.1/24 dev eth0: no such\n")


def test_a_vpcs_has_its_address_and_gateway():
    script = endpoints.vpcs_script(PLAIN)
    assert script == "set pcname desk1\nip 10.1.210.101/24 10.1.210.1\n"
