"""arista.eos modules on a lab: by avdlab's inventory plugin over an unedited AVD inventory, and by
an exported inventory."""

import json
import os
import subprocess
from pathlib import Path

import pytest

BIN = Path(os.environ.get("AVDLAB_ANSIBLE_BIN", ""))
pytestmark = pytest.mark.skipif(
    not os.environ.get("AVDLAB_ANSIBLE_BIN") or not (BIN / "ansible-playbook").exists(),
    reason="AVDLAB_ANSIBLE_BIN names no environment with the package ansible",
)
SPINE = "dc1-spine1"
TASKS = (
    {"arista.eos.eos_facts": {"gather_subset": ["min"]}},
    {"arista.eos.eos_command": {"commands": ["show ip bgp summary"]}},
    {"arista.eos.eos_config": {"lines": ["alias hi show version"]}},
    {"arista.eos.eos_vlans": {"config": [{"vlan_id": 70, "name": "seventy"}]}},
    {"arista.eos.eos_bgp_global": {"state": "gathered"}},
)


@pytest.fixture
def play(single_dc, repository):
    """Run tasks on one spine; return what each said."""
    (single_dc.folder / "avdlab_inventory.yml").write_text(
        "plugin: avdlab.lab.lab\ninventory: inventory.yml\n"
    )

    def run(*tasks: object):
        plays = [{"hosts": SPINE, "gather_facts": False, "tasks": list(tasks)}]
        (single_dc.folder / "play.yml").write_text(json.dumps(plays))
        done = subprocess.run(
            [
                *(BIN / "ansible-playbook", "-i", "inventory.yml", "-i", "avdlab_inventory.yml"),
                "play.yml",
            ],
            cwd=single_dc.folder,
            env=os.environ
            | {
                "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
                "ANSIBLE_COLLECTIONS_PATH": str(repository / "avdlab" / "ansible" / "collections"),
                "PYTHONPATH": str(repository),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "{" in done.stdout, done.stdout + done.stderr
        found = json.loads(done.stdout[done.stdout.index("{") :])
        return [task["hosts"][SPINE] for task in found["plays"][0]["tasks"]]

    return run


def test_modules_reach_the_lab_and_are_idempotent(play):
    facts, said, changed, vlan, bgp = play(*TASKS)
    assert facts["ansible_facts"]["ansible_net_hostname"] == SPINE
    assert "Estab" in said["stdout"][0]
    assert (changed["changed"], vlan["changed"]) == (True, True)
    assert bgp["gathered"]["as_number"] == "65100"
    again = play(*TASKS[2:4])
    assert [task["changed"] for task in again] == [False, False]


def test_each_host_of_an_exported_inventory_is_itself(single_dc):
    """All are behind one address, and Ansible keeps connections by address and port."""
    done = single_dc.avdlab("export", "ansible", "-o", "exported")
    assert done.returncode == 0, done.stderr
    said = subprocess.run(
        [
            *(BIN / "ansible", "-i", "exported/ansible.yml", "all", "--forks", "8", "--one-line"),
            *("-m", "arista.eos.eos_command", "-a", "commands='show hostname'"),
        ],
        cwd=single_dc.folder,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    rows = [line.split(" | ", 1) for line in said.stdout.splitlines() if " | " in line]
    assert sorted(name for name, _ in rows) == sorted(single_dc.nodes), said.stdout + said.stderr
    for name, answer in rows:
        assert f"Hostname: {name}" in answer
