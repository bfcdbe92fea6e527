"""What the machines of a lab can carry, and what people are told before anything is made."""

from typing import Any

import pytest

from avdlab.backends.gns3.model import LOCAL, Compute
from avdlab.backends.gns3.preflight import Findings, check_memory, check_processors
from avdlab.errors import CannotRunError
from tests.backends.gns3.fabrics import chosen

GIGABYTE = 1 << 30


def found(*, free=64, whole=64, nodes=10, here=0, **more: Any):
    computes = {LOCAL: Compute(LOCAL, "gns3-vm", True, whole * GIGABYTE, free * GIGABYTE, **more)}
    findings = Findings()
    check_memory(computes, {LOCAL: nodes}, chosen(), findings)
    check_processors(computes, {LOCAL: nodes}, here, findings)
    return findings


def test_what_the_machine_can_carry_is_not_spoken_of():
    findings = found(processors=8)
    assert (findings.notes, findings.refusals) == ([], [])
    assert found(nodes=0, here=1).notes == []


def test_more_than_the_memory_there_is_is_refused_and_more_than_is_free_is_said():
    with pytest.raises(CannotRunError, match=r"10 nodes need about 14\.6 GB, gns3-vm has 8\.0 GB"):
        found(whole=8, free=6).check()
    assert found(free=6).notes == ["10 nodes need about 14.6 GB, gns3-vm has 6.0 GB free"]


@pytest.mark.parametrize(
    ("processors", "here", "said"), [(2, 0, 2), (0, 2, 2), (3, 2, 0), (0, 0, 0)]
)
def test_many_nodes_on_few_processors_are_said(processors, here, said):
    notes = found(processors=processors, here=here).notes
    assert [f"10 nodes boot on {said} processors" in note for note in notes] == [True] * bool(said)


def test_a_disk_that_is_nearly_full_is_said():
    assert found(disk=97.0).notes == ["the disk of gns3-vm is 97 % full"]
    assert found(disk=94.0).notes == []
