"""Inventories as users write them, read by Ansible's own managers."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from avdlab.errors import InputError
from avdlab.inventory.load import load

Write = Callable[..., Path]


def problems_of(path: Path, **options: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(path, **options)  # type: ignore[arg-type]  # a test hands options through
    return [str(problem) for problem in caught.value.problems]


def vault(folder: Path, text: str, password: str) -> str:
    """Encrypt as ansible-vault does."""
    from ansible.parsing.vault import VaultLib, VaultSecret

    secret = VaultSecret(password.encode())
    encrypted: bytes = VaultLib([("default", secret)]).encrypt(text, secret)
    return encrypted.decode()


def test_hosts_outside_the_design_are_told_apart(write: Write):
    inventory = load(write())
    assert [host.name for host in inventory.design_hosts] == ["l1", "s1"]
    assert inventory.fabrics == ("FAB",)
    assert inventory.hosts["backup"].reason_outside == "no fabric_name is set for it"


def test_variables_are_templated_and_connection_secrets_stay_out(write: Write):
    host = load(write()).hosts["s1"]
    assert host.variables["domain"] == "s1.example.net"
    assert host.variables["ansible_host"] == "192.0.2.1"
    assert "ansible_password" not in host.variables
    assert "ansible_password" in host.connection
    assert host.connection["ansible_password"] not in repr(host)


def test_sources_name_every_file_the_winning_one_last(write: Write):
    inventory = load(write(host_vars__s1__x="", **{"host_vars__l1.yml": "domain: own\n"}))
    assert inventory.hosts["l1"].variables["domain"] == "own"
    files = [Path(file).name for file in inventory.hosts["l1"].sources["domain"]]
    assert files == ["FAB.yml", "l1.yml"]


def test_three_mistakes_in_three_hosts_are_three_located_problems(write: Write):
    hosts = {
        "host_vars__s1.yml": "a: 1\nntp: {server: '{{ nowhere }}'}\n",
        "host_vars__l1.yml": "built: 2026-11-24\n",
        "host_vars__l2.yml": "mtu: '{{ 1 | no_such_filter }}'\n",
    }
    inventory = "all: {children: {FAB: {hosts: {s1: , l1: , l2: }}}}\n"
    found = problems_of(write(**hosts, **{"inventory.yml": inventory}))
    assert len(found) == 3
    assert any("l1: built: a date is not" in p and "l1.yml:1). Quote it." in p for p in found)
    assert any("l2: mtu: " in p and "l2.yml:1)" in p for p in found)
    assert any("s1: ntp.server: 'nowhere' is undefined" in p and "s1.yml:2)" in p for p in found)


def test_broken_yaml_of_all_files_is_reported_with_lines(write: Write):
    files = {"host_vars__s1.yml": "a: [1\n", "group_vars__FAB.yml": "x: 1\ny: : 2\n"}
    found = problems_of(write(**files))
    assert len(found) == 2
    assert "group_vars/FAB.yml:2)" in found[0]
    assert all("not valid YAML" in text for text in found)


def test_a_host_without_node_type_is_left_out_and_said(write: Write):
    inventory = load(write(**{"inventory.yml": "FAB: {hosts: {s1: , router: }}\n"}))
    assert [host.name for host in inventory.design_hosts] == ["s1"]
    assert any(note.startswith("router: it has no node type") for note in inventory.notes)


def test_a_fabric_name_that_is_no_group_is_a_problem(write: Write):
    found = problems_of(write(**{"group_vars__FAB.yml": "fabric_name: FAV\n"}))
    assert found == [
        f"l1, s1: fabric_name: 'FAV' is not a group of this inventory "
        f"({write().parent}/group_vars/FAB.yml:1). Did you mean FAB?"
    ]


def test_limit_selects_by_ansible_patterns(write: Write):
    assert load(write(), limit="FAB:!s1").selected == {"l1"}
    with pytest.raises(InputError, match="no host matches 'nobody'"):
        load(write(), limit="nobody")


def test_extra_vars_win_in_all_their_notations(write: Write, tmp_path: Path):
    (tmp_path / "more.yml").write_text("c: 3\n")
    extra = ("a=1", '{"b": {"x": 2}}', f"@{tmp_path}/more.yml")
    variables = load(write(), extra_vars=extra).hosts["s1"].variables
    assert (variables["a"], variables["b"], variables["c"]) == ("1", {"x": 2}, 3)


def test_extra_vars_are_templated(write: Write):
    extra = ("mine=x", "domain={{ mine }}.example.org")
    assert load(write(), extra_vars=extra).hosts["s1"].variables["domain"] == "x.example.org"
    assert problems_of(write(), extra_vars=("domain={{ nowhere }}",)) == [
        "l1, s1: domain: 'nowhere' is undefined (-e)"
    ]


def test_extra_vars_that_cannot_be_read_are_blamed_themselves(write: Write, tmp_path: Path):
    (tmp_path / "bad.yml").write_text("a: [\n")
    for extra in (f"@{tmp_path}/bad.yml", "{bad", "[1]", "/vars.yml"):
        (problem,) = problems_of(write(), extra_vars=(extra,))
        assert problem.endswith("(-e)")
    assert problems_of(write(), extra_vars=("@nowhere.yml",)) == [
        f"there is no file {Path.cwd()}/nowhere.yml of extra vars"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("all:\n  children: [\n", "not valid YAML: did not find expected node content"),
        ("all: {hosts: [a, b]}\n", "no inventory: "),
        ("", "The inventory has no hosts."),
    ],
)
def test_broken_inventory_says_what_is_wrong_with_it(write: Write, text: str, said: str):
    (problem,) = problems_of(write(**{"inventory.yml": text}))
    assert said in problem
    assert "inventory.yml" in problem


def test_failing_inventory_script_is_said(write: Write, tmp_path: Path):
    script = tmp_path / "hosts.sh"
    script.write_text("#!/bin/sh\nexit 4\n")
    script.chmod(0o755)
    write()
    (problem,) = problems_of(script)
    assert "Inventory script returned non-zero exit code 4" in problem


def test_limit_without_a_pattern_does_not_mean_all(write: Write):
    assert problems_of(write(), limit=",") == ["',' is no host pattern"]


def test_group_objects_are_shared_between_hosts(write: Write):
    inventory = load(write())
    first, second = (host.variables["default_node_types"] for host in inventory.design_hosts)
    assert first is second


def test_vault_files_and_inline_values_are_decrypted(write: Write, tmp_path: Path):
    inline = vault(tmp_path, "hidden", "pw").replace("\n", "\n  ")
    use = "both: '{{ other }}-x'\n"
    path = write(
        **{
            "ansible.cfg": "[defaults]\nvault_password_file = pw\n",
            "pw": "pw\n",
            "host_vars__s1__vault.yml": vault(tmp_path, "key: whole\n", "pw"),
            "host_vars__s1__inline.yml": f"other: !vault |\n  {inline}\n" + use,
        }
    )
    variables = load(path).hosts["s1"].variables
    assert (variables["key"], variables["other"]) == ("whole", "hidden")
    assert variables["both"] == "hidden-x"


def test_missing_vault_password_is_one_line_with_a_hint(write: Write, tmp_path: Path):
    encrypted = vault(tmp_path, "key: whole\n", "pw")
    path = write(**{"host_vars__s1.yml": encrypted, "host_vars__l1.yml": encrypted})
    found = problems_of(path)
    assert len(found) == 1
    assert "there is no vault password (and 1 more files)" in found[0]
    assert "--vault-password-file" in found[0]


def test_missing_password_for_an_inline_value_is_told(write: Write, tmp_path: Path):
    inline = vault(tmp_path, "hidden", "pw").replace("\n", "\n  ")
    found = problems_of(write(**{"host_vars__s1.yml": f"other: !vault |\n  {inline}\n"}))
    assert len(found) == 1
    assert found[0].startswith("s1: other: ")
    assert "--vault-password-file" in found[0]


def test_wrong_or_absent_password_files_are_told(write: Write, tmp_path: Path):
    encrypted = {"host_vars__s1.yml": vault(tmp_path, "key: whole\n", "pw"), "bad": "no\n"}
    found = problems_of(write(**encrypted), vault_password_file=tmp_path / "bad")
    assert "the vault password does not open this file" in found[0]
    config = {"ansible.cfg": "[defaults]\nvault_password_file = gone\n"}
    found = problems_of(write(**encrypted, **config))
    assert len(found) == 1
    assert "gone" in found[0]
    assert "\n" not in found[0]


def test_filters_and_tests_of_avd_work_without_the_collection(write: Write):
    text = """
        ports: "{{ ['Ethernet1-3'] | arista.avd.range_expand }}"
        fallback: "{{ missing | arista.avd.default('x') }}"
        is: "{{ missing is arista.avd.defined }}"
    """
    variables = load(write(**{"host_vars__s1.yml": text})).hosts["s1"].variables
    assert variables["ports"] == ["Ethernet1", "Ethernet2", "Ethernet3"]
    assert (variables["fallback"], variables["is"]) == ("x", False)


def test_global_vars_stand_below_group_vars(write: Write):
    config = """
        [defaults]
        vars_plugins_enabled = arista.avd.global_vars, host_group_vars
        [vars_global_vars]
        paths = shared
    """
    files = {"ansible.cfg": config, "shared__a.yml": "domain: low\nonly: '{{ 1 + 1 }}'\n"}
    host = load(write(**files)).hosts["s1"]
    assert host.variables["domain"] == "s1.example.net"
    assert host.variables["only"] == 2
    assert Path(host.sources["only"][0]).name == "a.yml"


def test_an_inventory_without_fabric_says_why(write: Write):
    found = problems_of(write(**{"group_vars__FAB.yml": "x: 1\n"}))
    assert "no host is part of an AVD fabric" in found[0]
    assert "s1: no fabric_name is set for it" in found[0]


def test_unreadable_inventories_are_input_errors(tmp_path: Path):
    with pytest.raises(InputError, match="there is no inventory"):
        load(tmp_path / "nothing.yml")
    broken = tmp_path / "inventory.yml"
    broken.write_text("all: [\n")
    assert len(problems_of(broken)) == 1


def test_a_python_module_in_the_inventory_folder_is_not_imported(write: Write):
    path = write(**{"yaml.py": "raise SystemExit('imported')\n"})
    assert load(path).fabrics == ("FAB",)


def test_loading_does_not_import_ansible_here():
    code = "import sys, avdlab.inventory.load; sys.exit('ansible' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_hostvars_groups_and_play_variables_can_be_used(write: Write):
    text = """
        peer: "{{ hostvars['l1'].domain }}"
        first: "{{ groups['FAB'] | sort | first }}"
        where: "{{ root_dir }}"
    """
    path = write(**{"host_vars__s1.yml": text})
    variables = load(path).hosts["s1"].variables
    assert (variables["peer"], variables["first"]) == ("l1.example.net", "l1")
    assert variables["where"] == str(path.parent)


def test_a_folder_means_the_inventory_file_in_it(write: Write):
    path = write(**{"intended__configs__s1.cfg": "hostname s1\n"})
    inventory = load(path.parent)
    assert inventory.path == path
    assert inventory.notes == ()


def test_schema_violations_come_with_the_templates_that_fail(write: Write):
    hosts = {
        "host_vars__s1.yml": "mtu: '{{ nowhere }}'\n",
        "host_vars__l1.yml": "x: 1\nmgmt_gateway: [a]\n",
    }
    found = problems_of(write(**hosts))
    assert len(found) == 2
    assert any("l1: mgmt_gateway: Invalid type" in p and "l1.yml:2)" in p for p in found)
