"""Traps of real AVD repositories: what is read, and what is refused with which words."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from avdlab.errors import InputError
from avdlab.inventory.load import load
from avdlab.inventory.model import Inventory
from avdlab.render.validation import validate_all

Write = Callable[..., Path]


def refused(path: Path, **options: object) -> InputError:
    """What loading or validating an inventory says."""
    with pytest.raises(InputError) as caught:
        validate_all(load(path, **options))  # type: ignore[arg-type]  # a test hands options on
    return caught.value


def lines(error: InputError, folder: Path) -> list[str]:
    return [str(problem).replace(f"{folder}/", "") for problem in error.problems]


def variables(inventory: Inventory, host: str = "s1") -> dict[str, object]:
    return dict(inventory.hosts[host].variables)


# ---------------------------------------------------------------------- values
def test_the_text_that_pyavd_writes_for_lost_values_is_refused(write: Write, tmp_path: Path):
    path = write(**{"host_vars__s1.yml": "ntp:\n  keys:\n    - key: <not serializable>\n"})
    (line,) = lines(refused(path), tmp_path)
    assert line == (
        "s1: ntp.keys[0].key: '<not serializable>' stands for a value that was never decrypted or "
        "templated (host_vars/s1.yml:3). Put the value itself there."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: .inf\n", "s1: a: inf is not a number that AVD knows (host_vars/s1.yml:1)"),
        ("a: [2026-11-24]\n", "s1: a[0]: a date is not a value that AVD knows"),
        ("yes: 1\n", "s1: True: not the name of a variable"),
    ],
)
def test_values_that_json_cannot_carry_are_refused(
    write: Write, tmp_path: Path, text: str, said: str
):
    (line,) = lines(refused(write(**{"host_vars__s1.yml": text})), tmp_path)
    assert line.startswith(said)


def test_unsafe_text_is_not_templated(write: Write):
    text = "banner: !unsafe '{{ not a template }}'\n"
    found = variables(load(write(**{"host_vars__s1.yml": text})))
    assert found["banner"] == "{{ not a template }}"


def test_keys_are_those_that_json_writes(write: Write):
    found = variables(load(write(**{"host_vars__s1.yml": "a: {2: x, true: y, null: z}\n"})))
    assert found["a"] == {"2": "x", "true": "y", "null": "z"}


def test_templates_in_a_shared_value_are_worked_out_for_each_host(write: Write):
    group = """
        fabric_name: FAB
        default_node_types: [{node_type: spine, match_hostnames: [".*"]}]
        big: [{name: "{{ inventory_hostname }}", other: 1}, {name: x, list: ["{{ 1 + 1 }}", 3]}]
        same: {text: "{{ fabric_name }}"}
        left_out: [1, "{{ omit }}"]
    """
    inventory = load(write(**{"group_vars__FAB.yml": group}))
    first, second = variables(inventory), variables(inventory, "l1")
    assert first["big"] == [{"name": "s1", "other": 1}, {"name": "x", "list": [2, 3]}]
    assert second["big"] == [{"name": "l1", "other": 1}, {"name": "x", "list": [2, 3]}]
    assert first["same"] == second["same"] == {"text": "FAB"}
    assert first["left_out"] == [1]


# ---------------------------------------------------------------------- what only plays define
def test_play_variables_are_named_with_their_playbook(write: Write, tmp_path: Path):
    play = """
        - hosts: FAB
          vars: {mtu_of_lab: 1500}
          vars_files: [more.yml]
          tasks:
            - ansible.builtin.set_fact: {from_fact: 1}
    """
    files = {
        "playbooks__build.yml": play,
        "playbooks__more.yml": "from_file: 1\n",
        "host_vars__s1.yml": "a: '{{ mtu_of_lab }}'\nb: '{{ from_file }}'\nc: '{{ from_fact }}'\n",
    }
    path = write(**files)
    found = lines(refused(path), tmp_path)
    end = "sets it for plays only; give it with -e, or set it in group_vars."
    assert found == [
        f"s1: a: 'mtu_of_lab' is undefined (host_vars/s1.yml:1). playbooks/build.yml:2 {end}",
        f"s1: b: 'from_file' is undefined (host_vars/s1.yml:2). playbooks/build.yml:3 {end}",
        f"s1: c: 'from_fact' is undefined (host_vars/s1.yml:3). playbooks/build.yml:5 {end}",
    ]
    extra = ("mtu_of_lab=1", "from_file=2", "from_fact=3")
    assert variables(load(path, extra_vars=extra))["c"] == "3"


def test_folders_of_avds_roles_can_be_used(write: Write, tmp_path: Path):
    text = "a: '{{ structured_dir }}'\nb: '{{ devices_dir }}'\noutput_dir_name: mine\n"
    found = variables(load(write(**{"host_vars__s1.yml": text})))
    assert found["a"] == f"{tmp_path}/intended/structured_configs"
    assert found["b"] == f"{tmp_path}/documentation/devices"


def test_collections_that_are_not_installed_are_named(write: Write, tmp_path: Path):
    text = "a: \"{{ '10.0.0.1/24' | ansible.utils.ipaddr('address') }}\"\n"
    (line,) = lines(refused(write(**{"host_vars__s1.yml": text})), tmp_path)
    assert "No filter named 'ansible.utils.ipaddr' (host_vars/s1.yml:1)" in line
    assert line.endswith("Is the collection ansible.utils installed here?")


# ---------------------------------------------------------------------- Ansible's own settings
FILTER = """
class FilterModule:
    def filters(self):
        return {"default": lambda value, other="": "theirs", "whose": lambda value: "the user's"}
"""


def test_the_users_collection_comes_before_the_stand_in(write: Write, tmp_path: Path):
    plugins = "galaxy/ansible_collections/arista/avd/plugins/filter/mine.py"
    (tmp_path / plugins).parent.mkdir(parents=True)
    (tmp_path / plugins).write_text(FILTER)
    (tmp_path / plugins).with_name("whose.py").write_text(FILTER)
    config = "[defaults]\ncollections_path = galaxy\n"
    text = "a: \"{{ 'x' | arista.avd.whose }}\"\n"
    path = write(**{"ansible.cfg": config, "host_vars__s1.yml": text})
    assert variables(load(path))["a"] == "the user's"


def test_filter_plugins_of_the_project_are_found(write: Write, tmp_path: Path):
    (tmp_path / "filters").mkdir()
    (tmp_path / "filters" / "mine.py").write_text(FILTER)
    config = "[defaults]\nfilter_plugins = filters\n"
    path = write(**{"ansible.cfg": config, "host_vars__s1.yml": "a: \"{{ 'x' | whose }}\"\n"})
    assert variables(load(path))["a"] == "the user's"


def test_the_users_ansible_config_comes_before_the_nearest(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "filters").mkdir()
    (tmp_path / "filters" / "mine.py").write_text(FILTER)
    path = write(**{"host_vars__s1.yml": "a: \"{{ 'x' | whose }}\"\n"})
    assert "No filter named 'whose'" in str(refused(path))
    (tmp_path / "other.cfg").write_text("[defaults]\nfilter_plugins = filters\n")
    monkeypatch.setenv("ANSIBLE_CONFIG", str(tmp_path / "other.cfg"))
    assert variables(load(path))["a"] == "the user's"


def test_settings_of_avd_5_in_ansible_cfg_do_no_harm(write: Write):
    config = """
        [defaults]
        jinja2_extensions = jinja2.ext.loopcontrols,jinja2.ext.do,jinja2.ext.i18n
        duplicate_dict_key = error
        stdout_callback = yaml
        interpreter_python = auto_silent
    """
    assert load(write(**{"ansible.cfg": config})).notes == ()


# ---------------------------------------------------------------------- inventories of all kinds
def test_ini_inventories_with_ranges_and_variables(write: Write, tmp_path: Path):
    text = """
        [FAB]
        s1 ansible_host=192.0.2.1
        l[01:03] mgmt_gateway=nowhere

        [FAB:vars]
        fabric_name=FAB
    """
    path = write(**{"hosts.ini": text}).with_name("hosts.ini")
    inventory = load(path)
    assert [host.name for host in inventory.design_hosts] == ["l01", "l02", "l03", "s1"]
    assert inventory.hosts["l02"].variables["mgmt_gateway"] == "nowhere"
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "host_vars" / "l02.yml").write_text("mgmt_interface: [x]\n")
    assert "host_vars/l02.yml:1" in str(refused(path))


def test_a_problem_in_an_ini_inventory_has_its_line(write: Write, tmp_path: Path):
    text = "[FAB]\ns1\nl1 domain='{{ nowhere }}'\n[FAB:vars]\nbad={{ gone }}\n"
    path = write(**{"hosts.ini": text}).with_name("hosts.ini")
    (tmp_path / "group_vars/FAB.yml").write_text("fabric_name: FAB\ntype: spine\n")
    assert lines(refused(path), tmp_path) == [
        "l1: domain: 'nowhere' is undefined (hosts.ini:3)",
        "l1, s1: bad: 'gone' is undefined (hosts.ini:5)",
    ]


SCRIPT = """#!/bin/sh
echo '{"FAB": {"hosts": ["s1", "l1"], "vars": {"site": "OSL"}}, "_meta": {"hostvars": {}}}'
"""


def test_programs_that_print_an_inventory_are_run(write: Write):
    write(**{"hosts.sh": SCRIPT}).with_name("hosts.sh").chmod(0o755)
    inventory = load(write().with_name("hosts.sh"))
    assert inventory.hosts["s1"].variables["site"] == "OSL"
    assert len(inventory.design_hosts) == 2


def test_several_inventories_are_one(write: Write, tmp_path: Path):
    second = "all: {children: {FAB: {hosts: {l2: }, vars: {site: OSL}}}}\n"
    write(**{"second/more.yml": second, "second/host_vars/l2.yml": "x: 1"})
    inventory = load(Path(f"{tmp_path}/inventory.yml,{tmp_path}/second/more.yml"))
    assert [host.name for host in inventory.design_hosts] == ["l1", "l2", "s1"]
    assert inventory.hosts["s1"].variables["site"] == "OSL"
    assert inventory.hosts["l2"].variables["x"] == 1
    assert inventory.root == tmp_path


def test_a_folder_of_inventories_is_read_without_what_avd_wrote(write: Write, tmp_path: Path):
    folder = tmp_path / "sites"
    plugin = "plugin: constructed\nstrict: true\ngroups: {BIG: inventory_hostname == 's1'}\n"
    files = {
        "sites__10-static.yml": "all: {children: {FAB: {hosts: {s1: , l1: }}}}\n",
        "sites__20-groups.yml": plugin,
        "sites__group_vars__BIG.yml": "big: true\n",
        "sites__intended__structured_configs__s1.yml": "router_bgp: {hosts: {ghost: }}\n",
        "sites__build.yml": "- hosts: FAB\n  tasks: []\n",
        "sites__lab.yml": "plugin: avdlab.lab.lab\n",
    }
    path = write(**files)
    (folder / "group_vars" / "FAB.yml").write_text((tmp_path / "group_vars/FAB.yml").read_text())
    path.unlink()
    inventory = load(folder)
    assert sorted(inventory.hosts) == ["l1", "s1"]
    assert inventory.hosts["s1"].variables["big"] is True
    assert inventory.notes == ()


def test_a_plugin_beside_the_inventory_is_part_of_it(write: Write):
    plugin = "plugin: constructed\nstrict: true\ngroups: {BIG: inventory_hostname == 's1'}\n"
    files = {"zz-groups.yml": plugin, "group_vars__BIG.yml": "big: true\n"}
    inventory = load(write(**files, **{"requirements.yml": "a: []"}).parent)
    assert inventory.hosts["s1"].variables["big"] is True
    assert inventory.notes == ()


def test_group_vars_in_folders_and_beside_the_playbook(write: Write, tmp_path: Path):
    inventory = (tmp_path / "sites" / "dc1").as_posix()
    files = {
        "sites__dc1__inventory.yml": "all: {children: {FAB: {hosts: {s1: , l1: }}}}\n",
        "sites__dc1__group_vars__FAB__10-first.yml": "order: first\nonly: 1\n",
        "sites__dc1__group_vars__FAB__20-second.yml": "order: second\n",
        "sites__dc1__host_vars__s1__ports.yml": "own: true\n",
    }
    write(**files)
    found = load(Path(inventory))
    assert found.fabrics == ("FAB",)  # fabric_name comes from group_vars beside ansible.cfg
    assert found.hosts["s1"].variables["order"] == "second"
    assert found.hosts["s1"].variables["own"] is True


def test_several_fabrics_and_hosts_outside_of_them(write: Write):
    inventory = """
        all:
          children:
            FAB: {hosts: {s1: , l1: }}
            DC2: {hosts: {s21: , l21: }, vars: {fabric_name: DC2, type: l2leaf}}
            CVP: {hosts: {cv1: {ansible_host: cv.example.net}}}
    """
    found = load(write(**{"inventory.yml": inventory}))
    assert found.fabrics == ("DC2", "FAB")
    assert [host.name for host in found.design_hosts] == ["l1", "l21", "s1", "s21"]
    assert found.hosts["cv1"].reason_outside


# ---------------------------------------------------------------------- AVD 5, and slips
AVD5 = """
fabric_name: FAB
type: l2leaf
local_users: [{name: admin}]
name_servers: [192.0.2.53]
design: {type: l2ls}
l2leaf:
  defaults:
    uplink_structured_config: {mtu: 1500}
  nodes:
    - name: l1
      structured_config:
        ethernet_interfaces: [{name: Ethernet1, type: routed}]
tenants:
  - name: T
    vrfs:
      - name: V
        static_routes:
          - destination_address_prefix: 10.0.0.0/8
            gateway: 10.1.1.1
servers:
  - name: srv
    adapters: [{switches: [l1], switch_ports: [Ethernet9], speed: forced 1g}]
custom_structured_configuration_ethernet_interfaces:
  - name: Ethernet7
    peer: other
    vlans: 1-5
"""


def test_inventories_of_avd_5_get_the_list_of_what_to_change(write: Write, tmp_path: Path):
    error = refused(write(**{"group_vars__FAB.yml": AVD5}))
    found = [line.partition(": ")[2] for line in lines(error, tmp_path)]
    gone = "was removed in AVD version 6.0.0"
    file = "group_vars/FAB.yml"
    assert found[0] == f"local_users: {gone}. Use 'aaa_settings.local_users' instead ({file}:3)"
    assert found[1] == f"name_servers: {gone}. Use 'dns_settings.servers' instead ({file}:4)"
    assert found[2].startswith(f"design: {gone}. See ")
    assert f"l2leaf.defaults.uplink_structured_config: {gone}" in found[3]
    path = "l2leaf.nodes[0].structured_config.ethernet_interfaces[0].type"
    assert found[4].startswith(f"{path}: {gone}")
    assert found[4].endswith(f"({file}:12)")
    route = "tenants[0].vrfs[0].static_routes[0]"
    assert found[5] == (
        f"{route}.destination_address_prefix: {gone}. Use 'prefix' instead ({file}:18)"
    )
    assert found[6] == f"{route}.gateway: {gone}. Use 'next_hop' instead ({file}:19)"
    speed = "servers[0].adapters[0].speed: 'forced 1g' is none of the 82 valid values. Did you mean"
    assert found[7].startswith(speed)
    assert found[7].endswith(f"({file}:22)")
    ports = "custom_structured_configuration_ethernet_interfaces[0]"
    assert found[8] == (
        f"{ports}.peer: AVD 6 has no such key here. Use 'metadata.peer' instead ({file}:25)"
    )
    assert found[9].startswith(f"{ports}.vlans: {gone}. Use 'switchport.access_vlan or ")
    assert len(found) == 10  # that `prefix` is missing follows from the key that was removed
    assert error.hint.startswith("This inventory was written for an older AVD")


def test_custom_configuration_with_unknown_keys_is_all_listed(write: Write, tmp_path: Path):
    text = """
        custom_structured_configuration_prefix: [mine_]
        mine_router_bgp: {no_such: 1}
        mine_ethernet_interfaces:
          - {name: Ethernet1, other: 1}
          - {name: Ethernet2, custom_key: 2, _custom_key: 3}
        mine_nonsense: {a: 1}
    """
    found = lines(refused(write(**{"host_vars__s1.yml": text})), tmp_path)
    assert [line.partition(" (")[0] for line in found] == [
        "s1: mine_router_bgp.no_such: AVD has no such key here",
        "s1: mine_ethernet_interfaces[0].other: AVD has no such key here",
        "s1: mine_ethernet_interfaces[1].custom_key: AVD has no such key here",
        "s1: mine_nonsense: AVD's structured config has no key 'nonsense'",
    ]


def test_slips_and_keys_that_vanish_are_notes(write: Write, tmp_path: Path):
    text = """
        mgmt_gatway: 192.0.2.1
        aaa_authorization: {}
        wan_use_evpn_node_settings_for_lan: true
    """
    notes = validate_all(load(write(**{"host_vars__s1.yml": text}))).notes
    assert [note.replace(f"{tmp_path}/", "") for note in notes] == [
        "s1: mgmt_gatway: AVD has no such key. Did you mean mgmt_gateway? (host_vars/s1.yml:1)",
        "s1: aaa_authorization: AVD ignores this key here; use "
        "custom_structured_configuration_aaa_authorization (host_vars/s1.yml:2)",
        "s1: wan_use_evpn_node_settings_for_lan: AVD 6 ignores this key; it is the only behavior "
        "of AVD 6: remove the key (host_vars/s1.yml:3)",
    ]


def test_an_inventory_may_lie_in_a_folder_that_everybody_may_write(write: Write, tmp_path: Path):
    config = """
        [defaults]
        vars_plugins_enabled = arista.avd.global_vars, host_group_vars
        [vars_global_vars]
        paths = shared.yml
    """
    path = write(**{"ansible.cfg": config, "shared.yml": "only: here\n"})
    tmp_path.chmod(0o777)
    assert variables(load(path))["only"] == "here"
    assert os.environ.get("ANSIBLE_CONFIG") is None
