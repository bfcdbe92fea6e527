"""A shell on one node without a socket, and the running twin of tests/twin/eapi."""

import importlib.util
import sys

import pytest

from avdlab.twin.cli.node import Node
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.ssh.shell import Shell

CONFIG = """\
hostname leaf1
aaa authorization exec default local
username arista privilege 15 secret 0 arista
banner motd
Welcome
EOF
interface Ethernet1
   description uplink
interface Management0
   ip address 172.16.0.1/24
"""


@pytest.fixture
def make_shell():
    """Makes shells; `extra` lines are added to the configuration."""

    def make(extra="", *, privilege=15, height=0):
        fabric = Fabric("test", {"leaf1": identity("test", "leaf1")}, lambda: 1000.0)
        fabric.set_wiring([], {})
        node = Node("leaf1", CONFIG + extra, {}, fabric, lambda: 1000.0)
        node.sync()
        return Shell(node, UserSettings("arista", privilege, None), height)

    return make


@pytest.fixture
def shell(make_shell):
    opened = make_shell()
    opened.start()
    return opened


def _eapi_lab(repository):
    path = repository / "tests" / "twin" / "eapi" / "conftest.py"
    spec = importlib.util.spec_from_file_location("eapi_lab", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["eapi_lab"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lab(repository, tmp_path_factory):
    """A running twin of two switches."""
    twin = _eapi_lab(repository).make(tmp_path_factory.mktemp("ssh"))
    twin.write()
    try:
        yield twin.start()
    finally:
        twin.stop()


@pytest.fixture
def own_lab(repository, tmp_path):
    """A running twin for one test that powers it off."""
    twin = _eapi_lab(repository).make(tmp_path / "twin")
    twin.write()
    try:
        yield twin.start()
    finally:
        twin.stop()
