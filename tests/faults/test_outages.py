"""The loss of cables and devices, one at a time: what breaks, what survives."""

from dataclasses import replace

import pytest

from avdlab.events import Reporter
from avdlab.faults.model import BLACKHOLE, DOWN, Fault, Kind
from avdlab.faults.outages import Bench, single_faults
from avdlab.faults.show import as_data, markdown, table
from avdlab.faults.subject import SideSubject
from avdlab.validate.access import in_process
from avdlab.validate.validation import Validation

TESTS = {
    "VerifyBGPPeerSession",
    "VerifyEndpointReachability",
    "VerifyInterfacesStatus",
    "VerifyLLDPNeighbors",
    "VerifyVxlanVniBinding",
}


@pytest.fixture
def subject(side):
    """Our fabric on a twin beside any lab."""
    own = side("own")
    access = in_process(own.twin.devices, own.twin.asker, own.twin.evidence, own.twin.trace)
    configs = {name: device.config for name, device in own.design.configs.devices.items()}
    some = tuple(test for test in own.suite.tests if test.test in TESTS)
    validation = Validation(access, replace(own.suite, tests=some), own.policy, Reporter())
    yield SideSubject(own.twin, configs, validation)
    own.heal()


def cable(side, one, other):
    """Return the fault of the cable between two nodes."""
    for link in side("own").design.topology.links:
        if {link.a.node, link.b.node} == {one, other}:
            return Fault(Kind.LINK, (str(link.a), str(link.b)), DOWN)
    raise LookupError(one, other)


def test_every_cable_and_every_device_once(side):
    topology = side("own").design.topology
    faults = single_faults(topology)
    assert len(faults) == len(set(faults)) == len(topology.links) + len(topology.devices)
    assert all(fault.kind is Kind.NODE for fault in single_faults(topology, links=False))
    assert {f.effect for f in single_faults(topology, nodes=False, cut=BLACKHOLE)} == {BLACKHOLE}


def test_what_a_spare_cable_a_single_cable_and_a_device_do(side, subject):
    uplink = cable(side, "osl-leaf1a", "osl-spine1")
    single = cable(side, "desk1", "osl-access1")
    leaf = Fault(Kind.NODE, ("osl-leaf1a",), "stop")
    found = Bench(subject).measure([uplink, single, leaf])
    spare, alone, stopped = found.outages
    assert found.complete
    assert found.before == ()
    assert (spare.lost, spare.kept) == ((), found.pairs)
    assert {"osl-leaf1a", "osl-spine1"} <= set(spare.devices)
    assert "VerifyInterfacesStatus" in {test.test for test in spare.red}
    assert alone.lost
    assert all("desk1" in {p.source.endpoint, p.to.endpoint} for p in alone.lost)
    assert len(alone.lost) + alone.kept == found.pairs
    assert {"monitor1"} <= {p.source.endpoint for p in stopped.lost} | {
        p.to.endpoint for p in stopped.lost
    }
    assert stopped.elsewhere
    assert all(outage.recovered is not None for outage in found.outages)


def test_the_report_says_it(side, subject):
    found = Bench(subject).measure([cable(side, "desk1", "osl-access1")])
    assert "desk1:eth0 -- osl-access1:Ethernet5 down" in table(found)
    page = markdown(found, "OSLO")
    assert "# Single faults of OSLO" in page
    assert "VerifyEndpointReachability (osl-access1)" in page
    data = as_data(found)
    assert data["faults"][0]["kept"] + len(data["faults"][0]["lost"]) == data["pairs"]


def test_a_fault_that_does_not_heal_ends_it(side, subject, monkeypatch):
    faults = [cable(side, "desk1", "osl-access1"), cable(side, "osl-leaf1a", "osl-spine1")]
    monkeypatch.setattr(SideSubject, "heal", lambda self, fault: None)
    found = Bench(subject).measure(faults)
    assert not found.complete
    assert [outage.recovered for outage in found.outages] == [None]
    assert "never" in table(found)


def test_a_fabric_that_takes_its_time_is_waited_for(side, subject):
    """Carrier is lost late: the clock jumps, and the fault shows at the third look."""
    fault = cable(side, "desk1", "osl-access1")
    late = Late(subject, looks=2)
    time = iter(range(0, 100_000, 5))
    found = Bench(late, settle=12.0, clock=lambda: next(time), pause=lambda _: None)
    outage = found.measure([fault]).outages[0]
    assert outage.lost
    assert outage.settled == 15


class Late:
    """A subject whose faults take effect some looks later."""

    instant = False

    def __init__(self, subject, looks) -> None:
        self._subject = subject
        self._looks = looks
        self._waiting = []

    @property
    def validation(self):
        if self._waiting:
            left, fault = self._waiting.pop()
            if left:
                self._waiting.append((left - 1, fault))
            else:
                self._subject.inject(fault)
        return self._subject.validation

    def inject(self, fault):
        self._waiting.append((self._looks, fault))
        return fault

    def heal(self, fault):
        self._subject.heal(fault)


def test_other_faults_beside_the_lab(side, subject):
    ends = cable(side, "osl-leaf1a", "osl-spine1").target
    faults = {
        Fault(Kind.LINK, ends, "drop", ("bgp",)): "VerifyBGPPeerSession",
        Fault(Kind.LINK, ends, "blackhole"): "VerifyLLDPNeighbors",
        Fault(Kind.CONFIG, ("osl-leaf1a",), "wrong-vni"): "VerifyVxlanVniBinding",
    }
    for outage in Bench(subject).measure(faults).outages:
        assert faults[outage.fault] in {red.test for red in outage.red}
        assert outage.recovered is not None
