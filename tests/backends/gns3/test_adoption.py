"""A project that is there already becomes a lab: what has a name of the design stays."""

import uuid
from dataclasses import replace

from avdlab.backends.gns3.adoption import found_by_name
from avdlab.backends.gns3.difference import Observed
from avdlab.backends.gns3.model import Port, Project, ServerLink, ServerNode
from avdlab.backends.gns3.record import from_json, to_json
from tests.backends.gns3.fabrics import PROJECT, fabric, nothing_yet
from tests.backends.gns3.servers import a_drawing
from tests.backends.gns3.test_difference import converged

BRIDGE = "avdlab0"


def copied(server):
    """Return the project as the servers import and duplicate it: what is in it has other ids."""
    ids = {number: str(uuid.uuid5(uuid.UUID(PROJECT), number)) for number in server.nodes}

    def end(port):
        return replace(port, node=ids[port.node])

    return replace(
        server,
        project=Project("another", "lab", opened=True, auto_close=False),
        nodes={ids[i]: replace(node, id=ids[i]) for i, node in server.nodes.items()},
        links=tuple(replace(k, id=f"new-{k.id}", a=end(k.a), b=end(k.b)) for k in server.links),
        drawings={f"new-{i}": replace(d, id=f"new-{i}") for i, d in server.drawings.items()},
    )


def adopted(server, topology):
    record = replace(nothing_yet(), project=PROJECT)
    return found_by_name(record, server, topology, BRIDGE)


def test_the_nodes_that_have_a_devices_name_are_kept_as_they_stand():
    topology = fabric()
    hand_made = ServerNode(
        "aaaa", "LEAF-1", "docker", "local", "started", x=300, y=200,
        port_names=("eth0", "eth1"), properties={"image": "ceos:4.34.2F", "adapters": 2},
    )  # fmt: skip
    there = Observed(Project(PROJECT, "lab", True, False), {"aaaa": hand_made})
    record = adopted(there, topology)
    made, found, after, record = converged(topology, there, record)
    assert made.nodes["LEAF_1"].id == "aaaa"
    assert (made.nodes["LEAF_1"].x, made.nodes["LEAF_1"].y) == (300, 200)
    assert [each.node.device for each in found.rebuild] == ["LEAF_1"]
    assert len(found.create) == 6
    assert record.found == ("aaaa",)
    assert from_json(to_json(record)) == record
    assert converged(topology, after, record)[1].changes == ()


def test_nothing_of_a_copy_is_made_twice():
    """Its nodes boot as new ones: their password is that of the lab that it was copied from."""
    topology = fabric(pods=2)
    made, _, server, _ = converged(topology)
    there = copied(server)
    record = adopted(there, topology)
    again, found, after, record = converged(topology, there, record)
    assert found.create == found.connect == found.draw == found.remove == ()
    assert {node.device for node in found.write_seed} == set(topology.nodes)
    assert set(record.clouds[0].ports) == {*topology.nodes, ""}
    assert len(again.nodes) == len(made.nodes)
    assert converged(topology, after, record)[1].changes == ()


def test_a_cloud_that_somebody_uses_for_something_else_is_theirs():
    topology = fabric()
    _, _, server, _ = converged(topology)
    there = copied(server)
    cloud = next(node for node in there.nodes.values() if node.kind == "cloud")
    theirs = ServerNode("theirs", "pc", "vpcs", "local", "started", port_names=("e0",))
    plugged = ServerLink("their-link", *sorted((Port("theirs", 0), Port(cloud.id, 0, 20))))
    used = replace(there, nodes={**there.nodes, "theirs": theirs}, links=(*there.links, plugged))
    assert adopted(used, topology).clouds == ()
    mapping = [dict(port, interface="eth0") for port in cloud.properties["ports_mapping"]]
    other = replace(cloud, properties={"ports_mapping": mapping})
    elsewhere = replace(there, nodes={**there.nodes, cloud.id: other})
    assert adopted(elsewhere, topology).clouds == ()


def test_a_drawing_of_somebody_is_no_copy_of_ours():
    topology = fabric(pods=2)
    made, _, server, _ = converged(topology)
    there = replace(copied(server), drawings={"people-1": a_drawing()})
    _, found, *_ = converged(topology, there, adopted(there, topology))
    assert len(found.draw) == len(made.drawings)
