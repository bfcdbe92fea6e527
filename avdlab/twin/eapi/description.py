"""`fabric.json`: what the process is asked to run, checked and as engine values."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from avdlab.net import interfaces
from avdlab.net.addresses import InterfaceAddress, parse_interface_address, parse_ipv4
from avdlab.twin.device import SOFTWARE
from avdlab.twin.fabric.inputs import Bond, Cable, Endpoint, EndpointAddress, Plug

SCHEMA_VERSION = 1
INSTANT, REALISTIC = "instant", "realistic"  # how convergence takes time


class DescriptionError(ValueError):
    """The description is wrong; the text says where."""


@dataclass(frozen=True, slots=True)
class NodeDescription:
    """Where a node's eAPI listens, and the address through which it is managed ("" unknown)."""

    name: str
    host: str
    https: int
    http: int
    ssh: int | None = None  # None: no SSH on this node; 0: any free port
    management_address: InterfaceAddress | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """The control endpoint; port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """A whole fabric. `stopped`, `cut` and `dropped` are the faults in force at the start."""

    name: str
    nodes: Mapping[str, NodeDescription]
    cables: frozenset[Cable]
    endpoints: Mapping[str, Endpoint]
    control: Control = Control()
    model: str = "cEOSLab"
    stopped: frozenset[str] = frozenset()
    cut: frozenset[Cable] = frozenset()
    software: str = SOFTWARE  # the EOS release that the nodes say they run
    strict: bool = False  # refuse what cEOS-lab refuses (net/ceos.py)
    dropped: Mapping[Cable, frozenset[str]] = field(default_factory=dict)
    assume_uncabled_up: bool = False  # for recorded labs whose cabling is not wholly known
    clock: str = INSTANT


def parse(text: str) -> Description:
    """Read the file's text. Raises DescriptionError."""
    try:
        data = json.loads(text)
    except ValueError as exc:
        raise DescriptionError(f"not JSON: {exc}") from exc
    return check(data)


def check(data: object) -> Description:
    """Check decoded data. Raises DescriptionError."""
    if not isinstance(data, dict):
        raise DescriptionError("an object is needed")
    if data.get("schema_version") != SCHEMA_VERSION:
        raise DescriptionError(f"schema_version must be {SCHEMA_VERSION}")
    try:
        return _read(data)
    except KeyError as exc:
        raise DescriptionError(f"{exc.args[0]} is missing") from exc
    except (TypeError, AttributeError) as exc:
        raise DescriptionError(f"a value has the wrong type: {exc}") from exc
    except DescriptionError:
        raise
    except ValueError as exc:
        raise DescriptionError(str(exc)) from exc


def _read(data: Mapping[str, Any]) -> Description:
    nodes = {name: _node(name, where) for name, where in sorted(data["nodes"].items())}
    endpoints = {item["name"]: _endpoint(item) for item in data.get("endpoints", ())}
    control = data["control"]
    if not control["token"]:
        raise DescriptionError("control: an empty token would let everybody in")
    return Description(
        name=str(data.get("name", "lab")),
        nodes=nodes,
        cables=_cables(data.get("links", ()), nodes),
        endpoints=endpoints,
        control=Control(
            str(control.get("host", "127.0.0.1")),
            int(control.get("port", 0)),
            str(control["token"]),
        ),
        model=str(data.get("model") or "cEOSLab"),
        stopped=frozenset(data.get("stopped", ())) & frozenset(nodes),
        cut=_cables(data.get("cut", ()), nodes),
        software=_software(data.get("software")),
        strict=bool(data.get("strict", False)),
        dropped={cable(a, b, nodes): frozenset(drop) for a, b, drop in data.get("dropped", ())},
        assume_uncabled_up=bool(data.get("assume_uncabled_up", False)),
        clock=_clock(data.get("clock") or INSTANT),
    )


def _clock(value: object) -> str:
    if value not in (INSTANT, REALISTIC):
        raise DescriptionError(f"clock: {value!r} is none of {INSTANT}, {REALISTIC}")
    return str(value)


def _software(value: object) -> str:
    text = str(value or SOFTWARE)
    if not re.fullmatch(r"\d+\.\d+\.\d+[A-Z]*", text):
        raise DescriptionError(f"software: {text!r} is no EOS release")
    return text


def _node(name: str, where: Mapping[str, Any]) -> NodeDescription:
    if "/" in name or name in {"", ".", ".."}:
        raise DescriptionError(f"nodes: {name!r} is no name for a node")
    address = where.get("management_address")
    return NodeDescription(
        name=name,
        host=str(where.get("host") or "127.0.0.1"),
        https=int(where.get("https") or 0),
        http=int(where.get("http") or 0),
        ssh=None if where.get("ssh") is None else int(where["ssh"]),
        management_address=_management(address) if address else None,
    )


def _management(text: str) -> InterfaceAddress:
    return parse_interface_address(text if "/" in text else f"{text}/32")


def _cables(pairs: Iterable[Sequence[str]], nodes: Iterable[str]) -> frozenset[Cable]:
    known = set(nodes)
    return frozenset(cable(a, b, known) for a, b in pairs)


def cable(a: str, b: str, nodes: Iterable[str]) -> Cable:
    """Read a cable from its two `node:interface` ends. Raises DescriptionError."""
    known = set(nodes)
    return Cable.between(_plug(a, known), _plug(b, known))


def _plug(text: str, nodes: set[str]) -> Plug:
    node, colon, interface = text.rpartition(":")
    if not colon or not node or not interface:
        raise DescriptionError(f"links: {text!r} is not node:interface")
    if node in nodes:
        interface = interfaces.canonical(interface)
    return Plug(node, interface)


def cable_text(cut: Cable) -> list[str]:
    """Write a cable as the two ends of the description."""
    return [f"{cut.a.node}:{cut.a.interface}", f"{cut.b.node}:{cut.b.interface}"]


def _endpoint(item: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        name=item["name"],
        nics=tuple(item.get("nics", ())),
        bonds=tuple(
            Bond(bond["name"], tuple(bond["nics"]), bond.get("mode") or "static")
            for bond in item.get("bonds", ())
        ),
        addresses=tuple(_address(address) for address in item.get("addresses", ())),
        talking=bool(item.get("talking", True)),
        lldp=bool(item.get("lldp", False)),
    )


def _address(item: Mapping[str, Any]) -> EndpointAddress:
    text = item.get("address")
    host = _management(text) if text else None
    gateway = item.get("gateway")
    return EndpointAddress(
        nic=item["nic"],
        mac=item["mac"],
        vlan=item.get("vlan"),
        address=host.address if host else None,
        length=host.length if host else 24,
        gateway=parse_ipv4(gateway) if gateway else None,
    )
