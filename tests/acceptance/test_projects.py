"""Which lab a command means, and what wrong input or a changed design leaves behind."""

from pathlib import Path

import pytest

from tests.acceptance.conftest import Project

TEXTS = {
    name: f"""hostname {name}
interface Ethernet1
   no switchport
   ip address 192.0.2.{number}/31
"""
    for number, name in enumerate(("r1", "r2"))
}


@pytest.fixture
def texts(project: Project) -> Path:
    """Two routers, written as texts."""
    folder = project.folder / "texts"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.cfg").write_text(text)
    return folder


def test_lab_is_found_however_its_inventory_is_named(project: Project) -> None:
    done = project.inside("up", "-q", "--no-test")
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == "for GNS3, as cEOS nodes: avdlab export gns3project"
    below = Project(project.folder / "inventory")
    for asked, words in (
        (project, ("-i", "inventory/inventory.yml")),
        (project, ("-i", "inventory")),
        (below, ()),
        (below, ("-i", "inventory.yml")),
    ):
        done = asked.inside("status", *words)
        assert done.out.startswith("lab 'OSLO' on twin"), (words, done.err)


def test_lab_of_another_inventory_is_not_taken_over(project: Project, texts: Path) -> None:
    assert project.inside("up", "-q", "--no-test").code == 0
    done = project.inside("up", "-q", "--configs", str(texts), "--name", "OSLO")
    assert done.code == 2
    assert "lab 'OSLO' was made from" in done.err
    assert "--name" in done.err


def test_deploy_changes_what_is_tested(project: Project) -> None:
    assert project.inside("up", "-q", "--no-test").code == 0
    catalog = project.folder / ".avdlab/OSLO/catalogs/osl-leaf1a.json"
    before = catalog.read_text()
    own = project.folder / "inventory/host_vars/osl-leaf1a.yml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(
        "custom_structured_configuration_loopback_interfaces:\n"
        "  - {name: Loopback77, ip_address: 192.0.2.77/32, shutdown: false}\n"
    )
    assert project.inside("deploy", "-q", "--check").code == 0
    assert catalog.read_text() == before
    assert project.inside("deploy", "-q").code == 0
    assert "Loopback77" in catalog.read_text()
    assert project.inside("test", "-q").code == 0


def test_deploy_of_a_design_with_another_device_asks_for_up(project: Project) -> None:
    assert project.inside("up", "-q", "--no-test").code == 0
    for path in (project.folder / "inventory").rglob("*.yml"):
        path.write_text(path.read_text().replace("osl-access1", "osl-access9"))
    done = project.inside("deploy", "-q")
    assert done.code == 2
    assert "osl-access9 is not in the lab; osl-access1 is not in the design any more" in done.err


@pytest.mark.parametrize(
    ("cabling", "said"),
    [
        ("links: [[r1:Ethernet1, r2:Ethernet1], [r1:Et1, r2:Et2]]", "r1:Ethernet1 has 2 cables"),
        ("links: [[r1:Ethernet1, r1:Ethernet1]]", "r1:Ethernet1 has 2 cables"),
        ("links: [[r1:Foo1, r2:Ethernet1]]", "not an interface name: 'Foo1'"),
        ("links: [", "is neither YAML nor JSON"),
    ],
)
def test_wrong_cabling_leaves_nothing_behind(
    project: Project, texts: Path, cabling: str, said: str
) -> None:
    (project.folder / "links.yml").write_text(cabling)
    done = project.inside("up", "-q", "--configs", str(texts), "--links", "links.yml")
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert not (project.folder / ".avdlab").exists()


def test_cabled_names_that_are_no_devices_are_named(project: Project, texts: Path) -> None:
    (project.folder / "links.yml").write_text(
        "links: [[r1:Ethernet1, r2:Ethernet1], [r1:Ethernet2, r3:eth0]]"
    )
    (texts / "r1.cfg").write_text("\ufeff" + TEXTS["r1"])  # as some editors write
    done = project.inside("plan", "--configs", str(texts), "--links", "links.yml")
    assert done.code == 0, done.err
    assert "links.yml connects r3: no device of the lab, taken as a host" in done.err


def test_plan_writes_nothing(project: Project) -> None:
    assert project.inside("plan", "-q").code == 0
    assert not (project.folder / "inventory/intended").exists()
    assert not (project.folder / ".avdlab").exists()
