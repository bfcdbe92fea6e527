"""A running lab of two switches, one for the tests of a module."""

import json

import pytest

from avdlab.state import LabFolder, LabState, write_private
from avdlab.topology.files import to_json
from tests.pair import USER, start, topology


@pytest.fixture(scope="module")
def lab_of_a_pair(tmp_path_factory):
    """A project folder with a running lab in it, as `up` leaves it."""
    folder = LabFolder(tmp_path_factory.mktemp("faults") / ".avdlab" / "pair")
    folder.create()
    folder.password(USER.password)
    folder.save(LabState("pair", "twin", "", user=USER.name))
    made = start(folder.path)
    write_private(folder.topology, to_json(topology()))
    write_private(folder.path / "groups.json", json.dumps({"leaf1": [], "leaf2": []}))
    yield folder
    made.backend.destroy()
