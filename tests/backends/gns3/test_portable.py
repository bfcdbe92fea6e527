"""A project as a file: what is in it, and that it is the same file each time."""

import io
import json
import zipfile
from dataclasses import replace

from avdlab.backends.gns3.content import content
from avdlab.backends.gns3.portable import README, SUFFIX, TOPOLOGY, portable
from tests.backends.gns3.fabrics import chosen, fabric, lab, nothing_yet

FABRIC = fabric(leaves=4, spines=2, pods=2)


def made(record=None):
    return content(lab(FABRIC), chosen(), record or nothing_yet())


def opened(data):
    return zipfile.ZipFile(io.BytesIO(data))


def read(data):
    return json.loads(opened(data).read(TOPOLOGY))


def test_the_same_content_has_the_same_bytes():
    assert SUFFIX == ".gns3project"
    assert portable(made(), "text") == portable(made(), "text")
    with opened(portable(made())) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert README not in archive.namelist()


def test_every_device_has_its_files_where_gns3_keeps_a_nodes_files():
    whole = made()
    with opened(portable(whole)) as archive:
        leaf = whole.nodes["LEAF_1"]
        folder = f"project-files/docker/{leaf.id}"
        startup = archive.read(f"{folder}/mnt/flash/startup-config").decode()
        assert startup.startswith("hostname LEAF_1\n")
        assert archive.read(f"{folder}/mnt/flash/.gns3_perms") == b""
        assert b"mtu 9500" in archive.read(f"{folder}/etc/network/interfaces")
        mapping = json.loads(archive.read(f"{folder}/mnt/flash/EosIntfMapping.json"))
        assert mapping["EthernetIntf"]["eth1"] == "Ethernet1"
        folders = {name.split("/")[2] for name in archive.namelist() if "/" in name}
        assert folders == {node.id for node in whole.nodes.values() if node.kind == "docker"}
        assert {entry.external_attr >> 16 & 0o777 for entry in archive.infolist()} == {0o600}


def test_it_has_every_node_cable_and_box_of_the_content():
    whole = made()
    written = read(portable(whole))
    topology = written["topology"]
    assert (written["name"], written["type"], written["revision"]) == ("lab", "topology", 9)
    nodes = {node["name"]: node for node in topology["nodes"]}
    assert set(nodes) == {"LEAF-1", "LEAF-2", "LEAF-3", "LEAF-4", "SPINE-1", "SPINE-2"} | {
        "management"
    }
    assert {(n["x"], n["y"]) for n in nodes.values()} == {
        (node.x, node.y) for node in whole.nodes.values()
    }
    ends = {
        frozenset((end["node_id"], end["adapter_number"], end["port_number"]) for end in ends)
        for ends in (link["nodes"] for link in topology["links"])
    }
    assert ends == {
        frozenset((port.node, port.adapter, port.number) for port in link.ends)
        for link in whole.links
    }
    assert len({link["link_id"] for link in topology["links"]}) == len(whole.links)
    assert len(topology["drawings"]) == len(whole.drawings) > 0


def test_where_nodes_ran_is_not_in_it():
    whole = made()
    elsewhere = replace(whole.record.nodes["LEAF_1"], compute="other-machine")
    record = replace(whole.record, nodes={**whole.record.nodes, "LEAF_1": elsewhere})
    data = portable(made(record))
    assert {node["compute_id"] for node in read(data)["topology"]["nodes"]} == {"local"}
    assert data == portable(whole)
