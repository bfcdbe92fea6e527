"""Edits of a loaded inventory, as a user makes them in group_vars and host_vars."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from avdlab.inventory.model import Inventory


def edited(inventory: Inventory, edit: Callable[[dict[str, Any]], None]) -> Inventory:
    """Change the variables of all hosts, as an edit of group_vars does."""
    hosts = {}
    for name, host in inventory.hosts.items():
        variables = json.loads(json.dumps(host.variables))
        edit(variables)
        hosts[name] = replace(host, variables=variables)
    return replace(inventory, hosts=hosts)


def of_host(name: str, **values: Any) -> Callable[[dict[str, Any]], None]:
    """An edit of host_vars."""

    def edit(variables: dict[str, Any]) -> None:
        if variables["inventory_hostname"] == name:
            variables.update(values)

    return edit


def node(name: str, key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def edit(variables: dict[str, Any]) -> None:
        for kind in ("spine", "l3leaf", "l2leaf"):
            groups = variables[kind].get("node_groups", [variables[kind]])
            for item in (item for group in groups for item in group["nodes"]):
                if item["name"] == name:
                    item[key] = value

    return edit
