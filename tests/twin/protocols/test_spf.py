"""Shortest paths against a brute-force computation."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from avdlab.twin.protocols.spf import shortest_paths

Edges = dict[int, list[tuple[int, int, int]]]


@st.composite
def graphs(draw: st.DrawFn) -> Edges:
    size = draw(st.integers(2, 6))
    pairs = list(itertools.permutations(range(size), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True))
    return {a: [(b, draw(st.integers(1, 3)), b) for x, b in chosen if x == a] for a in range(size)}


def _brute_force(edges: Edges, root: int) -> dict[int, tuple[int, frozenset[int]]]:
    best: dict[int, tuple[int, frozenset[int]]] = {root: (0, frozenset())}

    def walk(here: int, cost: int, first: int | None, seen: frozenset[int]) -> None:
        for there, step, hop in edges[here]:
            if there in seen:
                continue
            begin = hop if first is None else first
            total = cost + step
            known = best.get(there)
            if known is None or total < known[0]:
                best[there] = (total, frozenset({begin}))
            elif total == known[0]:
                best[there] = (total, known[1] | {begin})
            walk(there, total, begin, seen | {there})

    walk(root, 0, None, frozenset({root}))
    return best


@given(graphs())
@settings(max_examples=200)
def test_equals_brute_force_with_all_first_hops(edges: Edges) -> None:
    assert shortest_paths(edges, 0) == _brute_force(edges, 0)


def test_dead_end_is_reached_but_not_passed() -> None:
    edges = {"a": [("b", 1, "b")], "b": [("c", 1, "c")], "c": []}
    found = shortest_paths(edges, "a", frozenset({"b"}))
    assert set(found) == {"a", "b"}
