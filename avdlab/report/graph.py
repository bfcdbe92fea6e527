"""The topology as Mermaid and as dot: tiers from the design, MLAG pairs side by side.

Three layers: `physical` (cables), `bgp` (sessions of the underlay and in VRFs), `evpn` (overlay).
"""

from collections.abc import Sequence

from avdlab.report.placing import rows
from avdlab.report.svg import Edge, draw
from avdlab.report.svg import svg as physical_svg
from avdlab.topology.layout import tier
from avdlab.topology.model import NodeKind, Session, Topology

LAYERS = ("physical", "bgp", "evpn")


def mermaid(topology: Topology, layer: str = "physical") -> str:
    """Return a Mermaid flowchart."""
    numbers = {name: f"n{index}" for index, name in enumerate(sorted(topology.nodes))}
    edges = _edges(topology, layer)
    lines = ["graph TB"]
    for row in rows(_only(topology, layer), [(edge.a, edge.b) for edge in edges]):
        for node in row:
            left, right = ("([", "])") if node.kind is NodeKind.ENDPOINT else ("[", "]")
            lines.append(f'  {numbers[node.name]}{left}"{node.name}"{right}')
    for edge in edges:
        a, b, labels = edge.a, edge.b, edge.labels
        if tier(topology.nodes[a]) > tier(topology.nodes[b]):
            a, b, labels = b, a, labels[::-1]
        line = "-.-" if "remote" in edge.classes else "---"
        label = f'|"{labels[0]} - {labels[1]}"|' if any(labels) else ""
        lines.append(f"  {numbers[a]} {line}{label} {numbers[b]}")
    return "\n".join(lines) + "\n"


def dot(topology: Topology, layer: str = "physical") -> str:
    """Return a Graphviz graph."""
    edges = _edges(topology, layer)
    lines = [f"graph {_quoted(topology.name)} {{", "  node [shape=box];"]
    for row in rows(_only(topology, layer), [(edge.a, edge.b) for edge in edges]):
        names = " ".join(f"{_quoted(node.name)};" for node in row)
        lines.append(f"  {{ rank=same; {names} }}")
    for edge in edges:
        a, b = edge.labels
        ports = f"taillabel={_quoted(a)}, headlabel={_quoted(b)}"
        if layer != "physical":
            ports = f"tooltip={_quoted(edge.title)}"
        style = ", style=dashed" if "remote" in edge.classes else ""
        lines.append(f"  {_quoted(edge.a)} -- {_quoted(edge.b)} [{ports}{style}];")
    return "\n".join([*lines, "}"]) + "\n"


def svg(topology: Topology, layer: str = "physical") -> str:
    """Return a drawing of a layer, without states."""
    if layer == "physical":
        return physical_svg(topology)
    return draw(_only(topology, layer), session_edges(topology, layer))


def session_edges(topology: Topology, layer: str) -> list[Edge]:
    """Return the sessions of a layer as lines; dashed where only one side configures it.

    Sessions of the same two devices in several VRFs are one line.
    """
    found: dict[tuple[str, str], list[Session]] = {}
    for session in topology.sessions:
        if session.family == layer:
            found.setdefault((session.a, session.b), []).append(session)
    return [_session_edge(a, b, layer, listed) for (a, b), listed in found.items()]


def _session_edge(a: str, b: str, layer: str, listed: Sequence[Session]) -> Edge:
    vrfs = ", ".join(sorted({session.vrf for session in listed}))
    classes = (layer, "remote") if any(session.one_sided for session in listed) else (layer,)
    count = f"{len(listed)} sessions" if len(listed) > 1 else "1 session"
    return Edge(a, b, f"{a} - {b}: {count} ({vrfs})", classes=classes)


def _edges(topology: Topology, layer: str) -> list[Edge]:
    if layer != "physical":
        return session_edges(topology, layer)
    return [
        Edge(link.a.node, link.b.node, labels=(link.a.interface, link.b.interface))
        for link in topology.links
    ]


def _only(topology: Topology, layer: str) -> Topology:
    """Leave out the nodes that take no part in a layer of sessions."""
    if layer == "physical":
        return topology
    edges = session_edges(topology, layer)
    names = {name for edge in edges for name in (edge.a, edge.b)}
    return Topology(
        topology.name,
        {name: node for name, node in topology.nodes.items() if name in names},
        (),
        sessions=topology.sessions,
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
