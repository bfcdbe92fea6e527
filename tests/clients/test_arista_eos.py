"""The arista.eos collection, unmodified, over eAPI and SSH (checks 27 to 33 and 38).

AVDLAB_ANSIBLE_BIN names the `bin` folder of an environment with the PyPI package `ansible`.
"""

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
COMMON = (
    "ansible_host=127.0.0.1 ansible_user=arista ansible_password=arista"
    " ansible_network_os=arista.eos.eos ansible_become=true ansible_become_method=enable"
)


@pytest.fixture
def ansible(lab, tmp_path):
    """Runs tasks; returns the result of each."""
    (tmp_path / "inventory").write_text(
        "[api]\nleaf1 ansible_connection=ansible.netcommon.httpapi ansible_httpapi_use_ssl=true"
        f" ansible_httpapi_validate_certs=false ansible_httpapi_port={lab.ports['leaf1']}"
        f" {COMMON}\n"
        "[ssh]\nleaf1-ssh ansible_connection=ansible.netcommon.network_cli"
        f" ansible_network_cli_ssh_type=paramiko ansible_port={lab.ssh['leaf1']} {COMMON}\n"
    )

    def run(*tasks: object, hosts="api", flags=(), become=""):
        plays = [{"hosts": hosts, "gather_facts": False, "tasks": list(tasks)}]
        if become:
            plays[0]["vars"] = {"ansible_become_password": become}
        (tmp_path / "play.yml").write_text(json.dumps(plays))
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        environment |= {
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_HOST_KEY_CHECKING": "false",
            "HOME": str(tmp_path),
        }
        done = subprocess.run(
            [BIN / "ansible-playbook", "-i", "inventory", "play.yml", *flags],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        found = done.stdout[done.stdout.index("{") :]
        return [next(iter(t["hosts"].values())) for t in json.loads(found)["plays"][0]["tasks"]]

    return run


def replace(tmp_path, text):
    (tmp_path / "leaf1.cfg").write_text(text)
    return {
        "arista.eos.eos_config": {
            "src": "leaf1.cfg",
            "replace": "config",
            "save_when": "modified",
        }
    }


@pytest.mark.parametrize("hosts", ["api", "ssh"])
def test_replace_is_checked_changed_and_idempotent(ansible, lab, tmp_path, pending, hosts):
    before = lab.text("leaf1", "show running-config")
    task = replace(
        tmp_path, before.replace("   no switchport", f"   mtu 900{len(hosts)}\n   no switchport")
    )
    checked = ansible(task, hosts=hosts, flags=["--check", "--diff"])[0]
    assert checked["changed"]
    assert f"+   mtu 900{len(hosts)}" in checked["diff"]["prepared"]
    assert lab.text("leaf1", "show running-config") == before
    assert pending() == []
    assert [r["changed"] for r in ansible(task, task, hosts=hosts)] == [True, False]
    assert lab.text("leaf1", "show running-config diffs") == ""
    ansible(replace(tmp_path, before), hosts=hosts)


def test_bad_line_fails_with_eos_text(ansible, lab, tmp_path, pending):
    text = lab.text("leaf1", "show running-config").replace("description", "descripshun")
    failed = ansible(replace(tmp_path, text))[0]
    assert failed["failed"]
    assert "Invalid input (at token 0: 'descripshun')" in failed["msg"]
    assert pending() == []


def test_commands_and_facts(ansible):
    said, facts = ansible(
        {
            "arista.eos.eos_command": {
                "commands": ["show version", {"command": "show hostname", "output": "json"}]
            }
        },
        {"arista.eos.eos_facts": {"gather_subset": ["min", "hardware", "interfaces", "config"]}},
    )
    assert said["stdout"][1]["hostname"] == "leaf1"
    found = facts["ansible_facts"]
    assert found["ansible_net_hostname"] == "leaf1"
    assert "10.0.0.0" in found["ansible_net_all_ipv4_addresses"]
    assert found["ansible_net_interfaces"]["Ethernet1"]["description"] == "to the other one"


@pytest.mark.parametrize(
    ("module", "config"),
    [
        ("eos_vlans", [{"vlan_id": 70, "name": "seventy"}]),
        ("eos_interfaces", [{"name": "Ethernet6", "description": "by ansible", "enabled": False}]),
        ("eos_l3_interfaces", [{"name": "Loopback7", "ipv4": [{"address": "198.51.100.7/32"}]}]),
        ("eos_bgp_global", {"as_number": "65000", "router_id": "192.0.2.1"}),
    ],
)
def test_resource_modules_merge_once_and_gather(ansible, module, config):
    merge = {f"arista.eos.{module}": {"config": config, "state": "merged"}}
    first, second, gathered = ansible(merge, merge, {f"arista.eos.{module}": {"state": "gathered"}})
    assert (first["changed"], second["changed"]) == (True, False)
    if isinstance(config, list):
        wanted = config[0].items()
        assert any(wanted <= row.items() for row in gathered["gathered"])
    else:
        assert config.items() <= gathered["gathered"].items()


def test_become_password(ansible, lab):
    running = lab.text("leaf1", "show running-config")
    digest = running.partition("secret sha512 ")[2].split()[0]
    lab.run("leaf1", "enable", "configure", f"enable secret sha512 {digest}")
    try:
        task = {"arista.eos.eos_command": {"commands": ["show running-config"]}}
        lab.run(
            "leaf1",
            {"cmd": "enable", "input": "arista"},
            "configure",
            "no aaa authorization exec default local",
        )
        assert not ansible(task, become="arista")[0].get("failed")
        assert ansible(task, become="wrong")[0]["failed"]
    finally:
        lab.run(
            "leaf1",
            {"cmd": "enable", "input": "arista"},
            "configure",
            "no enable secret",
            "aaa authorization exec default local",
        )
