"""The topology as Mermaid and as dot: tiers from the design, MLAG pairs side by side."""

from avdlab.report.placing import rows, tier
from avdlab.topology.model import NodeKind, Topology


def mermaid(topology: Topology) -> str:
    """Return a Mermaid flowchart."""
    numbers = {name: f"n{index}" for index, name in enumerate(sorted(topology.nodes))}
    lines = ["graph TB"]
    for row in rows(topology):
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
    for row in rows(topology):
        names = " ".join(f"{_quoted(node.name)};" for node in row)
        lines.append(f"  {{ rank=same; {names} }}")
    for link in topology.links:
        ports = f"taillabel={_quoted(link.a.interface)}, headlabel={_quoted(link.b.interface)}"
        lines.append(f"  {_quoted(link.a.node)} -- {_quoted(link.b.node)} [{ports}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
