"""What FRR and the twin hold, reduced to the same plain values."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from avdlab.net.addresses import format_ipv4
from avdlab.net.interfaces import canonical
from avdlab.twin.device import DeviceState
from avdlab.twin.tables.bgp import BgpPath, EvpnKey, EvpnType, Origin, path_text
from avdlab.twin.tables.rib import Route, RouteType

from .ports import kernel_name
from .rig import Node

Rows = dict[str, object]
_ORIGINS = {Origin.IGP: "IGP", Origin.EGP: "EGP", Origin.INCOMPLETE: "incomplete"}
_PROTOCOLS = {
    RouteType.EBGP: "bgp",
    RouteType.IBGP: "bgp",
    RouteType.BGP_AGGREGATE: "bgp",
    RouteType.STATIC: "static",
    RouteType.CONNECTED: "connected",
    RouteType.OSPF_INTRA: "ospf",
    RouteType.OSPF_INTER: "ospf",
    RouteType.OSPF_E1: "ospf",
    RouteType.OSPF_E2: "ospf",
    RouteType.OSPF_N1: "ospf",
    RouteType.OSPF_N2: "ospf",
    RouteType.ISIS_L1: "isis",
    RouteType.ISIS_L2: "isis",
}


# ------------------------------------------------------------------------------ FRR
def frr_bgp(node: Node) -> Rows:
    """Return VRF and prefix -> the paths, as (next hop, AS path, origin, MED, selected)."""
    found: Rows = {}
    for vrf, answer in _by_vrf(node, "show bgp{} ipv4 unicast"):
        for prefix, paths in answer.get("routes", {}).items():
            found[f"{vrf} {prefix}"] = _selected(map(_frr_path, paths))
    return found


def _by_vrf(node: Node, command: str) -> Iterator[tuple[str, Any]]:
    vrfs = ("default", *node.vrfs)
    commands = [command.format("" if vrf == "default" else f" vrf {vrf}") for vrf in vrfs]
    yield from zip(vrfs, node.show(*commands), strict=True)


def _selected(paths: Iterable[tuple[tuple[object, ...], bool]]) -> frozenset[tuple[object, ...]]:
    """Return the paths with what became of them. Paths that are alike (one VTEP behind two spines)
    stand once: EOS counts all of them into the ECMP group, FRR takes one."""
    found: dict[tuple[object, ...], bool] = {}
    for path, chosen in paths:
        found[path] = found.get(path, False) or chosen
    return frozenset((*path, chosen) for path, chosen in found.items())


def _frr_path(path: Mapping[str, Any]) -> tuple[tuple[object, ...], bool]:
    hop = path["nexthops"][0].get("ip", "")
    facts = (
        "" if hop in {"0.0.0.0", "::"} else hop,  # noqa: S104 - FRR's "originated here"
        path["path"],
        path["origin"],
        path.get("metric", 0),
    )
    return facts, bool(path.get("bestpath") or path.get("multipath"))


def frr_routes(node: Node) -> Rows:
    """Return VRF and prefix -> (protocol, distance, metric, next hops) of what is installed."""
    found: Rows = {}
    for vrf, answer in _by_vrf(node, "show ip route{}"):
        for prefix, routes in answer.items():
            for route in routes:
                if route.get("selected"):
                    found[f"{vrf} {prefix}"] = _frr_route(route)
    return found


def _frr_route(route: Mapping[str, Any]) -> tuple[object, ...]:
    hops = {
        (_over_vni(hop.get("interfaceName", "")), hop.get("ip", ""))
        for hop in route["nexthops"]
        if (hop.get("fib") or hop.get("active")) and not hop.get("recursive")
    }
    if any(hop.get("blackhole") for hop in route["nexthops"]):
        hops = set()
    direct = route["protocol"] == "connected"
    metric = 0 if route["protocol"] in {"connected", "static"} else route.get("metric", 0)
    return (route["protocol"], 0 if direct else route["distance"], metric, frozenset(hops))


def _over_vni(name: str) -> str:
    """The bridge of an L3 VNI stands for the tunnel."""
    return f"vni {name[2:]}" if name.startswith("br") else name


def frr_evpn(node: Node) -> Rows:
    """Return RD and route -> the selected paths, as (VTEP, AS path)."""
    found: Rows = {}
    (answer,) = node.show("show bgp l2vpn evpn route")
    for rd, routes in answer.items():
        if not isinstance(routes, dict):
            continue
        for key, entry in routes.items():
            if isinstance(entry, dict) and "paths" in entry:
                found[f"{rd} {_frr_key(key)}"] = frozenset(_frr_evpn_paths(entry["paths"]))
    return found


def _frr_key(key: str) -> str:
    """`[3]:[0]:[32]:[10.255.1.3]`, `[5]:[0]:[24]:[10.1.0.0]`, `[2]:[0]:[48]:[MAC]:[32]:[IP]`."""
    kind, _, *rest = key.replace("[", "").replace("]", "").split(":", 3)
    parts = [part.strip("[]") for part in key.split("]:[")]
    if kind == "3":
        return f"imet {parts[-1]}"
    if kind == "5":
        return f"ip-prefix {parts[-1]}/{parts[-2]}"
    if kind == "2":
        address = f" {parts[5]}" if len(parts) > 5 else ""
        return f"mac-ip {parts[3]}{address}"
    return ":".join((kind, *rest))


def _frr_evpn_paths(paths: list[Any]) -> Iterator[tuple[str, str]]:
    for group in paths:
        for path in group if isinstance(group, list) else [group]:
            if path.get("bestpath") or path.get("multipath"):
                yield path["nexthops"][0]["ip"], path.get("path", "")


# ------------------------------------------------------------------------------ the twin
def twin_bgp(state: DeviceState, vrfs: tuple[str, ...]) -> Rows:
    tables = state.bgp.tables if state.bgp is not None else {}
    return {
        f"{vrf} {prefix}": _selected(_twin_paths(paths))
        for vrf in ("default", *vrfs)
        for prefix, paths in tables.get(vrf, {}).items()
    }


def _twin_paths(paths: tuple[BgpPath, ...]) -> Iterator[tuple[tuple[object, ...], bool]]:
    """EOS also marks an ECMP group behind a local best path; FRR does not."""
    behind_local = any(path.best and path.local for path in paths)
    for path in paths:
        attributes = path.attributes
        facts = (
            format_ipv4(attributes.next_hop) if attributes.next_hop else "",
            path_text(attributes),
            _ORIGINS[attributes.origin],
            attributes.med or 0,
        )
        yield facts, path.best or (path.ecmp_contributor and not behind_local)


def twin_routes(state: DeviceState, vrfs: tuple[str, ...]) -> Rows:
    return {
        f"{vrf} {route.prefix}": _twin_route(route)
        for vrf in ("default", *vrfs)
        for route in state.ribs.get(vrf, ())
    }


def _twin_route(route: Route) -> tuple[object, ...]:
    hops = frozenset(
        (f"vni {via.vni}", format_ipv4(via.vtep))
        if via.vtep
        else (_kernel(via.interface), format_ipv4(via.next_hop) if via.next_hop else "")
        for via in route.vias
        if not route.drop
    )
    direct = route.type is RouteType.CONNECTED
    preference = 0 if direct else route.preference
    metric = 0 if route.type in {RouteType.CONNECTED, RouteType.STATIC} else route.metric
    return (_PROTOCOLS.get(route.type, str(route.type)), preference, metric, hops)


def _kernel(name: str) -> str:
    return kernel_name(canonical(name)) if name else ""


def twin_evpn(state: DeviceState) -> Rows:
    table = state.bgp.evpn if state.bgp is not None else {}
    found: Rows = {}
    for key, entry in table.items():
        paths = frozenset(_twin_evpn_paths(state, entry.paths))
        if paths:
            found[f"{key.rd} {_twin_key(key)}"] = paths
    return found


def _twin_key(key: EvpnKey) -> str:
    address = format_ipv4(key.address) if key.address is not None else ""
    if key.type is EvpnType.IMET:
        return f"imet {address}"
    if key.type is EvpnType.IP_PREFIX:
        return f"ip-prefix {key.prefix}"
    return f"mac-ip {key.mac}" + (f" {address}" if address else "")


def _twin_evpn_paths(state: DeviceState, paths: tuple[BgpPath, ...]) -> Iterator[tuple[str, str]]:
    """EOS tells EVPN also what a VRF learned from a peer of its own while its best path came from
    EVPN; FRR tells only best paths. Everybody else drops these as loops, so they are left out."""
    own = state.vxlan.source if state.vxlan is not None else None
    for path in paths:
        told_on = path.local and path.attributes.as_path
        if (path.best or path.ecmp_contributor) and not told_on:
            hop = path.attributes.next_hop or own
            words = " ".join(str(asn) for asn in path.attributes.as_path)
            yield format_ipv4(hop) if hop else "", words
