"""The arista.eos collection, unmodified, over eAPI and SSH (checks 27 to 34 and 38).

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


def test_check_27_replace_is_changed_then_unchanged_and_saved(ansible, lab, tmp_path):
    before = lab.text("leaf1", "show running-config")
    task = replace(tmp_path, before.replace("   no switchport", "   mtu 9000\n   no switchport"))
    assert [result["changed"] for result in ansible(task, task)] == [True, False]
    assert "mtu 9000" in lab.text("leaf1", "show running-config")
    assert lab.text("leaf1", "show running-config diffs") == ""
    ansible(replace(tmp_path, before))


def test_check_28_check_and_diff_show_it_and_leave_nothing(ansible, lab, tmp_path, pending):
    before = lab.text("leaf1", "show running-config")
    task = replace(tmp_path, before.replace("   no switchport", "   mtu 9000\n   no switchport"))
    (checked,) = ansible(task, flags=["--check", "--diff"])
    assert checked["changed"]
    assert "+   mtu 9000" in checked["diff"]["prepared"]
    assert lab.text("leaf1", "show running-config") == before
    assert pending() == []


def test_check_29_eos_command_in_text_and_json(ansible):
    (said,) = ansible(
        {
            "arista.eos.eos_command": {
                "commands": [
                    "show version",
                    {"command": "show hostname", "output": "json"},
                    {"command": "show version | json", "output": "json"},
                ]
            }
        }
    )
    assert said["stdout"][0].startswith("Arista cEOSLab")
    assert said["stdout"][1]["hostname"] == "leaf1"
    assert said["stdout"][2]["modelName"] == "cEOSLab"


def test_check_30_eos_facts(ansible):
    subset = ["min", "hardware", "interfaces", "config"]
    (facts,) = ansible({"arista.eos.eos_facts": {"gather_subset": subset}})
    found = facts["ansible_facts"]
    assert found["ansible_net_hostname"] == "leaf1"
    assert found["ansible_net_memtotal_mb"] > 0
    assert "10.0.0.0" in found["ansible_net_all_ipv4_addresses"]
    assert found["ansible_net_interfaces"]["Ethernet1"]["description"] == "to the other one"
    assert "hostname leaf1" in found["ansible_net_config"]


def test_check_32_an_invalid_line_fails_with_eos_text(ansible, lab, tmp_path, pending):
    text = lab.text("leaf1", "show running-config").replace("description", "descripshun")
    failed = ansible(replace(tmp_path, text))[0]
    assert failed["failed"]
    assert "Invalid input (at token 0: 'descripshun')" in failed["msg"]
    assert pending() == []


def test_check_34_what_avds_deploy_and_snapshot_roles_do(ansible, lab, tmp_path):
    """The collection arista.avd is in no package; this is what the roles run on a device.

    eos_config_deploy_eapi: eos_config with a backup before; eos_snapshot: show commands as text.
    """
    running = lab.text("leaf1", "show running-config")
    task = replace(tmp_path, running)
    options = {"dir_path": str(tmp_path), "filename": "leaf1_pre.cfg"}
    task["arista.eos.eos_config"] |= {"backup": True, "backup_options": options}
    commands = ["show lldp neighbors", "show ip interface brief", "show ip route", "show version"]
    deployed, snapshot = ansible(task, {"arista.eos.eos_command": {"commands": commands}})
    assert not deployed.get("failed")
    assert lab.text("leaf1", "show running-config") == running
    assert "hostname leaf1" in (tmp_path / "leaf1_pre.cfg").read_text()
    assert len(snapshot["stdout"]) == len(commands)
    assert all(snapshot["stdout"])


def test_check_38_the_same_over_ssh(ansible, lab, tmp_path, pending):
    before = lab.text("leaf1", "show running-config")
    task = replace(tmp_path, before.replace("   no switchport", "   mtu 9001\n   no switchport"))
    (checked,) = ansible(task, hosts="ssh", flags=["--check", "--diff"])
    assert "+   mtu 9001" in checked["diff"]["prepared"]
    assert lab.text("leaf1", "show running-config") == before
    assert [result["changed"] for result in ansible(task, task, hosts="ssh")] == [True, False]
    assert pending() == []
    ansible(replace(tmp_path, before), hosts="ssh")


@pytest.mark.parametrize(
    ("module", "config"),
    [
        ("eos_vlans", [{"vlan_id": 70, "name": "seventy"}]),
        ("eos_interfaces", [{"name": "Ethernet6", "description": "by ansible", "enabled": False}]),
        ("eos_l3_interfaces", [{"name": "Loopback7", "ipv4": [{"address": "198.51.100.7/32"}]}]),
        ("eos_bgp_global", {"as_number": "65000", "router_id": "192.0.2.1"}),
    ],
)
def test_check_31_resource_modules_merge_once_and_gather(ansible, module, config):
    merge = {f"arista.eos.{module}": {"config": config, "state": "merged"}}
    first, second, gathered = ansible(merge, merge, {f"arista.eos.{module}": {"state": "gathered"}})
    assert (first["changed"], second["changed"]) == (True, False)
    if isinstance(config, list):
        wanted = config[0].items()
        assert any(wanted <= row.items() for row in gathered["gathered"])
    else:
        assert config.items() <= gathered["gathered"].items()


def test_check_33_become_password(ansible, lab):
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
