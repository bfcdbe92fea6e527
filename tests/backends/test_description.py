"""The description of a fabric that the twin process reads."""

import socket
from pathlib import Path

import pytest

from avdlab.backends.base import LabSpec
from avdlab.backends.twin.description import describe
from avdlab.errors import CannotRunError
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

HOST = "127.0.0.1"


def spec(*devices: str, endpoints: tuple[Node, ...] = (), links: tuple[Link, ...] = ()) -> LabSpec:
    nodes = {
        name: Node(name, NodeKind.DEVICE, management_address="10.0.0.1/24") for name in devices
    }
    nodes |= {node.name: node for node in endpoints}
    topology = Topology("lab", nodes, links)
    return LabSpec("lab", Path("/nowhere"), topology, dict.fromkeys(devices, ""), LabUser("u", "p"))


def test_nodes_keep_their_ports_when_others_come_and_go() -> None:
    first = describe(spec("a", "b"), {}, address=HOST)
    second = describe(spec("b", "c"), first, address=HOST)
    assert second["nodes"]["b"] == first["nodes"]["b"]
    assert second["control"] == first["control"]
    ports = [where["https"] for where in second["nodes"].values()]
    assert len(set(ports)) == 2
    assert "a" not in second["nodes"]


def test_ports_that_are_taken_are_passed_over() -> None:
    wanted = describe(spec("a"), {}, address=HOST)["nodes"]["a"]["https"]
    with socket.socket() as taken:
        taken.bind((HOST, wanted))
        taken.listen()
        assert describe(spec("a"), {}, address=HOST)["nodes"]["a"]["https"] != wanted


def test_ports_that_were_asked_for_are_given_even_when_taken() -> None:
    found = describe(spec("a", "b"), {}, address=HOST, first_port=20000)["nodes"]
    assert [where["https"] for _, where in sorted(found.items())] == [20000, 20001]


def test_a_large_lab_has_three_ports_for_every_node() -> None:
    large = spec(*(f"n{i}" for i in range(300)))
    small = describe(spec("n1"), {}, address=HOST)
    found = describe(large, small, address=HOST)["nodes"]
    ports = [where[kind] for where in found.values() for kind in ("https", "http", "ssh")]
    assert len(set(ports)) == 900
    assert describe(large, {"nodes": found}, address=HOST)["nodes"] == found


def test_more_nodes_than_ports_are_refused() -> None:
    with pytest.raises(CannotRunError, match="no 300 free ports"):
        describe(spec(*(f"n{i}" for i in range(300))), {}, address=HOST, first_port=65000)
    with pytest.raises(CannotRunError, match="no 9000 free ports"):
        describe(spec(*(f"n{i}" for i in range(9000))), {}, address=HOST)


def test_endpoints_have_their_nics_bonds_and_stable_macs() -> None:
    server = Node(
        "web1",
        NodeKind.ENDPOINT,
        nics=(EndpointNic("bond0", ("eth1", "eth2"), "lacp-active"),),
        addresses=(EndpointAddress("bond0", 10, "10.1.0.101/24", "10.1.0.1"),),
    )
    link = Link.between(LinkEnd("a", "Ethernet1"), LinkEnd("web1", "eth1"))
    made = [
        describe(spec("a", endpoints=(server,), links=(link,)), {}, address=HOST)["endpoints"]
        for _ in range(2)
    ]
    assert made[0] == made[1]
    (endpoint,) = made[0]
    assert endpoint["nics"] == ["eth1", "eth2"]
    assert endpoint["bonds"] == [{"name": "bond0", "nics": ["eth1", "eth2"], "mode": "lacp-active"}]
    assert endpoint["addresses"][0]["mac"].startswith("02:")
