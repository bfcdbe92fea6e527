"""The engine against the reference of tests/twin/naive.py: generated fabrics, recorded labs.

tests/acceptance/test_fabric_configs.py compares the fabrics of the public data and our own.
"""

import pytest

from avdlab.backends.twin.replay import replay
from avdlab.compare.recording import Recording
from avdlab.twin.fabric.inputs import Cable, Faults, Plug
from benchmarks.l3ls import Plan, boot
from tests.twin.naive import check


@pytest.mark.parametrize("plan", [Plan(2, 4, vrfs=2, vlans=2), Plan(3, 2, vrfs=1, vlans=1)])
def test_engine_equals_the_reference(plan):
    fabric = boot(plan)
    found = check(fabric)
    assert found.entries >= 100
    assert not found.wrong, "\n".join(found.wrong[:10])


def test_engine_equals_the_reference_after_a_cut():
    fabric = boot(Plan(2, 4))
    assert fabric.state.converged
    wire = Cable.between(Plug("leaf1a", "Ethernet1"), Plug("spine1", "Ethernet1"))
    fabric.set_faults(Faults(cut=frozenset({wire})))
    assert not check(fabric).wrong


def test_engine_equals_the_reference_on_recorded_labs(data):
    """Policies that no design of AVD has: weights, private AS numbers, aggregates, filters."""
    wrong = []
    for folder in sorted(data("oracle").glob("*/configs")):
        found = check(replay(Recording.open(folder.parent)).fabric)
        assert found.entries, folder
        wrong += found.wrong
    assert not wrong, "\n".join(wrong[:5])
