"""Nodes on computes: together while there is room, pairs never apart, pins obeyed."""

from hypothesis import given
from hypothesis import strategies as st

from avdlab.backends.gns3.model import Compute
from avdlab.backends.gns3.options import Pin
from avdlab.backends.gns3.placement import crossing, place
from tests.backends.gns3.fabrics import fabric

GIGABYTE = 1 << 30


def computes(*free: float):
    """Return computes with so many GB free: local, other1, other2 ..."""
    names = ["local", *(f"other{number}" for number in range(1, len(free)))]
    return [
        Compute(
            name if name == "local" else f"id-{name}",
            name,
            memory=64 * GIGABYTE,
            free=int(gb * GIGABYTE),
        )
        for name, gb in zip(names, free, strict=True)
    ]


def put(topology, machines, kept=None, pins=(), *, spread=False):
    return place(topology, machines, kept or {}, pins, memory=1024, spread=spread)


def test_one_compute_takes_all():
    assert set(put(fabric(), computes(4)).values()) == {"local"}


def test_all_stay_together_while_there_is_memory():
    assert set(put(fabric(leaves=14), computes(16, 64)).values()) == {"local"}


def test_they_are_spread_when_the_memory_of_one_is_not_enough():
    placed = put(fabric(leaves=14), computes(8, 8))
    assert sorted(list(placed.values()).count(c) for c in set(placed.values())) == [8, 8]


def test_more_go_where_more_memory_is_free():
    placed = list(put(fabric(leaves=16, spines=2), computes(4, 12), spread=True).values())
    assert placed.count("id-other1") > 2 * placed.count("local")


@given(
    st.integers(1, 24),
    st.integers(1, 4),
    st.lists(st.floats(0.5, 64), min_size=1, max_size=4),
    st.booleans(),
)
def test_pairs_are_never_apart_and_every_node_has_a_place(leaves, spines, free, spread):
    topology = fabric(leaves, spines)
    machines = computes(*free)
    placed = put(topology, machines, spread=spread)
    assert set(placed) == set(topology.nodes)
    assert set(placed.values()) <= {machine.id for machine in machines}
    for first in range(1, leaves, 2):
        assert placed[f"LEAF_{first}"] == placed[f"LEAF_{first + 1}"]


@given(st.integers(1, 12), st.integers(1, 12), st.booleans())
def test_nodes_that_are_there_stay(before, after, spread):
    machines = computes(8, 8)
    first = put(fabric(before), machines, spread=True)
    second = put(fabric(after), machines, first, spread=spread)
    assert all(second[name] == home for name, home in first.items() if name in second)


def test_pods_stay_together():
    topology = fabric(leaves=8, spines=2, pods=2)
    placed = put(topology, computes(8, 8), spread=True)
    pods = {}
    for node in topology.devices:
        if node.pod:
            pods.setdefault(node.pod, set()).add(placed[node.name])
    # MLAG pairs of the test fabric reach over both pods, so the pair decides; few cables cross
    assert crossing(topology, placed) <= 8


def test_pins_name_computes_by_name_or_id_and_the_first_counts():
    pins = [Pin("LEAF_1", "local"), Pin("LEAF_*", "other1"), Pin("SPINE_*", "id-other1")]
    placed = put(fabric(leaves=3), computes(64, 64), pins=pins)
    assert placed["LEAF_1"] == "local"
    assert placed["LEAF_2"] == placed["LEAF_3"] == placed["SPINE_1"] == "id-other1"


def test_a_pin_moves_a_node_that_is_there():
    placed = put(fabric(), computes(64, 64), {"LEAF_1": "local"}, [Pin("LEAF_1", "other1")])
    assert placed["LEAF_1"] == "id-other1"


def test_a_compute_that_is_not_connected_gets_nothing():
    here, there = computes(1, 64)
    gone = Compute(there.id, there.name, False)
    assert set(put(fabric(leaves=12), [here, gone], spread=True).values()) == {"local"}
