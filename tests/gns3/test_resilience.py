"""What goes wrong ends in one clear line, and the next `up` goes on."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from avdlab.backends.base import NodeState
from avdlab.backends.gns3 import orphans
from avdlab.backends.gns3.errors import ConflictError, Gns3Error, LoginError, NoAnswerError
from avdlab.backends.gns3.server import Server
from avdlab.backends.ready import wait_ready
from avdlab.errors import BackendError, CannotRunError, NotReadyError
from avdlab.events import Reporter
from tests.backends.gns3.fabrics import fabric
from tests.gns3 import killed
from tests.gns3.labs import BusyboxLab, Listener, taken_down
from tests.support.gns3.api import Api
from tests.support.gns3.network import run
from tests.support.gns3.servers import Gns3Server, containers, gns3_servers

PAIR = fabric(leaves=1, spines=1)


@pytest.fixture
def lab(gns3_server, tmp_path):
    with taken_down(BusyboxLab(tmp_path / "lab", gns3_server)) as made:
        yield made


def whole(lab, topology=PAIR):
    """Assert that the lab is as its topology says, with nothing beside it."""
    assert lab.plan(topology) == []
    assert len(containers(lab.server)) == len(topology.nodes)
    links = Api(lab.server).call("GET", f"/projects/{lab.record.project}/links")
    assert len(links) == len(topology.links) + len(topology.nodes)  # and the management ports


def test_up_killed_after_every_step_goes_on_and_ends_whole(lab, gns3_server):
    """One step further in each run: at least ten kills between nothing and a running lab."""
    done = subprocess.run(
        (sys.executable, "-m", "tests.gns3.killed", gns3_server.line, str(lab.folder),
         str(gns3_server.port)),
        capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) >= 10
    whole(lab, killed.FABRIC)
    lab.booted(killed.FABRIC)


class Killed(Exception):
    """Ends an `up` as a signal does: what it asked of the server goes on."""


def test_a_node_that_the_server_still_makes_for_a_killed_up(lab, gns3_server, monkeypatch):
    """The request of the first `up` and that of the next one are under way at the same time."""
    lab.up(fabric(leaves=0, spines=1))
    begun, go, ended = threading.Event(), threading.Event(), threading.Event()
    create = Server.create_node

    def killed_while_it_asks(server, project, body):
        def ask():
            create(server, project, body)
            ended.set()

        monkeypatch.setattr(Server, "create_node", create)
        begun.set()
        assert go.wait(60)
        threading.Thread(target=ask).start()
        time.sleep(0.02)  # the first request is the first to arrive
        raise Killed

    def first() -> None:
        with pytest.raises(Killed):
            lab.up(PAIR)

    monkeypatch.setattr(Server, "create_node", killed_while_it_asks)
    dying = threading.Thread(target=first)
    dying.start()
    assert begun.wait(60)
    backend = lab.backend()
    plan = backend.plan(lab.spec(PAIR))
    go.set()
    dying.join()
    backend.apply(plan, Listener())
    assert ended.wait(60)
    lab.up(PAIR)
    whole(lab)


class Switch(Listener):
    """Does something when a step of this kind is reported."""

    def __init__(self, word, action) -> None:
        super().__init__()
        self.word, self.action = word, action
        self.done = threading.Lock()

    def stage_progress(self, stage, done, total, item=""):
        if self.word in item and self.done.acquire(blocking=False):
            self.action()


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("create", marks=pytest.mark.line("2.2")),
        pytest.param("connect", marks=pytest.mark.line("3.0")),
        pytest.param("files", marks=pytest.mark.line("2.2")),
        "start",  # containers run by then: 2.2 takes them up, 3.0 leaves them
    ],
)
def test_a_server_that_dies_during_up_and_comes_back(lab, gns3_server, when):
    lab.listener = Switch(when, gns3_server.kill)
    with pytest.raises(NoAnswerError) as caught:
        lab.up(PAIR)
    assert "no GNS3 server answers" in str(caught.value)
    assert caught.value.exit_code == 7
    gns3_server.start()
    lab.listener = Listener()
    lab.up(PAIR)
    whole(lab)
    lab.booted(PAIR)


def test_a_server_that_was_restarted_in_order_has_the_lab_again(lab, gns3_server):
    lab.up(PAIR)
    gns3_server.stop()
    with pytest.raises(NoAnswerError):
        lab.backend().status()
    gns3_server.start()
    assert set(lab.states().values()) == {"stopped"}
    changes = lab.up(PAIR)
    assert changes[0] == "open project lab (the server has it closed)"
    assert sorted(changes[1:]) == ["start node LEAF_1", "start node SPINE_1"]
    whole(lab)


@pytest.mark.line("3.0")
def test_a_crashed_server_leaves_nothing_after_down(lab, gns3_server, monkeypatch):
    """Where Docker is not ours to ask, `down` says what has to be removed before."""
    lab.up(PAIR)
    gns3_server.kill()
    gns3_server.start()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(orphans, "allowed", lambda: False)
        with pytest.raises(ConflictError, match=r"docker rm -f \$\(docker ps .*then: avdlab down"):
            lab.down()
    lab.down()
    assert containers(gns3_server) == []


@pytest.mark.line("2.2")
def test_a_full_disk(gns3_network, gns3_server, tmp_path):
    with small_disk(tmp_path / "disk") as folder:
        server = Gns3Server(gns3_server.line, folder, port=3090, console_ports=(12000, 13000))
        with gns3_servers([server]):
            lab = BusyboxLab(tmp_path / "lab", server)
            filler = folder / "filler"
            fill(filler, 40_000)
            with pytest.raises(Gns3Error) as caught:
                lab.up(PAIR)
            assert "Free space on the GNS3 server" in str(caught.value)
            filler.unlink()
            lab.up(PAIR)
            whole(lab)
            lab.down()
            assert server.sweep() == []


def fill(file, left):
    """Fill the disk of a file with it, but for some octets."""
    with file.open("wb", buffering=0) as stream:
        with suppress(OSError):
            while True:
                stream.write(bytes(4096))
        stream.truncate(stream.tell() - left)


@contextmanager
def small_disk(folder):
    folder.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        run("umount", str(folder))


@pytest.mark.line("3.0")
def test_a_node_that_never_boots(lab):
    """Its container runs and its NICs are there; no address ever answers: the reason says so."""
    lab.booted(PAIR)
    backend = lab.backend()
    targets = [backend.address(name) for name in ("LEAF_1", "SPINE_1")]
    with pytest.raises(NotReadyError) as caught:
        wait_ready(targets, statuses=backend.status, reporter=Reporter(), timeout=3)
    assert "LEAF_1: its NICs are there, 172.16.1.21 does not answer yet" in str(caught.value)
    assert caught.value.exit_code == 6


def test_refusals_come_before_anything_is_made(lab, gns3_server):
    mark = gns3_server.mark()
    with pytest.raises(CannotRunError) as caught:
        lab.plan(PAIR, gns3_image="ceos:4.99.9F")
    assert str(caught.value) == (
        "the image ceos:4.99.9F is not on compute local. Import it there: docker import --change "
        "'VOLUME /mnt/flash' cEOS64-lab-4.99.9F.tar.xz ceos:4.99.9F"
    )
    with pytest.raises(CannotRunError, match=r"the server has no cEOS image\. Import one there"):
        lab.plan(PAIR, gns3_image="")
    with pytest.raises(LoginError, match="wrong user or password"):
        lab.plan(PAIR, gns3_password="nonsense")
    with pytest.raises(CannotRunError, match=r"need about .* GB in all"):
        lab.plan(PAIR, gns3_memory=900_000)
    with pytest.raises(CannotRunError, match=r"the server has no compute .elsewhere."):
        lab.plan(PAIR, gns3_placement="LEAF*=elsewhere")
    Api(gns3_server).project("lab")
    with pytest.raises(CannotRunError, match="a project 'lab' that this lab did not make"):
        lab.plan(PAIR)
    assert [w for w in gns3_server.writes(mark) if not w.endswith("/projects")] == []
    assert not (lab.folder / "gns3").exists()
    api = Api(gns3_server)
    for project in api.call("GET", "/projects"):
        api.call("DELETE", f"/projects/{project['project_id']}")


@pytest.mark.line("2.2")
def test_a_bridge_that_goes_away_is_made_and_plugged_again(lab):
    lab.up(PAIR)
    before = plugged()
    assert len(before) == 2
    run("ip", "link", "delete", "avdlab0")
    states = {status.node: status.state for status in lab.backend().status()}
    assert set(states.values()) <= {NodeState.NICS, NodeState.RUNNING}
    changes = lab.plan(PAIR)
    assert changes[0] == "run ip link add name avdlab0 type bridge"
    assert changes[-1].startswith("connect the management ports again")
    lab.up(PAIR)
    assert len(plugged()) == 2
    assert lab.up(PAIR) == []


def plugged():
    """Return the taps in the management bridge."""
    return run("ip", "-br", "link", "show", "master", "avdlab0").split("\n")[:-1]


@pytest.mark.line("2.2")
def test_an_address_of_this_machine_in_the_management_network_is_not_taken_over(lab):
    run("ip", "link", "add", "name", "office", "type", "bridge")
    run("ip", "address", "add", "172.16.1.7/16", "dev", "office")
    try:
        with pytest.raises(CannotRunError, match=r"this machine is 172\.16\.1\.7/16 on office"):
            lab.plan(PAIR)
    finally:
        run("ip", "link", "delete", "office")


@pytest.mark.line("2.2")
def test_a_node_of_another_name_owner_is_not_renamed_in_silence(lab, gns3_server):
    """Both servers rename a second LEAF-1 without a word."""
    lab.up(fabric(leaves=0, spines=1))
    body = {
        "name": "LEAF-1", "node_type": "vpcs", "compute_id": "local", "properties": {},
        "console_type": "telnet",
    }  # fmt: skip
    api = Api(gns3_server)
    theirs = api.call("POST", f"/projects/{lab.record.project}/nodes", body)["node_id"]
    with pytest.raises(BackendError, match="the project has a LEAF-1 already"):
        lab.up(PAIR)
    api.call("DELETE", f"/projects/{lab.record.project}/nodes/{theirs}")
    lab.up(PAIR)
    whole(lab)
