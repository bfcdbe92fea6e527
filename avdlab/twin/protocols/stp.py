"""Spanning tree (IEEE 802.1Q clause 13): roots, roles and states once everything is quiet.

All links are point-to-point, so a stable tree is all there is to compute. Bridges of modes mstp and
rstp share instance 0; rapid-pvst runs one instance per VLAN. The two switches of an MLAG pair are
one bridge: the system-id is its address, the primary's priority its priority, and the peer-link
always forwards.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from avdlab.twin.protocols.switch import End
from avdlab.twin.tables.l2 import StpInstance, StpPort, StpState

BridgeId = tuple[int, str]  # priority with the instance's number, MAC


_PRECEDENCE = ("root", "backup", "alternate", "designated")


class Wire(NamedTuple):
    """A link between ports of two bridges, each with its port cost."""

    a: End
    b: End
    cost_a: int
    cost_b: int


@dataclass(frozen=True, slots=True)
class Bridges:
    """The bridges of one instance. `logical`: port -> the port of the merged bridge."""

    of_node: Mapping[str, str]  # node -> bridge name
    ids: Mapping[str, BridgeId]  # bridge name -> id
    logical: Mapping[End, End] = field(default_factory=dict)

    def port(self, end: End) -> End:
        return self.logical.get(end, (self.of_node[end[0]], f"{end[0]}:{end[1]}"))


class _Vector(NamedTuple):
    """What a bridge believes; lower is better (802.1Q 13.9)."""

    root: BridgeId
    cost: int
    designated: BridgeId
    far_port: End
    port: End | None


@dataclass(frozen=True, slots=True)
class Tree:
    """A stable tree: role and state of every port on a wire, the root as every bridge sees it."""

    roles: Mapping[End, str]
    vectors: Mapping[str, tuple[BridgeId, int, End | None]]


def port_cost(bandwidth: int, channel: bool) -> int:
    """Long path cost of 802.1Q table 13-4; EOS takes one off for a Port-Channel."""
    if bandwidth <= 0:
        return 200_000_000
    cost = max(1, 20_000_000_000_000 // bandwidth)
    return max(1, cost - 1) if channel else cost


def grow(bridges: Bridges, wires: Iterable[Wire]) -> Tree:
    """Elect the root and settle the role of every port."""
    links = sorted(
        {
            (bridges.port(w.a), bridges.port(w.b), w.cost_a, w.cost_b)
            for w in wires
            if w.a[0] in bridges.of_node and w.b[0] in bridges.of_node
        }
    )
    best = _settle(bridges, links)
    roles: dict[End, str] = {}
    for a, b, _, _ in links:
        for end, role in _roles(a, b, bridges, best).items():
            # a bundle may end on two bridges (a split MLAG pair): what it hears best decides
            roles[end] = min(role, roles.get(end, role), key=_PRECEDENCE.index)
    vectors = {name: (vector.root, vector.cost, vector.port) for name, vector in best.items()}
    return Tree(roles, vectors)


_Link = tuple[End, End, int, int]


def _settle(bridges: Bridges, links: list[_Link]) -> dict[str, _Vector]:
    own = {n: _Vector(i, 0, i, ("", ""), None) for n, i in bridges.ids.items()}
    best = dict(own)
    for _ in range(len(own) + 1):  # a vector travels one hop a round
        heard = dict(own)
        for a, b, cost_a, cost_b in links:
            for near, far, cost in ((a, b, cost_a), (b, a, cost_b)):
                told = best[far[0]]
                offer = _Vector(told.root, told.cost + cost, bridges.ids[far[0]], far, near)
                if near[0] != far[0] and offer.root < own[near[0]].root:
                    present = heard[near[0]]
                    heard[near[0]] = offer if present.port is None else min(present, offer)
        if heard == best:
            break
        best = heard
    return best


def _roles(a: End, b: End, bridges: Bridges, best: Mapping[str, _Vector]) -> dict[End, str]:
    if a[0] == b[0]:  # a cable from a bridge to itself: the higher port is the backup
        return {min(a, b): "designated", max(a, b): "backup"}
    rank = {end: (best[end[0]].root, best[end[0]].cost, bridges.ids[end[0]], end) for end in (a, b)}
    designated, other = sorted((a, b), key=lambda end: rank[end])
    role = "root" if best[other[0]].port == other else "alternate"
    return {designated: "designated", other: role}


def instance(
    name: str,
    node: str,
    bridges: Bridges,
    tree: Tree,
    ports: Mapping[str, int],
    edge: frozenset[str],
    guards: Mapping[str, str],
) -> StpInstance:
    """Return what one switch sees. `ports`: port -> cost, all ports that are up."""
    bridge = bridges.of_node[node]
    root, cost, _ = tree.vectors.get(bridge, (bridges.ids[bridge], 0, None))
    found = {
        port: _port(port, tree.roles.get(bridges.port((node, port))), own, edge, guards)
        for port, own in ports.items()
    }
    root_port = next((port for port, state in found.items() if state.role == "root"), None)
    priority, mac = bridges.ids[bridge]
    return StpInstance(name, priority, mac, root[0], root[1], root_port, cost, found)


def _port(
    port: str, role: str | None, cost: int, edge: frozenset[str], guards: Mapping[str, str]
) -> StpPort:
    role = role or "designated"
    blocked = role in {"alternate", "backup"}
    state = StpState.DISCARDING if blocked else StpState.FORWARDING
    return StpPort(port, role, state, cost, port in edge, guards.get(port, ""))
