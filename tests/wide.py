"""An AVD inventory of as many switches as a test wants: spines, MLAG pairs of leaves, access."""

from pathlib import Path

import yaml

CONFIG = """\
[defaults]
inventory = inventory.yml
"""
USER = "admin"
PASSWORD = "avdlab-example"
_HASH = (
    "$6$kJ3vQ9tXw2Lm7RbA$7MtHdbwlsyThpjSypDQciJzgcBM5ClWfcs19Kh6ooHDweUzo4NMt/1SY44W7Y8pnhl01kt"
    "eSdfFVS4opJLGRT."
)


def write_inventory(folder: Path, *, pairs: int = 6, access: int = 2, vlans: int = 40) -> Path:
    """Write an inventory of 2 spines, `pairs` MLAG pairs and `access` switches; return its file.

    A leaf has about 300 lines of configuration with 40 VLANs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ansible.cfg").write_text(CONFIG)
    leaves = [f"leaf{number}{side}" for number in range(1, pairs + 1) for side in "ab"]
    switches = [f"access{number}" for number in range(1, access + 1)]
    hosts = {
        "SPINES": ["spine1", "spine2"],
        "LEAVES": leaves,
        "ACCESS": switches,
    }
    kinds = {"SPINES": "spine", "LEAVES": "l3leaf", "ACCESS": "l2leaf"}
    children = {
        group: {"hosts": {name: {} for name in names}, "vars": {"type": kinds[group]}}
        for group, names in hosts.items()
    }
    services = {"children": {"LEAVES": {}, "ACCESS": {}}, "vars": _services(vlans)}
    fabric = {"children": children, "vars": _fabric(pairs, access)}
    inventory = {"all": {"children": {"WIDE": fabric, "SERVICES": services}}}
    path = folder / "inventory.yml"
    path.write_text(yaml.safe_dump(inventory, sort_keys=False))
    return path


def _fabric(pairs, access):
    return {
        "fabric_name": "WIDE",
        "underlay_routing_protocol": "ebgp",
        "overlay_routing_protocol": "ebgp",
        "mgmt_gateway": "10.80.0.1",
        "management_eapi": {"enabled": True, "enable_https": True},
        "aaa_settings": {
            "local_users": [
                {
                    "name": USER,
                    "privilege": 15,
                    "role": "network-admin",
                    "sha512_password": _HASH,
                }
            ]
        },
        "spine": {
            "defaults": {
                "platform": "cEOS",
                "bgp_as": 65000,
                "loopback_ipv4_pool": "10.81.0.0/24",
            },
            "nodes": [
                {"name": f"spine{n}", "id": n, "mgmt_ip": f"10.80.0.{10 + n}/24"} for n in (1, 2)
            ],
        },
        "l3leaf": {
            "defaults": {
                "platform": "cEOS",
                "loopback_ipv4_pool": "10.81.1.0/24",
                "vtep_loopback_ipv4_pool": "10.81.2.0/24",
                "uplink_switches": ["spine1", "spine2"],
                "uplink_interfaces": ["Ethernet1", "Ethernet2"],
                "mlag_interfaces": ["Ethernet3", "Ethernet4"],
                "uplink_ipv4_pool": "10.81.4.0/22",
                "mlag_peer_ipv4_pool": "10.81.8.0/24",
                "mlag_peer_l3_ipv4_pool": "10.81.9.0/24",
                "virtual_router_mac_address": "00:1c:73:00:0a:01",
                "spanning_tree_mode": "mstp",
            },
            "node_groups": [_pair(number) for number in range(1, pairs + 1)],
        },
        "l2leaf": {
            "defaults": {"platform": "cEOS", "spanning_tree_mode": "mstp"},
            "nodes": [_access(number) for number in range(1, access + 1)],
        },
    }


def _pair(number):
    first = 2 * number - 1
    nodes = [
        {
            "name": f"leaf{number}{side}",
            "id": node,
            "mgmt_ip": f"10.80.0.{20 + node}/24",
            "uplink_switch_interfaces": [f"Ethernet{node}", f"Ethernet{node}"],
        }
        for node, side in ((first, "a"), (first + 1, "b"))
    ]
    return {"group": f"LEAF{number}", "bgp_as": 65000 + number, "nodes": nodes}


def _access(number):
    return {
        "name": f"access{number}",
        "id": number,
        "mgmt_ip": f"10.80.0.{200 + number}/24",
        "uplink_switches": [f"leaf{number}a", f"leaf{number}b"],
        "uplink_interfaces": ["Ethernet1", "Ethernet2"],
        "uplink_switch_interfaces": ["Ethernet8", "Ethernet8"],
    }


def _services(vlans):
    svis = [
        {
            "id": 100 + number,
            "name": f"VLAN_{100 + number}",
            "enabled": True,
            "ip_address_virtual": f"10.100.{number}.1/24",
        }
        for number in range(1, vlans // 2 + 1)
    ]
    bridged = [
        {"id": 600 + number, "name": f"L2_{600 + number}"} for number in range(1, vlans // 2 + 1)
    ]
    vrfs = [{"name": "BLUE", "vrf_vni": 10, "svis": svis}]
    return {
        "tenants": [{"name": "T1", "mac_vrf_vni_base": 10000, "vrfs": vrfs, "l2vlans": bridged}]
    }
