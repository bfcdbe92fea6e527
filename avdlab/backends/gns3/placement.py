"""Which compute runs which node. No server is asked.

A node stays where it is; pins say where it shall be. The others stay together on one compute while
there is memory, because a cable between two computes is a tunnel. When they are spread, MLAG pairs
and the access switches below them stay together, pods are filled one after the other, and what
stands above them goes where most of its cables lead.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from avdlab.backends.gns3.model import LOCAL, Compute
from avdlab.backends.gns3.options import Pin
from avdlab.topology.layout import tier
from avdlab.topology.model import Node, Topology

MEGABYTE = 1 << 20


def place(
    topology: Topology,
    computes: Sequence[Compute],
    kept: Mapping[str, str],
    pins: Sequence[Pin],
    *,
    memory: int,
    spread: bool = False,
) -> dict[str, str]:
    """Return device -> the id of its compute. `memory` is what a node needs, in MB.

    `kept` are the places of nodes that are there; `spread`: all computes, although one would do.
    """
    devices = [node.name for node in topology.devices]
    placed = {name: kept[name] for name in devices if name in kept}
    placed |= pinned(devices, pins, computes)
    rooms = _rooms(computes, memory)
    new = [name for name in devices if name not in placed]
    if not new:
        return placed
    if len(rooms) <= 1 or (not spread and rooms.get(LOCAL, 0) >= len(new)):
        home = LOCAL if LOCAL in rooms or not rooms else next(iter(rooms))
        return placed | dict.fromkeys(new, home)
    return _spread(topology, new, placed, rooms)


def pinned(
    devices: Iterable[str], pins: Sequence[Pin], computes: Sequence[Compute]
) -> dict[str, str]:
    """Return device -> the compute that a pin gives it; the first pin that fits counts. Computes
    are named by their name or id; a name that the server does not have is taken as it is."""
    ids = {compute.name: compute.id for compute in computes}
    found: dict[str, str] = {}
    for device in devices:
        pin = next((pin for pin in pins if pin.covers(device)), None)
        if pin is not None:
            found[device] = ids.get(pin.compute, pin.compute)
    return found


def _rooms(computes: Sequence[Compute], memory: int) -> dict[str, float]:
    """Return compute -> how many nodes it has room for, fewer where its processors are busy."""
    need = max(memory, 1) * MEGABYTE
    usable = [compute for compute in computes if compute.connected]
    return {
        compute.id: max(1.0, compute.free / need) * (1.0 - min(compute.load, 90.0) / 200.0)
        for compute in usable
    }


def _spread(
    topology: Topology, new: Sequence[str], placed: Mapping[str, str], rooms: Mapping[str, float]
) -> dict[str, str]:
    whole = sum(rooms.values())
    count = len(new) + len(placed)
    share = {compute: count * room / whole for compute, room in rooms.items()}
    used = Counter(placed.values())
    found = dict(placed)
    neighbors = _neighbors(topology)
    lower, upper = _clusters(topology, new, neighbors)
    order = sorted(rooms, key=lambda compute: (compute != LOCAL, -rooms[compute], compute))
    for cluster in lower:
        beside = _most_cables(cluster, neighbors, found, among=order)
        # a neighbor's compute first, then the first that has room left
        wanted = [beside, *order] if beside else order
        home = next((c for c in wanted if used[c] + len(cluster) <= share[c] + 0.5), None)
        if home is None:
            home = max(order, key=lambda compute: share[compute] - used[compute])
        found |= dict.fromkeys(cluster, home)
        used[home] += len(cluster)
    for name in upper:
        open_ones = [c for c in order if used[c] + 1 <= share[c] + 0.5] or order
        home = _most_cables([name], neighbors, found, among=open_ones) or open_ones[0]
        found[name] = home
        used[home] += 1
    return found


def _clusters(
    topology: Topology, new: Sequence[str], neighbors: Mapping[str, Counter[str]]
) -> tuple[list[list[str]], list[str]]:
    """Return what stays together, pod by pod, and the nodes above that belong to nobody alone."""
    owner: dict[str, str] = {}
    for name in new:
        node = topology.nodes[name]
        owner[name] = f"{node.fabric}/{node.group}" if node.group else name
    for name in new:  # an access switch belongs to the pair that all its uplinks lead to
        above = {
            owner[other]
            for other in neighbors[name]
            if other in owner and tier(topology.nodes[other]) < tier(topology.nodes[name])
        }
        spines = {o for o in neighbors[name] if o in owner and _stands_above(topology.nodes[o])}
        if len(above) == 1 and not spines:
            owner[name] = above.pop()
    groups: dict[str, list[str]] = defaultdict(list)
    upper: list[str] = []
    for name in new:
        node = topology.nodes[name]
        if _stands_above(node) and not node.group:
            upper.append(name)
        else:
            groups[owner[name]].append(name)

    def key(members: Sequence[str]) -> tuple[str, str, str, str]:
        first = topology.nodes[members[0]]
        return (first.fabric, first.dc, first.pod, first.name)

    return sorted(groups.values(), key=key), upper


def _stands_above(node: Node) -> bool:
    return tier(node) <= 1


def _neighbors(topology: Topology) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for link in topology.links:
        found[link.a.node][link.b.node] += 1
        found[link.b.node][link.a.node] += 1
    return found


def _most_cables(
    cluster: Sequence[str],
    neighbors: Mapping[str, Counter[str]],
    placed: Mapping[str, str],
    among: Sequence[str],
) -> str:
    """Return the compute that most cables of a cluster lead to, "" when none leads anywhere."""
    cables: Counter[str] = Counter()
    for name in cluster:
        for other, number in neighbors.get(name, Counter()).items():
            if other in placed and placed[other] in among:
                cables[placed[other]] += number
    return max(among, key=lambda c: cables[c]) if cables else ""


def crossing(topology: Topology, placed: Mapping[str, str]) -> int:
    """Return how many cables lead from one compute to another."""
    return sum(
        placed.get(link.a.node) != placed.get(link.b.node)
        for link in topology.links
        if link.a.node in placed and link.b.node in placed
    )
