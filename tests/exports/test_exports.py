"""Exports, read back by the tools that they are for where these are installed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from avdlab.backends.base import Behind, EapiTarget, SshTarget
from avdlab.errors import InputError
from avdlab.exports import EXPORTS, Files, Subject
from avdlab.overlay.model import LabUser
from avdlab.topology.model import (
    EndpointAddress,
    EndpointNic,
    Link,
    LinkEnd,
    Node,
    NodeKind,
    Topology,
)

USER = LabUser("lab", "it's a $ecret")


def device(name: str, *ports: str, address: str = "") -> Node:
    return Node(
        name,
        NodeKind.DEVICE,
        role="l3leaf",
        management_interface="Management1",
        management_address=address,
        interfaces=("Management1", *ports),
    )


TOPOLOGY = Topology(
    "dc 1",
    {
        "leaf1": device("leaf1", "Ethernet1/1", "Ethernet3", address="10.0.0.1/24"),
        "leaf2": device("leaf2", "Ethernet1/1", "Ethernet3", address="10.0.0.2/24"),
        "web": Node(
            "web",
            NodeKind.ENDPOINT,
            role="server",
            interfaces=("eth0", "eth1"),
            nics=(EndpointNic("bond0", ("eth0", "eth1"), "lacp-active"),),
            addresses=(
                EndpointAddress("bond0", 10, "192.0.2.101/24", "192.0.2.1"),
                EndpointAddress("bond0", 20),
            ),
        ),
    },
    (
        Link.between(LinkEnd("leaf1", "Ethernet1/1"), LinkEnd("leaf2", "Ethernet1/1")),
        Link.between(LinkEnd("leaf1", "Ethernet3"), LinkEnd("web", "eth0")),
        Link.between(LinkEnd("leaf2", "Ethernet3"), LinkEnd("web", "eth1")),
    ),
)
LAB = Subject(
    "dc 1",
    Path("/lab/export"),
    USER,
    TOPOLOGY,
    {"leaf1": "hostname leaf1\n", "leaf2": "hostname leaf2\n"},
    {"leaf1": ("FAB", "all"), "leaf2": ("FAB", "EDGE", "all")},
    tuple(EapiTarget(n, "127.0.0.1", p, USER) for n, p in (("leaf1", 4001), ("leaf2", 4002))),
    tuple(SshTarget(n, "127.0.0.1", p, USER) for n, p in (("leaf1", 2201), ("leaf2", 2202))),
    {"leaf1": '{"anta.tests.system": [{"VerifyNTP": {}}]}', "leaf2": '{"anta.tests.system": [1]}'},
)


def made(kind: str) -> Files:
    return EXPORTS[kind](LAB)


def test_containerlab_has_every_node_and_cable_with_its_mapping() -> None:
    files = made("containerlab")
    data = yaml.safe_load(files["topology.clab.yml"])
    assert data["name"] == "dc-1"
    assert data["mgmt"]["ipv4-subnet"] == "10.0.0.0/24"
    nodes = data["topology"]["nodes"]
    assert set(nodes) == {"leaf1", "leaf2", "web"}
    assert nodes["leaf1"]["startup-config"] == "configs/leaf1.cfg"
    assert nodes["leaf1"]["mgmt-ipv4"] == "10.0.0.1"
    assert files["configs/leaf1.cfg"] == "hostname leaf1\n"
    assert nodes["leaf1"]["binds"] == ["mapping/leaf1.json:/mnt/flash/EosIntfMapping.json:ro"]
    assert json.loads(files["mapping/leaf1.json"]) == {
        "ManagementIntf": {"eth0": "Management1"},
        "EthernetIntf": {"eth1": "Ethernet1/1", "eth2": "Ethernet3"},
    }
    assert [link["endpoints"] for link in data["topology"]["links"]] == [
        ["leaf1:eth1", "leaf2:eth1"],
        ["leaf1:eth2", "web:eth1"],
        ["leaf2:eth2", "web:eth2"],
    ]


def test_containerlab_hosts_have_their_bonds_and_addresses() -> None:
    nodes = yaml.safe_load(made("containerlab")["topology.clab.yml"])["topology"]["nodes"]
    assert nodes["web"]["exec"] == [
        "ip link add bond0 type bond mode 802.3ad",
        "ip link set eth1 down",
        "ip link set eth1 master bond0",
        "ip link set eth2 down",
        "ip link set eth2 master bond0",
        "ip link set bond0 up",
        "ip link add link bond0 name bond0.10 type vlan id 10",
        "ip link set bond0.10 up",
        "ip addr add 192.0.2.101/24 dev bond0.10",
        "ip route replace default via 192.0.2.1",
    ]


def test_containerlab_leaves_management_alone_where_there_is_no_one_network() -> None:
    nodes = {**TOPOLOGY.nodes, "leaf2": device("leaf2", "Ethernet1/1", "Ethernet3")}
    topology = Topology("t", nodes, TOPOLOGY.links)
    text = EXPORTS["containerlab"](
        Subject("t", Path(), USER, topology, LAB.configs, {}, catalogs={})
    )["topology.clab.yml"]
    assert "mgmt" not in yaml.safe_load(text)
    assert "mgmt-ipv4" not in text


def test_pyeapi_reads_its_file(tmp_path: Path) -> None:
    pyeapi = pytest.importorskip("pyeapi.client")
    path = tmp_path / "eapi.conf"
    path.write_text(made("pyeapi")["eapi.conf"])
    config = pyeapi.Config(str(path))
    found = config.get_connection("leaf2")
    assert (found["host"], found["port"], found["username"]) == ("127.0.0.1", "4002", "lab")
    assert found["password"] == USER.password


def test_ansible_has_groups_and_credentials() -> None:
    data = yaml.safe_load(made("ansible")["ansible.yml"])["all"]
    assert data["children"]["EDGE"]["hosts"] == {"leaf2": None}
    assert data["hosts"]["leaf1"] == {
        "ansible_host": "127.0.0.1",
        "ansible_port": 4001,  # or Ansible takes the connection of another device there
        "ansible_httpapi_port": 4001,
    }
    assert data["vars"]["ansible_password"] == USER.password


def test_nornir_has_hosts_groups_and_a_config_that_names_them() -> None:
    files = made("nornir")
    hosts = yaml.safe_load(files["host.yaml"])
    assert hosts["leaf2"]["groups"] == ["FAB", "EDGE", "all"]
    assert set(yaml.safe_load(files["group.yaml"])) == {"FAB", "EDGE", "all"}
    options = yaml.safe_load(files["config.yaml"])["inventory"]["options"]
    assert {Path(path).name for path in options.values()} <= set(files)


def test_ssh_config_has_no_password() -> None:
    text = made("ssh-config")["ssh_config"]
    assert "Host leaf1\n  HostName 127.0.0.1\n  Port 2201\n  User lab\n" in text
    assert USER.password not in text


def test_ssh_config_leads_over_the_jump_host_to_what_is_behind_it() -> None:
    behind = Behind("engineer@server:2222", "10.0.0.1", 22)
    lab = replace(LAB, ssh=(SshTarget("leaf1", "127.0.0.1", 40123, USER, behind),))
    text = EXPORTS["ssh-config"](lab)["ssh_config"]
    assert "HostName 10.0.0.1\n  Port 22\n  ProxyJump engineer@server:2222\n" in text


def test_anta_credentials_survive_the_shell() -> None:
    files = made("anta")
    import shlex

    lines = dict(line.split("=", 1) for line in files["anta.env"].splitlines())
    assert shlex.split(lines["ANTA_PASSWORD"]) == [USER.password]
    assert len(json.loads(files["catalog.json"])["anta.tests.system"]) == 2
    hosts = yaml.safe_load(files["inventory.yml"])["anta_inventory"]["hosts"]
    assert hosts[0]["tags"] == ["leaf1", "FAB", "all"]
    with pytest.raises(InputError, match="no catalogs"):
        EXPORTS["anta"](Subject("t", Path(), USER, TOPOLOGY, {}, {}))


def test_every_export_has_its_line_of_help() -> None:
    from avdlab.cli.export import HELP, NEXT

    assert set(HELP) == set(NEXT) == set(EXPORTS)
