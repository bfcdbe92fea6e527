"""Cabling files of several tools -> cables and endpoints; or cables guessed from subnets.

Pure functions over data that is parsed already (YAML, JSON). Formats told apart by their keys:

* avdlab: `links: [{endpoints: ["leaf1:Ethernet1", "spine1:Ethernet1"]}]`
* containerlab: `topology: {links: [{endpoints: ["r1:eth1", "r2:eth1"]}]}`
* Batfish: `edges: [{node1: {hostname, interfaceName}, node2: {...}}]`
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from avdlab.net import interfaces as names
from avdlab.net.addresses import Prefix
from avdlab.twin.config.settings import (
    DeviceSettings,
    InterfaceSettings,
    Switchport,
    SwitchportMode,
)
from avdlab.twin.fabric.inputs import Cable, Endpoint, Plug

Wiring = tuple[frozenset[Cable], dict[str, Endpoint]]

_LINUX = re.compile(r"^eth(\d+)((?:_\d+)*)$")


class WiringError(ValueError):
    """The cabling data cannot be read: says which link and why."""


def read_wiring(data: object, nodes: Iterable[str]) -> Wiring:
    """Read cabling data. Names match without regard to case; other names become endpoints."""
    by_name = {node.lower(): node for node in nodes}
    cables: set[Cable] = set()
    nics: dict[str, list[str]] = {}
    for left, right in _pairs(data):
        plugs = [_plug(text, by_name) for text in (left, right)]
        for plug in plugs:
            if plug.node.lower() not in by_name and plug.interface not in nics.setdefault(
                plug.node, []
            ):
                nics[plug.node].append(plug.interface)
        cables.add(Cable.between(*plugs))
    endpoints = {name: Endpoint(name, tuple(found)) for name, found in sorted(nics.items())}
    return frozenset(cables), endpoints


def _pairs(data: object) -> Iterator[tuple[str, str]]:
    if not isinstance(data, Mapping):
        raise WiringError("the cabling is no mapping: expected links, topology or edges")
    if "edges" in data:
        for edge in _listed(data["edges"], "edges"):
            yield _edge_end(edge, "node1"), _edge_end(edge, "node2")
        return
    topology = data.get("topology")
    links = topology.get("links") if isinstance(topology, Mapping) else data.get("links")
    if links is None:
        raise WiringError("the cabling has none of links, topology.links, edges")
    for number, link in enumerate(_listed(links, "links"), start=1):
        yield _link_ends(link, number)


def _listed(found: object, key: str) -> Sequence[Any]:
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise WiringError(f"{key} is no list: {found!r}")
    return found


def _edge_end(edge: dict[str, Any], key: str) -> str:
    try:
        return f"{edge[key]['hostname']}:{edge[key]['interfaceName']}"
    except (KeyError, TypeError) as exc:
        raise WiringError(f"an edge lacks {key}.hostname or {key}.interfaceName: {edge}") from exc


def _link_ends(link: object, number: int) -> tuple[str, str]:
    ends: Any = link.get("endpoints") if isinstance(link, Mapping) else link
    texts: list[str] = []
    for end in ends if isinstance(ends, Sequence) and not isinstance(ends, str) else ():
        if isinstance(end, Mapping):  # containerlab's long form
            texts.append(f"{end.get('node')}:{end.get('interface')}")
        else:
            texts.append(str(end))
    if len(texts) != 2:
        raise WiringError(f"link {number} does not have two ends: {link}")
    return texts[0], texts[1]


def _plug(text: str, by_name: Mapping[str, str]) -> Plug:
    node, colon, interface = text.partition(":")
    if not colon or not node or not interface:
        raise WiringError(f"not NODE:INTERFACE: {text!r}")
    known = by_name.get(node.lower())
    return Plug(known or node, _interface(interface) if known else interface)


def _interface(text: str) -> str:
    """Return EOS's name: `eth1_1` is containerlab's Ethernet1/1."""
    linux = _LINUX.match(text)
    if linux:
        return f"Ethernet{linux.group(1)}{linux.group(2).replace('_', '/')}"
    try:
        return names.canonical(text)
    except names.InterfaceNameError as exc:
        raise WiringError(str(exc)) from exc


# ---------------------------------------------------------------------------------- no file
def infer_cables(settings: Mapping[str, DeviceSettings]) -> frozenset[Cable]:
    """Guess cables: routed ports in one subnet stand on one wire.

    Two of them make a cable. More than two make a shared segment: every port is plugged to every
    other. VRF names may differ between the ends, yet where a subnet is used in several VRFs, only
    equal VRFs are joined. Subinterfaces stand for their port, a Port-Channel for its members in
    their order, an SVI for the only port that was made to carry its VLAN. Ports without a number
    of their own are paired in order where two devices have equally many of them.
    """
    subnets: dict[Prefix, list[tuple[str, _Bundle]]] = {}
    bare: dict[str, list[Plug]] = {}
    for node, own in sorted(settings.items()):
        for interface in own.interfaces.values():
            plugs = _plugs(node, own, interface)
            subnet = _subnet(interface)
            if plugs and subnet is not None:
                subnets.setdefault(subnet, []).append((interface.vrf, plugs))
            elif plugs and (interface.unnumbered is not None or interface.ipv6_enabled):
                bare.setdefault(node, []).extend(plugs)
    pairs = [pair for group in _groups(subnets) for pair in combinations(group, 2)]
    if len(bare) == 2 and len({len(found) for found in bare.values()}) == 1:
        one, two = (sorted(found, key=_order) for found in bare.values())
        pairs.append((tuple(one), tuple(two)))
    return frozenset(
        Cable.between(a, b)
        for near, far in pairs
        for a, b in zip(near, far, strict=False)
        if a.node != b.node
    )


_Bundle = tuple[Plug, ...]  # the ports of one routed interface


def _order(plug: Plug) -> tuple[int, tuple[int, ...], int, str]:
    return names.sort_key(plug.interface)


def _plugs(node: str, own: DeviceSettings, interface: InterfaceSettings) -> _Bundle:
    """Return the ports that a routed interface uses, none where it uses none or bridges."""
    if interface.switchport is not None:
        return ()
    if interface.name.startswith("Vlan"):
        return _behind_svi(node, own, names.split(interface.name)[1][0])
    name = names.base(interface.name) if names.is_subinterface(interface.name) else interface.name
    if names.is_physical(name):
        return (Plug(node, name),)
    members = (
        member.name
        for member in own.interfaces.values()
        if member.channel_group is not None and name == f"Port-Channel{member.channel_group.number}"
    )
    return tuple(Plug(node, member) for member in sorted(members, key=names.sort_key))


def _behind_svi(node: str, own: DeviceSettings, vlan: int) -> _Bundle:
    """Return the only switchport that was configured to carry a VLAN; with more of them, or with
    VXLAN, nothing tells which one leads to the neighbor."""
    if own.vxlan is not None and vlan in own.vxlan.vlans:
        return ()
    found = [
        item
        for item in own.interfaces.values()
        if item.channel_group is None and item.switchport not in {None, Switchport()}
        if item.switchport is not None and _carries(item.switchport, vlan)
    ]
    return _plugs(node, own, replace(found[0], switchport=None)) if len(found) == 1 else ()


def _carries(port: Switchport, vlan: int) -> bool:
    if port.mode is SwitchportMode.ACCESS:
        return port.access_vlan == vlan
    return port.allowed is None or vlan in port.allowed


def _subnet(interface: InterfaceSettings) -> Prefix | None:
    if interface.address is not None:
        return interface.address.prefix
    return interface.addresses6[0].prefix if interface.addresses6 else None


def _groups(subnets: Mapping[Prefix, list[tuple[str, _Bundle]]]) -> Iterator[list[_Bundle]]:
    for _, found in sorted(subnets.items()):
        vrfs = sorted({vrf for vrf, _ in found})
        if len(found) <= 2 or len(vrfs) == 1:
            yield [plugs for _, plugs in found]
        else:
            for vrf in vrfs:
                yield [plugs for name, plugs in found if name == vrf]
