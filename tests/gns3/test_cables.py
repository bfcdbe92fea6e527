"""Faults, impairments and captures on real links, measured by frames."""

import subprocess

import pytest

from avdlab.backends.base import Impairment, LinkEffect, LinkFault
from avdlab.errors import CannotRunError, InputError
from tests.backends.gns3.fabrics import fabric
from tests.gns3.labs import BusyboxLab
from tests.support.rack import until

LEAF, SPINE = "LEAF_1:Ethernet1", "SPINE_1:Ethernet1"
LISTENS = "netstat -ltn | grep ':%d '"


@pytest.fixture(scope="module")
def lab(gns3_server, tmp_path_factory):
    made = BusyboxLab(tmp_path_factory.mktemp("cables") / "lab", gns3_server)
    made.booted(fabric(leaves=1, spines=1))
    for device, address in (("LEAF_1", "10.0.0.1"), ("SPINE_1", "10.0.0.2")):
        shell(made, device, f"ip address add {address}/24 dev eth1")
    yield made
    made.down()


@pytest.fixture
def backend(lab):
    made = lab.backend()
    yield made
    made.set_link(LEAF, SPINE, None)
    made.impair(LEAF, SPINE, None)
    until(lambda: pings(lab) == 1)


def shell(lab, device, command):
    container = f"GNS3.{lab.record.nodes[device].name}.{lab.record.project}"
    return subprocess.run(
        ("docker", "exec", container, "sh", "-c", command),
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def pings(lab, count=1, wait=3):
    """Return how many answers come to pings from the leaf to the spine."""
    said = shell(lab, "LEAF_1", f"ping -c {count} -w {wait} 10.0.0.2")
    return int(said.partition(" packets received")[0].split()[-1]) if "received" in said else 0


def pinged(lab):
    """Return the shortest and the mean time, in ms, of pings from the leaf to the spine."""
    said = shell(lab, "LEAF_1", "ping -c 2 -w 60 10.0.0.2")
    shortest, mean, _ = said.rpartition("=")[2].split("/")
    return float(shortest), float(mean)


def connects(lab, port):
    """Return whether a TCP connection from the leaf to a listener on the spine comes about."""
    until(lambda: shell(lab, "SPINE_1", f"(nc -l -p {port} >/dev/null &) ; {LISTENS % port}"))
    return "through" in shell(lab, "LEAF_1", f"echo x | nc -w 2 10.0.0.2 {port} && echo through")


def carrier(lab):
    return shell(lab, "LEAF_1", "cat /sys/class/net/eth1/carrier").strip()


def test_a_blackhole_swallows_everything_and_leaves_the_carrier(lab, backend):
    backend.set_link(LEAF, SPINE, LinkFault(LinkEffect.BLACKHOLE))
    assert pings(lab) == 0
    assert carrier(lab) == "1"
    assert "Ethernet1 is suspended" in lab.reasons()["LEAF_1"]
    backend.set_link(SPINE, LEAF, None)  # the order of the ends does not matter
    until(lambda: pings(lab) == 1)
    assert "suspended" not in lab.reasons()["LEAF_1"]


def test_a_selective_fault_drops_one_protocol_only(lab, backend):
    backend.set_link(LEAF, SPINE, LinkFault(LinkEffect.SELECTIVE, ("bgp",)))
    until(lambda: connects(lab, 80))
    assert not connects(lab, 179)
    until(lambda: pings(lab) == 1)
    backend.set_link(LEAF, SPINE, None)
    until(lambda: connects(lab, 179))


@pytest.mark.line("3.0")
def test_a_delay_counts_twice_for_a_round_trip(lab, backend):
    backend.impair(LEAF, SPINE, Impairment(delay_ms=100))
    assert pinged(lab)[1] > 195
    backend.impair(LEAF, SPINE, None)
    until(lambda: pinged(lab)[0] < 100)


@pytest.mark.line("3.0")
def test_a_fault_and_an_impairment_do_not_undo_each_other(lab, backend):
    backend.impair(LEAF, SPINE, Impairment(loss_percent=100))
    backend.set_link(LEAF, SPINE, LinkFault(LinkEffect.SELECTIVE, ("lldp",)))
    assert pings(lab, wait=2) == 0
    backend.set_link(LEAF, SPINE, None)
    backend.impair(LEAF, SPINE, Impairment(corrupt_percent=100))  # in place of the loss
    assert pings(lab, wait=2) == 0
    backend.impair(LEAF, SPINE, None)
    until(lambda: pings(lab) == 1)


@pytest.mark.line("3.0")
def test_what_gns3_cannot_do_is_refused(backend):
    with pytest.raises(CannotRunError, match="cannot take the carrier"):
        backend.set_link(LEAF, SPINE, LinkFault(LinkEffect.CARRIER))
    with pytest.raises(InputError, match="no protocol 'dns' to drop"):
        backend.set_link(LEAF, SPINE, LinkFault(LinkEffect.SELECTIVE, ("dns",)))
    with pytest.raises(InputError, match="is no port of the lab"):
        backend.set_link("LEAF_9:Ethernet1", SPINE, None)
    with pytest.raises(InputError, match="there is no cable"):
        backend.set_link("LEAF_1:Ethernet47", SPINE, None)


def test_a_capture_holds_the_frames_of_its_time(lab, backend):
    backend.start_capture(LEAF, SPINE)
    assert pings(lab, count=3, wait=60) == 3
    data = backend.stop_capture(LEAF, SPINE)
    assert data[:4] in {b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4"}
    assert data.count(bytes([10, 0, 0, 1, 10, 0, 0, 2])) >= 3
    with pytest.raises(CannotRunError, match="not being captured"):
        backend.stop_capture(LEAF, SPINE)


def test_a_capture_is_followed_as_it_grows_and_ends_with_its_reader_or_its_time(lab, backend):
    pieces = backend.follow(LEAF, SPINE, 120.0)
    data = next(pieces)
    assert pings(lab, count=2, wait=60) == 2
    while data.count(bytes([10, 0, 0, 1, 10, 0, 0, 2])) < 2:
        data += next(pieces)
    pieces.close()
    with pytest.raises(CannotRunError, match="not being captured"):
        backend.stop_capture(LEAF, SPINE)
    assert b"".join(backend.follow(LEAF, SPINE, 2.0))[:4] == data[:4]


def test_consoles_answer(lab, backend):
    target = backend.console("LEAF_1")
    assert target.host == "127.0.0.1"
    assert target.port
    assert target.auxiliary
