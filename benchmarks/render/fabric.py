"""AVD inventories of any size: spines, MLAG pairs of leaves, VRFs, VLANs, a server per pair.

Flat: one list of all leaves, which every host reads, as most repositories have it.
"""

from pathlib import Path

import yaml

SPINES = 4


def write_fabric(folder: Path, devices: int, *, vrfs: int = 5, svis: int = 10) -> Path:
    """Write an inventory of so many devices; return its file."""
    pairs = (devices - SPINES) // 2
    leaves = [f"leaf{n}" for n in range(1, 2 * pairs + 1)]
    spines = [f"spine{n}" for n in range(1, SPINES + 1)]
    (folder / "group_vars").mkdir(parents=True)
    inventory = {
        "all": {
            "children": {
                "FAB": {
                    "children": {
                        "SPINES": {"hosts": dict.fromkeys(spines)},
                        "LEAVES": {"hosts": dict.fromkeys(leaves)},
                    }
                }
            }
        }
    }
    _dump(folder / "inventory.yml", inventory)
    (folder / "ansible.cfg").write_text("[defaults]\ninventory = inventory.yml\n")
    (folder / "group_vars" / "SPINES.yml").write_text("type: spine\n")
    (folder / "group_vars" / "LEAVES.yml").write_text("type: l3leaf\n")
    _dump(folder / "group_vars" / "FAB.yml", _fabric(spines, pairs, vrfs, svis))
    return folder / "inventory.yml"


def _fabric(spines: list[str], pairs: int, vrfs: int, svis: int) -> dict[str, object]:
    return {
        "fabric_name": "FAB",
        "mgmt_gateway": "172.16.0.1",
        "management_eapi": {"enabled": True, "enable_https": True},
        "p2p_uplinks_mtu": 1500,
        "spine": {
            "defaults": {"platform": "cEOS", "bgp_as": 65000, "loopback_ipv4_pool": "10.0.0.0/24"},
            "nodes": [
                {"name": name, "id": n, "mgmt_ip": f"172.16.0.{10 + n}/16"}
                for n, name in enumerate(spines, start=1)
            ],
        },
        "l3leaf": {
            "defaults": {
                "platform": "cEOS",
                "loopback_ipv4_pool": "10.1.0.0/20",
                "vtep_loopback_ipv4_pool": "10.2.0.0/20",
                "uplink_switches": spines,
                "uplink_interfaces": [f"Ethernet{n}" for n in range(1, SPINES + 1)],
                "mlag_interfaces": ["Ethernet47", "Ethernet48"],
                "uplink_ipv4_pool": "10.8.0.0/16",
                "mlag_peer_ipv4_pool": "10.4.0.0/20",
                "mlag_peer_l3_ipv4_pool": "10.5.0.0/20",
                "virtual_router_mac_address": "00:1c:73:00:00:99",
                "spanning_tree_mode": "mstp",
            },
            "node_groups": [_pair(n) for n in range(1, pairs + 1)],
        },
        "tenants": [
            {
                "name": "T",
                "mac_vrf_vni_base": 10000,
                "vrfs": [_vrf(n, svis) for n in range(1, vrfs + 1)],
                "l2vlans": [{"id": 2000 + n, "name": f"L2_{n}"} for n in range(10)],
            }
        ],
        "servers": [_server(n) for n in range(1, pairs + 1)],
    }


def _pair(number: int) -> dict[str, object]:
    return {
        "group": f"PAIR{number}",
        "bgp_as": 65000 + number,
        "nodes": [
            {
                "name": f"leaf{leaf}",
                "id": leaf,
                "mgmt_ip": f"172.16.{1 + leaf // 250}.{1 + leaf % 250}/16",
                "uplink_switch_interfaces": [f"Ethernet{leaf}"] * SPINES,
            }
            for leaf in (2 * number - 1, 2 * number)
        ],
    }


def _vrf(number: int, svis: int) -> dict[str, object]:
    return {
        "name": f"VRF{number}",
        "vrf_vni": number,
        "svis": [
            {
                "id": 100 * number + n,
                "name": f"VLAN{100 * number + n}",
                "enabled": True,
                "ip_address_virtual": f"10.{100 + number}.{n}.1/24",
            }
            for n in range(1, svis + 1)
        ],
    }


def _server(number: int) -> dict[str, object]:
    return {
        "name": f"server{number}",
        "adapters": [
            {
                "endpoint_ports": ["eth0", "eth1"],
                "switches": [f"leaf{2 * number - 1}", f"leaf{2 * number}"],
                "switch_ports": ["Ethernet10", "Ethernet10"],
                "mode": "trunk",
                "vlans": "101-110",
                "port_channel": {"mode": "active"},
            }
        ],
    }


def _dump(path: Path, data: object) -> None:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    path.write_text(yaml.dump(data, Dumper=dumper, sort_keys=False), encoding="utf-8")
