"""The GNS3 suites run against real servers; tests/support/gns3/README.md says how."""

import pytest

from tests.gns3.labs import node_image
from tests.support.gns3.fixtures import *  # noqa: F403


@pytest.fixture(scope="package", autouse=True)
def _node_image(gns3_network):
    """The image that labs of these suites run in place of cEOS."""
    node_image()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each server line to one worker (`--dist loadgroup`): it starts one server then."""
    for item in items:
        line = getattr(item, "callspec", None) and item.callspec.params.get("gns3_server")
        if line:
            item.add_marker(pytest.mark.xdist_group(f"gns3-{line}"))
