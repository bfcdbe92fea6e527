"""Trimmed inputs and helper processes (that they change no byte: tests/acceptance)."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from avdlab.errors import InputError
from avdlab.inventory.load import load
from avdlab.inventory.model import Host, Inventory
from avdlab.render import render
from avdlab.render.trim import Trimmer
from avdlab.render.validation import validate_all
from benchmarks.render.fabric import write_fabric


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """Twelve devices, each of which reads the whole fabric."""
    return load(write_fabric(tmp_path_factory.mktemp("fabric") / "f", 12, vrfs=2, svis=3))


def test_inputs_are_trimmed_to_what_concerns_the_host(generated: Inventory):
    trimmed = Trimmer(generated.design_hosts).trim(generated.hosts["leaf3"])
    groups = trimmed.variables["l3leaf"]["node_groups"]
    assert [group["group"] for group in groups] == ["PAIR2"]
    assert [server["name"] for server in trimmed.variables["servers"]] == ["server2"]
    assert trimmed.variables["tenants"] is generated.hosts["leaf3"].variables["tenants"]
    path = ["l3leaf", "node_groups", "0", "nodes", "1", "id"]
    assert trimmed.original(path) == ["l3leaf", "node_groups", "1", "nodes", "1", "id"]
    assert trimmed.original(["servers", "0", "name"]) == ["servers", "1", "name"]


@pytest.mark.parametrize(
    ("variables", "safe"),
    [
        ({}, True),
        ({"use_cv_topology": True}, False),
        ({"eos_designs_custom_templates": [{"template": "x"}]}, False),
        ({"node_type_keys": [{"key": "x", "ip_addressing": {"python_module": "m"}}]}, False),
        ({"custom_node_type_keys": [{"key": "x", "ip_addressing": {"router_id": "t.j2"}}]}, False),
    ],
)
def test_inputs_that_custom_logic_may_read_stay_whole(variables: dict[str, Any], safe: bool):
    nodes = {"nodes": [{"name": "a"}, {"name": "b"}]}
    host = Host("a", (), {"spine": nodes, **variables}, "FAB", {})
    trimmed = Trimmer([host]).trim(host)
    assert (len(trimmed.variables["spine"]["nodes"]) == 1) is safe


def test_entries_that_cannot_be_told_apart_are_kept_for_all():
    servers = [
        {"name": "one", "adapters": [{"switches": ["b"]}]},
        {"name": "range", "adapters": [{"switches": ["[ab]"]}]},
        {"name": "none"},
        {"name": "mine", "adapters": [{"switches": ["a", "b"]}]},
    ]
    hosts = [Host(name, (), {"servers": servers}, "FAB", {}) for name in ("a", "b")]
    found = Trimmer(hosts).trim(hosts[0]).variables["servers"]
    assert [server["name"] for server in found] == ["range", "none", "mine"]


def changed(inventory: Inventory, host: str, **variables: Any) -> Inventory:
    old = inventory.hosts[host]
    new = replace(old, variables={**old.variables, **variables})
    return replace(inventory, hosts={**inventory.hosts, host: new})


def test_mistakes_in_the_entries_of_others_are_found_with_their_path(generated: Inventory):
    leaves = json.loads(json.dumps(generated.hosts["leaf1"].variables["l3leaf"]))
    leaves["node_groups"].append({"group": "X", "nodes": [{"name": "nobody", "id": "x"}]})
    leaves["node_groups"][3]["nodes"][1]["id"] = "y"
    broken = generated
    for name in generated.hosts:
        broken = changed(broken, name, l3leaf=leaves)
    with pytest.raises(InputError) as caught:
        validate_all(broken)
    paths = {problem.path for problem in caught.value.problems}
    assert paths == {"l3leaf.node_groups[3].nodes[1].id", "l3leaf.node_groups[4].nodes[0].id"}


def test_a_device_that_a_helper_cannot_render_is_named(generated: Inventory):
    broken = changed(generated, "leaf4", l3leaf={"nodes": [{"name": "leaf4", "id": 4}]})
    with pytest.raises(InputError, match="leaf4"):
        render(broken, workers=1, documentation=False, catalogs=False)


def test_a_helper_that_dies_costs_time_only(
    generated: Inventory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "sitecustomize.py").write_text("import os, sys\nos.environ['DIE'] == '1' and 1/0\n")
    (tmp_path / "pyavd.py").write_text("raise SystemExit(3)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = render(generated, workers=1, documentation=False, catalogs=False)
    assert len(made.devices) == 12
