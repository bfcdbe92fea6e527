"""Faults on a running lab: recorded before they happen, healed whatever happens."""

import json

import pytest

from avdlab.backends.base import Capability
from avdlab.backends.eapi import run_commands
from avdlab.errors import CannotRunError
from avdlab.events import Reporter
from avdlab.faults.inject import LabFaults
from avdlab.faults.parse import parse
from avdlab.lab import Lab
from avdlab.settings import Settings

CABLE = "link leaf1:Ethernet1"


@pytest.fixture
def lab(lab_of_a_pair):
    return Lab(lab_of_a_pair, Settings(), Reporter())


@pytest.fixture
def faults(lab):
    return LabFaults(lab)


def asked(lab, text):
    return parse(text.split(), lab.topology())


def neighbors(lab):
    target = next(t for t in lab.targets() if t.device == "leaf1")
    lldp, bgp = run_commands(target, ["show lldp neighbors", "show ip bgp summary"])
    peers = bgp["vrfs"]["default"]["peers"]
    return bool(lldp["lldpNeighbors"]), {p["peerState"] for p in peers.values()} == {"Established"}


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (f"{CABLE} down", (False, False)),
        (f"{CABLE} blackhole", (False, False)),
        (f"{CABLE} drop bgp", (True, False)),
        (f"{CABLE} drop lldp", (False, True)),
    ],
)
def test_a_fault_does_what_it_says_and_heals(lab, faults, fault, seen):
    assert neighbors(lab) == (True, True)
    faults.add(asked(lab, fault))
    assert neighbors(lab) == seen
    assert faults.heal()
    assert neighbors(lab) == (True, True)
    assert faults.active == ()


def test_a_cable_has_one_fault_at_a_time(lab, faults):
    faults.add(asked(lab, f"{CABLE} down"))
    faults.add(asked(lab, f"{CABLE} drop lldp"))
    assert [f.effect for f in faults.active] == ["drop"]
    assert neighbors(lab) == (False, True)
    faults.heal()


def interrupted(lab, faults):
    with faults.healing():
        faults.add(asked(lab, "node leaf2 stop"))
        raise KeyboardInterrupt


def test_what_was_there_before_is_left_alone(lab, faults):
    faults.add(asked(lab, f"{CABLE} drop lldp"))
    with pytest.raises(KeyboardInterrupt):
        interrupted(lab, faults)
    assert [str(f) for f in faults.active] == ["link leaf1:Ethernet1 -- leaf2:Ethernet1 drop lldp"]
    assert all(s.state == "ready" for s in lab.status())
    faults.heal()


def test_a_flap_ends_with_the_cable_up(lab, faults):
    pauses = []
    faults.flap(asked(lab, f"{CABLE} down"), count=3, period=2.0, pause=pauses.append)
    assert pauses == [1.0] * 6
    assert faults.active == ()
    assert neighbors(lab) == (True, True)


def test_a_fault_survives_the_process_that_made_it(lab, faults):
    faults.add(asked(lab, f"{CABLE} drop bgp"))
    again = LabFaults(Lab(lab.folder, Settings(), Reporter()))
    assert [f.effect for f in again.active] == ["drop"]
    again.heal()
    assert neighbors(lab) == (True, True)


def test_what_a_backend_cannot_do_is_refused_before_anything_happens(lab, faults, monkeypatch):
    backend = type(lab.backend)
    few = frozenset({Capability.LINK_BLACKHOLE})
    monkeypatch.setattr(backend, "capabilities", few)
    with pytest.raises(CannotRunError, match=r"cannot do 'down'.*It can: blackhole"):
        faults.add(asked(lab, f"{CABLE} down"))
    assert faults.active == ()


def test_the_record_is_readable(lab, faults):
    faults.add(asked(lab, f"{CABLE} drop bgp"))
    data = json.loads((lab.folder.path / "faults.json").read_text())
    assert data["faults"][0]["drop"] == ["bgp"]
    faults.heal()
