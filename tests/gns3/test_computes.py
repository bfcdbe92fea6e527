"""A lab on two computes of one machine: spread, one of them ended, and recovered."""

import shutil
import subprocess
import time

import pytest

from avdlab.errors import BackendError, CannotRunError
from tests.backends.gns3.fabrics import fabric
from tests.gns3.labs import BusyboxLab, Listener
from tests.support.gns3.api import Api
from tests.support.gns3.servers import containers

FABRIC = fabric(leaves=4, spines=2)


@pytest.fixture
def lab(gns3_server, second_compute, tmp_path):
    api = Api(gns3_server)
    api.call("POST", "/computes", second_compute.compute)
    deadline = time.monotonic() + 180
    made = BusyboxLab(tmp_path / "lab", gns3_server, {"gns3_placement": "spread"})
    while not all(compute.connected for compute in made.backend()._server.computes()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    yield made
    made.down()
    api.call("DELETE", f"/computes/{second_compute.compute['compute_id']}")


def shell(lab, device, command):
    name = f"GNS3.{lab.record.nodes[device].name}.{lab.record.project}"
    return subprocess.run(
        ("docker", "exec", name, "sh", "-c", command),
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def ping(lab, leaf, spine):
    """Ping from a leaf to a spine over their cable; return whether it came back."""
    up, down = spine.removeprefix("SPINE_"), leaf.removeprefix("LEAF_")
    network = f"10.{up}.{down}"
    shell(lab, leaf, f"ip address add {network}.1/24 dev eth{up}")
    shell(lab, spine, f"ip address add {network}.2/24 dev eth{down}")
    return "1 packets received" in shell(lab, leaf, f"ping -c 1 -w 20 {network}.2")


def test_a_fabric_is_spread_and_works_across(lab, second_compute):
    lab.booted(FABRIC)
    assert any(note.startswith("nodes by compute: ") for note in lab.notes)
    where = {name: node.compute for name, node in lab.record.nodes.items()}
    assert set(where.values()) == {"local", second_compute.compute["compute_id"]}
    assert where["LEAF_1"] == where["LEAF_2"]
    assert where["LEAF_3"] == where["LEAF_4"]
    for spine in ("SPINE_1", "SPINE_2"):
        for leaf in ("LEAF_1", "LEAF_3"):  # one of them is on the other compute
            assert ping(lab, leaf, spine), (leaf, spine, where)
    assert lab.up(FABRIC) == []


def test_a_compute_that_is_stopped_is_told_and_its_nodes_come_back(lab, second_compute):
    lab.booted(FABRIC)
    where = {name: node.compute for name, node in lab.record.nodes.items()}
    away = {name for name, compute in where.items() if compute != "local"}
    second_compute.stop()
    deadline = time.monotonic() + 180
    while not any("is not connected" in reason for reason in lab.reasons().values()):
        assert time.monotonic() < deadline
        time.sleep(1)
    reasons = lab.reasons()
    assert {name for name, reason in reasons.items() if "is not connected" in reason} == away
    with pytest.raises(CannotRunError, match="is not connected"):
        lab.plan(FABRIC)
    with pytest.raises(BackendError, match="its nodes cannot be removed"):
        lab.down()
    second_compute.start()
    deadline = time.monotonic() + 180
    while any("is not connected" in reason for reason in lab.reasons().values()):
        assert time.monotonic() < deadline
        time.sleep(1)
    changes = lab.booted(FABRIC)
    # 2.2 may close the project when it loses a compute: then all of it boots again
    assert {c.split()[2] for c in changes if " node " in c} >= away, changes
    assert lab.up(FABRIC) == []
    assert len(containers(lab.server)) + len(containers(second_compute)) == len(where)


@pytest.mark.line("3.0")
def test_a_compute_that_crashed_and_lost_its_disk_has_its_nodes_again(lab, second_compute):
    lab.up(FABRIC)
    away = {name for name, node in lab.record.nodes.items() if node.compute != "local"}
    second_compute.kill()
    for project in second_compute.projects.iterdir():
        shutil.rmtree(project)
    second_compute.start()
    deadline = time.monotonic() + 180
    while any("is not connected" in reason for reason in lab.reasons().values()):
        assert time.monotonic() < deadline
        time.sleep(1)
    name = second_compute.compute["name"]
    lost = {device for device, reason in lab.reasons().items() if f"{name} lost it" in reason}
    assert lost == away
    lab.listener = Listener()
    lab.booted(FABRIC)
    assert any("left when it died" in note for note in lab.listener.notes)
    told = f"their files are gone, and are written again: {', '.join(sorted(away))}"
    assert told in lab.listener.notes
    for name in away:
        assert f"hostname {name}" in shell(lab, name, "cat /mnt/flash/startup-config")
    assert lab.up(FABRIC) == []


@pytest.mark.line("2.2")
def test_a_pin_moves_a_node(lab, second_compute):
    pair = fabric(leaves=1, spines=1)
    lab.more["gns3_placement"] = ""
    lab.up(pair)
    assert {node.compute for node in lab.record.nodes.values()} == {"local"}
    name = second_compute.compute["name"]
    changes = lab.up(pair, gns3_placement=f"LEAF_1={name}")
    assert len(changes) == 1
    assert "moves from compute local to" in changes[0]
    assert lab.record.nodes["LEAF_1"].compute == second_compute.compute["compute_id"]
