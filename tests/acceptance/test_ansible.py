"""The playbooks, the role and the inventory plugin, run by ansible-core on real labs."""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.acceptance.conftest import Done, Project, make_project

RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=0\s+failed=(\d+)", re.M)
LEAF = "osl-leaf1a"
UNSTEADY = {".locks", "logs", "home", "reports", "checkpoints"}  # what every run may write
together = pytest.mark.xdist_group("ansible")  # one lab for all of them


def _recap(done: Done) -> dict[str, int]:
    """Return host -> number of changed tasks."""
    return {host: int(changed) for host, _, changed, _ in RECAP.findall(done.out)}


def _play(project: Project, name: str, *words: str) -> Done:
    return project.run("ansible-playbook", f"playbooks/{name}.yml", *words)


def _files(folder: Path) -> Mapping[str, bytes]:
    """Return what a run must not touch: all but locks and logs."""
    found = (path for path in folder.rglob("*") if path.is_file())
    kept = (p for p in found if not UNSTEADY & set(p.parts))
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


@pytest.fixture(scope="module")
def lab(
    tmp_path_factory: pytest.TempPathFactory, repository: Path, cache: Path
) -> Iterator[Project]:
    """The shipped fabric, brought up by site.yml, on hosts that Ansible cannot connect to."""
    made = make_project(tmp_path_factory.mktemp("ansible"), repository, cache)
    shutil.copytree(repository / "playbooks", made.folder / "playbooks")
    connection = made.folder / "inventory" / "group_vars" / "OSLO" / "connection.yml"
    connection.write_text(
        "ansible_connection: ansible.netcommon.httpapi\nansible_network_os: arista.eos.eos\n"
        "ansible_become: true\nansible_become_method: enable\n"
    )
    done = _play(made, "site")
    assert done.code == 0, done.out
    assert set(_recap(done).values()) == {2}  # rendered and started; deploy found nothing to do
    yield made
    _play(made, "lab_down")


@together
def test_site_again_changes_nothing(lab: Project) -> None:
    done = _play(lab, "site")
    assert done.code == 0, done.out
    assert set(_recap(done).values()) == {0}


@together
def test_check_diff_after_an_edit_shows_it_and_changes_nothing(lab: Project) -> None:
    variables = lab.folder / "inventory" / "group_vars" / "LEAVES.yml"
    kept = variables.read_text()
    variables.write_text(
        kept + "\ncustom_structured_configuration_aliases: alias hi show version\n"
    )
    before = _files(lab.folder)
    try:
        done = _play(lab, "site", "--check", "--diff")
        assert done.code == 0, done.out
        changed = {host for host, count in _recap(done).items() if count}
        assert changed == {f"osl-leaf{n}" for n in ("1a", "1b", "2a", "2b")}
        deploy = done.out.split("TASK [Deploy")[1]
        lines = [t for t in deploy.splitlines() if re.match(r"[-+](?![-+])", t)]
        assert set(lines) == {"+alias hi show version", "+!"} or set(lines) == {
            "+alias hi show version"
        }
        assert _files(lab.folder) == before
        limited = _play(lab, "site", "--limit", LEAF)
        assert limited.code == 0, limited.out
        assert _recap(limited) == {LEAF: 2}
        after = _files(lab.folder)
        touched = {name for name in after if after[name] != before.get(name)}
        assert touched
        assert all(LEAF in name for name in touched), touched
    finally:
        variables.write_text(kept)
    assert _recap(_play(lab, "deploy")) == {h: int(h == LEAF) for h in _recap(done)}


@together
def test_a_bad_variable_fails_with_host_key_and_file(lab: Project) -> None:
    variables = lab.folder / "inventory" / "host_vars" / f"{LEAF}.yml"
    variables.parent.mkdir(exist_ok=True)
    variables.write_text("p2p_uplinks_mtu: big\n")
    try:
        done = _play(lab, "deploy")
    finally:
        variables.unlink()
    assert done.code != 0
    assert f"{LEAF}: p2p_uplinks_mtu: " in done.out + done.err
    assert f"host_vars/{LEAF}.yml:1)" in done.out + done.err
    assert "Traceback" not in done.out + done.err


@together
def test_a_rejected_line_fails_its_device_and_no_device_changes(lab: Project) -> None:
    variables = lab.folder / "inventory" / "host_vars" / f"{LEAF}.yml"
    variables.parent.mkdir(exist_ok=True)
    variables.write_text("custom_structured_configuration_eos_cli: frobnicate the fabric\n")
    try:
        done = _play(lab, "deploy")
    finally:
        variables.unlink()
    assert done.code != 0
    assert re.search(
        rf"{LEAF}: 'frobnicate the fabric' \(line \d+\): Invalid input \(at token 0: 'frob",
        done.out + done.err,
    )
    assert "Traceback" not in done.out + done.err
    assert set(_recap(_play(lab, "deploy")).values()) == {0}


@together
def test_extra_vars_of_the_run_count_for_the_design(lab: Project) -> None:
    done = _play(lab, "deploy", "--check", "--diff", "-e", "p2p_uplinks_mtu=1400")
    assert "+   mtu 1400" in done.out
    assert _recap(done)["osl-spine1"] == 1


@together
def test_an_unknown_backend_is_refused(lab: Project) -> None:
    """A running lab stays where it is; a new one is not begun."""
    done = _play(lab, "lab_up", "-e", "lab_name=other", "-e", "backend=nowhere")
    assert done.code != 0
    assert "nowhere" in done.out + done.err
    assert not (lab.folder / ".avdlab" / "other").exists()


@together
def test_a_fault_fails_the_devices_around_the_cable_and_heals(lab: Project) -> None:
    assert _recap(_play(lab, "fault", "--check", "-e", f"link={LEAF}:Et1"))[LEAF] == 1
    done = _play(lab, "fault", "-e", f"link={LEAF}:Et1")
    assert {host for host, count in _recap(done).items() if count} == {LEAF, "osl-spine1"}
    again = _play(lab, "fault", "-e", f"link={LEAF}:Et1")
    assert set(_recap(again).values()) == {0}
    broken = _play(lab, "validate")
    assert broken.code != 0
    failed = {host for host, _, _, count in RECAP.findall(broken.out) if count != "0"}
    # the far leaves too: one of their two ways to this leaf is gone; and one of its MLAG peer's
    # spare ways over it
    assert failed == {LEAF, "osl-spine1", "osl-leaf1b", "osl-leaf2a", "osl-leaf2b"}
    assert _play(lab, "fault", "-e", "heal=true").code == 0
    assert _play(lab, "validate").code == 0


@together
def test_the_lab_is_removed_as_a_whole_only(lab: Project) -> None:
    done = _play(lab, "lab_down", "--limit", LEAF)
    assert done.code != 0
    assert "Run it without --limit" in done.out + done.err
    assert _play(lab, "lab_down", "--check").code == 0
    assert lab.avdlab("status", "-f", "json").data["phase"] == "deployed"


@together
def test_the_inventory_plugin_layers_the_lab_over_the_inventory(lab: Project) -> None:
    (lab.folder / "avdlab_inventory.yml").write_text(
        "plugin: avdlab.lab.lab\ninventory: inventory/inventory.yml\n"
    )
    sources = ("-i", "inventory/inventory.yml", "-i", "avdlab_inventory.yml")
    done = lab.run("ansible-inventory", *sources, "--list")
    assert done.code == 0, done.err
    host = done.data["_meta"]["hostvars"][LEAF]
    status = lab.avdlab("status", "-f", "json").data["nodes"]
    address = next(node["eapi"] for node in status if node["name"] == LEAF)
    assert f"{host['ansible_host']}:{host['ansible_httpapi_port']}" == address
    assert host["fabric_name"] == "OSLO"  # the user's own variables are still there
    assert host["avdlab_role"] == "l3leaf"
    assert LEAF in done.data["avdlab_role_l3leaf"]["hosts"]
    assert LEAF in done.data["avdlab_state_ready"]["hosts"]
    password = (lab.folder / ".avdlab" / "OSLO" / "password").read_text().strip()
    assert password not in done.out


@together
def test_localhost_gets_the_whole_fabric(lab: Project) -> None:
    play = lab.folder / "whole.yml"
    play.write_text(
        "- hosts: localhost\n  gather_facts: false\n  tasks:\n"
        "    - avdlab.lab.lab: {state: deployed}\n      register: out\n"
        "    - ansible.builtin.copy: {content: '{{ out | to_json }}', dest: out.json}\n"
    )
    done = lab.run("ansible-playbook", "whole.yml")
    assert done.code == 0, done.out
    found = json.loads((lab.folder / "out.json").read_text())
    assert len(found["devices"]) == 7
    assert not found["changed"]


def test_site_in_check_mode_from_nothing_leaves_nothing(project: Project, repository: Path) -> None:
    shutil.copytree(repository / "playbooks", project.folder / "playbooks")
    before = _files(project.folder)
    done = _play(project, "site", "--check")
    assert done.code == 0, done.out
    assert set(_recap(done).values()) == {2}
    assert _files(project.folder) == before
    assert not (project.folder / ".avdlab").exists()


def test_the_role_from_nothing_to_validated_and_back(
    fabric_copy: Callable[[str], Path], repository: Path
) -> None:
    folder = fabric_copy("l2ls-fabric").parent
    project = Project(folder)
    assert project.avdlab("init").code == 0
    before = _files(folder)
    collections = str(repository / "avdlab" / "ansible" / "collections")

    def run(*words: str) -> Done:
        return project.run(
            "ansible-playbook",
            *("-i", "inventory.yml", "lab.yml", *words),
            ANSIBLE_COLLECTIONS_PATH=collections,
        )

    try:
        done = run()
        assert done.code == 0, done.out
        assert set(_recap(done).values()) == {2}
        again = run()
        assert again.code == 0, again.out
        assert set(_recap(again).values()) == {0}
    finally:
        down = run("-e", "avdlab_lab_state=absent")
    assert down.code == 0, down.out
    assert not (folder / ".avdlab").exists()
    after = _files(folder)
    assert {name: after[name] for name in before} == before
    output = ("intended", "documentation", "anta")
    assert all(name.startswith(output) for name in after.keys() - before.keys())
    wrong = run("-e", "avdlab_lab_state=gone")
    assert "value of avdlab_lab_state must be one of" in wrong.out + wrong.err
