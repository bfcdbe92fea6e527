"""Which hosts the AVD design defines, and why the others are not part of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Keys of eos_cli_config_gen that only a device has, with nothing of eos_designs beside them.
DEVICE_KEYS = frozenset(
    {"ethernet_interfaces", "loopback_interfaces", "management_interfaces", "vlan_interfaces"}
    | {"port_channel_interfaces", "router_bgp"}
)


@dataclass(frozen=True, slots=True)
class Membership:
    """The fabric of a host, or why it has none; `doubtful` when that may be a mistake."""

    fabric: str | None
    reason: str = ""
    doubtful: bool = False


def membership(
    name: str, groups: Sequence[str], fabric_name: str | None, variables: Mapping[str, Any]
) -> Membership:
    """Tell a switch of the design from CloudVision, servers and other hosts of the inventory."""
    found = _in_fabric(name, groups, fabric_name, variables)
    if found.fabric is None and not DEVICE_KEYS.isdisjoint(variables):
        return Membership("")
    return found


def _in_fabric(
    name: str, groups: Sequence[str], fabric_name: str | None, variables: Mapping[str, Any]
) -> Membership:
    if not fabric_name:
        return Membership(None, "no fabric_name is set for it")
    if fabric_name not in groups:
        return Membership(None, f"it is not in the group '{fabric_name}' that fabric_name names")
    if node_type(name, variables) is None and not is_a_node(name, variables):
        text = "it has no node type (type, default_node_types) and no node defines it: left out"
        return Membership(None, text, doubtful=True)
    return Membership(fabric_name)


def node_type(name: str, variables: Mapping[str, Any]) -> str | None:
    """Return the node type as AVD finds it: `type`, or the first default that fits the name."""
    if variables.get("type"):
        return str(variables["type"])
    for default in _maps(variables.get("default_node_types")):
        patterns = default.get("match_hostnames")
        for pattern in patterns if isinstance(patterns, list) else ():
            if _matches(str(pattern), name):
                return str(default.get("node_type"))
    return None


def is_a_node(name: str, variables: Mapping[str, Any]) -> bool:
    """Tell whether a node list (`l3leaf.nodes`, `spine.node_groups[].nodes` ...) has the name."""
    return any(
        node.get("name") == name
        for value in variables.values()
        if isinstance(value, dict)
        for node in _nodes(value)
    )


def _nodes(node_type_settings: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    nodes = _maps(node_type_settings.get("nodes"))
    for group in _maps(node_type_settings.get("node_groups")):
        nodes += _maps(group.get("nodes"))
    return nodes


def _maps(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.fullmatch(pattern, name) is not None
    except re.error:
        return False  # AVD's own validation says so
