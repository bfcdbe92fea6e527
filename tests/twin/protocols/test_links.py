"""Carrier on cables."""

from avdlab.twin.protocols.links import carrier

A, B, C = ("a", "Ethernet1"), ("b", "Ethernet1"), ("c", "Ethernet1")


def test_both_ends_of_a_good_cable_are_lit() -> None:
    found = carrier([(A, B)], frozenset(), lambda _node: True, lambda _end: True)
    assert found.partner(A, "lldp") == B
    assert found.partner(B, "lldp") == A


def test_a_cut_cable_is_dark_at_both_ends() -> None:
    found = carrier([(A, B)], frozenset({(A, B)}), lambda _node: True, lambda _end: True)
    assert dict(found.dark) == {A: "cable is cut", B: "cable is cut"}


def test_a_shut_end_darkens_the_other() -> None:
    found = carrier([(A, B)], frozenset(), lambda _node: True, lambda end: end != B)
    assert found.dark[A] == "b Ethernet1 is shut down"
    assert not found.lit(B)


def test_a_node_without_power_darkens_its_neighbor() -> None:
    found = carrier([(A, B)], frozenset(), lambda node: node != "b", lambda _end: True)
    assert found.dark[A] == "b is powered off"


def test_several_cables_on_a_plug_are_a_segment() -> None:
    found = carrier([(A, B), (A, C), (B, C)], frozenset(), lambda _n: True, lambda e: e != C)
    assert found.peers[A] == (B,)
    assert found.peers[B] == (A,)
