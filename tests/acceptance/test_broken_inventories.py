"""A broken copy of our inventory for each trap and each contradiction in its cabling.

Each ends with exit code 2 and the exact message, and nothing is written. What is only odd is built,
with a note.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.acceptance.conftest import Project

PORTS = "custom_structured_configuration_ethernet_interfaces"
INLINE = """!vault |
  $ANSIBLE_VAULT;1.1;AES256
  33353862636433646439646338633033643765353261653830663834386239666235643766326532
  3463366130326539623439653036613963613132646633390a396531306237373834623738386564
  32336538313737333466386161653963313734346562646431663037356330376361643439633562
  3266306333663232310a386339613630386433336563663864656438616433373365346234666537
  3962
"""


@dataclass(frozen=True)
class Broken:
    """Files to write over a copy of the inventory, and what is said."""

    said: str
    files: dict[str, str] = field(default_factory=dict)
    edits: tuple[tuple[str, str, str], ...] = ()


def peer(port: str, device: str, other: str, kind: str = "spine") -> str:
    metadata = f"{{peer: {device}, peer_interface: {other}, peer_type: {kind}}}"
    return f"{PORTS}:\n  - {{name: {port}, metadata: {metadata}}}\n"


LEAF = "inventory/host_vars/osl-leaf1a.yml"
LINES = {
    "undefined variable": Broken(
        "osl-leaf1a: mgmt_gateway: 'gateway_of_lab' is undefined (host_vars/osl-leaf1a.yml:1). "
        "build.yml:4 sets it for plays only; give it with -e, or set it in group_vars.",
        {
            LEAF: "mgmt_gateway: '{{ gateway_of_lab }}'\n",
            "build.yml": "- name: Build\n  hosts: OSLO\n  vars:\n    gateway_of_lab: 10.90.0.1\n",
        },
    ),
    "filter of a collection that is not there": Broken(
        "osl-leaf1a: a: Syntax error in template: No filter named 'ansible.utils.ipaddr' "
        "(host_vars/osl-leaf1a.yml:1). Is the collection ansible.utils installed here?",
        {LEAF: "a: \"{{ '10.0.0.1/24' | ansible.utils.ipaddr }}\"\n"},
    ),
    "wrong vault password": Broken(
        "the vault password does not open this file (group_vars/OSLO/vault.yml)",
        {"inventory/.vault-password": "wrong\n"},
    ),
    "inline vault of another password": Broken(
        "osl-leaf1a: a: an encrypted value, and no vault password that opens it "
        "(host_vars/osl-leaf1a.yml:1). Set vault_password_file in ansible.cfg, or use "
        "--vault-password-file.",
        {LEAF: f"a: {INLINE}"},
    ),
    "value that was never decrypted": Broken(
        "osl-leaf1a: a[0]: '<not serializable>' stands for a value that was never decrypted or "
        "templated (host_vars/osl-leaf1a.yml:1). Put the value itself there.",
        {LEAF: "a: [<not serializable>]\n"},
    ),
    "date": Broken(
        "osl-leaf1a: built: a date is not a value that AVD knows (host_vars/osl-leaf1a.yml:1). "
        "Quote it.",
        {LEAF: "built: 2026-11-24\n"},
    ),
    "broken YAML": Broken(
        "not valid YAML: mapping values are not allowed in this context "
        "(host_vars/osl-leaf1a.yml:3)",
        {LEAF: "a\nb\nc: 1\n"},
    ),
    "key of AVD 5": Broken(
        "osl-leaf1a: name_servers: was removed in AVD version 6.0.0. Use 'dns_settings.servers' "
        "instead (host_vars/osl-leaf1a.yml:1)\n"
        "This inventory was written for an older AVD; avdlab renders with AVD 6.4: "
        "https://avd.arista.com/6.4/docs/porting-guides/6.x.x.html",
        {LEAF: "name_servers: [10.90.0.2]\n"},
    ),
    "moved key in custom configuration": Broken(
        f"osl-leaf1a: {PORTS}[0].peer: AVD 6 has no such key here. Use 'metadata.peer' instead "
        "(host_vars/osl-leaf1a.yml:2)",
        {LEAF: f"{PORTS}:\n  - {{name: Ethernet9, peer: x}}\n"},
    ),
    "fabric without a group": Broken(
        "osl-access1, osl-leaf1a, osl-leaf1b and 4 more: fabric_name: 'OSLA' is not a group of "
        "this inventory (group_vars/OSLO/fabric.yml:3). Did you mean OSLO?",
        edits=(("inventory/group_vars/OSLO/fabric.yml", "name: OSLO", "name: OSLA"),),
    ),
    "uplink to nobody": Broken(
        "l2leaf.nodes[0].uplink_switches[0]: 'osl-leaf9z' is not a device of this fabric "
        "(group_vars/OSLO/nodes.yml:67). Did you mean osl-leaf2b or osl-leaf2a?",
        edits=(("inventory/group_vars/OSLO/nodes.yml", "[osl-leaf2a,", "[osl-leaf9z,"),),
    ),
    "missing Python module": Broken(
        "osl-spine1: No module named 'nowhere' for host 'osl-spine1'",
        {
            "inventory/host_vars/osl-spine1.yml": (
                "custom_node_type_keys:\n"
                "  - key: spine\n    type: spine\n"
                "    ip_addressing: {python_module: nowhere, python_class_name: X}\n"
            )
        },
    ),
    "port that is its own peer": Broken(
        "osl-leaf1a: ethernet_interfaces.Ethernet20.metadata: the port is its own peer",
        {LEAF: peer("Ethernet20", "osl-leaf1a", "Ethernet20", "l3leaf")},
    ),
    "peer that is no device": Broken(
        "osl-leaf1a: ethernet_interfaces.Ethernet20.metadata: the peer 'osl-spine3' is not a "
        "device of this inventory. Did you mean osl-spine2 or osl-spine1?",
        {LEAF: peer("Ethernet20", "osl-spine3", "Ethernet1")},
    ),
    "ends that contradict each other": Broken(
        "osl-leaf1a: ethernet_interfaces.Ethernet20.metadata: the peer is osl-spine1:Ethernet2, "
        "but that names osl-leaf1b:Ethernet1",
        {LEAF: peer("Ethernet20", "osl-spine1", "Ethernet2")},
    ),
    "port used twice": Broken(
        "osl-leaf1b: ethernet_interfaces.Ethernet20.metadata: osl-spine1:Ethernet20 is the peer, "
        "but osl-leaf1a:Ethernet20 is plugged into it already",
        {
            LEAF: peer("Ethernet20", "osl-spine1", "Ethernet20"),
            LEAF.replace("1a", "1b"): peer("Ethernet20", "osl-spine1", "Ethernet20"),
        },
    ),
    "declared cable into a used port": Broken(
        "lab_links[0]: osl-leaf1a:Ethernet1 has a cable to osl-spine1:Ethernet1 already "
        "(group_vars/OSLO/links.yml:2)",
        {
            "inventory/group_vars/OSLO/links.yml": (
                "lab_links:\n  - [osl-leaf1a:Et1, osl-leaf2a:Et9]\n"
            )
        },
    ),
    "declared cable between strangers": Broken(
        "lab_links[0]: neither osl-leaf9 nor probe is a device of this inventory "
        "(group_vars/OSLO/links.yml:2)",
        {"inventory/group_vars/OSLO/links.yml": "lab_links:\n  - [osl-leaf9:Et1, probe:eth0]\n"},
    ),
}
NOTES = {
    "one-sided": Broken(
        "note: named by one end only: osl-leaf1a:Ethernet20 to osl-leaf2a:Ethernet20",
        {
            LEAF: peer("Ethernet20", "osl-leaf2a", "Ethernet20", "l3leaf"),
            LEAF.replace("1a", "2a"): f"{PORTS}:\n  - {{name: Ethernet20}}\n",
        },
    ),
    "end that is not configured": Broken(
        "note: osl-leaf1a:Ethernet20: osl-leaf2a:Ethernet20 is not configured; the port is made",
        {LEAF: peer("Ethernet20", "osl-leaf2a", "Ethernet20", "l3leaf")},
    ),
    "half-named": Broken(
        "note: osl-leaf1a:Ethernet20 and osl-leaf2a:Ethernet21 name each other without ports: "
        "paired",
        {
            LEAF: f"{PORTS}:\n  - {{name: Ethernet20, metadata: {{peer: osl-leaf2a}}}}\n",
            LEAF.replace("1a", "2a"): (
                f"{PORTS}:\n  - {{name: Ethernet21, metadata: {{peer: osl-leaf1a}}}}\n"
            ),
        },
    ),
    "port of a server used twice": Broken(
        "note: web1:eth0 is used by two cables; osl-leaf2a:Ethernet20 is plugged into eth0-2",
        {LEAF.replace("1a", "2a"): peer("Ethernet20", "web1", "eth0", "server")},
    ),
    "undeployed peer": Broken(
        "note: osl-leaf2a:Ethernet8: no cable, osl-access1 is not deployed",
        {"inventory/host_vars/osl-access1.yml": "is_deployed: false\n"},
    ),
    "unknown platform": Broken(
        "note: osl-access1: AVD does not know the platform 'cEOS-LAB' and takes it for hardware; "
        "it knows cEOS, cEOSLab, vEOS-lab and CloudEOS",
        edits=(
            (
                "inventory/group_vars/OSLO/nodes.yml",
                "platform: cEOS\n    spanning_tree_mode: mstp\n    spanning_tree_priority: 16384",
                "platform: cEOS-LAB\n    spanning_tree_mode: mstp",
            ),
        ),
    ),
    "key that AVD ignores": Broken(
        "note: osl-leaf1a: aaa_authorization: AVD ignores this key here; use "
        "custom_structured_configuration_aaa_authorization (host_vars/osl-leaf1a.yml:1)",
        {LEAF: "aaa_authorization: {}\n"},
    ),
}


def broken(project: Project, how: Broken) -> None:
    """Break a copy of the inventory."""
    for name, text in how.files.items():
        path = project.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name, old, new in how.edits:
        path = project.folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if "home" not in path.parts)
    return {str(path.relative_to(folder)) for path in found}


def shown(project: Project, text: str) -> str:
    return text.replace(f"{project.folder}/inventory/", "").strip()


@pytest.mark.parametrize("name", LINES)
def test_what_is_wrong_is_said_and_nothing_is_written(project: Project, name: str) -> None:
    broken(project, LINES[name])
    before = files(project.folder)
    done = project.inside("up", "-q")
    assert (done.code, done.out) == (2, "")
    assert shown(project, done.err) == f"error: {LINES[name].said}"
    assert files(project.folder) == before


@pytest.mark.parametrize("name", NOTES)
def test_what_is_odd_is_built_with_a_note(project: Project, name: str) -> None:
    broken(project, NOTES[name])
    done = project.inside("plan")
    assert done.code == 0, done.err
    assert NOTES[name].said in shown(project, done.err).splitlines()
