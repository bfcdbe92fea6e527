"""A topology as JSON: what `status` and `graph` read when no inventory is at hand."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from avdlab.topology.model import (
    EndpointAddress,
    EndpointNic,
    Link,
    LinkEnd,
    Node,
    NodeKind,
    Session,
    Topology,
)

SCHEMA_VERSION = 1


def to_json(topology: Topology) -> str:
    """Return the topology as sorted JSON text."""
    return json.dumps({"schema_version": SCHEMA_VERSION, **asdict(topology)}, indent=2) + "\n"


def from_json(text: str) -> Topology:
    """Read what `to_json` wrote. Raises ValueError or KeyError on anything else."""
    data = json.loads(text)
    return Topology(
        name=data["name"],
        nodes={name: _node(node) for name, node in data["nodes"].items()},
        links=tuple(Link(LinkEnd(**link["a"]), LinkEnd(**link["b"])) for link in data["links"]),
        notes=tuple(data["notes"]),
        sessions=tuple(Session(**session) for session in data.get("sessions", ())),
    )


def _node(data: Mapping[str, Any]) -> Node:
    nics = tuple(EndpointNic(n["name"], tuple(n["members"]), n["mode"]) for n in data["nics"])
    return Node(
        **{
            **data,
            "kind": NodeKind(data["kind"]),
            "interfaces": tuple(data["interfaces"]),
            "nics": nics,
            "addresses": tuple(EndpointAddress(**address) for address in data["addresses"]),
            "open_ports": tuple(data.get("open_ports", ())),
            "absent_ports": tuple(data.get("absent_ports", ())),
            "channels": {k: tuple(v) for k, v in data.get("channels", {}).items()},
        }
    )
