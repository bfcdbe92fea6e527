"""Generated fabrics: names, numbers and addresses that do not run into one another."""

import yaml

from avdlab.inventory.generated import Plan, files

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(plan):
    return {path: yaml.load(text, LOADER) for path, text in files(plan).items() if "yml" in path}  # noqa: S506


def nodes(plan):
    return nodes_of(read(plan)[f"group_vars/{plan.name}/fabric.yml"])


def nodes_of(found):
    leaves = [node for group in found["l3leaf"]["node_groups"] for node in group["nodes"]]
    return [*found["spine"]["nodes"], *leaves, *found.get("l2leaf", {}).get("nodes", [])]


def test_equal_plans_are_equal_bytes():
    assert files(Plan(leaves=9, access=3)) == files(Plan(leaves=9, access=3))


def test_every_node_is_a_host():
    plan = Plan("LAB", spines=3, leaves=5, access=2)
    groups = read(plan)["inventory.yml"]["all"]["children"]["LAB"]["children"]
    hosts = {host for group in groups.values() for host in group["hosts"]}
    assert hosts == {node["name"] for node in nodes(plan)}
    assert len(hosts) == plan.devices == 10


def test_leaves_come_in_pairs_and_the_last_odd_one_alone():
    groups = read(Plan(leaves=5))["group_vars/FABRIC/fabric.yml"]["l3leaf"]["node_groups"]
    names = [[node["name"] for node in group["nodes"]] for group in groups]
    assert names == [["leaf1a", "leaf1b"], ["leaf2a", "leaf2b"], ["leaf3a"]]
    assert [group["bgp_as"] for group in groups] == [65001, 65002, 65003]


def test_without_mlag_every_leaf_stands_alone():
    groups = read(Plan(leaves=2, mlag=False))["group_vars/FABRIC/fabric.yml"]["l3leaf"]
    assert [g["nodes"][0]["name"] for g in groups["node_groups"]] == ["leaf1", "leaf2"]
    assert "mlag_interfaces" not in groups["defaults"]


def test_a_thousand_devices_have_addresses_ports_and_as_numbers_of_their_own():
    plan = Plan(spines=4, leaves=1990, access=6)
    fabric = read(plan)["group_vars/FABRIC/fabric.yml"]
    every = nodes_of(fabric)
    assert len({node["mgmt_ip"] for node in every}) == len(every) == 2000
    found = fabric["l3leaf"]["node_groups"]
    numbers = [group["bgp_as"] for group in found]
    assert len(set(numbers)) == len(numbers) == 995
    assert all(n <= 65534 or n >= 4200000000 for n in numbers)  # RFC 6996
    ports = [node["uplink_switch_interfaces"][0] for group in found for node in group["nodes"]]
    assert len(set(ports)) == len(ports)


def test_too_many_vlans_are_a_problem():
    assert not list(Plan(vrfs=10, vlans=200).problems())
    assert list(Plan(vrfs=100, vlans=30).problems())
