"""Every configuration fault changes a text that the twin still takes, and only that."""

import pytest

from avdlab.faults.catalog import CONFIG_FAULTS
from avdlab.faults.edits import Target
from avdlab.faults.mutation import ROWS
from avdlab.faults.text import ConfigText

_WAN = {fault.name for fault in CONFIG_FAULTS.values() if fault.row == 39}
_IGP = {"ospf-area", "ospf-lost", "isis-key", "isis-off"}
ELSEWHERE = {"acl-gone", "segment-mismatch", *_IGP, *_WAN}


def edits(side, name):
    for device in side.suite.intent.devices.values():
        target = Target(side.suite.intent, device, ConfigText(side.config(device.name)))
        for edit in CONFIG_FAULTS[name].find(target):
            yield device.name, edit


@pytest.mark.parametrize("name", sorted(CONFIG_FAULTS))
def test_a_fault_has_places_on_our_fabric(side, name):
    found = list(edits(side("own"), name))
    assert bool(found) == (name not in ELSEWHERE)
    for device, edit in found:
        assert edit.text != side("own").config(device)
        assert edit.what


@pytest.mark.parametrize("name", sorted(set(CONFIG_FAULTS) - ELSEWHERE))
def test_the_device_takes_the_text(side, name):
    own = side("own")
    device, edit = next(edits(own, name))
    try:
        own.twin.boot(device, edit.text)  # raises where a line is rejected
    finally:
        own.heal()


def test_every_fault_belongs_to_a_class_and_has_its_own_name():
    assert {fault.row for fault in CONFIG_FAULTS.values()} <= set(ROWS)
    assert all(fault.title and name == fault.name for name, fault in CONFIG_FAULTS.items())
