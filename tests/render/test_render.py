"""Fabrics through AVD's pipeline: the documented counts, AVD's own bytes, located errors."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from avdlab.errors import InputError
from avdlab.inventory.model import Host, Inventory
from avdlab.render import catalogs, render, render_config, write
from avdlab.render.configs import render_documentation
from avdlab.render.model import Rendered

FABRICS = [
    ("single-dc-l3ls", 8, 184),
    ("l2ls-fabric", 6, 180),
    ("isis-ldp-ipvpn", 9, 182),
    ("cv-pathfinder", 14, 421),
    ("own", 7, 164),
]


def number_of_tests(catalog: str) -> int:
    return sum(len(tests) for tests in json.loads(catalog).values())


@pytest.mark.parametrize(("name", "devices", "tests"), FABRICS)
def test_fabrics_render_with_the_documented_counts(
    rendered: Callable[[str], Rendered], name: str, devices: int, tests: int
):
    made = rendered(name)
    assert len(made.devices) == devices
    assert sum(map(number_of_tests, made.catalogs.values())) == tests
    assert all(device.documentation and device.node_type for device in made.devices.values())


def test_text_is_that_of_the_public_functions(rendered: Callable[[str], Rendered]):
    from pyavd import get_device_config, get_device_doc
    from pyavd.api.eos_cli_config_gen import DocRenderConfiguration

    hidden = DocRenderConfiguration(hide_passwords=True)
    for device in list(rendered("own").devices.values())[:3]:
        config = json.loads(json.dumps(device.structured_config))
        assert device.config == get_device_config(config)
        assert device.documentation == get_device_doc(config, add_md_toc=True, configuration=hidden)


def test_documentation_changes_nothing_and_hides_secrets(rendered: Callable[[str], Rendered]):
    device = rendered("own").devices["osl-leaf1a"]
    before = json.dumps(device.structured_config)
    text = render_documentation(device.structured_config)
    assert json.dumps(device.structured_config) == before
    assert "$6$" not in text


def test_bgp_passwords_come_from_the_vault(rendered: Callable[[str], Rendered]):
    from pyavd.j2filters import decrypt

    peers = rendered("own").devices["osl-leaf1a"].structured_config["router_bgp"]["peer_groups"]
    secret = next(p["password"] for p in peers if p["name"] == "OVERLAY")
    assert decrypt(secret, passwd_type="bgp", key="OVERLAY") == "Aurora-4433"


def test_undeployed_devices_have_no_catalog(rendered: Callable[[str], Rendered]):
    configs = {n: dict(d.structured_config) for n, d in rendered("own").devices.items()}
    metadata = {**configs["osl-access1"]["metadata"], "is_deployed": False}
    configs["osl-access1"] = {**configs["osl-access1"], "metadata": metadata}
    assert "osl-access1" not in catalogs(configs)


def changed(inventory: Inventory, **variables: dict[str, object]) -> Inventory:
    """Give hosts (with _ for -) other variables, as if host_vars set them."""
    hosts: dict[str, Host] = dict(inventory.hosts)
    for name, values in variables.items():
        host = hosts[name.replace("_", "-")]
        hosts[host.name] = replace(host, variables={**host.variables, **values})
    return replace(inventory, hosts=hosts)


def test_violations_of_all_hosts_come_together(loaded: Callable[[str], Inventory]):
    broken = changed(
        loaded("own"),
        osl_spine1={"mgmt_gateway": ["x"]},
        osl_leaf1a={"local_users": []},
        osl_leaf2b={"spine": {"nodes": [{"name": "osl-spine1", "id": "one"}]}},
    )
    with pytest.raises(InputError) as caught:
        render(broken)
    found = {problem.host: problem for problem in caught.value.problems}
    assert set(found) == {"osl-spine1", "osl-leaf1a", "osl-leaf2b"}
    assert found["osl-leaf2b"].path == "spine.nodes[0].id"
    assert "aaa_settings.local_users" in found["osl-leaf1a"].message
    assert found["osl-spine1"].file.endswith("management.yml")
    assert found["osl-spine1"].line > 0


def test_an_unknown_key_in_custom_structured_config_names_host_and_key(
    loaded: Callable[[str], Inventory],
):
    custom = [{"name": "Ethernet1", "no_such_key": 1}]
    key = "custom_structured_configuration_ethernet_interfaces"
    with pytest.raises(InputError) as caught:
        render(changed(loaded("own"), osl_spine1={key: custom}))
    (problem,) = caught.value.problems
    assert problem.host == "osl-spine1"
    assert "no_such_key" in str(problem)


def test_what_avd_itself_finds_has_a_host(loaded: Callable[[str], Inventory]):
    nodes = {"nodes": [{"name": "osl-access1", "id": 1, "uplink_switches": ["nobody"]}]}
    with pytest.raises(InputError, match="nobody"):
        render(changed(loaded("own"), osl_access1={"l2leaf": nodes}))


def test_keys_that_avd_ignores_are_notes(rendered: Callable[[str], Rendered]):
    (note,) = rendered("cv-pathfinder").notes
    assert note.startswith("inet-cloud: dhcp_servers: AVD ignores this key")
    assert "host_vars/inet-cloud.yml:" in note


def test_written_files_are_private_and_the_second_run_changes_none(
    rendered: Callable[[str], Rendered], tmp_path: Path
):
    made = rendered("own")
    first = write(made, tmp_path)
    names = {str(path.relative_to(tmp_path)) for path in first}
    assert {
        "intended/configs/osl-leaf1a.cfg",
        "intended/structured_configs/osl-leaf1a.yml",
        "documentation/devices/osl-leaf1a.md",
        "documentation/fabric/OSLO-documentation.md",
        "documentation/fabric/OSLO-topology.csv",
        "anta/avd_catalogs/osl-leaf1a.json",
    } <= names
    assert {path.stat().st_mode & 0o777 for path in first} == {0o600}
    assert write(made, tmp_path) == []


def test_check_tells_what_would_change_and_touches_nothing(
    rendered: Callable[[str], Rendered], tmp_path: Path
):
    made = rendered("l2ls-fabric")
    would = write(made, tmp_path, check=True)
    assert not list(tmp_path.iterdir())
    assert write(made, tmp_path) == would
    gone = replace(made, devices=dict(list(made.devices.items())[1:]))
    stale = write(gone, tmp_path, check=True)
    assert stale
    assert all(path.is_file() for path in stale)


def test_two_renders_give_the_same_bytes(
    loaded: Callable[[str], Inventory], rendered: Callable[[str], Rendered], tmp_path: Path
):
    write(rendered("own"), tmp_path)
    assert write(render(loaded("own")), tmp_path) == []


def test_only_our_own_stale_files_are_removed(rendered: Callable[[str], Rendered], tmp_path: Path):
    made = rendered("own")
    write(made, tmp_path)
    theirs = tmp_path / "intended/configs/by-hand.cfg"
    theirs.write_text("hostname by-hand\n")
    fewer = {name: device for name, device in made.devices.items() if name != "osl-access1"}
    removed = write(replace(made, devices=fewer), tmp_path)
    assert tmp_path / "intended/configs/osl-access1.cfg" in removed
    assert not (tmp_path / "intended/configs/osl-access1.cfg").exists()
    assert theirs.exists()


def test_what_a_killed_run_left_half_written_is_removed(
    rendered: Callable[[str], Rendered], tmp_path: Path
):
    made = rendered("own")
    write(made, tmp_path)
    half = tmp_path / "intended/configs/.osl-leaf1a.cfg.ab12_cd3"
    theirs = tmp_path / "intended/configs/.gitkeep"
    for path in (half, theirs):
        path.write_text("x")
    write(made, tmp_path)
    assert not half.exists()
    assert theirs.exists()


def test_pool_files_are_read_and_never_written(loaded: Callable[[str], Inventory], tmp_path: Path):
    numbering = {"fabric_numbering": {"node_id": {"algorithm": "pool_manager"}}}
    inventory = loaded("own")
    names = {name.replace("-", "_"): numbering for name in inventory.hosts}
    render(replace(changed(inventory, **names), root=tmp_path), documentation=False, catalogs=False)
    assert list(tmp_path.iterdir()) == []


def test_one_device_renders_alone(rendered: Callable[[str], Rendered]):
    device = rendered("own").devices["osl-spine1"]
    assert render_config(device.structured_config) == device.config
