"""The rig itself: frames really cross, filters really drop, and nothing is left behind."""

import struct
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.gns3.api import Api, Project
from tests.support.gns3.network import interfaces
from tests.support.gns3.servers import Gns3Server, containers

pytestmark = pytest.mark.line("2.2")  # our ubridge does the same for both lines


@pytest.fixture(scope="module")
def api(gns3_server):
    return Api(gns3_server)


@pytest.fixture(scope="module")
def project(api):
    made = api.project("rig")
    yield made
    made.delete()


@pytest.fixture(scope="module")
def pair(project):
    """Two containers, started, eth1 to eth1, 10.0.0.1 and 10.0.0.2; the link's id comes last."""
    a, b = project.docker("a"), project.docker("b")
    link = project.link((a, 1, 0), (b, 1, 0))
    project.call("POST", "/nodes/start")
    for number, node in enumerate((a, b), start=1):
        until(lambda node=node: not project.shell(node, "ip link show eth1").returncode)
        project.shell(
            node, f"ip addr add 10.0.0.{number}/24 dev eth1; ip link set eth1 up mtu 9500"
        )
    until(lambda: ping(project, a, "-c1"))
    return a, b, link


def until(true, seconds=20.0):
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def ping(project: Project, node: str, how: str) -> bool:
    return not project.shell(node, f"ping {how} -W1 10.0.0.2").returncode


def set_filters(project: Project, link: str, filters: dict[str, list[object]]) -> None:
    project.call("PUT", f"/links/{link}", {"filters": filters})
    if not filters and project.api.server.version.startswith("3.0"):
        project.call("POST", f"/links/{link}/reset")  # 3.0.6 does not clear filters by itself


def test_frames_cross_up_to_9000_octets(project, pair):
    assert ping(project, pair[0], "-c2 -s 8972")


def test_a_filter_that_drops_everything_and_none(project, pair):
    a, _, link = pair
    set_filters(project, link, {"frequency_drop": [-1]})
    assert not ping(project, a, "-c1")
    set_filters(project, link, {})
    assert ping(project, a, "-c2")


def test_bpf_drops_only_what_matches(project, pair):
    a, b, link = pair
    listen = "nc -l -p {0} >/dev/null & "
    dial = "echo x | nc -w1 10.0.0.2 {0}"
    set_filters(project, link, {"bpf": ["tcp port 179"]})
    assert ping(project, a, "-c1")
    project.shell(b, listen.format(179) + listen.format(180))
    assert not project.shell(a, dial.format(180)).returncode
    assert project.shell(a, dial.format(179)).returncode
    set_filters(project, link, {})
    until(lambda: not project.shell(a, dial.format(179)).returncode)


def test_delay_is_added_in_both_directions(project, pair):
    a, _, link = pair
    set_filters(project, link, {"delay": [50, 0]})
    text = project.shell(a, "ping -c3 10.0.0.2").stdout
    set_filters(project, link, {})
    assert float(text.rsplit("=", 1)[1].split("/")[0]) >= 100


def test_packet_loss_loses_some(project, pair):
    a, _, link = pair
    set_filters(project, link, {"packet_loss": [50]})
    text = project.shell(a, "ping -c60 -i0.03 -W1 10.0.0.2").stdout
    set_filters(project, link, {})
    received = int(text.split(" packets received")[0].rsplit(" ", 1)[1])
    assert 2 < received < 40  # a quarter, both directions together


def test_a_suspended_link_carries_nothing(project, pair):
    a, _, link = pair
    project.call("PUT", f"/links/{link}", {"suspend": True})
    assert not ping(project, a, "-c1")
    project.call("PUT", f"/links/{link}", {"suspend": False})
    if project.api.server.version.startswith("3.0"):
        project.call("POST", f"/links/{link}/reset")
    assert ping(project, a, "-c2")


def test_capture_holds_the_frames(project, pair):
    a, _, link = pair
    v2 = project.api.server.line == "2.2"
    project.call("POST", f"/links/{link}/" + ("start_capture" if v2 else "capture/start"),
                 {"capture_file_name": "rig.pcap"})  # fmt: skip
    assert ping(project, a, "-c3")
    project.call("POST", f"/links/{link}/" + ("stop_capture" if v2 else "capture/stop"))
    found = list(project.api.server.projects.rglob("rig.pcap"))
    assert len(found) == 1
    assert len([f for f in frames(found[0]) if f[12:14] == b"\x08\x00" and f[23] == 1]) == 6


def frames(path: Path) -> list[bytes]:
    data, at, found = path.read_bytes(), 24, []
    while at < len(data):
        (size,) = struct.unpack_from("=8xI", data, at)
        found.append(data[at + 16 : at + 16 + size])
        at += 16 + size
    return found


def test_a_link_is_cut_and_made_while_nodes_run(project, pair):
    a, b, link = pair
    project.call("DELETE", f"/links/{link}")
    assert not ping(project, a, "-c1")
    again = project.link((a, 1, 0), (b, 1, 0))
    assert ping(project, a, "-c2")
    project.call("DELETE", f"/links/{again}")


def test_this_machine_reaches_a_node_over_a_cloud(project, management_bridge):
    node, cloud = project.docker("managed"), project.cloud("mgmt", management_bridge, 3)
    project.link((node, 0, 0), (cloud, 0, 2))
    project.call("POST", f"/nodes/{node}/start")
    until(lambda: not project.shell(node, "ip addr add 172.16.1.7/24 dev eth0").returncode)
    reach = ("busybox", "ping", "-c1", "-W1", "172.16.1.7")
    until(lambda: not subprocess.run(reach, capture_output=True, check=False).returncode)
    assert project.call("GET", f"/nodes/{cloud}")["status"] == "started"
    for made in (node, cloud):
        project.call("DELETE", f"/nodes/{made}")


def test_a_stopped_node_answers_nothing_and_comes_back(project):
    a, b = project.docker("c"), project.docker("d")
    project.link((a, 0, 0), (b, 0, 0))
    for node in (a, b):
        project.call("POST", f"/nodes/{node}/start")
    up = "ip addr add 10.0.0.{0}/24 dev eth0"
    until(lambda: not project.shell(a, up.format(1)).returncode)
    until(lambda: not project.shell(b, up.format(2)).returncode)
    until(lambda: ping(project, a, "-c1"))
    project.call("POST", f"/nodes/{b}/stop")
    assert not ping(project, a, "-c1")
    project.call("POST", f"/nodes/{b}/start")
    until(lambda: not project.shell(b, up.format(2)).returncode)
    until(lambda: ping(project, a, "-c1"))


def test_the_log_tells_what_clients_wrote(api, project):
    mark = api.server.mark()
    project.call("GET", "/nodes")
    assert api.server.writes(mark) == []
    project.call("POST", "/drawings", {"svg": "<svg/>", "x": 1, "y": 1})
    assert api.server.writes(mark) == [f"POST {api.server.api}/projects/{project.id}/drawings"]


def test_the_servers_stop_leaves_no_container_and_no_tap(gns3_server, gns3_network, tmp_path):
    other = Gns3Server(gns3_server.line, tmp_path / "second", port=3090)
    other.start()
    before = interfaces()
    mine = Api(other).project("left")
    mine.link((mine.docker("e"), 0, 0), (mine.docker("f"), 0, 0))
    mine.call("POST", "/nodes/start")
    assert len(containers(other)) == 2
    other.stop()
    assert other.sweep() == []
    assert interfaces() == before
