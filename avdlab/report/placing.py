"""Where nodes stand in a drawing: rows by tier, and in a row such that few lines cross.

Tiers are those of topology/layout.py, which places nodes on a canvas of limited width, in boxes.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby

from avdlab.topology.layout import natural, tier
from avdlab.topology.model import Node, Topology

SWEEPS = 4  # times that the rows are put in the order of their neighbors, down and up again

Row = tuple[Node, ...]


def rows(topology: Topology, pairs: Iterable[tuple[str, str]] | None = None) -> tuple[Row, ...]:
    """Return the nodes row by row. Members of an MLAG domain stay side by side.

    `pairs` are the joined nodes of the drawn layer; None: those that cables join.
    """
    nodes = sorted(topology.nodes.values(), key=lambda n: (tier(n), n.group, natural(n.name)))
    placed = [list(row) for _, row in groupby(nodes, key=tier)]
    if pairs is None:
        pairs = ((link.a.node, link.b.node) for link in topology.links)
    neighbors = _neighbors(pairs)
    downwards = list(range(1, len(placed)))
    upwards = list(reversed(range(len(placed) - 1)))
    for _ in range(SWEEPS):
        for number in (*downwards, *upwards):
            beside = placed[number - 1 : number] + placed[number + 1 : number + 2]
            placed[number] = _ordered(placed[number], beside, neighbors)
    return tuple(map(tuple, placed))


def _neighbors(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for a, b in pairs:
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return found


def _ordered(
    row: list[Node], beside: list[list[Node]], neighbors: Mapping[str, set[str]]
) -> list[Node]:
    """Put a row in the order of the middle of each node's (or MLAG pair's) neighbors."""
    places = {
        node.name: index / max(len(other) - 1, 1) if len(other) > 1 else 0.5
        for other in beside
        for index, node in enumerate(other)
    }
    units = [list(unit) for _, unit in groupby(row, key=lambda node: node.group or node.name)]

    def middle(unit: list[Node]) -> float:
        near = [places[n] for node in unit for n in neighbors.get(node.name, ()) if n in places]
        return round(sum(near) / len(near), 6) if near else 0.5

    return [node for unit in sorted(units, key=middle) for node in unit]
