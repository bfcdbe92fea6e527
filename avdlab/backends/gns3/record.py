"""What avdlab knows of a project that it made: ids, names, adapters, what was seeded, where it put
things.

The record lies in the lab's folder and, as a copy, among the project's own files on the server, so
that another machine can take the lab up. It holds no secret.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from avdlab.backends.gns3.names import object_id

SCHEMA_VERSION = 1
FILE = "avdlab.json"  # in the project's folder: flat names only


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """A node of ours. `adapters` are the interfaces by adapter number; `x`, `y` is where avdlab put
    it; `seeded` and `boot` are the digests of the files of the first boot and of every boot that
    were written last ("": none yet)."""

    id: str
    name: str
    mac: str = ""
    adapters: tuple[str, ...] = ()
    compute: str = "local"
    x: int | None = None
    y: int | None = None
    seeded: str = ""
    boot: str = ""
    address: str = ""
    made: bool = False  # it was seen on the server
    former: tuple[str, ...] = ()  # ids of nodes in whose place it is

    def renewed(self, project: str, device: str) -> "NodeRecord":
        """Return the node that takes this one's place.

        It needs an id of its own: a server that has removed a Docker node still answers with the
        remains of it when a node of that id is made (compute/base_manager.py, create_node).
        """
        former = (*self.former, self.id)
        fresh = object_id(project, f"node/{device}/{len(former)}")
        return replace(self, id=fresh, former=former, made=False, seeded="", boot="")


@dataclass(frozen=True, slots=True)
class CloudRecord:
    """A cloud on a management bridge: port N belongs to the device at N, "" is spare."""

    id: str
    name: str
    compute: str
    bridge: str
    ports: tuple[str, ...]
    x: int | None = None
    y: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    lab: str
    token: str  # tells this lab from another of the same name
    project: str  # id
    name: str  # of the project
    nodes: Mapping[str, NodeRecord] = field(default_factory=dict)  # device -> its node
    clouds: tuple[CloudRecord, ...] = ()
    drawings: Mapping[str, str] = field(default_factory=dict)  # id -> digest of what was drawn
    adopted: bool = False  # the project was somebody's before
    found: tuple[str, ...] = ()  # ids of nodes in it that the lab took over

    def with_node(self, device: str, **changes: Any) -> "Record":  # noqa: ANN401 (fields)
        """Return the record with some facts of a node changed."""
        node = replace(self.nodes[device], **changes)
        return replace(self, nodes={**self.nodes, device: node})

    def without_node(self, device: str) -> "Record":
        return replace(self, nodes={k: v for k, v in self.nodes.items() if k != device})


def to_json(record: Record) -> str:
    return (
        json.dumps({"schema_version": SCHEMA_VERSION, **asdict(record)}, indent=1, sort_keys=True)
        + "\n"
    )


def from_json(text: str) -> Record:
    """Read what `to_json` wrote. Raises ValueError on anything else."""
    try:
        data = json.loads(text)
        if data.pop("schema_version") != SCHEMA_VERSION:
            raise ValueError("it was written by another version of avdlab")
        nodes = {name: _node(node) for name, node in data.pop("nodes").items()}
        clouds = tuple(
            CloudRecord(**{**cloud, "ports": tuple(cloud["ports"])}) for cloud in data.pop("clouds")
        )
        found = tuple(data.pop("found", ()))
        return Record(**data, nodes=nodes, clouds=clouds, found=found)
    except (AttributeError, KeyError, TypeError) as exc:
        raise ValueError(f"it is no record of a lab ({exc!r})") from exc


def _node(data: dict[str, Any]) -> NodeRecord:
    lists = {key: tuple(data[key]) for key in ("adapters", "former")}
    return NodeRecord(**{**data, **lists})
