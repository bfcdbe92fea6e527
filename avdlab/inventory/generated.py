"""A leaf-spine fabric of any size as an AVD inventory: to try things out, and for benchmarks.

What is in the files is what an engineer would write by hand: nodes, uplinks, pools, tenants.
Nothing depends on anything but the plan, so the same plan is the same fabric everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

FIRST_VLAN, LAST_VLAN = 101, 2999  # AVD's VLANs between MLAG peers begin at 3000
_HASH = (  # of avdlab-example
    "$6$kJ3vQ9tXw2Lm7RbA$7MtHdbwlsyThpjSypDQciJzgcBM5ClWfcs19Kh6ooHDweUzo4NMt/1SY44W7Y8pnhl01kt"
    "eSdfFVS4opJLGRT."
)
_FIRST_PRIVATE, _LAST_SHORT, _FIRST_LONG = 65000, 65534, 4200000000  # RFC 6996
_ANSIBLE = """\
[defaults]
inventory = inventory.yml
"""
_INVENTORY = "Devices and groups: the group {name} is the fabric."
_FABRIC = "The fabric: nodes, uplinks and pools. All of it was generated: change it as you like."
_SERVICES = "Tenants with their VRFs and VLANs, and a server at each pair of leaves."


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes of a fabric."""

    name: str = "FABRIC"
    spines: int = 2
    leaves: int = 4
    access: int = 0  # layer 2 switches below the leaves
    vrfs: int = 1
    vlans: int = 2  # of each VRF
    underlay: str = "ebgp"  # or ospf, isis: the overlay is then iBGP, reflected by the spines
    mlag: bool = True

    @property
    def pairs(self) -> list[list[int]]:
        """The leaves by number, those of one MLAG pair together."""
        size = 2 if self.mlag else 1
        return [
            list(range(first, min(first + size, self.leaves + 1)))
            for first in range(1, self.leaves + 1, size)
        ]

    @property
    def devices(self) -> int:
        return self.spines + self.leaves + self.access

    def problems(self) -> Iterator[str]:
        """Yield what makes the plan impossible."""
        last = FIRST_VLAN + self.vrfs * self.vlans - 1
        if last > LAST_VLAN:
            room = LAST_VLAN - FIRST_VLAN + 1
            yield f"{self.vrfs} VRFs with {self.vlans} VLANs each are more than {room} VLANs"


def files(plan: Plan) -> dict[str, str]:
    """Return path -> text of every file of the inventory."""
    folder = f"group_vars/{plan.name}"
    return {
        "ansible.cfg": _ANSIBLE,
        "inventory.yml": _yaml(_INVENTORY.format(name=plan.name), _hosts(plan)),
        f"{folder}/fabric.yml": _yaml(_FABRIC, _fabric(plan)),
        f"{folder}/services.yml": _yaml(_SERVICES, _services(plan)),
    }


def _yaml(comment: str, data: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(dict(data), sort_keys=False, width=100)
    return f"---\n# {comment}\n{text}"


# ------------------------------------------------------------------------------ names
def _leaf(plan: Plan, number: int) -> str:
    return f"leaf{(number + 1) // 2}{'ba'[number % 2]}" if plan.mlag else f"leaf{number}"


def _spines(plan: Plan) -> list[str]:
    return [f"spine{number}" for number in range(1, plan.spines + 1)]


def _hosts(plan: Plan) -> dict[str, Any]:
    names = {
        "spine": ("SPINES", _spines(plan)),
        "l3leaf": ("LEAVES", [_leaf(plan, number) for number in range(1, plan.leaves + 1)]),
        "l2leaf": ("ACCESS", [f"access{number}" for number in range(1, plan.access + 1)]),
    }
    groups = {
        group: {"hosts": {name: {} for name in members}, "vars": {"type": kind}}
        for kind, (group, members) in names.items()
        if members
    }
    return {"all": {"children": {plan.name: {"children": groups}}}}


# ------------------------------------------------------------------------------ nodes
def _fabric(plan: Plan) -> dict[str, Any]:
    inside = plan.underlay != "ebgp"
    found: dict[str, Any] = {
        "fabric_name": plan.name,
        "underlay_routing_protocol": plan.underlay,
        "overlay_routing_protocol": "ibgp" if inside else "ebgp",
        "p2p_uplinks_mtu": 1500,
        "mgmt_gateway": "10.240.0.1",
        "management_eapi": {"enabled": True, "enable_https": True},
        "aaa_settings": {"local_users": [_user()]},
        "spine": {"defaults": _spine(plan), "nodes": list(_spine_nodes(plan))},
        "l3leaf": {"defaults": _leaf_defaults(plan), "node_groups": list(_groups(plan))},
    }
    if plan.underlay == "isis":
        found["isis_area_id"] = "49.0001"
    if plan.access:
        found["l2leaf"] = {
            "defaults": {"platform": "cEOS", "spanning_tree_mode": "mstp"},
            "nodes": [_access(plan, number) for number in range(1, plan.access + 1)],
        }
    return found


def _user() -> dict[str, Any]:
    """Return the administrator; the password is avdlab-example."""
    return {
        "name": "admin",
        "privilege": 15,
        "role": "network-admin",
        "sha512_password": _HASH,
    }


def _management(number: int) -> str:
    return f"10.240.{(number + 9) // 256}.{(number + 9) % 256}/16"


def _common(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = {"platform": "cEOS", "loopback_ipv4_pool": "10.241.0.0/16"}
    if plan.underlay == "isis":
        found["isis_system_id_prefix"] = "0000.0001"
    return found


def _spine(plan: Plan) -> dict[str, Any]:
    found = {**_common(plan), "bgp_as": _FIRST_PRIVATE}
    return found if plan.underlay == "ebgp" else {**found, "evpn_role": "server"}


def _spine_nodes(plan: Plan) -> Iterator[dict[str, Any]]:
    for number, name in enumerate(_spines(plan), start=1):
        yield {"name": name, "id": number, "mgmt_ip": _management(number)}


def _leaf_defaults(plan: Plan) -> dict[str, Any]:
    spines = plan.spines
    found = {
        **_common(plan),
        "loopback_ipv4_offset": spines,
        "vtep_loopback_ipv4_pool": "10.242.0.0/16",
        "uplink_switches": _spines(plan),
        "uplink_interfaces": [f"Ethernet{number}" for number in range(1, spines + 1)],
        "uplink_ipv4_pool": "10.224.0.0/12",
        "virtual_router_mac_address": "00:1c:73:00:00:99",
        "spanning_tree_mode": "mstp",
        "spanning_tree_priority": 4096,
    }
    if plan.mlag:
        found["mlag_interfaces"] = [f"Ethernet{spines + 1}", f"Ethernet{spines + 2}"]
        found["mlag_peer_ipv4_pool"] = "10.243.0.0/16"
        found["mlag_peer_l3_ipv4_pool"] = "10.244.0.0/16"
    return found


def _groups(plan: Plan) -> Iterator[dict[str, Any]]:
    for position, members in enumerate(plan.pairs, start=1):
        nodes = [
            {
                "name": _leaf(plan, number),
                "id": number,
                "mgmt_ip": _management(plan.spines + number),
                "uplink_switch_interfaces": [f"Ethernet{number}"] * plan.spines,
            }
            for number in members
        ]
        asn = _asn(position) if plan.underlay == "ebgp" else _FIRST_PRIVATE
        yield {"group": f"LEAF{position}", "bgp_as": asn, "nodes": nodes}


def _asn(position: int) -> int:
    short = _FIRST_PRIVATE + position
    return short if short <= _LAST_SHORT else _FIRST_LONG + position


def _access(plan: Plan, number: int) -> dict[str, Any]:
    members = plan.pairs[(number - 1) % len(plan.pairs)]
    port = f"Ethernet{plan.spines + 4 + (number - 1) // len(plan.pairs)}"
    return {
        "name": f"access{number}",
        "id": number,
        "mgmt_ip": _management(plan.spines + plan.leaves + number),
        "uplink_switches": [_leaf(plan, leaf) for leaf in members],
        "uplink_interfaces": [f"Ethernet{place}" for place in range(1, len(members) + 1)],
        "uplink_switch_interfaces": [port] * len(members),
    }


# ------------------------------------------------------------------------------ services
def _services(plan: Plan) -> dict[str, Any]:
    vrfs = [_vrf(plan, number) for number in range(1, plan.vrfs + 1)]
    tenant = {"name": "TENANT", "mac_vrf_vni_base": 10000, "vrfs": vrfs}
    servers = [_server(plan, n, members) for n, members in enumerate(plan.pairs, start=1)]
    found: dict[str, Any] = {"tenants": [tenant]} if vrfs else {}
    return {**found, "servers": servers} if vrfs and plan.vlans else found


def _vrf(plan: Plan, number: int) -> dict[str, Any]:
    first = FIRST_VLAN + (number - 1) * plan.vlans
    return {
        "name": f"VRF{number}",
        "vrf_vni": number,
        "vtep_diagnostic": {
            "loopback": 100 + number,
            "loopback_ip_range": f"10.{31 + number}.0.0/16",
        },
        "svis": [
            {
                "id": vlan,
                "name": f"VLAN_{vlan}",
                "enabled": True,
                "ip_address_virtual": f"10.{vlan // 256}.{vlan % 256}.1/24",
            }
            for vlan in range(first, first + plan.vlans)
        ],
    }


def _server(plan: Plan, position: int, members: list[int]) -> dict[str, Any]:
    adapter: dict[str, Any] = {
        "endpoint_ports": [f"eth{place}" for place in range(len(members))],
        "switch_ports": [f"Ethernet{plan.spines + 3}"] * len(members),
        "switches": [_leaf(plan, number) for number in members],
        "mode": "access",
        "vlans": str(FIRST_VLAN + (position - 1) % (plan.vrfs * plan.vlans)),
        "spanning_tree_portfast": "edge",
    }
    if len(members) > 1:
        adapter["port_channel"] = {"mode": "active"}
    return {"name": f"server{position}", "adapters": [adapter]}
