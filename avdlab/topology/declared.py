"""Cables that people declare beside the design, in the variable `lab_links` of the inventory.

Ports without a peer in the design, hosts that it does not know: what AVD has no word for.

    lab_links:
      - [leaf1:Ethernet9, leaf2:Ethernet9]
      - {endpoints: [leaf1:Ethernet10, probe:eth0]}
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from avdlab.errors import Problem
from avdlab.inventory.locate import key_path, located
from avdlab.inventory.model import Inventory
from avdlab.net import interfaces
from avdlab.topology.model import LinkEnd

VARIABLE = "lab_links"


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared cable, and the host and files that say so."""

    a: LinkEnd
    b: LinkEnd
    path: str
    sources: tuple[str, ...]

    def problem(self, message: str) -> Problem:
        """Return a problem with this declaration, with its place."""
        return located(Problem(message, path=self.path), self.sources)


def declared_links(
    inventory: Inventory, devices: Mapping[str, object]
) -> tuple[list[Declared], list[Problem]]:
    """Read the declarations of all hosts, each once, and what is wrong with them."""
    found: list[Declared] = []
    problems: list[Problem] = []
    for value, sources in _values(inventory):
        if not isinstance(value, list):
            text = "must be a list of cables"
            problems.append(located(Problem(text, path=VARIABLE), sources))
            continue
        for number, item in enumerate(value):
            path = key_path([VARIABLE, number])
            try:
                a, b = (_end(text, devices) for text in _ends(item))
            except ValueError as exc:
                problems.append(located(Problem(str(exc), path=path), sources))
            else:
                found.append(Declared(a, b, path, sources))
    return found, problems


def _values(inventory: Inventory) -> Iterator[tuple[Any, tuple[str, ...]]]:
    seen: set[str] = set()
    for host in inventory.hosts.values():
        value = host.variables.get(VARIABLE)
        text = json.dumps(value, sort_keys=True)
        if value is not None and text not in seen:
            seen.add(text)
            yield value, tuple(host.sources.get(VARIABLE, ()))


def _ends(item: Any) -> list[str]:  # noqa: ANN401 - what a user wrote
    if isinstance(item, Mapping) and set(item) == {"endpoints"}:
        item = item["endpoints"]
    elif isinstance(item, Mapping) and set(item) == {"a", "b"}:
        item = [item["a"], item["b"]]
    if not isinstance(item, list) or len(item) != 2:
        raise ValueError("a cable is two ends, each written node:interface")
    return [str(end) for end in item]


def _end(text: str, devices: Mapping[str, object]) -> LinkEnd:
    node, colon, port = (part.strip() for part in text.partition(":"))
    if not (node and colon and port):
        raise ValueError(f"'{text}' is not written node:interface")
    if node not in devices:
        return LinkEnd(node, port)
    if not interfaces.is_interface(port) or not interfaces.is_physical(port):
        raise ValueError(f"'{port}' is no port that a cable fits into")
    return LinkEnd(node, interfaces.canonical(port))
