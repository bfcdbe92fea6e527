"""Broadcast domains as sets."""

from avdlab.twin.protocols.domains import Union, numbered, stretch
from avdlab.twin.protocols.vlan import Domain
from avdlab.twin.tables.floods import FloodLists


def test_numbers_follow_the_order_of_the_interfaces() -> None:
    union = Union()
    union.join(("a", 10), ("b", 10))
    members: dict[tuple[str, str], Domain] = {
        ("b", "Vlan10"): ("b", 10),
        ("a", "Vlan10"): ("a", 10),
        ("a", "Et1"): ("a", "Et1"),
    }
    found = numbered(union, members)
    assert found == {("a", "Et1"): 0, ("a", "Vlan10"): 1, ("b", "Vlan10"): 1}


def test_stretching_needs_both_directions_and_leaves_the_original_alone() -> None:
    vnis = {"a": {10: 100}, "b": {20: 100}}
    vteps = {1: ["a"], 2: ["b"]}
    union = Union()
    one_way = stretch(union, vnis, {"a": FloodLists({10: (2,)})}, vteps)
    assert one_way.find(("a", 10)) != one_way.find(("b", 20))
    both = stretch(union, vnis, {"a": FloodLists({10: (2,)}), "b": FloodLists({20: (1,)})}, vteps)
    assert both.find(("a", 10)) == both.find(("b", 20))
    assert union.find(("a", 10)) != union.find(("b", 20))
