"""A running lab of two switches, one for the tests of a module."""

import pytest

from tests.pair import running_lab


@pytest.fixture(scope="module")
def lab_of_a_pair(tmp_path_factory):
    """A project folder with a running lab in it."""
    with running_lab(tmp_path_factory.mktemp("faults")) as folder:
        yield folder
