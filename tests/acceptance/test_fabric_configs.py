"""Every configuration that pyavd renders, on every fabric (checks 39 and 40 of docs/clients.md)."""

import os
from pathlib import Path

import pytest

from avdlab.backends.twin.description import links
from avdlab.design import Source, design, prepare
from avdlab.events import Reporter
from avdlab.net.ceos import refusal
from avdlab.overlay import overlay
from avdlab.overlay.model import LabUser
from avdlab.overlay.profile import CEOS
from avdlab.twin.config.canonical import running_text
from avdlab.twin.config.diff import session_diff
from avdlab.twin.config.loader import load
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.wiring import read_wiring
from tests.twin.naive import check
from tests.wide import write_inventory


def fabrics():
    """Name the fabrics that are here; all tests of one go to one worker, which renders it once."""
    here = Path(__file__).resolve().parents[2]
    root = Path(os.environ.get("AVDLAB_DATA", here.parent / "shared")) / "fabrics"
    names = sorted(path.name for path in root.glob("*") if (path / "inventory.yml").exists())
    for name in ("own", "wide", *names):
        yield pytest.param(name, marks=pytest.mark.xdist_group(f"rendered-{name}"))


def pytest_generate_tests(metafunc):
    if "prepared" in metafunc.fixturenames:
        metafunc.parametrize("prepared", list(fabrics()), indirect=True, scope="module")


@pytest.fixture(scope="module")
def prepared(request, data, repository, tmp_path_factory):
    """A fabric, read and rendered."""
    if request.param == "own":
        path = repository / "inventory" / "inventory.yml"
    elif request.param == "wide":
        path = write_inventory(tmp_path_factory.mktemp("wide"))
    else:
        path = data(f"fabrics/{request.param}") / "inventory.yml"
    return prepare(Source(path), Reporter(), check=True)


@pytest.fixture(scope="module")
def fabric(prepared):
    """All devices of a fabric, rendered."""
    assert prepared.rendered is not None
    assert prepared.rendered.devices
    return prepared.rendered


def test_check_39_flat_and_indented_text_are_the_same_tree(fabric):
    for name, device in fabric.devices.items():
        indented = load(device.config)
        assert indented.rejected == (), name
        text = "\n".join(line.strip() for line in device.config.splitlines())
        assert load(text).config == indented.config, name
        without = "\n".join(line for line in text.splitlines() if not line.startswith("!"))
        assert load(without).config == indented.config, name  # as Ansible and NAPALM send it


def test_check_40_loading_what_is_shown_is_the_identity(fabric):
    for name, device in fabric.devices.items():
        config = load(device.config).config
        shown = running_text(config)
        assert load(shown).rejected == (), name
        assert load(shown).config == config, name
        assert running_text(load(shown).config) == shown, name
        assert session_diff(config, load(shown).config, "s") == "", name


def test_what_the_overlay_leaves_of_it_is_taken_by_ceos(fabric):
    configs = overlay(fabric, LabUser("avdlab", "secret"), CEOS)
    for name, device in configs.devices.items():
        assert load(device.config, platform=refusal).rejected == (), name


def test_engine_equals_the_reference(prepared):
    """Every table and counter of BGP: by classes, and route by route (tests/twin/naive.py)."""
    made = design(prepared, LabUser("avdlab", "secret"), Reporter(), enabled=True)
    names = made.configs.devices
    fabric = Fabric("reference", {name: identity("reference", name) for name in names}, float)
    cabling = {"links": links(made.topology)}
    fabric.set_wiring(*read_wiring(cabling, names))
    for name, device in names.items():
        fabric.configure(name, load(device.config).config)
    assert fabric.state.converged
    found = check(fabric)
    runs_bgp = any(device.bgp for device in fabric.state.devices.values())
    assert bool(found.entries) == runs_bgp
    assert not found.wrong, "\n".join(found.wrong[:5])
