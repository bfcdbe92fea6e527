"""Where nodes stand: tiers, pairs, boxes, and places that stay."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avdlab.topology.layout import NODE, PAIR_STEP, layout, tier
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology
from tests.backends.gns3.fabrics import fabric


def no_two_overlap(positions):
    spots = sorted(positions.values())
    return all(
        abs(ax - bx) >= NODE or abs(ay - by) >= NODE
        for number, (ax, ay) in enumerate(spots)
        for bx, by in spots[number + 1 :]
    )


def test_tiers_stand_above_each_other_and_pairs_side_by_side():
    places = layout(fabric(leaves=4)).positions
    assert places["SPINE_1"][1] == places["SPINE_2"][1] < places["LEAF_1"][1]
    assert places["LEAF_2"][0] - places["LEAF_1"][0] == PAIR_STEP
    assert places["LEAF_3"][0] - places["LEAF_2"][0] > PAIR_STEP


def test_the_drawing_is_centred():
    places = layout(fabric(leaves=8)).positions
    middle = (min(x for x, _ in places.values()) + max(x for x, _ in places.values()) + NODE) / 2
    assert abs(middle) <= 1


@given(st.integers(1, 30), st.integers(1, 5), st.integers(1, 4))
def test_no_two_nodes_overlap_and_every_run_draws_the_same(leaves, spines, pods):
    topology = fabric(leaves, spines, pods=pods)
    places = layout(topology)
    assert set(places.positions) == set(topology.nodes)
    assert no_two_overlap(places.positions)
    shuffled = replace(topology, nodes=dict(reversed(topology.nodes.items())))
    assert layout(shuffled) == places


@given(st.integers(1, 12), st.integers(1, 12), st.randoms(use_true_random=False))
def test_nodes_that_are_there_stay_and_new_ones_find_room(before, after, random):
    kept = dict(layout(fabric(before)).positions)
    for name in kept:
        if random.random() < 0.3:  # people moved it; where to is their affair
            kept[name] = (random.randrange(-9000, -3000), random.randrange(-9000, 9000) * NODE)
    places = layout(fabric(after), kept).positions
    assert all(places[name] == spot for name, spot in kept.items() if name in places)
    new = {name: spot for name, spot in places.items() if name not in kept}
    assert no_two_overlap(new)


def test_a_new_leaf_joins_the_row_of_the_others():
    before = layout(fabric(4)).positions
    after = layout(fabric(5), before).positions
    assert after["LEAF_5"][1] == before["LEAF_4"][1]
    assert after["LEAF_5"][0] > before["LEAF_4"][0]


def test_pods_are_boxed_side_by_side_and_spines_stand_outside():
    places = layout(fabric(leaves=4, pods=2))
    assert [box.label for box in places.boxes] == ["POD0", "POD1"]
    left, right = places.boxes
    assert left.x + left.width < right.x
    for box in places.boxes:
        for name, (x, y) in places.positions.items():
            inside = box.x <= x and x + NODE <= box.x + box.width
            inside = inside and box.y <= y and y + NODE <= box.y + box.height
            assert inside == (name in box.members)
    assert all(places.positions["SPINE_1"][1] < box.y for box in places.boxes)


def test_boxes_nest_and_one_for_everything_is_not_drawn():
    topology = fabric(leaves=4, pods=2)
    nodes = {
        name: replace(node, fabric="FABRIC", dc="DC1" if name != "LEAF_4" else "DC2")
        for name, node in topology.nodes.items()
    }
    boxes = layout(replace(topology, nodes=nodes)).boxes
    assert [box.path for box in boxes] == [
        ("DC1",), ("DC1", "POD0"), ("DC1", "POD1"), ("DC2",), ("DC2", "POD1"),
    ]  # fmt: skip
    outer, inner = boxes[0], boxes[1]
    assert outer.x < inner.x
    assert outer.x + outer.width > inner.x + inner.width
    assert (outer.level, inner.level) == (0, 1)


def test_endpoints_stand_below_their_switches_in_the_same_box():
    topology = fabric(leaves=4, pods=2)
    server = Node("web1", NodeKind.ENDPOINT, role="server", interfaces=("eth0",))
    cable = Link.between(LinkEnd("web1", "eth0"), LinkEnd("LEAF_1", "Ethernet5"))
    with_server = Topology(
        "t", {**topology.nodes, "web1": server}, tuple(sorted((*topology.links, cable)))
    )
    places = layout(with_server)
    assert places.positions["web1"][1] > places.positions["LEAF_1"][1]
    assert "web1" in next(box for box in places.boxes if "LEAF_1" in box.members).members


@pytest.mark.parametrize(
    ("upper", "lower"),
    [("super-spine", "spine"), ("spine", "l3leaf"), ("l3leaf", "l2leaf"), ("p", "pe"),
     ("l2leaf", "somebodys-own-type"), ("dc-spine", "border-leaf"),
     ("border-leaf", "access-sw"), ("rr", "pe"), ("wan_rr", "wan_router")],
)  # fmt: skip
def test_roles_have_their_tiers(upper, lower):
    assert tier(Node("a", NodeKind.DEVICE, role=upper)) < tier(
        Node("b", NodeKind.DEVICE, role=lower)
    )


def test_an_empty_topology_has_an_empty_drawing():
    assert layout(Topology("t", {}, ())).positions == {}
