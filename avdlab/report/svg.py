"""The topology as SVG: rows by role, a state class on every node and cable.

A pure function from a topology and what is known of it to text, used by `avdlab graph` and by the
HTML report. A state is a word (`ok`, `bad`, `warn`, `off`) that becomes the class `state-<word>`;
the style for these lies in the drawing, so that it stands alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from avdlab.net import interfaces
from avdlab.report.placing import Row, rows
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology

if TYPE_CHECKING:
    from jinja2 import Template

NODE = (124, 40)  # width and height of a box
STEP = (152, 132)  # between the middles of two boxes, of two rows
MARGIN = 48
SPREAD = 16  # between two lines at a box, where there is room

Place = tuple[int, int]  # the middle of a box


@dataclass(frozen=True, slots=True)
class Edge:
    """A line of the drawing: two nodes, what stands at its ends, and words that explain it."""

    a: str
    b: str
    title: str = ""
    labels: tuple[str, str] = ("", "")
    classes: tuple[str, ...] = field(default=())


def svg(
    topology: Topology,
    *,
    nodes: Mapping[str, str] | None = None,
    links: Mapping[Link, str] | None = None,
    titles: Mapping[str, str] | None = None,
) -> str:
    """Draw the cables of a topology. `nodes`, `links`: their states; `titles`: words per node."""
    states = links or {}
    edges = [
        Edge(
            link.a.node,
            link.b.node,
            f"{link.a} - {link.b}",
            (_port(topology, link.a), _port(topology, link.b)),
            _state(states.get(link, "")),
        )
        for link in topology.links
    ]
    return draw(topology, edges, nodes=nodes, titles=titles)


def draw(
    topology: Topology,
    edges: Collection[Edge],
    *,
    nodes: Mapping[str, str] | None = None,
    titles: Mapping[str, str] | None = None,
) -> str:
    """Draw the nodes of a topology with any lines between them."""
    placed = rows(topology, [(edge.a, edge.b) for edge in edges])
    width = max([len(row) for row in placed], default=1) * STEP[0]
    places = _places(placed, width)
    text: str = _template().render(
        name=topology.name,
        width=width + 2 * MARGIN,
        height=max(len(placed) - 1, 0) * STEP[1] + NODE[1] + 2 * MARGIN,
        box=NODE,
        nodes=[
            {
                "name": node.name,
                "x": places[node.name][0],
                "y": places[node.name][1],
                "role": node.role,
                "title": (titles or {}).get(node.name, ""),
                "classes": _classes(node, (nodes or {}).get(node.name, "")),
            }
            for row in placed
            for node in row
        ],
        edges=_lines(edges, places),
    )
    return text


def _places(placed: tuple[Row, ...], width: int) -> dict[str, Place]:
    """Return the middle of each node; every row is spread around the middle of the drawing."""
    found: dict[str, Place] = {}
    for number, row in enumerate(placed):
        left = MARGIN + (width - len(row) * STEP[0]) // 2 + STEP[0] // 2
        for index, node in enumerate(row):
            found[node.name] = left + index * STEP[0], MARGIN + STEP[1] * number + NODE[1] // 2
    return found


def _lines(edges: Collection[Edge], places: Mapping[str, Place]) -> list[dict[str, object]]:
    """Return the curves. On each side of a box they leave in the order of where they lead to."""
    drawn = [_downwards(e, places) for e in edges if e.a in places and e.b in places and e.a != e.b]
    slots: dict[tuple[str, bool], list[tuple[int, int]]] = {}  # (node, top side) -> lines there
    for number, edge in enumerate(drawn):
        beside = places[edge.a][1] == places[edge.b][1]
        slots.setdefault((edge.a, beside), []).append((places[edge.b][0], number))
        slots.setdefault((edge.b, True), []).append((places[edge.a][0], number))
    starts: dict[tuple[str, int], int] = {}
    for (name, _), lines in slots.items():
        step = min(SPREAD, (NODE[0] - 12) // len(lines))
        for index, (_, number) in enumerate(sorted(lines)):
            starts[name, number] = places[name][0] + (2 * index - len(lines) + 1) * step // 2
    return [_line(e, starts[e.a, n], starts[e.b, n], places) for n, e in enumerate(drawn)]


def _downwards(edge: Edge, places: Mapping[str, Place]) -> Edge:
    """Turn an edge so that it leads down, or to the right."""
    if (places[edge.a][1], places[edge.a][0]) <= (places[edge.b][1], places[edge.b][0]):
        return edge
    return replace(edge, a=edge.b, b=edge.a, labels=edge.labels[::-1])


def _line(edge: Edge, x1: int, x2: int, places: Mapping[str, Place]) -> dict[str, object]:
    y1, y2 = places[edge.a][1], places[edge.b][1] - NODE[1] // 2
    if y1 == places[edge.b][1]:  # same row: an arc above it, higher the farther the ends are apart
        rise = y2 - 20 - min(abs(x2 - x1) // STEP[0], 4) * 10
        path = f"M{x1},{y2} C{x1},{rise} {x2},{rise} {x2},{y2}"
        ends = ((x1, y2 - 5), (x2, y2 - 5))
    else:
        y1 += NODE[1] // 2
        path = f"M{x1},{y1} L{x2},{y2}"
        lean = (x2 - x1) / max(y2 - y1, 1)
        ends = ((round(x1 + lean * 12), y1 + 12), (round(x2 - lean * 7), y2 - 5))
    return {
        "path": path,
        "title": edge.title,
        "classes": " ".join(("edge", *edge.classes)),
        "labels": [(x, y, text) for (x, y), text in zip(ends, edge.labels, strict=True) if text],
    }


def _classes(node: Node, state: str) -> str:
    return " ".join(("node", node.kind.value, *_state(state)))


def _state(state: str) -> tuple[str, ...]:
    return (f"state-{state}",) if state else ()


def _port(topology: Topology, end: LinkEnd) -> str:
    """Return the short spelling of a device's port; a NIC of a host has none."""
    of_a_device = topology.nodes[end.node].kind is NodeKind.DEVICE
    known = of_a_device and interfaces.is_interface(end.interface)
    return interfaces.short(end.interface) if known else end.interface


@lru_cache(maxsize=1)
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("avdlab.report")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("topology.svg.j2")
