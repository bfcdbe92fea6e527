"""The drawing: well-formed, the same every time, states as classes."""

from xml.etree import ElementTree

from avdlab.report.placing import rows
from avdlab.report.svg import svg
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology

SVG = "{http://www.w3.org/2000/svg}"


def link(a: str, a_port: str, b: str, b_port: str) -> Link:
    return Link.between(LinkEnd(a, a_port), LinkEnd(b, b_port))


def clos(leaves: int = 4) -> Topology:
    """Two spines, MLAG pairs of leaves with two peer links each, a server with <markup> in it."""
    names = [f"leaf{n}" for n in range(1, leaves + 1)]
    nodes = {
        n: Node(n, NodeKind.DEVICE, "l3leaf", group=f"P{(int(n[4:]) + 1) // 2}") for n in names
    }
    nodes |= {n: Node(n, NodeKind.DEVICE, "spine") for n in ("spine1", "spine2")}
    nodes["<b>"] = Node("<b>", NodeKind.ENDPOINT, "server")
    links = [
        link(leaf, f"Ethernet{s}", f"spine{s}", f"Ethernet{number}/1")
        for number, leaf in enumerate(names, start=1)
        for s in (1, 2)
    ]
    links += [
        link(a, f"Ethernet{p}", b, f"Ethernet{p}")
        for a, b in zip(names[::2], names[1::2], strict=True)
        for p in (3, 4)
    ]
    return Topology("t", nodes, (*links, link("<b>", "eth0", "leaf1", "Ethernet9")))


def test_every_node_and_cable_is_drawn_once_and_names_are_escaped() -> None:
    topology = clos()
    root = ElementTree.fromstring(svg(topology))  # noqa: S314 - our own text
    groups = [group.get("class", "") for group in root.iter(f"{SVG}g")]
    assert sum(name.startswith("node") for name in groups) == len(topology.nodes)
    assert sum(name.startswith("edge") for name in groups) == len(topology.links)
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert "<b>:eth0 - leaf1:Ethernet9" in titles
    paths = [path.get("d") for path in root.iter(f"{SVG}path")]
    assert len(set(paths)) == len(paths)  # parallel cables lie side by side


def test_states_are_classes_of_their_node_and_cable() -> None:
    topology = clos()
    broken = topology.links[0]
    text = svg(
        topology, nodes={"leaf2": "bad"}, links={broken: "off"}, titles={"leaf2": "2 failed"}
    )
    assert 'class="node device state-bad"' in text
    assert 'class="edge state-off"' in text
    assert "leaf2 (l3leaf): 2 failed" in text
    assert "state-" not in svg(topology).partition("</style>")[2]


def test_the_same_topology_is_the_same_text_in_any_order() -> None:
    topology = clos(12)
    shuffled = Topology("t", dict(reversed(topology.nodes.items())), topology.links)
    assert svg(shuffled) == svg(topology)


def test_spines_stand_above_leaves_and_mlag_pairs_side_by_side() -> None:
    names = [[node.name for node in row] for row in rows(clos(12))]
    assert sorted(names[0]) == ["spine1", "spine2"]
    assert names[-1] == ["<b>"]
    pairs = [set(names[1][i : i + 2]) for i in range(0, 12, 2)]
    assert {"leaf11", "leaf12"} in pairs
    assert {"leaf1", "leaf2"} in pairs


def test_a_topology_without_nodes_is_a_drawing_too() -> None:
    assert svg(Topology("empty", {}, ())).startswith("<svg")


def test_there_is_as_much_room_below_the_drawing_as_above() -> None:
    root = ElementTree.fromstring(svg(clos()))  # noqa: S314 - our own text
    nodes = [g for g in root.iter(f"{SVG}g") if g.get("class", "").startswith("node")]
    middles = [int(node.get("transform", "")[10:-1].split(",")[1]) for node in nodes]
    assert min(middles) == int(root.get("height", "")) - max(middles)
