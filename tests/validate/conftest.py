"""The pair of switches that validations are tried on."""

import json

import pytest

from avdlab.deploy import deploy
from avdlab.state import LabFolder, LabState, write_private
from tests.pair import USER, start


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A pair for the tests of a module."""
    made = start(tmp_path_factory.mktemp("pair"))
    yield made
    made.backend.destroy()


@pytest.fixture
def twins(pair):
    """The pair of the module, with its first configurations."""
    deploy(pair.targets, pair.configs)
    return pair


@pytest.fixture
def lab_of_a_pair(tmp_path):
    """A project folder with a running lab in it, as `up` leaves it."""
    folder = LabFolder(tmp_path / ".avdlab" / "pair")
    folder.create()
    folder.password(USER.password)
    folder.save(LabState("pair", "twin", "", user=USER.name))
    made = start(folder.path)
    write_private(folder.path / "groups.json", json.dumps({"leaf1": [], "leaf2": []}))
    yield folder
    made.backend.destroy()
