"""A running lab in somebody's own repository: fixtures, items, markers, faults, two workers."""

import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from tests.pair import running_lab

CONFTEST = """
import pytest

@pytest.fixture
def ours(fabric):
    return fabric["leaf1"]
"""
OWN = """
import pathlib
import pytest

FLAG = pathlib.Path(__file__).parent / "fault-in-force"

def test_fabric(fabric_test):
    assert not FLAG.exists()
    fabric_test()

def test_mtu(device):
    assert not FLAG.exists()
    assert device.show("show interfaces Ethernet1")["interfaces"]["Ethernet1"]["mtu"] == 9214

@pytest.mark.avdlab_devices("*2")
def test_chosen(device):
    assert device.name == "leaf2"

def test_conftest(ours):
    assert "leaf1" in ours.text("show hostname")

def test_cut(fault, convergence):
    FLAG.touch()
    cut = fault("link leaf1:Et1 down")
    assert convergence("20s", red=["VerifyInterfacesStatus"], green=["VerifyZeroTouch"]) >= 0
    fault.heal(cut)
    convergence("20s")
    fault("node leaf2 stop")
    FLAG.unlink()

def test_never(fault, convergence):
    FLAG.touch()
    fault("link leaf1:Et1 drop lldp")
    try:
        convergence("0s", green=["VerifyLLDPNeighbors"])
    finally:
        FLAG.unlink()

def test_theirs(request):
    assert "lab" not in request.fixturenames
"""
THEIRS = """
import pytest

@pytest.fixture
def device():
    return "a device of another plugin"

def test_theirs(device):
    assert device.startswith("a device")

@pytest.mark.parametrize("lab", [1, 2])
def test_values(lab):
    assert lab
"""
CATALOG = """
anta.tests.connectivity:
  - VerifyLLDPNeighbors:
      neighbors: [{port: Ethernet1, neighbor_device: leaf2, neighbor_port: Ethernet1}]
      filters: {tags: [leaf1]}
anta.tests.interfaces:
  - VerifyInterfacesStatus:
      interfaces: [{name: Ethernet1, status: up}]
anta.tests.configuration:
  - VerifyZeroTouch:
"""


pytestmark = pytest.mark.xdist_group("pytest")


@pytest.fixture(scope="module")
def lab_of_a_pair(tmp_path_factory):
    """A project folder with a running lab in it."""
    with running_lab(tmp_path_factory.mktemp("theirs")) as folder:
        yield folder


@pytest.fixture(scope="module")
def project(lab_of_a_pair):
    """Somebody's repository with a lab, a conftest and tests; returns how to run pytest there."""
    root = lab_of_a_pair.path.parent.parent
    catalogs = root / "anta" / "user_catalogs"
    catalogs.mkdir(parents=True)
    (catalogs / "own.yml").write_text(CATALOG)
    (root / "conftest.py").write_text(CONFTEST)
    (root / "test_own.py").write_text(OWN)
    (root / "theirs").mkdir()
    (root / "theirs" / "test_theirs.py").write_text(THEIRS)
    (root / "pytest.ini").write_text(
        "[pytest]\naddopts = -p no:cacheprovider --strict-markers\nfilterwarnings = error\n"
    )

    def pytest_in(*arguments: str):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-rA", "--junitxml=junit.xml", *arguments],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        document = ET.parse(root / "junit.xml")  # noqa: S314  # written by pytest
        cases = document.getroot().iter("testcase")
        return done.returncode, done.stdout + done.stderr, {str(c.get("name")): c for c in cases}

    return pytest_in


def test_somebodys_tests_run_on_two_workers(project):
    code, output, cases = project("-n", "2", "test_own.py")
    assert code == 1, output
    bad = {name for name, case in cases.items() if case.find("failure") is not None}
    assert bad == {"test_never"}, output
    assert "leaf1/VerifyLLDPNeighbors is red" in output
    assert {"test_mtu[leaf1]", "test_mtu[leaf2]", "test_chosen[leaf2]", "test_cut"} <= set(cases)
    items = [name for name in cases if name.startswith("test_fabric[leaf1-VerifyLLDPNeighbors-")]
    assert len(items) == 1
    facts = {p.get("name"): p.get("value") for p in cases[items[0]].iter("property")}
    assert facts["verdict"] == "passed"


@pytest.fixture
def collected(project):
    """Return the items that pytest would run."""

    def items(*arguments: str):
        _, output, _ = project("test_own.py", "--collect-only", "-q", *arguments)
        found = (line.partition("::")[2] for line in output.splitlines() if "::" in line)
        return {name.partition("-")[0] if "fabric[" in name else name for name in found}

    return items


def test_items_are_chosen_by_name_category_and_device(collected):
    assert collected("-k", "LLDP or chosen") == {"test_fabric[leaf1", "test_chosen[leaf2]"}
    assert collected("-m", "interfaces and leaf2") == {"test_fabric[leaf2"}
    chosen = collected("--avdlab-device", "leaf1", "-k", "mtu or fabric")
    assert chosen == {"test_fabric[leaf1", "test_mtu[leaf1]"}


def test_fixtures_of_others_with_our_names_are_theirs(project):
    code, output, cases = project("theirs")
    assert code == 0, output
    assert set(cases) == {"test_theirs", "test_values[1]", "test_values[2]"}
