"""What a shell may complete: labs, nodes of the lab, `node:interface`. Never says what is wrong."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from avdlab import index
from avdlab.errors import AvdlabError
from avdlab.project import project_here, project_of
from avdlab.state import find_lab

Items = list[CompletionItem]


def complete_labs(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Complete the names of this user's labs."""
    return _items((path.name for path in index.known() if path.exists()), incomplete)


def complete_nodes(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Complete the nodes of the lab that is meant; several are separated by commas."""
    before, comma, last = incomplete.rpartition(",")
    names = (f"{before}{comma}{name}" for name in _nodes(context))
    return _items(names, f"{before}{comma}{last}")


def complete_ports(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Complete `node:interface` of the lab that is meant."""
    node, colon, _ = incomplete.partition(":")
    nodes = _nodes(context)
    if not colon:
        return _items((f"{name}:" for name in nodes), incomplete)
    ports = nodes.get(node, {}).get("interfaces", ())
    return _items((f"{node}:{port}" for port in ports), incomplete)


def _items(names: Iterable[str], incomplete: str) -> Items:
    return [CompletionItem(name) for name in sorted(names) if name.startswith(incomplete)]


def _nodes(context: click.Context) -> dict[str, dict[str, Any]]:
    """Return the nodes from the lab's own file: no inventory is read for a Tab."""
    given = context.params
    inventory = given.get("inventory")
    try:
        project = project_of(Path(inventory)) if inventory else project_here()
        folder = find_lab(project, name=given.get("name") or "", inventory=inventory)
        nodes: dict[str, dict[str, Any]] = json.loads(folder.topology.read_text())["nodes"]
    except (AvdlabError, OSError, ValueError, KeyError):
        return {}
    return nodes
