"""The exported project on real servers: what they import is the lab's topology, and it runs."""

import shutil
import subprocess
import sys
import uuid
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from avdlab.backends.base import EapiTarget
from avdlab.backends.eapi import run_commands
from avdlab.backends.gns3.content import content
from avdlab.backends.gns3.portable import portable
from avdlab.errors import CannotRunError, DeviceError
from avdlab.overlay.model import LabUser
from tests.backends.gns3.fabrics import chosen, fabric, lab, nothing_yet
from tests.gns3.labs import NODE, BusyboxLab, taken_down
from tests.support.gns3.api import Api
from tests.support.gns3.network import linux_bridge
from tests.support.rack import until

STAND_IN = "avdlab-standin:1"
AVDLAB = Path(sys.executable).parent / "avdlab"


class Imported:
    """A project on a server, made of a file."""

    def __init__(self, server, data: bytes) -> None:
        self.server, self.api = server, Api(server)
        self.path = f"/projects/{uuid.uuid4()}"
        self.name = self.api.call("POST", f"{self.path}/import", data)["name"]
        self.api.call("POST", f"{self.path}/open")
        self.nodes = {node["name"]: node for node in self.get("/nodes")}

    def get(self, path: str) -> Any:
        return self.api.call("GET", self.path + path)

    def file(self, node: str, path: str) -> str:
        found = self.get(f"/nodes/{self.nodes[node]['node_id']}/files/{path}")
        return found.decode() if isinstance(found, bytes) else str(found or "")

    def raw(self, node: str, path: str) -> bytes:
        folder = f"{self.path.replace('/projects/', '')}/project-files/docker"
        where = self.server.projects / folder / self.nodes[node]["node_id"] / path
        return where.read_bytes()

    def cables(self) -> set[frozenset[tuple[str, str, str]]]:
        """Return the links as pairs of (node, port's name, label)."""
        names = {node["node_id"]: node for node in self.nodes.values()}
        found = set()
        for link in self.get("/links"):
            ends = []
            for end in link["nodes"]:
                node = names[end["node_id"]]
                [port] = (
                    port["name"]
                    for port in node["ports"]
                    if (port["adapter_number"], port["port_number"])
                    == (end["adapter_number"], end["port_number"])
                )
                ends.append((node["name"], port, end["label"]["text"]))
            found.add(frozenset(ends))
        return found

    def delete(self) -> None:
        self.api.call("POST", f"{self.path}/nodes/stop")
        self.api.call("DELETE", self.path)


@contextmanager
def imported(server, data: bytes):
    project = Imported(server, data)
    try:
        yield project
    finally:
        project.delete()
        assert server.sweep() == []


def test_what_a_server_imports_is_what_was_exported(gns3_server):
    """No bridge is there: a project is looked at all the same."""
    topology = fabric(leaves=4, spines=2, pods=2)
    whole = content(lab(topology), chosen(image=NODE), nothing_yet())
    with imported(gns3_server, portable(whole, "read me")) as project:
        assert project.name == "lab"
        assert set(project.nodes) == {node.name for node in whole.nodes.values()}
        for node in whole.nodes.values():
            found = project.nodes[node.name]
            assert found["node_type"] == node.kind
            assert [port["name"] for port in found["ports"]] == list(node.adapters)
            assert (found["x"], found["y"], found["symbol"]) == (node.x, node.y, node.symbol)
            assert (
                node.properties.items()
                <= {key: found["properties"].get(key) for key in node.properties}.items()
            )
            for path, body in {**node.boot, **node.seed}.items():
                assert project.raw(node.name, path) == body
        assert project.file("LEAF-1", "mnt/flash/startup-config").startswith("hostname LEAF_1")
        names = {node.id: node for node in whole.nodes.values()}
        assert project.cables() == {
            frozenset(
                (names[p.node].name, names[p.node].adapters[p.adapter or p.number], label)
                for p, label in zip((link.a, link.b), link.labels, strict=True)
            )
            for link in whole.links
        }
        assert len(project.get("/links")) == len(whole.links)
        # and that is the design: what is not a management port is one of its cables
        device = {node.name: node.device for node in whole.nodes.values()}
        plugged = {frozenset((device[n], port) for n, port, _ in c) for c in project.cables()}
        assert {ends for ends in plugged if not any(n.endswith(" cloud") for n, _ in ends)} == {
            frozenset(((c.a.node, c.a.interface), (c.b.node, c.b.interface)))
            for c in topology.links
        }
        assert {(d["svg"], d["x"], d["y"]) for d in project.get("/drawings")} == {
            (drawing.svg, drawing.x, drawing.y) for drawing in whole.drawings
        }
        assert project.get("/files/README.txt") == b"read me"


@pytest.mark.line("2.2")
def test_an_imported_project_becomes_a_lab(gns3_server, tmp_path):
    """Nothing in it is made twice, and its nodes boot with the configuration of this lab."""
    topology = fabric(leaves=2, spines=1, pods=2)
    whole = content(lab(topology), chosen(image=NODE), nothing_yet())
    api = Api(gns3_server)
    with taken_down(BusyboxLab(tmp_path / "lab", gns3_server)) as made:
        path = f"/projects/{uuid.uuid4()}"
        api.call("POST", f"{path}/import", portable(whole))
        api.call("POST", f"{path}/open")
        before = {node["node_id"] for node in api.call("GET", f"{path}/nodes")}
        changes = made.up(topology, gns3_adopt=True)
        assert not [change for change in changes if change.startswith(("create", "connect"))]
        assert {node["node_id"] for node in api.call("GET", f"{path}/nodes")} == before
        assert len(api.call("GET", f"{path}/drawings")) == len(whole.drawings)
        assert len(api.call("GET", f"{path}/links")) == len(whole.links)
        assert made.up(topology) == []
        # a copy that is open has the same addresses on the same bridge
        copy = api.call("POST", f"{path}/duplicate", {"name": "copy"})
        api.call("POST", f"/projects/{copy['project_id']}/open")
        with pytest.raises(CannotRunError, match="project 'copy', a copy of lab 'lab'"):
            made.plan(topology)
        other = BusyboxLab(tmp_path / "copy", gns3_server, {"gns3_adopt": True})
        with pytest.raises(CannotRunError, match="lab 'lab' on this server uses"):
            other.plan(topology)
        api.call("DELETE", f"/projects/{copy['project_id']}")


@pytest.fixture
def exported(tmp_path, repository):
    """The shipped inventory as a project of stand-in nodes: no lab was ever made of it."""
    shutil.copytree(repository / "inventory", tmp_path / "inventory")
    shutil.copy(repository / "ansible.cfg", tmp_path)
    words = ("export", "gns3project", "--gns3-image", STAND_IN, "-o", "oslo.gns3project")
    subprocess.run((AVDLAB, *words), cwd=tmp_path, check=True, capture_output=True)
    lines = (tmp_path / "oslo.env").read_text().splitlines()
    user, password = (line.partition("=")[2] for line in lines)
    return (tmp_path / "oslo.gns3project").read_bytes(), LabUser(user, password)


@pytest.mark.line("3.0")
def test_nodes_of_the_imported_design_boot_with_their_seed_and_see_each_other(
    gns3_server, exported
):
    data, user = exported
    target = EapiTarget("osl-leaf1a", "10.90.0.21", 443, user)

    def neighbors() -> set[tuple[str, str]]:
        try:
            [found] = run_commands(target, ["show lldp neighbors"])
        except DeviceError:
            return set()
        # with the domain of its configuration, where that names one
        return {(n["port"], n["neighborDevice"].split(".")[0]) for n in found["lldpNeighbors"]}

    with linux_bridge("avdlab0", "10.90.0.1/24"), imported(gns3_server, data) as project:
        assert project.nodes["management"]["status"] == "started"
        started = ("osl-leaf1a", "osl-leaf1b")  # two tell what all would
        for name in started:
            node = project.nodes[name]["node_id"]
            project.api.call("POST", f"{project.path}/nodes/{node}/start")
        wanted = {
            (here[1], there[0])
            for cable in project.cables()
            for here, there in permutations(cable)
            if (here[0], there[0]) == started
        }
        assert len(wanted) == 2  # their peer-link
        until(lambda: wanted <= neighbors(), 300)
        [version] = run_commands(target, ["show version"])
        assert "twin" in version["internalVersion"]
