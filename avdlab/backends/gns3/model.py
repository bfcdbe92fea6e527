"""What a GNS3 server has, read once from its JSON: projects, nodes, links, computes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from avdlab.backends.gns3.errors import Gns3Error

LOCAL = "local"  # the compute that every controller has


@dataclass(frozen=True, slots=True)
class Compute:
    """A machine that runs nodes. `memory` and `free` are bytes, 0 when the server does not say."""

    id: str
    name: str
    connected: bool = True
    memory: int = 0
    free: int = 0
    load: float = 0.0  # percent of all processors over the last minute
    error: str = ""
    processors: int = 0  # 0 when the server does not say: 3.x does not
    disk: float = 0.0  # percent used, where its projects lie


@dataclass(frozen=True, slots=True)
class Project:
    id: str
    name: str
    opened: bool
    auto_close: bool = True


@dataclass(frozen=True, slots=True)
class ServerNode:
    """A node as the server has it. `port_names` are those of its adapters, in order."""

    id: str
    name: str
    kind: str  # docker, cloud, vpcs ...
    compute: str
    status: str  # started, stopped, suspended: what the server believes
    console: int = 0
    console_host: str = ""
    auxiliary: int = 0
    x: int = 0
    y: int = 0
    symbol: str = ""
    locked: bool = False
    port_names: tuple[str, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def started(self) -> bool:
        return self.status == "started"

    @property
    def suspended(self) -> bool:
        """Tell whether its container is paused: a start lets it go on where it was."""
        return self.status == "suspended"


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """An adapter's port of a node: what a link is plugged into."""

    node: str  # node id
    adapter: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class ServerLink:
    """A link as the server has it, its ends in order."""

    id: str
    a: Port
    b: Port
    suspended: bool = False
    filters: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    capturing: bool = False

    @property
    def ends(self) -> tuple[Port, Port]:
        return (self.a, self.b)


@dataclass(frozen=True, slots=True)
class Drawing:
    id: str
    svg: str
    x: int
    y: int
    z: int
    locked: bool = False


def read_project(data: Mapping[str, Any]) -> Project:
    with _Reading("project", data):
        return Project(
            str(data["project_id"]),
            str(data["name"]),
            data.get("status") == "opened",
            bool(data.get("auto_close", True)),
        )


def read_node(data: Mapping[str, Any]) -> ServerNode:
    with _Reading("node", data):
        properties: Mapping[str, Any] = data.get("properties") or {}
        ports = sorted(
            data.get("ports") or (), key=lambda port: (port["adapter_number"], port["port_number"])
        )
        return ServerNode(
            str(data["node_id"]),
            str(data["name"]),
            str(data["node_type"]),
            str(data["compute_id"]),
            str(data.get("status") or "stopped"),
            int(data.get("console") or 0),
            str(data.get("console_host") or ""),
            # 2.2 keeps the auxiliary console among the properties of Docker nodes
            int(data.get("aux") or properties.get("aux") or 0),
            int(data.get("x") or 0),
            int(data.get("y") or 0),
            str(data.get("symbol") or ""),
            bool(data.get("locked")),
            tuple(str(port["name"]) for port in ports),
            properties,
        )


def read_link(data: Mapping[str, Any]) -> ServerLink:
    with _Reading("link", data):
        ends = sorted(
            Port(str(end["node_id"]), int(end["adapter_number"]), int(end["port_number"]))
            for end in data["nodes"]
        )
        return ServerLink(
            str(data["link_id"]),
            ends[0],
            ends[1],
            bool(data.get("suspend")),
            dict(data.get("filters") or {}),
            bool(data.get("capturing")),
        )


def read_drawing(data: Mapping[str, Any]) -> Drawing:
    with _Reading("drawing", data):
        return Drawing(
            str(data["drawing_id"]),
            str(data.get("svg") or ""),
            int(data.get("x") or 0),
            int(data.get("y") or 0),
            int(data.get("z") or 0),
            bool(data.get("locked")),
        )


class _Reading:
    """Turns what is missing or odd in an answer into one error with the thing's name."""

    def __init__(self, what: str, data: Mapping[str, Any]) -> None:
        self.what = what
        self.data = data

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is not None and issubclass(kind, (KeyError, IndexError, TypeError, ValueError)):
            name = self.data.get("name", "") if isinstance(self.data, dict) else ""
            raise Gns3Error(
                f"the server's description of a {self.what} is not as known ({error!r})",
                about=str(name),
            ) from None
