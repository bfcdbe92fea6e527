"""Where nodes stand in a drawing: rows by role, and in a row such that few cables cross."""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from avdlab.topology.model import Node, NodeKind, Topology

# from the top of the drawing down; roles that are not listed stand between leaf and endpoint
TIERS = ("super-spine", "overlay-controller", "spine", "l3spine", "rr", "p", "pe", "l3leaf")
_LAST = {NodeKind.EXTERNAL: 98, NodeKind.ENDPOINT: 99}
SWEEPS = 4  # times that the rows are put in the order of their neighbors, down and up again

Row = tuple[Node, ...]


def tier(node: Node) -> int:
    """Return the row of a node in a drawing, 0 at the top."""
    if node.kind in _LAST:
        return _LAST[node.kind]
    return TIERS.index(node.role) if node.role in TIERS else len(TIERS)


def rows(topology: Topology, pairs: Iterable[tuple[str, str]] | None = None) -> tuple[Row, ...]:
    """Return the nodes row by row. Members of an MLAG domain stay side by side.

    `pairs` are the joined nodes of the drawn layer; None: those that cables join.
    """
    nodes = sorted(topology.nodes.values(), key=lambda n: (tier(n), n.group, _natural(n.name)))
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


def _natural(name: str) -> list[tuple[int, str]]:
    """Order leaf2 before leaf10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


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
