"""Shortest paths with all equal-cost first hops (Dijkstra; RFC 2328 16.1)."""

import heapq
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Vertex = TypeVar("Vertex", bound=Hashable)
Hop = TypeVar("Hop", bound=Hashable)


def shortest_paths(
    edges: Mapping[Vertex, Sequence[tuple[Vertex, int, Hop]]],
    root: Vertex,
    dead_ends: frozenset[Vertex] = frozenset(),
) -> dict[Vertex, tuple[int, frozenset[Hop]]]:
    """Return every vertex that the root reaches, with its distance and the first hops to it.

    `edges`: vertex -> (neighbor, cost, how the vertex itself reaches that neighbor). Vertices in
    `dead_ends` are reached but not passed through (IS-IS overload).
    """
    found: dict[Vertex, tuple[int, frozenset[Hop]]] = {root: (0, frozenset())}
    queue: list[tuple[int, int, Vertex]] = [(0, 0, root)]
    order = 0
    done: set[Vertex] = set()
    while queue:
        distance, _, vertex = heapq.heappop(queue)
        if vertex in done:
            continue
        done.add(vertex)
        if vertex in dead_ends and vertex != root:
            continue
        hops = found[vertex][1]
        for neighbor, cost, hop in edges.get(vertex, ()):
            through = frozenset({hop}) if vertex == root else hops
            total = distance + cost
            known = found.get(neighbor)
            if known is None or total < known[0]:
                found[neighbor] = (total, through)
                order += 1
                heapq.heappush(queue, (total, order, neighbor))
            elif total == known[0] and neighbor not in done:
                found[neighbor] = (total, known[1] | through)
    return found
