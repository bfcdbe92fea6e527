"""The pair of switches that deployments are tried on."""

import pytest

from avdlab.deploy import deploy
from tests.pair import start


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
def own_twins(tmp_path):
    """A pair for one test that leaves it unusable."""
    made = start(tmp_path)
    yield made
    made.backend.destroy()
