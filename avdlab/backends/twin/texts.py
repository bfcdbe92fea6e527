"""Labs from configuration texts and cabling files, read with the twin's own readers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from avdlab.errors import InputError, Problem
from avdlab.net.interfaces import is_management, sort_key
from avdlab.topology.model import EndpointNic, Link, LinkEnd, Node, NodeKind, Topology
from avdlab.twin.config.loader import load
from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.fabric.wiring import Wiring, WiringError, infer_cables, read_wiring

_RECORDED = "show_running-config.txt"  # <device>/show_running-config.txt, as recordings keep them
_SUFFIXES = frozenset({".cfg", ".conf", ".txt", ".eos"})


def read_configs(folder: Path, known: frozenset[str] | None = None) -> dict[str, str]:
    """Return device -> text of a folder: `<device>.cfg`, or `<device>/show_running-config.txt`.

    `known` are the devices that the design has: a file for another one is an InputError.
    """
    files = {
        path.stem: path
        for path in sorted(folder.iterdir())
        if path.is_file() and path.suffix in _SUFFIXES
    }
    files |= {path.parent.name: path for path in sorted(folder.glob(f"*/{_RECORDED}"))}
    if not files:
        raise InputError(f"{folder} holds no configuration", hint="Name them <device>.cfg.")
    problems = [
        Problem(f"the design has no device '{name}'", file=str(path))
        for name, path in files.items()
        if known is not None and name not in known
    ]
    if problems:
        raise InputError(problems)
    return {name: _text(path) for name, path in files.items()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors begin with a byte order mark
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError([Problem(f"cannot be read: {exc}", file=str(path))]) from exc


def topology_of(name: str, configs: Mapping[str, str], links: Path | None) -> Topology:
    """Return the topology of a lab made from texts; without a cabling file, subnets tell it."""
    settings = {node: read_settings(load(text).config) for node, text in configs.items()}
    if links is None:
        wiring: Wiring = (infer_cables(settings), {})
        notes: tuple[str, ...] = ("no cabling was given: ports of one subnet are cabled",)
    else:
        wiring = _wiring(links, configs)
        notes = _hosts(wiring, links)
    cables = _links(wiring)
    used = _used(cables)
    nodes = {node: _device(node, own, used.get(node, set())) for node, own in settings.items()}
    nodes |= {name: _endpoint(name, found) for name, found in used.items() if name not in nodes}
    return Topology(name, dict(sorted(nodes.items())), cables, notes)


def rewired(topology: Topology, links: Path) -> Topology:
    """Return the topology with the cabling of a file instead of its own."""
    wiring = _wiring(links, topology.nodes)
    cables = _links(wiring)
    used = _used(cables)
    nodes = {
        name: replace(
            node,
            interfaces=tuple(sorted(used.get(name, set()) | set(node.interfaces), key=sort_key)),
        )
        for name, node in topology.nodes.items()
    }
    nodes |= {name: _endpoint(name, found) for name, found in used.items() if name not in nodes}
    notes = (*topology.notes, *_hosts(wiring, links))
    return replace(topology, nodes=nodes, links=cables, notes=notes)


def _wiring(path: Path, nodes: Iterable[str]) -> Wiring:
    try:
        data: Any = yaml.safe_load(_text(path))
        wiring = read_wiring(data, nodes)
    except yaml.YAMLError as exc:
        raise InputError([_no_yaml(path, exc)]) from exc
    except WiringError as exc:
        raise InputError([Problem(str(exc), file=str(path))]) from exc
    problems = [Problem(text, file=str(path)) for text in _plugged_twice(_links(wiring))]
    if problems:
        raise InputError(problems)
    return wiring


def _no_yaml(path: Path, exc: yaml.YAMLError) -> Problem:
    mark = getattr(exc, "problem_mark", None)
    why = getattr(exc, "problem", None) or str(exc).splitlines()[0]
    line = mark.line + 1 if mark else 0
    return Problem(f"is neither YAML nor JSON: {why}", file=str(path), line=line)


def _plugged_twice(cables: Iterable[Link]) -> list[str]:
    """Say which ports have more than one cable: a port takes one."""
    ends = Counter(end for link in cables for end in (link.a, link.b))
    return [f"{end} has {count} cables" for end, count in sorted(ends.items()) if count > 1]


def _hosts(wiring: Wiring, links: Path) -> tuple[str, ...]:
    """Name what the cabling connects that is no device: a host, or a misspelt name."""
    names = ", ".join(sorted(wiring[1]))
    return (f"{links.name} connects {names}: no device of the lab, taken as a host",) * bool(names)


def _links(wiring: Wiring) -> tuple[Link, ...]:
    ends = ((LinkEnd(c.a.node, c.a.interface), LinkEnd(c.b.node, c.b.interface)) for c in wiring[0])
    return tuple(sorted(Link.between(a, b) for a, b in ends))


def _used(links: Iterable[Link]) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {}
    for link in links:
        for end in (link.a, link.b):
            used.setdefault(end.node, set()).add(end.interface)
    return used


def _device(name: str, settings: DeviceSettings, cabled: set[str]) -> Node:
    configured = {port for port in settings.interfaces if port.startswith("Ethernet")}
    management = next(
        (
            port
            for _, port in sorted(settings.interfaces.items())
            if is_management(port.name) and port.address is not None
        ),
        None,
    )
    return Node(
        name,
        NodeKind.DEVICE,
        management_interface=management.name if management else "",
        management_address=str(management.address) if management else "",
        management_vrf=management.vrf if management else "",
        interfaces=_sorted(cabled | {port.partition(".")[0] for port in configured}),
    )


def _endpoint(name: str, nics: set[str]) -> Node:
    return Node(
        name,
        NodeKind.EXTERNAL,
        interfaces=tuple(sorted(nics)),
        nics=tuple(EndpointNic(nic) for nic in sorted(nics)),
    )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=sort_key))
