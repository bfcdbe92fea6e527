"""Labs recorded on real EOS: configurations and cabling in, what EOS printed out.

A lab is replayed through the whole engine. What EOS printed and what the twin computed are reduced
to the same plain values, so that a difference reads in one line.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from avdlab.net.addresses import format_ipv4
from avdlab.net.interfaces import canonical, is_management, is_physical
from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.settings import Afi, DeviceSettings
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Cable, Endpoint, FabricInputs, Plug
from avdlab.twin.fabric.solve import solve
from avdlab.twin.tables.bgp import BgpPath, EvpnKey, EvpnType, Origin, SessionState
from avdlab.twin.tables.rib import Route

Rows = dict[str, object]  # key of an entry -> its value, comparable
_ORIGINS = {Origin.IGP: "i", Origin.EGP: "e", Origin.INCOMPLETE: "?"}


# ------------------------------------------------------------------------------ the lab
@dataclass(frozen=True)
class Lab:
    folder: Path

    def texts(self) -> dict[str, str]:
        """Configurations of the EOS devices; other vendors' routers are left out."""
        paths = sorted(self.folder.glob("configs/*/show_running-config.txt"))
        texts = {path.parent.name: path.read_text() for path in paths}
        return {node: text for node, text in texts.items() if "EOS" in text[:300]}

    def recorded(self, device: str, command: str) -> dict[str, Any] | None:
        """The JSON of a command, None where it was not recorded (or EOS had nothing to say)."""
        stem = command.replace(" ", "_") + "_|_json"
        for path in sorted((self.folder / "show" / device).glob(f"{stem}.*")):
            try:
                found = json.loads(path.read_text())
            except json.JSONDecodeError:
                return None
            return found if isinstance(found, dict) else None
        return None

    def cables(self, settings: dict[str, DeviceSettings]) -> frozenset[Cable]:
        nodes = {node.lower(): node for node in settings}
        ends = list(self._drawn()) or list(_by_subnet(settings))
        return frozenset(
            Cable.between(Plug(nodes[a], canonical(b)), Plug(nodes[c], canonical(d)))
            for a, b, c, d in ends
            if a in nodes and c in nodes
        )

    def outside(self, cables: frozenset[Cable], settings: dict[str, DeviceSettings]) -> list[Plug]:
        """Ports that had carrier from something that was not recorded: a host, a cloud."""
        used = {plug for cable in cables for plug in (cable.a, cable.b)}
        found = []
        for device in sorted(settings):
            recorded = self.recorded(device, "show interfaces") or {"interfaces": {}}
            for name, interface in sorted(recorded["interfaces"].items()):
                plug = Plug(device, name)
                wired = is_physical(name) or is_management(name)
                if wired and interface["interfaceStatus"] == "connected" and plug not in used:
                    found.append(plug)
        return found

    def _drawn(self) -> Iterator[tuple[str, str, str, str]]:
        drawing = self.folder / "batfish" / "layer1_topology.json"
        if drawing.exists():
            for edge in json.loads(drawing.read_text())["edges"]:
                one, two = edge["node1"], edge["node2"]
                if is_physical(one["interfaceName"]) and is_physical(two["interfaceName"]):
                    yield (
                        one["hostname"].lower(),
                        one["interfaceName"],
                        two["hostname"].lower(),
                        two["interfaceName"],
                    )
        topology = self.folder / "source" / "topology.clab.yml"
        if topology.exists() and not drawing.exists():
            for link in yaml.safe_load(topology.read_text())["topology"]["links"]:
                one, two = (end.replace("eth", "Ethernet").split(":") for end in link["endpoints"])
                yield (one[0].lower(), one[1], two[0].lower(), two[1])


def _by_subnet(settings: dict[str, DeviceSettings]) -> Iterator[tuple[str, str, str, str]]:
    """Guess cables where no drawing was recorded: two routed ports on one subnet."""
    seen: dict[object, tuple[str, str]] = {}
    for node, found in sorted(settings.items()):
        for interface in found.interfaces.values():
            if interface.address is None or not is_physical(interface.name):
                continue
            first = seen.setdefault(interface.address.prefix, (node.lower(), interface.name))
            if first != (node.lower(), interface.name):
                yield (*first, node.lower(), interface.name)


def _settings(text: str) -> DeviceSettings:
    """EOS before 4.30 that names no routing model runs ribd."""
    found = read_settings(parse_indented(text))
    if "service routing protocols model" in text:
        return found
    return replace(found, system=replace(found.system, routing_model="ribd"))


@lru_cache(maxsize=16)
def _solved(folder: Path) -> dict[str, DeviceState]:
    lab = Lab(folder)
    settings = {node: _settings(text) for node, text in lab.texts().items()}
    cables = lab.cables(settings)
    dangling = lab.outside(cables, settings)
    nics = tuple(f"nic{number}" for number in range(len(dangling)))
    outside = {
        Cable.between(plug, Plug("outside", nic)) for plug, nic in zip(dangling, nics, strict=True)
    }
    inputs = FabricInputs(
        name=folder.name,
        identities={node: identity(folder.name, node) for node in settings},
        settings=settings,
        cables=cables | outside,
        endpoints={"outside": Endpoint("outside", nics, talking=False)},
    )
    return dict(solve(inputs).devices)


# ------------------------------------------------------------------------------ what EOS printed
def _eos_routes(lab: Lab, device: str) -> Rows | None:
    found = lab.recorded(device, "show ip route vrf all")
    if found is None:
        return None
    return {
        f"{vrf} {prefix}": (
            route["routeType"],
            # EOS prints no preference for routes that it drops
            None if route["routeAction"] == "drop" else route.get("preference", 0),
            frozenset(
                (
                    via.get("interface", ""),
                    via.get("nexthopAddr", ""),
                    via.get("vtepAddr", ""),
                    via.get("vni", 0),
                )
                for via in route["vias"]
            ),
        )
        for vrf, table in found["vrfs"].items()
        for prefix, route in table["routes"].items()
    }


def _eos_path(path: dict[str, Any]) -> tuple[object, ...]:
    kind = path["routeType"]
    hop = path.get("nextHop") or ""
    return (
        hop,
        path["asPathEntry"]["asPath"] or "",
        path.get("weight", 0),
        path.get("localPreference", 100) if hop else 100,  # EOS shows none on local paths
        kind["valid"],
        kind["active"] or kind["ecmpContributor"],
    )


def _eos_bgp(lab: Lab, device: str) -> Rows | None:
    found = lab.recorded(device, "show ip bgp vrf all")
    if found is None:
        return None
    return {
        f"{vrf} {prefix}": sorted(map(_eos_path, entry["bgpRoutePaths"]))
        for vrf, table in found["vrfs"].items()
        for prefix, entry in table["bgpRouteEntries"].items()
    }


def _eos_evpn(lab: Lab, device: str) -> Rows | None:
    found = lab.recorded(device, "show bgp evpn")
    if found is None or "evpnRoutes" not in found:
        return None
    return {
        key: sorted(map(_eos_path, entry["evpnRoutePaths"]))
        for key, entry in found["evpnRoutes"].items()
    }


def _eos_sessions(lab: Lab, device: str) -> Rows | None:
    found = lab.recorded(device, "show ip bgp neighbors vrf all")
    if found is None:
        return None
    return {
        f"{vrf} {peer['peerAddress']}": (peer["state"], peer.get("prefixesReceived", 0))
        for vrf, table in found["vrfs"].items()
        for peer in table.get("peerList", [])
    }


# ------------------------------------------------------------------------------ what the twin has
def _dotted(address: int | None) -> str:
    return format_ipv4(address) if address else ""


def _route(route: Route) -> tuple[object, ...]:
    vias = frozenset(
        (
            "" if via.vtep else via.interface,
            _dotted(via.next_hop),
            _dotted(via.vtep),
            via.vni or 0,
        )
        for via in route.vias
    )
    preference = None if route.drop else route.preference
    return (route.type.value, preference, frozenset() if route.drop else vias)


def _path(path: BgpPath) -> tuple[object, ...]:
    attributes = path.attributes
    words = [str(asn) for asn in attributes.as_path] + [_ORIGINS[attributes.origin]]
    return (
        _dotted(attributes.next_hop),
        " ".join(words),
        path.weight,
        attributes.local_preference if attributes.next_hop else 100,
        path.valid,
        path.best or path.ecmp_contributor,
    )


def _key(key: EvpnKey) -> str:
    if key.type is EvpnType.IP_PREFIX:
        return f"RD: {key.rd} ip-prefix {key.prefix}"
    tag = f"{key.eti} " if key.eti else ""
    if key.type is EvpnType.IMET:
        return f"RD: {key.rd} imet {tag}{_dotted(key.address)}"
    return f"RD: {key.rd} {key.type} {tag}{key.mac} {_dotted(key.address)}"


def _twin_routes(state: DeviceState) -> Rows:
    return {
        f"{vrf} {route.prefix}": _route(route) for vrf, rib in state.ribs.items() for route in rib
    }


def _twin_bgp(state: DeviceState) -> Rows:
    tables = state.bgp.tables if state.bgp is not None else {}
    return {
        f"{vrf} {prefix}": sorted(map(_path, paths))
        for vrf, table in tables.items()
        for prefix, paths in table.items()
    }


def _twin_evpn(state: DeviceState) -> Rows:
    table = state.bgp.evpn if state.bgp is not None else {}
    return {_key(key): sorted(map(_path, entry.paths)) for key, entry in table.items()}


def _twin_sessions(state: DeviceState) -> Rows:
    sessions = state.bgp.sessions if state.bgp is not None else ()
    return {
        f"{session.vrf} {session.peer_address}": (
            (session.state.value, session.prefixes_received.get(Afi.IPV4, 0))
            if session.state is SessionState.ESTABLISHED
            else (session.state.value, session.reason)
        )
        for session in sessions
    }


_TABLES: dict[str, tuple[Callable[[Lab, str], Rows | None], Callable[[DeviceState], Rows]]] = {
    "routes": (_eos_routes, _twin_routes),
    "bgp": (_eos_bgp, _twin_bgp),
    "evpn": (_eos_evpn, _twin_evpn),
    "sessions": (_eos_sessions, _twin_sessions),
}


# ------------------------------------------------------------------------------ comparing
@dataclass
class Score:
    """How many entries of one table were compared, and those that differ."""

    compared: int = 0
    wrong: dict[str, tuple[object, object]] = field(default_factory=dict)  # key -> EOS, twin

    def __str__(self) -> str:
        return f"{self.compared - len(self.wrong)}/{self.compared} equal"


@pytest.fixture(scope="session")
def replay(data: Callable[[str], Path]) -> Callable[[str, str], Score]:
    """Return the way to compare one table of a lab: `replay("eos_ceos_ebgp", "routes")`."""

    def compare(name: str, table: str) -> Score:
        lab = Lab(data(f"oracle/{name}"))
        of_eos, of_twin = _TABLES[table]
        score = Score()
        for device, state in _solved(lab.folder).items():
            expected = of_eos(lab, device)
            if expected is None:
                continue
            computed = of_twin(state)
            for key in sorted({**expected, **computed}):
                score.compared += 1
                if expected.get(key) != computed.get(key):
                    score.wrong[f"{device} {key}"] = (expected.get(key), computed.get(key))
        return score

    return compare
