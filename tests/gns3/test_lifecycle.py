"""A lab's life on a real server: from nothing, changed, put right, and back to nothing."""

import subprocess
from dataclasses import replace

import pytest

from avdlab.errors import CannotRunError
from avdlab.net.interfaces import PortMap
from tests.backends.gns3.fabrics import fabric
from tests.gns3.labs import NODE, OTHER_NODE, BusyboxLab, taken_down
from tests.support.gns3.api import Api
from tests.support.gns3.network import interfaces, run
from tests.support.gns3.servers import containers
from tests.support.rack import until


@pytest.fixture
def lab(gns3_server, tmp_path):
    with taken_down(BusyboxLab(tmp_path / "lab", gns3_server)) as made:
        yield made


@pytest.fixture(scope="module")
def pair():
    return fabric(leaves=1, spines=1)


def shell(container, command):
    done = subprocess.run(
        ("docker", "exec", container, "sh", "-c", command),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def answers(container, address):
    """Return whether a ping from a container comes back."""
    return "1 packets received" in shell(container, f"ping -c 1 -w 5 {address} || true")


def container(lab, device):
    record = lab.record
    return f"GNS3.{record.nodes[device].name}.{record.project}"


def test_from_nothing_to_booted_nodes_and_back(lab, pair, gns3_server):
    """The node finds its files, its NICs with names and MTU, its MAC; the host reaches it."""
    before = set(gns3_server.projects.glob("*"))
    changes = lab.booted(pair)
    assert "create project lab" in changes
    record = lab.record
    leaf = container(lab, "LEAF_1")
    assert shell(leaf, "cat /mnt/flash/startup-config").startswith("hostname LEAF_1")
    mapping = PortMap("Management1", record.nodes["LEAF_1"].adapters[1:])
    assert shell(leaf, "cat /mnt/flash/EosIntfMapping.json").count("Ethernet") == 1 + len(
        mapping.ethernet
    )
    assert "9500" in shell(leaf, "ip link show eth1")
    assert record.nodes["LEAF_1"].mac in shell(leaf, "ip link show eth0")
    assert "eth2" in shell(leaf, "cat /mnt/flash/.avdlab-nics")
    # the management port, without an address of its own in a busybox image
    shell(leaf, "ip address add 172.16.1.21/24 dev eth0")
    run("ip", "neighbour", "flush", "dev", "avdlab0")
    until(lambda: answers(leaf, "172.16.1.1"))
    assert set(lab.states().values()) == {"nics", "address"}
    mark = gns3_server.mark()
    assert lab.up(pair) == []
    assert gns3_server.writes(mark) == []
    lab.down()
    assert containers(gns3_server) == []
    assert set(gns3_server.projects.glob("*")) == before
    assert interfaces() == {"lo"}
    assert not (lab.folder / "gns3").exists()


def test_one_leaf_added_one_cable_removed_one_image_changed(lab, gns3_server):
    lab.up(fabric(leaves=2, spines=1))
    spine = lab.record.nodes["SPINE_1"].id
    mark = gns3_server.mark()
    changes = lab.up(fabric(leaves=3, spines=1))
    assert changes[0] == "create node LEAF_3"
    assert all("LEAF_3" in change for change in changes)
    new = lab.record.nodes["LEAF_3"].id
    writes = gns3_server.writes(mark)
    assert not [write for write in writes if spine in write]
    assert all(new in w or w.endswith(("/links", "/nodes", "/avdlab.json")) for w in writes)

    topology = fabric(leaves=3, spines=1)
    mark = gns3_server.mark()
    cut = replace(topology, links=topology.links[1:])
    assert lab.up(cut) == ["disconnect LEAF_1:Ethernet1 from SPINE_1:Ethernet1"]
    assert [write.split()[0] for write in gns3_server.writes(mark)] == ["DELETE"]

    lab.up(topology)
    mark = gns3_server.mark()
    changes = lab.booted(topology, gns3_image=OTHER_NODE)
    assert len(changes) == 4
    assert all("image avdlab-node:1 becomes" in change for change in changes)
    run_by = run("docker", "inspect", "-f", "{{.Config.Image}}", container(lab, "LEAF_1"))
    assert run_by.strip() == OTHER_NODE
    assert shell(container(lab, "LEAF_1"), "cat /mnt/flash/startup-config")
    assert "9500" in shell(container(lab, "LEAF_1"), "ip link show eth1")
    assert lab.up(topology, gns3_image=OTHER_NODE) == []


@pytest.mark.line("2.2")
def test_frames_cross_before_and_after_a_node_grew(lab):
    """More cables than spare ports: the spine is made anew, and its old cables work again."""
    lab.more["gns3_spare_ports"] = 0
    lab.up(fabric(leaves=2, spines=1))
    changes = lab.booted(fabric(leaves=3, spines=1))
    assert "change node SPINE_1 (adapters 3 becomes 4; restarts)" in changes
    leaf, spine = container(lab, "LEAF_1"), container(lab, "SPINE_1")
    shell(leaf, "ip address add 10.0.0.1/24 dev eth1")
    shell(spine, "ip address add 10.0.0.2/24 dev eth1")
    until(lambda: answers(leaf, "10.0.0.2"))
    assert lab.up(fabric(leaves=3, spines=1)) == []


@pytest.mark.line("3.0")
def test_cables_swapped_behind_our_back_are_seen_and_put_right(lab, gns3_server):
    topology = fabric(leaves=2, spines=1)
    lab.up(topology)
    project, nodes = lab.record.project, lab.record.nodes
    api = Api(gns3_server)
    for link in api.call("GET", f"/projects/{project}/links"):
        if {end["node_id"] for end in link["nodes"]} & {nodes["SPINE_1"].id} and all(
            end["adapter_number"] for end in link["nodes"]
        ):
            api.call("DELETE", f"/projects/{project}/links/{link['link_id']}")
    for leaf, port in (("LEAF_1", 2), ("LEAF_2", 1)):
        ends = [(nodes[leaf].id, 1), (nodes["SPINE_1"].id, port)]
        body = {
            "nodes": [
                {"node_id": node, "adapter_number": adapter, "port_number": 0}
                for node, adapter in ends
            ]
        }
        api.call("POST", f"/projects/{project}/links", body)
    reasons = lab.reasons()
    assert (
        "Ethernet1 leads to SPINE_1:Ethernet2, the design says SPINE_1:Ethernet1"
        in (reasons["LEAF_1"])
    )
    assert "Ethernet2 leads to LEAF_1:Ethernet1" in reasons["SPINE_1"]
    changes = lab.plan(topology)
    assert "disconnect LEAF_1:Ethernet1 from SPINE_1:Ethernet2" in changes
    assert "connect LEAF_1:Ethernet1 to SPINE_1:Ethernet1" in changes
    mark = gns3_server.mark()
    lab.up(topology)
    assert not [write for write in gns3_server.writes(mark) if "/start" in write]
    assert "leads to" not in str(lab.reasons())


@pytest.mark.line("2.2")
def test_a_node_that_died_is_started_again(lab, pair):
    """The server believes a killed container runs; `stop` and `start` put it right."""
    lab.up(pair)
    run("docker", "kill", container(lab, "LEAF_1"))
    backend = lab.backend()
    backend.stop(["LEAF_1"])
    assert lab.states()["LEAF_1"] == "stopped"
    assert lab.booted(pair) == ["start node LEAF_1"]
    assert "9500" in shell(container(lab, "LEAF_1"), "ip link show eth1")


@pytest.mark.line("3.0")
def test_reseed_writes_the_configuration_again(lab, pair):
    lab.booted(pair)
    shell(container(lab, "LEAF_1"), "echo changed > /mnt/flash/startup-config")
    assert lab.up(pair) == []
    assert shell(container(lab, "LEAF_1"), "cat /mnt/flash/startup-config") == "changed"
    changes = lab.booted(pair, reseed=frozenset({"LEAF_1"}))
    assert changes == ["change node LEAF_1 (boots with the lab's configuration; restarts)"]
    assert shell(container(lab, "LEAF_1"), "cat /mnt/flash/startup-config").startswith("hostname")


@pytest.mark.line("2.2")
def test_the_project_is_taken_up_from_another_machine(lab, pair, tmp_path, gns3_server):
    lab.up(pair)
    elsewhere = BusyboxLab(tmp_path / "elsewhere" / "lab", gns3_server)
    with pytest.raises(CannotRunError, match="--adopt"):
        elsewhere.plan(pair)
    assert elsewhere.up(pair, gns3_adopt=True) == []
    assert elsewhere.record == lab.record
    elsewhere.down()
    assert containers(gns3_server) == []


@pytest.mark.line("3.0")
def test_a_project_made_by_hand_is_adopted(lab, gns3_server):
    api = Api(gns3_server)
    made = api.call("POST", "/projects", {"name": "lab"})  # GNS3 would close it by itself
    body = {
        "name": "LEAF-1", "node_type": "docker", "compute_id": "local", "x": 300, "y": 40,
        "console_type": "telnet", "properties": {"image": NODE, "adapters": 3},
    }  # fmt: skip
    leaf = api.call("POST", f"/projects/{made['project_id']}/nodes", body)["node_id"]
    changes = lab.up(fabric(leaves=1, spines=1), gns3_adopt=True)
    assert any(change.startswith("change node LEAF_1 (") for change in changes)
    assert "create node SPINE_1" in changes
    assert lab.record.nodes["LEAF_1"].id == leaf
    assert not api.call("GET", f"/projects/{made['project_id']}")["auto_close"]
    assert lab.up(fabric(leaves=1, spines=1)) == []


@pytest.mark.line("3.0")
def test_what_people_did_in_gns3_is_put_right_where_it_is_the_design_s(lab, gns3_server):
    """Their places, drawings and nodes stay; what they removed or paused is there again."""
    topology = fabric(leaves=2, spines=1, pods=2)
    lab.booted(topology)
    record, api = lab.record, Api(gns3_server)
    project = f"/projects/{record.project}"
    ids = {name: node.id for name, node in record.nodes.items()}
    drawn = sorted(record.drawings)
    api.call("PUT", f"{project}/nodes/{ids['SPINE_1']}", {"x": -777, "y": 55})
    api.call("POST", f"{project}/nodes/{ids['LEAF_1']}/suspend")
    api.call("DELETE", f"{project}/nodes/{ids['LEAF_2']}")
    api.call("DELETE", f"{project}/nodes/{record.clouds[0].id}")
    api.call("DELETE", f"{project}/drawings/{drawn[0]}")
    body = {"name": "pc", "node_type": "vpcs", "compute_id": "local", "properties": {}}
    theirs = api.call("POST", f"{project}/nodes", body | {"console_type": "telnet"})["node_id"]
    states, reasons = lab.states(), lab.reasons()
    assert (states["LEAF_1"], states["LEAF_2"]) == ("stopped", "absent")
    assert "the server says suspended" in reasons["LEAF_1"]
    assert reasons["LEAF_2"] == "the project has no such node"
    changes = lab.booted(topology)
    assert [c for c in changes if " node " in c] == [
        "create node LEAF_2",
        "create node management cloud",
        "resume node LEAF_1",
    ]
    assert lab.up(topology) == []
    there = {node["node_id"]: node for node in api.call("GET", f"{project}/nodes")}
    assert (there[ids["SPINE_1"]]["x"], there[ids["SPINE_1"]]["y"]) == (-777, 55)
    assert theirs in there
    assert {d["drawing_id"] for d in api.call("GET", f"{project}/drawings")} == set(drawn[1:])
    assert len(api.call("GET", f"{project}/links")) == len(topology.links) + len(topology.nodes)

    api.call("POST", f"{project}/nodes/stop")
    api.call("DELETE", project)
    assert set(lab.reasons().values()) == {"the server has no such project any more"}
    assert lab.up(topology)[0] == "create project lab"
    assert lab.up(topology) == []
    assert len(containers(gns3_server)) == len(topology.nodes)


@pytest.mark.line("2.2")
def test_other_peoples_projects_and_a_second_lab_are_left_alone(lab, tmp_path, gns3_server):
    api = Api(gns3_server)
    foreign = api.project("somebody-elses")
    foreign.docker("theirs")
    topology = fabric(leaves=1, spines=1)
    lab.up(topology)
    nodes = {
        name: replace(node, management_address=node.management_address.replace(".1.", ".2."))
        for name, node in topology.nodes.items()
    }
    second = BusyboxLab(tmp_path / "second", gns3_server, {"gns3_bridge": "avdlab1"})
    second.up(replace(topology, nodes=nodes))
    third = BusyboxLab(tmp_path / "third", gns3_server)
    with pytest.raises(CannotRunError, match="lab 'lab' on this server uses management address"):
        third.plan(topology)
    second.down()
    assert "avdlab1" not in interfaces()
    assert set(lab.states().values()) <= {"nics", "running"}
    lab.down()
    assert [name.split(".")[1] for name in containers(gns3_server)] == ["theirs"]
    foreign.delete()
