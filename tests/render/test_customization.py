"""What users add to AVD's logic, and devices and hosts of other kinds than a fabric's switches."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from avdlab.errors import InputError
from avdlab.inventory.load import load
from avdlab.render import render, write
from avdlab.render.model import Rendered

FILES = {
    "ansible.cfg": "[defaults]\ninventory = inventory.yml\n",
    "inventory.yml": """
        all:
          children:
            FAB: {hosts: {s1: {}, l1: {}}}
    """,
    "group_vars/FAB.yml": """
        fabric_name: FAB
        mgmt_gateway: 192.0.2.254
        default_node_types:
          - {node_type: l3spine, match_hostnames: [s.*]}
          - {node_type: l2leaf, match_hostnames: [l.*]}
        l3spine:
          defaults: {platform: cEOS, loopback_ipv4_pool: 10.0.0.0/24}
          nodes: [{name: s1, id: 1, mgmt_ip: 192.0.2.1/24}]
        l2leaf:
          defaults: {platform: cEOS, uplink_switches: [s1]}
          nodes:
            - name: l1
              id: 1
              uplink_interfaces: [Ethernet1]
              uplink_switch_interfaces: [Ethernet5]
    """,
}


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Rendered]:
    """Render the fabric with some files replaced or added."""

    def make(files: dict[str, str] | None = None, inventory: str = "inventory.yml") -> Rendered:
        for name, text in (FILES | (files or {})).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return render(load(tmp_path / inventory), catalogs=False)

    return make


MODULE = """
    from pyavd.api.interface_descriptions import AvdInterfaceDescriptions

    class Mine(AvdInterfaceDescriptions):
        def router_id_loopback_interface(self, data):
            return f"router id of {self.shared_utils.hostname} in {self._hostvars['site']}"
"""


def node_types(part: str) -> str:
    """A copy of AVD's own l3spine and l2leaf with one thing changed in the first."""
    return dedent(f"""
        site: OSL
        custom_node_type_keys:
          - key: l3spine
            type: l3spine
            connected_endpoints: true
            mlag_support: true
            network_services: {{l2: true, l3: true}}
            default_overlay_routing_protocol: none
            default_underlay_routing_protocol: none
            {part}
    """)


def test_a_python_module_beside_the_inventory_names_interfaces(made: Callable[..., Rendered]):
    part = "interface_descriptions: {python_module: naming, python_class_name: Mine}"
    rendered = made({"naming.py": MODULE, "group_vars/all.yml": node_types(part)})
    assert "description router id of s1 in OSL" in rendered.devices["s1"].config
    import sys

    assert "naming" not in sys.modules  # another inventory may have one of that name


def test_a_python_module_that_is_not_there_is_an_input_error(made: Callable[..., Rendered]):
    part = "interface_descriptions: {python_module: nowhere, python_class_name: Mine}"
    with pytest.raises(InputError, match="No module named 'nowhere'"):
        made({"group_vars/all.yml": node_types(part)})


def test_jinja_templates_name_interfaces(made: Callable[..., Rendered]):
    part = "interface_descriptions: {router_id_loopback_interface: names/loopback.j2}"
    template = "{{ ['b', 'a'] | arista.avd.natural_sort | join }} of {{ site }}"
    rendered = made({"names/loopback.j2": template, "group_vars/all.yml": node_types(part)})
    assert "description ab of OSL" in rendered.devices["s1"].config


def test_a_jinja_template_that_fails_says_why(made: Callable[..., Rendered]):
    part = "interface_descriptions: {router_id_loopback_interface: names/loopback.j2}"
    with pytest.raises(InputError, match="'nowhere' is undefined") as caught:
        made({"names/loopback.j2": "{{ nowhere }}", "group_vars/all.yml": node_types(part)})
    assert "names/loopback.j2" in str(caught.value)


def test_design_templates_are_merged_by_primary_key(made: Callable[..., Rendered]):
    templates = "eos_designs_custom_templates: [{template: more.j2}]\n"
    text = """
        ethernet_interfaces:
          - {name: Ethernet1, description: "by {{ inventory_hostname }}"}
          - {name: Ethernet9, shutdown: true}
    """
    rendered = made({"more.j2": text, "host_vars/l1.yml": templates})
    ports = {p["name"]: p for p in rendered.devices["l1"].structured_config["ethernet_interfaces"]}
    assert ports["Ethernet1"]["description"] == "by l1"
    assert ports["Ethernet1"]["metadata"]["peer"] == "s1"
    assert ports["Ethernet9"] == {"name": "Ethernet9", "shutdown": True}


EOS_ONLY = """
    hostname: "{{ inventory_hostname }}"
    ethernet_interfaces:
      - {name: Ethernet1, switchport: {enabled: false}, ip_address: 10.1.1.1/31}
    metadata: {is_deployed: true}
"""


def test_hosts_with_configuration_keys_only_are_rendered(made: Callable[..., Rendered]):
    inventory = """
        all:
          children:
            FAB: {hosts: {s1: {}, l1: {}}}
            EDGE: {hosts: {r1: {}}}
            CVP: {hosts: {cv1: {ansible_host: 192.0.2.9}}}
    """
    rendered = made({"inventory.yml": inventory, "group_vars/EDGE.yml": EOS_ONLY})
    assert sorted(rendered.devices) == ["l1", "r1", "s1"]
    edge = rendered.devices["r1"]
    assert (edge.fabric, edge.deployed) == ("", True)
    assert "hostname r1\n" in edge.config
    assert "   ip address 10.1.1.1/31\n" in edge.config


def test_an_inventory_without_any_fabric_is_rendered(made: Callable[..., Rendered]):
    files = {
        "inventory.yml": "EDGE: {hosts: {r1: , r2: }}\n",
        "group_vars/FAB.yml": "",
        "group_vars/EDGE.yml": EOS_ONLY,
    }
    assert sorted(made(files).devices) == ["r1", "r2"]


def test_wrong_configuration_keys_have_their_place(made: Callable[..., Rendered]):
    files = {
        "inventory.yml": "EDGE: {hosts: {r1: }}\n",
        "group_vars/FAB.yml": "",
        "group_vars/EDGE.yml": "ethernet_interfaces:\n  - name: Ethernet1\n    peer: x\n",
    }
    with pytest.raises(InputError) as caught:
        made(files)
    text = (
        "r1: ethernet_interfaces[0].peer: AVD 6 has no such key here. Use 'metadata.peer' instead"
    )
    assert str(caught.value).startswith(text)
    assert "group_vars/EDGE.yml:3)" in str(caught.value)


WITHOUT_IDS = FILES["group_vars/FAB.yml"].replace("id: 1,", "").replace("  id: 1\n", "\n")
POOLS = "fabric_numbering: {node_id: {algorithm: pool_manager%s}}\n"


def test_new_node_ids_are_noted_and_written_on_request(
    made: Callable[..., Rendered], tmp_path: Path
):
    files = {"group_vars/FAB.yml": WITHOUT_IDS, "group_vars/all.yml": POOLS % ""}
    rendered = made(files)
    pool = tmp_path / "intended/data/FAB-ids.yml"
    assert any("--save-pools" in note for note in rendered.notes)
    write(rendered, tmp_path)
    assert not pool.exists()
    write(rendered, tmp_path, save_pools=True)
    assert "hostname=l1" in pool.read_text()
    assert made(files).pools == {}


def test_pool_files_of_another_name_are_read_from_the_project(
    made: Callable[..., Rendered], tmp_path: Path
):
    files = {"group_vars/FAB.yml": WITHOUT_IDS, "group_vars/all.yml": POOLS % ", pools_file: i.yml"}
    first = made(files)
    assert list(first.pools) == [tmp_path / "i.yml"]
    (tmp_path / "i.yml").write_text(first.pools[tmp_path / "i.yml"].replace(": 1", ": 7"))
    assert made(files).pools == {}
    assert "10.0.0.7/32" in made(files).devices["s1"].config


def test_templates_of_the_ansible_role_are_not_passed_over_in_silence(
    made: Callable[..., Rendered],
):
    key = "custom_structured_configuration_custom_templates: [x.j2]\ncustom_templates: [x.j2]\n"
    rendered = made({"host_vars/l1.yml": key})
    assert any("custom_templates" in note for note in rendered.notes)


def test_platforms_that_avd_takes_for_hardware_are_noted(made: Callable[..., Rendered]):
    files = {"group_vars/FAB.yml": FILES["group_vars/FAB.yml"].replace("cEOS", "cEOS-LAB")}
    (note,) = made(files).notes
    assert note.startswith("l1, s1: AVD does not know the platform 'cEOS-LAB'")
