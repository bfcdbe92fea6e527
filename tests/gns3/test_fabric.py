"""What a user runs: whole AVD fabrics on a GNS3 server, with stand-in nodes in place of cEOS."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from avdlab.backends.gns3.connector import Connector, gns3fy
from tests.support.gns3.api import Api
from tests.support.gns3.network import interfaces
from tests.support.gns3.servers import Gns3Server, containers

BINARIES = Path(sys.executable).parent
STAND_IN = "avdlab-standin:1"


@dataclass
class Project:
    """A folder with an inventory, and the command line run in it."""

    folder: Path
    server: Gns3Server

    def run(self, *words: str, code: int | None = 0, timeout: float = 400) -> str:
        """Run avdlab; return what it prints. `code` None: green or red, both will do."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AVDLAB_")}
        home = {"HOME": str(self.folder.parent / "home"), "PATH": f"{BINARIES}:{kept['PATH']}"}
        settings = {
            "AVDLAB_GNS3_SERVER": self.server.url,
            "AVDLAB_GNS3_USER": self.server.user,
            "AVDLAB_GNS3_PASSWORD": self.server.password,
            "AVDLAB_GNS3_IMAGE": STAND_IN,
            "AVDLAB_GNS3_MEMORY": "80",
        }
        done = subprocess.run(
            ("avdlab", *words), cwd=self.folder, env=kept | home | settings,
            capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode in ({0, 4} if code is None else {code}), said[-3000:]
        assert self.server.password not in said
        return done.stdout

    def data(self, *words: str, **more: Any) -> Any:
        return json.loads(self.run(*words, "-f", "json", **more))

    @property
    def record(self) -> Any:
        path = next(self.folder.glob(".avdlab/*/gns3/record.json"))
        return json.loads(path.read_text())


@pytest.fixture(scope="module")
def ours(gns3_server, tmp_path_factory, repository):
    """The shipped inventory as a lab that is up; the module's tests change it and put it right.

    On 3.0 its connected endpoints are nodes, too.
    """
    folder = tmp_path_factory.mktemp("ours") / "project"
    shutil.copytree(repository / "inventory", folder / "inventory")
    shutil.copy(repository / "ansible.cfg", folder)
    if gns3_server.line == "3.0":
        (folder / "avdlab.yml").write_text("gns3_endpoints: ceos\n")
    project = Project(folder, gns3_server)
    up = project.data("up", "--backend", "gns3")
    assert up["changed"] == []  # the first deploy finds what the seed brought
    yield project
    project.run("down")
    assert containers(gns3_server) == []
    assert gns3_server.sweep() == []
    assert interfaces() == {"lo"}
    assert not (folder / ".avdlab").exists()


def failed(project, devices):
    """Return (device, test) of what fails in a run of AVD's own tests on these devices."""
    done = project.data("test", "--tests", "avd", "-l", devices, code=None)
    return {(test["device"], test["test"]) for test in done["failed"]}


def until_red(project, device, test, devices):
    """Run the tests until this one fails, as timers expire; return all that fails."""
    deadline = time.monotonic() + 180
    while (device, test) not in (red := failed(project, devices)):
        assert time.monotonic() < deadline
    return red


def test_the_second_up_writes_nothing_on_the_server(ours):
    mark = ours.server.mark()
    again = ours.data("up")
    assert again["changed"] == []
    assert ours.server.writes(mark) == []


def test_status_says_how_to_reach_each_node(ours):
    nodes = {node["name"]: node for node in ours.data("status")["nodes"]}
    assert len(nodes) == (12 if ours.server.line == "3.0" else 7)
    assert {node["state"] for node in nodes.values()} == {"ready"}
    assert nodes["osl-leaf1a"]["eapi"] == "10.90.0.21:443"
    assert nodes["osl-leaf1a"]["auxiliary"].startswith("telnet 127.0.0.1 ")
    assert nodes["osl-leaf1a"]["console"] in ours.run("status")
    shown = ours.run("connect", "osl-leaf1a", "--console", "--show")
    assert shown.startswith("telnet 127.0.0.1 ")


@pytest.mark.line("3.0")
def test_endpoints_bond_and_tag_as_the_design_says(ours):
    """A server with LACP to both leaves of a pair, and addresses in two VLANs on it."""
    bundles = ours.run("exec", "show port-channel dense", "-l", "osl-leaf1a")
    assert "Po5(U)          LACP(a)      Et5(PG+)" in bundles
    known = ours.run("exec", "show ip arp vrf all", "-l", "osl-leaf1a")
    for address in ("10.92.110.103", "10.92.120.102"):  # web1's
        assert address in known


def test_commands_reach_the_nodes_over_eapi_and_ssh(ours):
    answers = ours.run("exec", "show hostname", "-l", "osl-leaf1a")
    assert "osl-leaf1a" in answers
    done = subprocess.run(
        (BINARIES / "avdlab", "connect", "osl-spine1"), cwd=ours.folder, input="show hostname\n",
        capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | {"AVDLAB_GNS3_USER": ours.server.user,
                          "AVDLAB_GNS3_PASSWORD": ours.server.password},
    )  # fmt: skip
    assert "osl-spine1" in done.stdout, done.stderr


def test_two_cables_swapped_on_the_server_turn_lldp_red_and_up_heals_them(ours):
    api, record = Api(ours.server), ours.record
    project, nodes = record["project"], record["nodes"]
    ids = {name: node["id"] for name, node in nodes.items()}

    def ends(link):
        return {(end["node_id"], end["adapter_number"]) for end in link["nodes"]}

    spines = {ids["osl-spine1"], ids["osl-spine2"]}
    cables = [
        link
        for link in api.call("GET", f"/projects/{project}/links")
        if {node for node, _ in ends(link)} & spines
        and {node for node, _ in ends(link)} & {ids["osl-leaf1a"]}
    ]
    assert len(cables) == 2
    (leaf_1, spine_1), (leaf_2, spine_2) = (
        sorted(ends(link), key=lambda end: end[0] in spines) for link in cables
    )
    for link in cables:
        api.call("DELETE", f"/projects/{project}/links/{link['link_id']}")
    for a, b in ((leaf_1, spine_2), (leaf_2, spine_1)):
        body = {"nodes": [{"node_id": n, "adapter_number": x, "port_number": 0} for n, x in (a, b)]}
        api.call("POST", f"/projects/{project}/links", body)
    reasons = {node["name"]: node["reason"] for node in ours.data("status")["nodes"]}
    assert "the design says osl-spine" in reasons["osl-leaf1a"]
    planned = [change["verb"] for change in ours.data("plan")["changes"]]
    assert planned == ["disconnect", "disconnect", "connect", "connect"]
    until_red(ours, "osl-leaf1a", "VerifyLLDPNeighbors", "osl-leaf1a")
    ours.run("up", "--no-test")
    ours.run("test", "--tests", "avd", "-l", "osl-leaf1a", "--wait", "120s")


@pytest.mark.line("3.0")
def test_an_uplink_that_the_design_loses_is_the_only_cable_touched(ours):
    """And the fabric is green, although LLDP remembers the neighbor for a while."""
    nodes = ours.folder / "inventory/group_vars/OSLO/nodes.yml"
    design = nodes.read_text()
    both = "uplink_switch_interfaces: [Ethernet4, Ethernet4]"
    one = (
        "max_uplink_switches: 2",  # the other uplink's addresses follow from it
        "uplink_switches: [osl-spine1]",
        "uplink_switch_interfaces: [Ethernet4]",
    )
    assert both in design
    nodes.write_text(design.replace(both, f"\n{' ' * 10}".join(one)))
    mark = ours.server.mark()
    try:
        changed = ours.data("up")["changed"]
        assert set(changed) == {"osl-leaf2b", "osl-spine2"}
        assert [write.split()[0] for write in ours.server.writes(mark)] == ["DELETE"]
    finally:
        nodes.write_text(design)
        ours.run("up", "--no-test")


def test_a_filter_that_drops_only_bgp_takes_the_sessions_and_leaves_lldp(ours):
    from avdlab.backends.base import LinkEffect, LinkFault
    from avdlab.backends.gns3.backend import Gns3Backend
    from avdlab.overlay.model import LabUser
    from avdlab.settings import Settings

    folder = next(ours.folder.glob(".avdlab/*/gns3")).parent
    login = {"gns3_user": ours.server.user, "gns3_password": ours.server.password}
    backend = Gns3Backend(
        folder, LabUser("", ""), Settings(**login, origin=dict.fromkeys(login, "flag"))
    )
    a, b = "osl-leaf1a:Ethernet1", "osl-spine1:Ethernet1"
    backend.set_link(a, b, LinkFault(LinkEffect.SELECTIVE, ("bgp",)))
    both = "osl-leaf1a,osl-spine1"
    try:
        red = until_red(ours, "osl-leaf1a", "VerifyBGPPeerSession", both)
        assert not {device for device, test in red if test == "VerifyLLDPNeighbors"}
    finally:
        backend.set_link(a, b, None)
    ours.run("test", "--tests", "avd", "-l", both, "--wait", "120s")


def test_a_node_that_a_gns3fy_script_stopped_is_said_and_started_again(ours):
    """The script is as gns3fy's documentation has it, on avdlab's connector."""
    server = Connector(ours.server.url, ours.server.user, ours.server.password)
    lab = gns3fy.Project(project_id=ours.record["project"], connector=server)
    lab.get()
    nodes = {node.name: node for node in lab.nodes}
    assert set(nodes) == {"management", *ours.record["nodes"]}
    nodes["osl-access1"].stop()
    nodes["osl-access1"].start()
    assert nodes["osl-access1"].status == "started"
    nodes["osl-access1"].stop()
    states = {node["name"]: node["state"] for node in ours.data("status")["nodes"]}
    assert states["osl-access1"] == "stopped"
    assert [c["verb"] for c in ours.data("plan")["changes"]] == ["start"]
    ours.run("up", "--no-test")
    ours.run("test", "--tests", "avd", "--wait", "120s")


def test_a_public_fabric_from_nothing_to_green_and_back(gns3_server, fabric_copy):
    inventory = fabric_copy("single-dc-l3ls")
    project = Project(inventory.parent, gns3_server)
    before = set(containers(gns3_server)), interfaces()  # another lab of these suites may run
    try:
        up = project.data("up", "--backend", "gns3")
        assert up["changed"] == []
        mark = gns3_server.mark()
        project.run("up", "--no-test")
        assert gns3_server.writes(mark) == []
    finally:  # its addresses are those of other labs of these suites
        project.run("down")
    assert set(containers(gns3_server)) <= before[0]
    assert interfaces() <= before[1]
