"""pytest fixtures of the GNS3 suites: `from tests.support.gns3.fixtures import *` in a conftest.

`gns3_network` puts the test process in a network of its own; `gns3_server` runs one server of each
line in it, one after the other, for the whole package; `management_bridge` is a Linux bridge for a
cloud node; `second_compute` another server of the same version.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gns3.network import far_network, linux_bridge, own_network
from tests.support.gns3.servers import LINES, Gns3Server, gns3_servers, missing

__all__ = ("gns3_network", "gns3_server", "management_bridge", "second_compute")


@pytest.fixture(scope="package")
def gns3_network() -> Iterator[None]:
    """A network namespace of the tests' own, with nothing in it but loopback."""
    reason = missing()
    if reason:
        # A run that was told to have everything must not pass by skipping.
        (pytest.fail if os.environ.get("AVDLAB_GNS3_TESTS") == "required" else pytest.skip)(reason)
    with own_network():
        yield


@pytest.fixture(scope="package", params=LINES)
def gns3_server(
    request: pytest.FixtureRequest, gns3_network: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gns3Server]:
    """A running gns3-server of each line."""
    server = Gns3Server(request.param, tmp_path_factory.mktemp(f"gns3-{request.param}-"))
    with gns3_servers([server]):
        yield server


@pytest.fixture
def management_bridge(gns3_network: None) -> Iterator[str]:
    """A Linux bridge in which this machine is 172.16.1.1/24."""
    with linux_bridge("avdlab0", "172.16.1.1/24") as name:
        yield name


@pytest.fixture
def second_compute(gns3_server: Gns3Server, tmp_path: Path) -> Iterator[Gns3Server]:
    """Another server of the same version, to be added as a compute of the first.

    It runs in a network of its own, with a cable to this one.
    """
    here, there = "10.255.255.2/24", "10.255.255.1/24"
    with far_network(here, there) as process:
        other = Gns3Server(
            gns3_server.line, tmp_path / "compute", host=there.partition("/")[0], port=3081,
            network_of=process,
        )  # fmt: skip
        with gns3_servers([other]):
            yield other
