"""MPLS paths: labels by LDP (RFC 5036) and by IS-IS segment routing (RFC 8667).

Labels follow the routes of the IGP. A path to a router's address is there when every router on the
way has a label for it, up to the one before the last, which takes the label off (RFC 3031 3.16).
Which numbers LDP deals is each router's own affair: here they count up in order of the prefixes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import Prefix
from avdlab.twin.config.settings import DeviceSettings, InterfaceSettings
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.reach import Reachability
from avdlab.twin.tables.mpls import IMPLICIT_NULL, LabelRoute, LdpNeighbor, Mpls, PrefixSegment
from avdlab.twin.tables.rib import Rib, Route, RouteType, Via
from avdlab.twin.tables.tunnels import Tunnel, TunnelKind

LDP_FIRST = 100000  # EOS `show mpls label ranges`: the first dynamic block
SRGB = (900000, 65536)  # EOS: isis-sr
_IGP = frozenset(
    {
        RouteType.OSPF_INTRA,
        RouteType.OSPF_INTER,
        RouteType.ISIS_L1,
        RouteType.ISIS_L2,
        RouteType.STATIC,
        RouteType.CONNECTED,
    }
)
_UNDERLAY = "default"


@dataclass(frozen=True, slots=True)
class Switched:
    """What MPLS computed: node -> state, and node -> endpoint -> tunnel."""

    states: Mapping[str, Mpls] = field(default_factory=dict)
    tunnels: Mapping[str, Mapping[int, Tunnel]] = field(default_factory=dict)


@dataclass(slots=True)
class _Net:
    speakers: Mapping[str, Speaker]
    reach: Reachability
    neighbors: dict[str, list[LdpNeighbor]] = field(default_factory=dict)
    # node -> interface -> node behind it: where LDP, or IS-IS segment routing, runs at both ends
    ldp: dict[str, dict[str, str]] = field(default_factory=dict)
    segments: list[PrefixSegment] = field(default_factory=list)
    bindings: dict[str, dict[Prefix, int]] = field(default_factory=dict)

    def rib(self, node: str) -> Rib | None:
        return self.reach.ribs.get((node, _UNDERLAY))


def solve_mpls(speakers: Mapping[str, Speaker], reach: Reachability) -> Switched:
    """Compute LDP sessions, labels and label-switched paths over the routes of the IGP."""
    labelling = {n: s for n, s in sorted(speakers.items()) if s.settings.mpls.forwarding}
    if not labelling:
        return Switched()
    net = _Net(labelling, reach)
    for node in labelling:
        net.neighbors[node] = list(_sessions(net, node))
    net.segments = [found for node in labelling for found in _segments(net, node)]
    net.bindings = {node: _bindings(net, node) for node in labelling}
    tunnels = {node: _tunnels(net, node) for node in labelling}
    return Switched({node: _state(net, node) for node in labelling}, tunnels)


# ---------------------------------------------------------------------------------- LDP
def _speaks_ldp(settings: DeviceSettings, interface: InterfaceSettings) -> bool:
    ldp = settings.mpls.ldp
    if ldp is None or ldp.shutdown or not interface.mpls.forwarding or interface.address is None:
        return False
    asked = interface.mpls.ldp
    return ldp.interfaces_by_default if asked is None else asked


def _identity(speaker: Speaker) -> tuple[int, int]:
    """Return router id and transport address. EOS: configured, else the highest loopback."""
    ldp = speaker.settings.mpls.ldp
    if ldp is None:
        return 0, 0
    router_id = ldp.router_id or _address(speaker, ldp.router_id_interface)
    if not router_id:
        loopbacks = [n for n in speaker.settings.interfaces if n.startswith("Loopback")]
        router_id = max((_address(speaker, name) for name in loopbacks), default=0)
    return router_id, _address(speaker, ldp.transport_interface) or router_id


def _address(speaker: Speaker, name: str | None) -> int:
    interface = speaker.settings.interfaces.get(name or "")
    port = speaker.ports.get(name or "")
    if interface is None or port is None or not port.up or interface.address is None:
        return 0
    return interface.address.address if interface.vrf == _UNDERLAY else 0


def _sessions(net: _Net, node: str) -> Iterable[LdpNeighbor]:
    speaker = net.speakers[node]
    met: dict[str, list[str]] = {}
    for name, interface in speaker.settings.interfaces.items():
        port = speaker.ports.get(name)
        if port is None or not port.up or not _speaks_ldp(speaker.settings, interface):
            continue
        for other, far in net.reach.neighbors(node, name):
            peer = net.speakers.get(other)
            there = peer.settings.interfaces.get(far) if peer is not None else None
            if peer is not None and there is not None and _speaks_ldp(peer.settings, there):
                met.setdefault(other, []).append(name)
    for other, ports in sorted(met.items()):
        peer = net.speakers[other]
        router_id, transport = _identity(peer)
        reason = _obstacle(net, node, other)
        if not reason:
            table = net.ldp.setdefault(node, {})
            table.update(dict.fromkeys(ports, other))
        ordered = tuple(sorted(ports, key=names.sort_key))
        state = "nonexistent" if reason else "operational"
        yield LdpNeighbor(router_id, transport, state, ordered, other, reason)


def _obstacle(net: _Net, node: str, other: str) -> str:
    """Return why the session to a router that says hello is down (RFC 5036 2.5)."""
    own, far = net.speakers[node], net.speakers[other]
    if not _identity(own)[1] or not _identity(far)[1]:
        return "no transport address"
    ours, theirs = own.settings.mpls.ldp, far.settings.mpls.ldp
    if ours is not None and theirs is not None and ours.password != theirs.password:
        return "the passwords differ"
    for start, end in ((node, other), (other, node)):
        arrival = net.reach.walk((start, _UNDERLAY), _identity(net.speakers[end])[1])
        if arrival is None or arrival.instance != (end, _UNDERLAY):
            return f"{start} has no way to the transport address of {end}"
    return ""


def _bindings(net: _Net, node: str) -> dict[Prefix, int]:
    """Return prefix -> the label that a router tells its LDP neighbors."""
    ldp, rib = net.speakers[node].settings.mpls.ldp, net.rib(node)
    if ldp is None or ldp.shutdown or rib is None:
        return {}
    first = net.speakers[node].settings.mpls.ranges.get("dynamic", (LDP_FIRST, 0))[0]
    found: dict[Prefix, int] = {}
    for route in rib:
        if route.type is RouteType.CONNECTED:
            found[route.prefix] = IMPLICIT_NULL
        elif route.type in _IGP and not route.drop:
            found[route.prefix] = first
            first += 1
    return found


# ---------------------------------------------------------------------------------- IS-IS SR
def _srgb(settings: DeviceSettings) -> tuple[int, int]:
    return settings.mpls.ranges.get("isis-sr", SRGB)


def _routes_segments(settings: DeviceSettings) -> bool:
    return settings.isis is not None and settings.isis.segment_routing


def _segments(net: _Net, node: str) -> Iterable[PrefixSegment]:
    settings = net.speakers[node].settings
    if not _routes_segments(settings):
        return
    for name, interface in settings.interfaces.items():
        index, port = interface.mpls.node_segment, net.speakers[node].ports.get(name)
        up = port is not None and port.up and interface.isis is not None
        if index is not None and up and interface.address is not None:
            first, size = _srgb(settings)
            if index < size:
                yield PrefixSegment(interface.address.prefix, index, first + index, node)


# ---------------------------------------------------------------------------------- paths
def _tunnels(net: _Net, node: str) -> dict[int, Tunnel]:
    """Return endpoint -> tunnel, to every host prefix that a label-switched path reaches."""
    rib = net.rib(node)
    found: dict[int, Tunnel] = {}
    for route in rib or ():
        if route.type not in _IGP or route.type is RouteType.CONNECTED or not route.prefix.host:
            continue
        for kind in (TunnelKind.LDP, TunnelKind.ISIS_SR):
            vias, end = _switched(net, node, route, kind, frozenset())
            if vias:
                address = route.prefix.network
                index = len(found) + 1
                found[address] = Tunnel(address, kind, end, vias, route.metric, index)
                break
    return found


def _switched(
    net: _Net, node: str, route: Route, kind: TunnelKind, seen: frozenset[str]
) -> tuple[tuple[Via, ...], str]:
    """Return the next hops that carry the prefix by labels, and the router where the path ends."""
    vias: list[Via] = []
    end = ""
    for via in route.vias:
        behind = _behind(net, node, via, kind)
        if behind is None or behind in seen:
            continue
        label = _told(net, behind, route.prefix, kind)
        last = _owner(net, behind, route.prefix)
        if label is None:
            continue
        if not last:
            table = net.rib(behind)
            onward = table.get(route.prefix) if table is not None else None
            if onward is None:
                continue
            further, last_node = _switched(net, behind, onward, kind, seen | {node})
            if not further:
                continue
            end = last_node
        else:
            end = behind
        vias.append(replace(via, labels=() if label == IMPLICIT_NULL else (label,)))
    return tuple(vias), end


def _behind(net: _Net, node: str, via: Via, kind: TunnelKind) -> str | None:
    """Return the router at the other end, if it takes labels of that kind."""
    if kind is TunnelKind.LDP:
        return net.ldp.get(node, {}).get(via.interface)
    own = net.speakers[node].settings
    interface = own.interfaces.get(via.interface)
    if not _routes_segments(own) or interface is None or not interface.mpls.forwarding:
        return None
    for other, far in net.reach.neighbors(node, via.interface):
        peer = net.speakers.get(other)
        there = peer.settings.interfaces.get(far) if peer is not None else None
        if peer is None or there is None or not _routes_segments(peer.settings):
            continue
        owns = there.address is not None and there.address.address == via.next_hop
        if owns and there.mpls.forwarding:
            return other
    return None


def _owner(net: _Net, node: str, prefix: Prefix) -> bool:
    table = net.rib(node)
    route = table.get(prefix) if table is not None else None
    return route is not None and route.type is RouteType.CONNECTED


def _told(net: _Net, node: str, prefix: Prefix, kind: TunnelKind) -> int | None:
    """Return the label that a router takes for a prefix."""
    if kind is TunnelKind.LDP:
        return net.bindings.get(node, {}).get(prefix)
    segment = next((s for s in net.segments if s.prefix == prefix), None)
    if segment is None:
        return None
    if segment.node == node:
        return IMPLICIT_NULL
    first, size = _srgb(net.speakers[node].settings)
    return first + segment.index if segment.index < size else None


# ---------------------------------------------------------------------------------- results
def _state(net: _Net, node: str) -> Mpls:
    routes: list[LabelRoute] = []
    rib = net.rib(node)
    for prefix, label in sorted(net.bindings[node].items()):
        route = rib.get(prefix) if rib is not None else None
        if label != IMPLICIT_NULL and route is not None:
            vias, _ = _switched(net, node, route, TunnelKind.LDP, frozenset())
            if vias:
                routes.append(LabelRoute(label, "LDP", prefix, vias=vias))
    own: list[PrefixSegment] = []
    if _routes_segments(net.speakers[node].settings):
        first = _srgb(net.speakers[node].settings)[0]
        for segment in net.segments:
            mine = replace(segment, label=first + segment.index)
            own.append(mine)
            route = rib.get(segment.prefix) if rib is not None else None
            if segment.node != node and route is not None:
                vias, _ = _switched(net, node, route, TunnelKind.ISIS_SR, frozenset())
                if vias:
                    routes.append(LabelRoute(mine.label, "IS-IS SR", segment.prefix, vias=vias))
    by_label = sorted(routes, key=lambda row: row.label)
    return Mpls(tuple(net.neighbors[node]), tuple(own), tuple(by_label))
