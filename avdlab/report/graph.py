"""The topology as Mermaid and as dot: tiers from the design, MLAG pairs side by side."""

from itertools import groupby

from avdlab.topology.model import Node, NodeKind, Topology

# from the top of the drawing down; roles that are not listed stand between leaf and endpoint
TIERS = ("super-spine", "overlay-controller", "spine", "l3spine", "rr", "p", "pe", "l3leaf")
_LAST = {NodeKind.EXTERNAL: 98, NodeKind.ENDPOINT: 99}


def tier(node: Node) -> int:
    """Return the row of a node in a drawing, 0 at the top."""
    if node.kind in _LAST:
        return _LAST[node.kind]
    return TIERS.index(node.role) if node.role in TIERS else len(TIERS)


def _rows(topology: Topology) -> list[list[Node]]:
    nodes = sorted(topology.nodes.values(), key=lambda node: (tier(node), node.group, node.name))
    return [list(row) for _, row in groupby(nodes, key=tier)]


def mermaid(topology: Topology) -> str:
    """Return a Mermaid flowchart."""
    numbers = {name: f"n{index}" for index, name in enumerate(sorted(topology.nodes))}
    lines = ["graph TB"]
    for row in _rows(topology):
        for node in row:
            left, right = ("([", "])") if node.kind is NodeKind.ENDPOINT else ("[", "]")
            lines.append(f'  {numbers[node.name]}{left}"{node.name}"{right}')
    for link in topology.links:
        a, b = link.a, link.b
        if tier(topology.nodes[a.node]) > tier(topology.nodes[b.node]):
            a, b = b, a
        label = f"{a.interface} - {b.interface}"
        lines.append(f'  {numbers[a.node]} ---|"{label}"| {numbers[b.node]}')
    return "\n".join(lines) + "\n"


def dot(topology: Topology) -> str:
    """Return a Graphviz graph."""
    lines = [f"graph {_quoted(topology.name)} {{", "  node [shape=box];"]
    for row in _rows(topology):
        names = " ".join(f"{_quoted(node.name)};" for node in row)
        lines.append(f"  {{ rank=same; {names} }}")
    for link in topology.links:
        ports = f"taillabel={_quoted(link.a.interface)}, headlabel={_quoted(link.b.interface)}"
        lines.append(f"  {_quoted(link.a.node)} -- {_quoted(link.b.node)} [{ports}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
