"""The topology as SVG: rows by role, a state class on every node and cable.

A pure function from a topology and what is known of it to text, used by `avdlab graph` and by the
HTML report. A state is a word (`ok`, `bad`, `warn`, `off`) that becomes the class `state-<word>`;
the style for these lies in the drawing, so that it stands alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from avdlab.net import interfaces
from avdlab.report.placing import Row, rows
from avdlab.topology.model import Link, Node, Topology

if TYPE_CHECKING:
    from jinja2 import Template

NODE = (124, 40)  # width and height of a box
STEP = (152, 132)  # between the middles of two boxes, of two rows
MARGIN = 48
SPREAD = 13  # between two cables of the same two nodes


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
            (_port(link.a.interface), _port(link.b.interface)),
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
        height=max(len(placed), 1) * STEP[1] + MARGIN,
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


def _places(placed: tuple[Row, ...], width: int) -> dict[str, tuple[int, int]]:
    """Return the middle of each node; every row is spread around the middle of the drawing."""
    found: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(placed):
        left = MARGIN + (width - len(row) * STEP[0]) // 2 + STEP[0] // 2
        for index, node in enumerate(row):
            found[node.name] = left + index * STEP[0], MARGIN + STEP[1] * number + NODE[1] // 2
    return found


def _lines(
    edges: Collection[Edge], places: Mapping[str, tuple[int, int]]
) -> list[dict[str, object]]:
    """Return the curves; those between the same two nodes lie side by side."""
    together: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        if edge.a in places and edge.b in places and edge.a != edge.b:
            a, b = sorted((edge.a, edge.b), key=lambda name: (places[name][1], places[name][0]))
            together.setdefault((a, b), []).append(edge)
    return [
        _line(edge, pair, places, 2 * index - len(group) + 1)
        for pair, group in together.items()
        for index, edge in enumerate(group)
    ]


def _line(
    edge: Edge, pair: tuple[str, str], places: Mapping[str, tuple[int, int]], shift: int
) -> dict[str, object]:
    (x1, y1), (x2, y2) = places[pair[0]], places[pair[1]]
    offset = shift * SPREAD // 2
    labels = edge.labels if edge.a == pair[0] else edge.labels[::-1]
    if y1 == y2:  # same row: an arc above it, higher the farther the ends are apart
        top = y1 - NODE[1] // 2
        rise = top - 16 - min(abs(x2 - x1) // STEP[0], 4) * 9 - abs(shift) * 5
        path = (
            f"M{x1 + offset},{top} C{x1 + offset},{rise} {x2 + offset},{rise} {x2 + offset},{top}"
        )
        ends = ((x1 + 8, top - 5), (x2 - 8, top - 5))
    else:
        start, end = y1 + NODE[1] // 2, y2 - NODE[1] // 2
        path = f"M{x1 + offset},{start} L{x2 + offset},{end}"
        lean = (x2 - x1) / max(end - start, 1)
        ends = (
            (round(x1 + offset + lean * 14), start + 14),
            (round(x2 + offset - lean * 12), end - 8),
        )
    return {
        "path": path,
        "title": edge.title,
        "classes": " ".join(("edge", *edge.classes)),
        "labels": [(x, y, text) for (x, y), text in zip(ends, labels, strict=True) if text],
    }


def _classes(node: Node, state: str) -> str:
    return " ".join(("node", node.kind.value, *_state(state)))


def _state(state: str) -> tuple[str, ...]:
    return (f"state-{state}",) if state else ()


def _port(name: str) -> str:
    """Return the short spelling of an EOS port; NICs of hosts have none."""
    return interfaces.short(name) if interfaces.is_interface(name) else name


@lru_cache(maxsize=1)
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("avdlab.report")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("topology.svg.j2")
