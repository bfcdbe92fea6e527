"""The difference between a lab and a server: empty when it was carried out, small when little
changed, and never about what people made for themselves."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdlab.backends.gns3.content import content, links_of
from avdlab.backends.gns3.difference import (
    Observed,
    as_seen,
    difference,
    miscabled,
    outdated,
    renewed,
)
from avdlab.backends.gns3.model import Port, ServerLink, ServerNode
from tests.backends.gns3.fabrics import chosen, fabric, lab, nothing_yet
from tests.backends.gns3.servers import a_drawing, carried_out


def converged(topology, observed=None, record=None, **options: Any):
    """Carry out one `up`, and return content, difference, server and record."""
    observed, record = observed or Observed(), record or nothing_yet()
    picked, before = chosen(**options), as_seen(record, observed)
    made = content(lab(topology), picked, before)
    remade = outdated(made, observed, {})
    if remade:
        before = renewed(before, remade, {})
        made = content(lab(topology), picked, before)
    found = difference(made, observed, before, remade)
    server, after = carried_out(made, found, observed, before)
    return made, found, server, after


def words(found):
    return [str(change) for change in found.changes]


def test_from_nothing_to_everything_and_then_nothing_more():
    _made, found, server, record = converged(fabric())
    assert len(found.create) == 7  # six switches and the management cloud
    assert len(found.connect) == 8 + 2 + 6  # fabric, peer links, management
    assert {node.device for node in found.start} == set(fabric().nodes)
    assert words(found)[0] == "create project lab"
    _, again, *_ = converged(fabric(), server, record)
    assert again.changes == ()
    assert again.steps == 0


def test_a_seed_is_for_the_first_boot_only():
    _, _, server, record = converged(fabric())
    spec = lab(fabric())
    edited = replace(spec, seeds={name: text + "!\n" for name, text in spec.seeds.items()})
    made = content(edited, chosen(), record)
    assert difference(made, server, record).changes == ()


def test_a_new_leaf_on_spare_ports_touches_nothing_else():
    _, _, server, record = converged(fabric(leaves=4))
    _, found, server, record = converged(fabric(leaves=5), server, record)
    assert [node.device for node in found.create] == ["LEAF_5"]
    assert {node.device for node in found.start} == {"LEAF_5"}
    assert not found.stop
    assert not found.rebuild
    assert not found.disconnect
    assert len(found.connect) == 3
    assert converged(fabric(leaves=5), server, record)[1].changes == ()


def test_more_leaves_than_spare_ports_restart_the_spines_and_plug_their_cables_again():
    _, _, server, record = converged(fabric(leaves=4))
    _, found, server, record = converged(fabric(leaves=8), server, record)
    assert {each.node.device for each in found.rebuild} == {"SPINE_1", "SPINE_2"}
    assert {node.device for node in found.stop} == {"SPINE_1", "SPINE_2"}
    assert "change node SPINE_1 (adapters 7 becomes 9; restarts)" in words(found)
    # cables that are only plugged again are not worth a line
    assert not [line for line in words(found) if line.startswith("disconnect")]
    assert converged(fabric(leaves=8), server, record)[1].changes == ()


def test_a_leaf_that_the_design_gives_up_is_removed_with_its_cables():
    _, _, server, record = converged(fabric(leaves=4))
    _, found, server, record = converged(fabric(leaves=3), server, record)
    assert [node.name for node in found.remove] == ["LEAF-4"]
    assert not found.disconnect  # they go with the node
    assert not found.stop
    _, again, server, record = converged(fabric(leaves=3), server, record)
    assert again.changes == ()
    assert "LEAF_4" not in record.nodes


def test_a_removed_cable_is_disconnected():
    topology = fabric()
    _, _, server, record = converged(topology)
    cut = topology.links[0]
    fewer = replace(topology, links=topology.links[1:])
    _, found, *_ = converged(fewer, server, record)
    assert words(found) == [f"disconnect {cut.a} from {cut.b}"]


def test_another_image_makes_the_nodes_anew_with_their_cables():
    """Neither server changes the image of a node that is there."""
    _, _, server, record = converged(fabric())
    made, found, server, record = converged(fabric(), server, record, image="ceos:4.35.0F")
    assert len(found.remove) == len(found.create) == len(found.start) == 6
    assert {link.ends for link in found.connect} == {link.ends for link in made.links}
    assert len(found.write_seed) == 6
    assert words(found) == [
        f"change node {name} (image ceos:4.34.2F becomes ceos:4.35.0F; "
        "boots with the lab's configuration)"
        for name in sorted(fabric().nodes)
    ]
    assert converged(fabric(), server, record, image="ceos:4.35.0F")[1].changes == ()


def test_swapped_cables_are_seen_and_put_right():
    topology = fabric()
    made, _, server, record = converged(topology)
    first, second = server.links[0], server.links[3]
    swapped = (
        *(link for link in server.links if link not in (first, second)),
        ServerLink("x", *sorted((first.a, second.b))),
        ServerLink("y", *sorted((second.a, first.b))),
    )
    there = replace(server, links=swapped)
    wrong = miscabled(list(links_of(topology, record)), record, there)
    assert len(wrong) >= 2
    assert any("the design says" in text for texts in wrong.values() for text in texts)
    _, found, after, record = converged(topology, there, record)
    assert len(found.disconnect) == len(found.connect) == 2
    assert not found.stop
    assert not miscabled(list(links_of(topology, record)), record, after)
    assert {frozenset(k.ends) for k in after.links} == {link.ends for link in made.links}


def test_what_people_made_for_themselves_stays():
    topology = fabric()
    made, _, server, record = converged(topology)
    host = ServerNode("people-host", "host", "vpcs", "local", "started", port_names=("e0",))
    spare = Port(made.nodes["SPINE_1"].id, len(made.nodes["SPINE_1"].adapters) - 1)
    tapped = replace(
        server,
        nodes=server.nodes | {host.id: host},
        links=(*server.links, ServerLink("people-link", *sorted((Port(host.id, 0), spare)))),
        drawings=server.drawings | {"people-1": a_drawing()},
    )
    _, found, *_ = converged(topology, tapped, record)
    assert found.changes == ()
    assert not miscabled(list(links_of(topology, record)), record, tapped)


def test_nodes_that_people_moved_or_renamed_stay_so():
    topology = fabric()
    made, _, server, record = converged(topology)
    leaf = made.nodes["LEAF_1"].id
    moved = replace(server.nodes[leaf], x=-900, y=77, name="my-leaf")
    there = replace(server, nodes=server.nodes | {leaf: moved})
    made, found, *_ = converged(topology, there, record)
    assert found.changes == ()
    assert (made.record.nodes["LEAF_1"].x, made.record.nodes["LEAF_1"].y) == (-900, 77)


def test_boxes_that_people_moved_or_removed_stay_so():
    topology = fabric(pods=2)
    made, _, server, record = converged(topology)
    frames = [drawing for drawing in made.drawings if "rect" in drawing.svg]
    assert len(frames) == 2
    moved = replace(server.drawings[frames[0].id], x=5000)
    drawings = server.drawings | {frames[0].id: moved}
    del drawings[frames[1].id]
    _, found, *_ = converged(topology, replace(server, drawings=drawings), record)
    assert found.changes == ()


def test_a_box_follows_when_its_pod_grows():
    _, _, server, record = converged(fabric(leaves=4, pods=2))
    _, found, server, record = converged(fabric(leaves=6, pods=2), server, record)
    assert found.redraw
    assert converged(fabric(leaves=6, pods=2), server, record)[1].changes == ()


def test_a_stopped_node_is_started_and_a_closed_project_opened():
    _, _, server, record = converged(fabric())
    nodes = {i: replace(n, status="stopped") for i, n in server.nodes.items() if n.kind == "docker"}
    closed = replace(
        server, project=replace(server.project, opened=False), nodes=server.nodes | nodes
    )
    _, found, *_ = converged(fabric(), closed, record)
    assert words(found)[0] == "open project lab (the server has it closed)"
    assert len(found.start) == 6
    assert not found.write_seed


def test_a_project_that_gns3_would_close_is_kept_open():
    _, _, server, record = converged(fabric())
    closing = replace(server, project=replace(server.project, auto_close=True))
    assert converged(fabric(), closing, record)[1].keep_open


def test_a_node_that_booted_before_it_was_seeded_is_stopped_for_it():
    """A run was killed between making a node and its seed, and somebody started the node."""
    _, _, server, record = converged(fabric())
    record = record.with_node("LEAF_1", seeded="")
    _, found, *_ = converged(fabric(), server, record)
    assert [node.device for node in found.stop] == ["LEAF_1"]
    assert [node.device for node in found.write_seed] == ["LEAF_1"]
    assert words(found) == ["change node LEAF_1 (boots with the lab's configuration; restarts)"]


def test_several_cables_in_one_port_become_one():
    topology = fabric()
    _, _, server, record = converged(topology)
    first = server.links[0]
    twice = replace(server, links=(*server.links, replace(first, id="twin-1")))
    _, found, after, _ = converged(topology, twice, record)
    assert [link.id for link, _ in found.disconnect] == ["twin-1"]
    assert len(after.links) == len(server.links)


def test_a_foreign_cable_in_a_port_of_the_design_gives_way():
    topology = fabric()
    made, _, server, record = converged(topology)
    host = ServerNode("people-host", "host", "vpcs", "local", "started", port_names=("e0",))
    port = made.nodes["LEAF_1"]
    mine = next(k for k in server.links if Port(port.id, 1) in k.ends)
    other = ServerLink("people-link", *sorted((Port(host.id, 0), Port(port.id, 1))))
    links = (*(k for k in server.links if k is not mine), other)
    there = replace(server, nodes=server.nodes | {host.id: host}, links=links)
    _, found, *_ = converged(topology, there, record)
    assert [link.id for link, _ in found.disconnect] == ["people-link"]
    assert len(found.connect) == 1


def test_a_new_bridge_moves_the_management_cables():
    _, _, server, record = converged(fabric())
    _, found, server, record = converged(fabric(), server, record, bridge="virbr0")
    assert [node.name for node in found.remove] == ["management"]
    assert len(found.create) == 1
    assert len(found.connect) == 6
    assert converged(fabric(), server, record, bridge="virbr0")[1].changes == ()


SIZES = st.tuples(st.integers(1, 9), st.integers(1, 3), st.integers(1, 2))


@settings(max_examples=60)
@given(SIZES, SIZES, st.randoms(use_true_random=False))
def test_whatever_happened_to_a_project_one_run_puts_it_right(before, after, random):
    """Nodes and cables vanish, nodes stop, seeds were not written, the design changes."""
    leaves, spines, pods = before
    _, _, server, record = converged(fabric(leaves, spines, pods=pods))
    lost = {node for node in server.nodes if random.random() < 0.2}
    links = [
        link
        for link in server.links
        if random.random() > 0.2 and not lost & {port.node for port in link.ends}
    ]
    nodes = {
        i: replace(node, status=random.choice(["started", "stopped"]))
        for i, node in server.nodes.items()
        if i not in lost
    }
    for name in list(record.nodes):
        if record.nodes[name].id in lost or random.random() < 0.1:
            record = record.with_node(name, seeded="", boot="")
    there = replace(server, nodes=nodes, links=tuple(links))
    leaves, spines, pods = after
    topology = fabric(leaves, spines, pods=pods)
    made, _, now, record = converged(topology, there, record)
    assert converged(topology, now, record)[1].changes == ()
    assert {frozenset(link.ends) for link in now.links} == {link.ends for link in made.links}
    assert set(now.nodes) == {node.id for node in made.nodes.values()}
    assert all(node.started for node in now.nodes.values() if node.kind == "docker")


@pytest.mark.parametrize("suspended", [True, False])
def test_faults_on_cables_are_told_and_left_alone(suspended):
    topology = fabric()
    _, _, server, record = converged(topology)
    worse = {"suspended": True} if suspended else {"filters": {"delay": [50, 0]}}
    links = (replace(server.links[0], **worse), *server.links[1:])
    there = replace(server, links=links)
    assert converged(topology, there, record)[1].changes == ()
    told = miscabled(list(links_of(topology, record)), record, there)
    assert all(
        ("is suspended" if suspended else "has filters: delay") in t[0] for t in told.values()
    )
    assert len(told) == 2 or "management" in str(told)


def test_a_cloud_whose_bridge_was_missing_is_started():
    _, _, server, record = converged(fabric())
    cloud = next(node for node in server.nodes.values() if node.kind == "cloud")
    there = replace(server, nodes={**server.nodes, cloud.id: replace(cloud, status="stopped")})
    wrong = miscabled(list(links_of(fabric(), record)), record, there)
    assert wrong["LEAF_1"] == ["its management cloud is stopped: GNS3 could not use the bridge"]
    _, found, after, record = converged(fabric(), there, record)
    assert words(found) == ["start node management cloud (GNS3 could not use its bridge)"]
    assert converged(fabric(), after, record)[1].changes == ()


def test_a_bridge_that_was_made_anew_is_plugged_again_and_peoples_cables_are_left():
    _, _, server, record = converged(fabric())
    cloud = next(node for node in server.nodes.values() if node.kind == "cloud")
    host = ServerNode("people-host", "host", "vpcs", "local", "started", port_names=("e0",))
    theirs = ServerLink("people-link", *sorted((Port(host.id, 0), Port(cloud.id, 0, 20))))
    there = replace(
        server,
        nodes={**server.nodes, host.id: host},
        links=(*server.links, theirs),
        unplugged=True,
    )
    _, found, *_ = converged(fabric(), there, record)
    assert len(found.disconnect) == len(found.connect) == 6
    assert words(found) == [
        "connect the management ports again (nothing is plugged into the bridge any more)"
    ]
