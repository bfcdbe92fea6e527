"""The clock of a twin lab: chosen when it is made, changed by another `up`."""

import json

import pytest

from avdlab.backends.base import Capability, LabSpec
from avdlab.backends.twin.backend import TwinBackend
from avdlab.errors import InputError
from avdlab.overlay.model import LabUser
from avdlab.topology.model import Topology

USER = LabUser("lab", "secret")


def made_with(folder, clock):
    (folder / "twin").mkdir()
    text = json.dumps({"schema_version": 1, "nodes": {}, "links": [], "clock": clock})
    (folder / "twin" / "fabric.json").write_text(text)


def test_an_unknown_clock_is_refused(tmp_path):
    with pytest.raises(InputError, match="no clock 'soon'"):
        TwinBackend(tmp_path, USER, clock="soon")


def test_only_the_instant_clock_is_at_once(tmp_path):
    assert Capability.INSTANT in TwinBackend(tmp_path, USER).capabilities
    made_with(tmp_path, "realistic")
    assert Capability.INSTANT not in TwinBackend(tmp_path, USER).capabilities


@pytest.mark.parametrize(("clock", "changes"), [("", 0), ("realistic", 0), ("instant", 1)])
def test_a_lab_keeps_its_clock_until_another_one_is_asked_for(tmp_path, clock, changes):
    made_with(tmp_path, "realistic")
    spec = LabSpec("lab", tmp_path, Topology("lab", {}, ()), {}, USER)
    planned = TwinBackend(tmp_path, USER, clock=clock).plan(spec).changes
    assert sum(change.what == "the clock" for change in planned) == changes
