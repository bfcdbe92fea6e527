"""Where the nodes stand in a drawing: tiers from the design, MLAG pairs side by side, and boxes
around fabrics, data centres and pods.

A drawing is made of nested areas (fabric, data centre, pod). In an area its own nodes stand in rows
by tier; areas inside it stand side by side between the rows above and below them. The result
depends on the topology alone, so every run draws the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from avdlab.topology.model import Node, NodeKind, Topology

# from the top down; a role that is not listed stands between leaves and endpoints
TIERS = (
    ("super-spine", "overlay-controller", "rr", "wan_rr"),
    ("spine", "l3spine", "p", "wan_router"),
    ("l2spine", "pe", "l3leaf"),
    ("leaf", "l2leaf"),
)
_WORDS = (("super", 0), ("spine", 1), ("l2", 3), ("access", 3), ("leaf", 2))
_OTHER, _EXTERNAL, _ENDPOINT = len(TIERS), len(TIERS) + 1, len(TIERS) + 2

STEP = 130  # from one node to the next in a row
PAIR_STEP = 100  # between members of an MLAG pair
ROW = 160  # from one row to the next
NODE = 65  # width and height of a node's picture, its name included
PADDING = 40  # around what a box holds
GAP = 60  # between two boxes
PER_ROW = 24  # nodes in a row at most

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A labelled frame around nodes. `path` are the labels of the boxes around it, and its own."""

    path: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int
    members: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.path[-1]

    @property
    def level(self) -> int:
        """The number of boxes around it."""
        return len(self.path) - 1


@dataclass(frozen=True, slots=True)
class Layout:
    """The left upper corner of every node, and the boxes, the outermost first."""

    positions: Mapping[str, Position]
    boxes: tuple[Box, ...] = ()


def tier(node: Node) -> int:
    """Return the row of a node, 0 at the top."""
    if node.kind is NodeKind.EXTERNAL:
        return _EXTERNAL
    if node.kind is NodeKind.ENDPOINT:
        return _ENDPOINT
    known = next((row for row, roles in enumerate(TIERS) if node.role in roles), None)
    if known is not None:
        return known
    # node types that a design names itself are often made of the known words
    return next((row for word, row in _WORDS if word in node.role.lower()), _OTHER)


def layout(topology: Topology, kept: Mapping[str, Position] | None = None) -> Layout:
    """Place the nodes around (0, 0). Those in `kept` stay where they are; new ones join them."""
    root = _areas(topology)
    placed = _place(root, _uplinks(topology))
    shift_x, shift_y = placed.width // 2, placed.height // 2
    fresh = {name: (x - shift_x, y - shift_y) for name, (x, y) in placed.positions.items()}
    fixed = {name: spot for name, spot in (kept or {}).items() if name in fresh}
    positions = _joined(fresh, fixed, placed.rows) if fixed else fresh
    return Layout(dict(sorted(positions.items())), _boxes(root, positions, ()))


# ---------------------------------------------------------------------- areas
@dataclass(slots=True)
class _Area:
    """A fabric, data centre or pod: nodes of its own, and the areas in it."""

    label: str = ""
    nodes: list[Node] = field(default_factory=list)
    inner: dict[str, "_Area"] = field(default_factory=dict)

    def all_nodes(self) -> list[Node]:
        found = list(self.nodes)
        for area in self.inner.values():
            found += area.all_nodes()
        return found


def _areas(topology: Topology) -> _Area:
    """Sort the nodes into nested areas; a name that all nodes share frames nothing."""
    paths = {node.name: (node.fabric, node.dc, node.pod) for node in topology.devices}
    shown = [len({path[level] for path in paths.values()}) > 1 for level in range(3)]
    root = _Area()
    homes = {
        name: tuple(label for label, show in zip(path, shown, strict=True) if show and label)
        for name, path in paths.items()
    }
    for node in sorted(topology.nodes.values(), key=lambda node: natural(node.name)):
        path = homes.get(node.name) or _home_of(node, topology, homes)
        area = root
        for label in path:
            area = area.inner.setdefault(label, _Area(label))
        area.nodes.append(node)
    return root


def _home_of(
    node: Node, topology: Topology, homes: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the area of an endpoint: that of all its switches, or what theirs have in common."""
    ends = [(link.a.node, link.b.node) for link in topology.links]
    near = [b if a == node.name else a for a, b in ends if node.name in {a, b}]
    paths = [homes[name] for name in near if name in homes]
    common: list[str] = []
    for labels in zip(*paths, strict=False):
        if len(set(labels)) > 1:
            break
        common.append(labels[0])
    return tuple(common)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Order leaf2 before leaf10."""
    parts = re.findall(r"\d+|\D+", name)
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts)


# ---------------------------------------------------------------------- rows
@dataclass(frozen=True, slots=True)
class _Placed:
    """Positions inside a rectangle that begins at (0, 0), and who stands in a row with whom."""

    positions: Mapping[str, Position]
    width: int
    height: int
    rows: tuple[tuple[str, ...], ...] = ()

    def moved(self, dx: int, dy: int) -> dict[str, Position]:
        return {name: (x + dx, y + dy) for name, (x, y) in self.positions.items()}


def _uplinks(topology: Topology) -> dict[str, list[str]]:
    """Return node -> the nodes of higher tiers that it is cabled to."""
    found: dict[str, list[str]] = {}
    for link in topology.links:
        a, b = topology.nodes[link.a.node], topology.nodes[link.b.node]
        if tier(a) != tier(b):
            high, low = (a, b) if tier(a) < tier(b) else (b, a)
            found.setdefault(low.name, []).append(high.name)
    return found


def _place(area: _Area, uplinks: Mapping[str, Sequence[str]]) -> _Placed:
    inner = [_place(each, uplinks) for each in area.inner.values()]
    border = min((tier(n) for a in area.inner.values() for n in a.all_nodes()), default=_ENDPOINT)
    columns: dict[str, float] = {}
    blocks: list[_Placed] = []
    rows = _rows(area.nodes)
    above = [row for row in rows if tier(row[0]) <= border] if inner else rows
    for row in above:
        blocks += _row(row, uplinks, columns)
    if inner:
        blocks.append(_beside(inner))
        for row in rows[len(above) :]:
            blocks += _row(row, uplinks, columns)
    stacked = _stacked(blocks)
    if not area.label:
        return stacked
    frame = PADDING  # the label stands in the frame's upper edge
    positions = stacked.moved(frame, frame)
    return _Placed(positions, stacked.width + 2 * frame, stacked.height + 2 * frame, stacked.rows)


def _rows(nodes: Iterable[Node]) -> list[list[Node]]:
    return [list(row) for _, row in groupby(sorted(nodes, key=tier), key=tier)]


def _row(
    nodes: Sequence[Node], uplinks: Mapping[str, Sequence[str]], columns: dict[str, float]
) -> list[_Placed]:
    """Place nodes of one tier: below what they are cabled to, MLAG groups together."""
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        groups.setdefault(node.group or f"/{node.name}", []).append(node)

    def middle(members: Sequence[Node]) -> float:
        tops = [columns[n] for m in members for n in uplinks.get(m.name, ()) if n in columns]
        return round(sum(tops) / len(tops), 3) if tops else 0.0

    ordered = sorted(groups.values(), key=middle)
    lines: list[list[list[Node]]] = [[]]
    for members in ordered:
        if lines[-1] and sum(map(len, lines[-1])) + len(members) > PER_ROW:
            lines.append([])
        lines[-1].append(members)
    placed = [_line(line) for line in lines]
    for line in placed:
        for name, (x, _) in line.positions.items():
            columns[name] = x - line.width / 2
    return placed


def _line(groups: Sequence[Sequence[Node]]) -> _Placed:
    positions: dict[str, Position] = {}
    x = 0
    for members in groups:
        for member in members:
            positions[member.name] = (x, 0)
            x += PAIR_STEP
        x += STEP - PAIR_STEP
    width = max(x - STEP + NODE, NODE)
    return _Placed(positions, width, NODE, (tuple(positions),))


def _beside(areas: Sequence[_Placed]) -> _Placed:
    positions: dict[str, Position] = {}
    rows: list[tuple[str, ...]] = []
    x = 0
    for area in areas:
        positions |= area.moved(x, 0)
        rows += area.rows
        x += area.width + GAP
    return _Placed(positions, x - GAP, max(area.height for area in areas), tuple(rows))


def _stacked(blocks: Sequence[_Placed]) -> _Placed:
    """Put blocks under each other, all on one middle line."""
    width = max((block.width for block in blocks), default=0)
    positions: dict[str, Position] = {}
    rows: list[tuple[str, ...]] = []
    y = 0
    for block in blocks:
        positions |= block.moved((width - block.width) // 2, y)
        rows += block.rows
        y += block.height + ROW - NODE
    return _Placed(positions, width, max(y - ROW + NODE, 0), tuple(rows))


# ---------------------------------------------------------------------- what stays, what joins
def _joined(
    fresh: Mapping[str, Position],
    kept: Mapping[str, Position],
    rows: Sequence[Sequence[str]],
) -> dict[str, Position]:
    """Place new nodes beside the ones of their row that are there, where nothing stands yet."""
    positions = dict(kept)
    for row in rows:
        for name in row:
            if name in positions:
                continue
            anchor = _anchor(name, row, fresh, positions)
            spot = fresh[name]
            if anchor:
                dx, dy = spot[0] - fresh[anchor][0], spot[1] - fresh[anchor][1]
                spot = (positions[anchor][0] + dx, positions[anchor][1] + dy)
            positions[name] = _free(spot, positions.values())
    return positions


def _anchor(
    name: str, row: Sequence[str], fresh: Mapping[str, Position], there: Mapping[str, Position]
) -> str:
    """Return the nearest node of the row that has a place, or the nearest of the drawing."""
    candidates = [other for other in row if other in there] or [n for n in there if n in fresh]
    x, y = fresh[name]
    return min(
        candidates,
        key=lambda other: (abs(fresh[other][1] - y), abs(fresh[other][0] - x), other),
        default="",
    )


def _free(spot: Position, taken: Iterable[Position]) -> Position:
    occupied = list(taken)
    x, y = spot
    while any(abs(x - ox) < NODE and abs(y - oy) < NODE for ox, oy in occupied):
        x += STEP
    return (x, y)


def _boxes(
    area: _Area, positions: Mapping[str, Position], around: tuple[str, ...]
) -> tuple[Box, ...]:
    path = (*around, area.label) if area.label else around
    inner = [box for each in area.inner.values() for box in _boxes(each, positions, path)]
    if not area.label:
        return tuple(inner)
    members = sorted(node.name for node in area.all_nodes())
    edges = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in inner]
    edges += [(x, y, x + NODE, y + NODE) for x, y in (positions[name] for name in members)]
    left, top = min(e[0] for e in edges) - PADDING, min(e[1] for e in edges) - PADDING
    right, bottom = max(e[2] for e in edges) + PADDING, max(e[3] for e in edges) + PADDING
    own = Box(path, left, top, right - left, bottom - top, tuple(members))
    return (own, *inner)
