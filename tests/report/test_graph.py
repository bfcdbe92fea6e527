"""Drawings of the topology."""

from avdlab.report.graph import dot, mermaid, svg
from avdlab.topology.files import from_json, to_json
from avdlab.topology.model import (
    EndpointAddress,
    EndpointNic,
    Link,
    LinkEnd,
    Node,
    NodeKind,
    Session,
    Topology,
)

TOPOLOGY = Topology(
    "dc1",
    {
        "leaf1": Node("leaf1", NodeKind.DEVICE, role="l3leaf", interfaces=("Ethernet1",)),
        "spine1": Node("spine1", NodeKind.DEVICE, role="spine"),
        "server 1": Node(
            "server 1",
            NodeKind.ENDPOINT,
            nics=(EndpointNic("bond0", ("eth0",), "lacp-active"),),
            addresses=(EndpointAddress("bond0", 11, "10.0.0.101/24", "10.0.0.1"),),
        ),
    },
    (
        Link.between(LinkEnd("leaf1", "Ethernet1"), LinkEnd("spine1", "Ethernet1")),
        Link.between(LinkEnd("server 1", "eth0"), LinkEnd("leaf1", "Ethernet5")),
    ),
    ("a note",),
)


def test_mermaid_draws_spines_above_leaves_above_endpoints() -> None:
    text = mermaid(TOPOLOGY)
    assert text.index('"spine1"') < text.index('"leaf1"') < text.index('"server 1"')
    assert 'n2 ---|"Ethernet1 - Ethernet1"| n0' in text


def test_dot_quotes_names() -> None:
    text = dot(TOPOLOGY)
    assert '"leaf1" -- "server 1" [taillabel="Ethernet5", headlabel="eth0"];' in text
    assert text.count("rank=same") == 3


def test_topology_survives_its_file() -> None:
    assert from_json(to_json(TOPOLOGY)) == TOPOLOGY


def test_layers_of_sessions_leave_out_who_takes_no_part() -> None:
    sessions = (
        Session("leaf1", "spine1", "bgp"),
        Session("leaf1", "spine1", "bgp", "RED", one_sided=True),
        Session("leaf1", "spine1", "evpn"),
    )
    topology = Topology("dc1", TOPOLOGY.nodes, TOPOLOGY.links, sessions=sessions)
    assert "server 1" not in mermaid(topology, "bgp")
    assert "n2 -.- n0" in mermaid(topology, "bgp")
    assert "n2 --- n0" in mermaid(topology, "evpn")
    assert 'tooltip="leaf1 - spine1: 2 sessions (RED, default)", style=dashed' in dot(
        topology, "bgp"
    )
    text = svg(topology, "evpn")
    assert 'class="edge evpn"' in text
    assert "leaf1 - spine1: 1 session (default)" in text
    assert from_json(to_json(topology)) == topology
