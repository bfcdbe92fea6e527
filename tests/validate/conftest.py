"""The pair of switches that validations are tried on."""

import pytest

from avdlab.deploy import deploy
from tests.pair import running_lab, start


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
    """A project folder with a running lab in it."""
    with running_lab(tmp_path) as folder:
        yield folder
