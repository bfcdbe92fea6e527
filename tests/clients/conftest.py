"""A twin of two switches for clients that we did not write.

NAPALM, netmiko and scrapli are imported where requirements-clients.txt is installed; Ansible
runs from an environment of its own, named by AVDLAB_ANSIBLE_BIN.
"""

import importlib.util
import sys

import pytest


def _lab_module(repository):
    """The twin of tests/twin/eapi."""
    path = repository / "tests" / "twin" / "eapi" / "conftest.py"
    spec = importlib.util.spec_from_file_location("eapi_lab", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["eapi_lab"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lab(repository, tmp_path_factory):
    """A running twin, one for each client; `pending` tells which sessions are left."""
    twin = _lab_module(repository).make(tmp_path_factory.mktemp("clients"))
    twin.write()
    try:
        yield twin.start()
    finally:
        twin.stop()


@pytest.fixture
def pending(lab):
    """Ask which configuration sessions of leaf1 are pending."""

    def ask():
        rows = lab.run("leaf1", "show configuration sessions")[0]["sessions"]
        return [name for name, row in rows.items() if row["state"].startswith("pending")]

    return ask
