"""The layers below routing, of the whole fabric: bundles, VLANs, trees, MLAG, SVIs, VXLAN.

They depend on one another (an MLAG pair presents one LACP system, which needs the pair to be
connected, which needs its SVI, which needs the peer-link), so they run in rounds until the MLAG
pairs stop changing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.net import interfaces as names
from avdlab.twin.fabric.plant import Plant, host_domain, host_groups
from avdlab.twin.fabric.trees import Trees, plant_trees
from avdlab.twin.protocols import gre, lacp, mlag, ports, vlan, vxlan
from avdlab.twin.protocols.domains import Union
from avdlab.twin.protocols.lacp import Bundles
from avdlab.twin.protocols.mlag import Pair, Side
from avdlab.twin.protocols.switch import End, Switch
from avdlab.twin.protocols.vlan import Domain
from avdlab.twin.tables.l2 import Vlan, Vxlan
from avdlab.twin.tables.ports import Port, PortChannel

MAX_ROUNDS = 10
Link = tuple[End, End]  # between logical ports: Port-Channels, bonds, or single ports


@dataclass(frozen=True, slots=True)
class Below:
    """The fabric below routing."""

    plant: Plant
    bundles: Bundles
    pairs: Mapping[str, Pair]
    sides: Mapping[str, Side]
    links: tuple[Link, ...]
    trees: Trees
    ports: Mapping[str, Mapping[str, Port]]
    vlans: Mapping[str, Mapping[int, Vlan]]
    dynamic: Mapping[str, Mapping[str, int]]  # node -> VRF -> dynamic VLAN
    vxlans: Mapping[str, Vxlan | None]
    vxlan_down: Mapping[str, str]
    domains: Union
    sessions: Union  # domains over whose links TCP port 179 passes
    tunnels: Union  # and UDP port 4789
    converged: bool = True

    def channels(self, node: str) -> dict[str, PortChannel]:
        """Return the Port-Channels of one switch."""
        return {
            name: channel
            for (owner, name), channel in self.bundles.channels.items()
            if owner == node
        }


def solve_below(plant: Plant, formed: Mapping[str, Pair] | None = None) -> Below:
    """Compute the layers below routing.

    `formed`: pairs that were connected before faults came. EOS: such a switch keeps the system-id
    towards its LACP partners when the peer or the peer-link is lost, so bundles stay up.
    """
    known = formed or {}
    pairs: Mapping[str, Pair] = {}
    seen: list[Mapping[str, Pair]] = []
    for _ in range(MAX_ROUNDS):
        below = _round(plant, pairs, known)
        if below.pairs == pairs:
            return below
        if below.pairs in seen:
            break
        seen.append(pairs)
        pairs = below.pairs
    return _round(plant, pairs, known, converged=False)


@dataclass(slots=True)
class _Found:
    """What a round gathers, node by node."""

    ports: dict[str, dict[str, Port]] = field(default_factory=dict)
    vlans: dict[str, dict[int, Vlan]] = field(default_factory=dict)
    dynamic: dict[str, dict[str, int]] = field(default_factory=dict)
    vxlans: dict[str, Vxlan | None] = field(default_factory=dict)
    vxlan_down: dict[str, str] = field(default_factory=dict)


def _round(
    plant: Plant, pairs: Mapping[str, Pair], formed: Mapping[str, Pair], converged: bool = True
) -> Below:
    bundles = lacp.bundle(_groups(plant, {**formed, **pairs}), plant.carrier)
    found = _Found()
    for node, switch in plant.switches.items():
        found.ports[node] = _link_ports(plant, switch, bundles)
    links = tuple(logical_links(plant, bundles, "stp"))
    pending = plant.inputs.pending
    trees = plant_trees(plant.switches, pairs, links, found.ports, pending)
    for node, switch in plant.switches.items():
        _layer2(switch, pairs.get(node, formed.get(node)), found, trees, bundles)
    sides = {
        node: Side(switch, found.ports[node], _behind(plant, bundles, switch))
        for node, switch in plant.switches.items()
    }
    return Below(
        plant,
        bundles,
        mlag.pairs(sides, pending),
        sides,
        links,
        trees,
        found.ports,
        found.vlans,
        found.dynamic,
        found.vxlans,
        found.vxlan_down,
        *_joined(plant, bundles, trees),
        converged,
    )


def _groups(plant: Plant, pairs: Mapping[str, Pair]) -> list[lacp.Group]:
    groups = host_groups(plant)
    for node, switch in plant.switches.items():
        pair = pairs.get(node)
        groups.extend(lacp.groups_of(switch, pair.system_id if pair else None))
    return groups


def _link_ports(plant: Plant, switch: Switch, bundles: Bundles) -> dict[str, Port]:
    """Physical ports, the Port-Channels over them, and their subinterfaces."""
    found = ports.physical(switch, plant.carrier, plant.inputs.assume_uncabled_up)
    own = {name: bundles.channels[(switch.node, name)] for name in switch.channels()}
    found.update(ports.channels(switch, own, found))
    found.update(ports.subinterfaces(switch, found))
    return found


def forwarding(
    switch: Switch, own: Mapping[str, Port], trees: Trees, bundles: Bundles
) -> list[str]:
    """Return the switchports that are up, outside of a bundle, and not blocked."""
    alone = {port for node, port in bundles.individual if node == switch.node}
    return [
        name
        for name in (*switch.physical(), *switch.channels())
        if own[name].up
        and (switch.channel_of(name) is None or name in alone)
        and not trees.blocked((switch.node, name))
    ]


def _layer2(
    switch: Switch, pair: Pair | None, found: _Found, trees: Trees, bundles: Bundles
) -> None:
    node, own = switch.node, found.ports[switch.node]
    numbers, of_vrf = vlan.internal(switch)
    table = vlan.table(switch, forwarding(switch, own, trees, bundles), numbers)
    own.update(ports.standing(switch))
    down = vxlan.why_down(switch, own)
    state = vxlan.state(switch, down, pair, of_vrf)
    up = state is not None and state.up
    bridged = frozenset(state.vlans) if state is not None and up else frozenset()
    own.update(ports.svis(switch, table, bridged, of_vrf if up else {}))
    own.update(ports.vxlan(switch, down))
    own.update(ports.tunnels(switch, own))
    found.ports[node] = dict(sorted(own.items(), key=lambda item: names.sort_key(item[0])))
    found.vlans[node], found.dynamic[node] = table, of_vrf
    found.vxlans[node], found.vxlan_down[node] = state, down


def _behind(plant: Plant, bundles: Bundles, switch: Switch) -> frozenset[str]:
    """Return the nodes that the peer-link of a switch leads to."""
    settings = switch.settings.mlag
    if settings is None or settings.peer_link is None:
        return frozenset()
    channel = bundles.channels.get((switch.node, settings.peer_link))
    members = channel.active if channel else (settings.peer_link,)
    far = (plant.carrier.partner((switch.node, member), "arp") for member in members)
    return frozenset(end[0] for end in far if end is not None and end[0] in plant.switches)


# ---------------------------------------------------------------------------------- layer-2 links
def logical_links(plant: Plant, bundles: Bundles, protocol: str) -> list[Link]:
    """Return the links between logical ports over which frames of a protocol can pass.

    A bundle carries what one of its members lets through: who hashes where is not modelled.
    """
    active = {
        (node, member): (node, name)
        for (node, name), channel in bundles.channels.items()
        for member in channel.active
    }
    inside = {
        (node, member.interface)
        for (node, _), channel in bundles.channels.items()
        for member in channel.members
    } - bundles.individual

    def logical(end: End) -> End | None:
        return active.get(end) or (None if end in inside else end)

    found: set[Link] = set()
    for near in plant.carrier.peers:
        for far in plant.carrier.heard(near, protocol):
            a, b = logical(near), logical(far)
            if a is not None and b is not None:
                found.add((a, b) if a < b else (b, a))
    return sorted(found)


def _joined(plant: Plant, bundles: Bundles, trees: Trees) -> tuple[Union, Union, Union]:
    """Return the domains as they are, for BGP sessions, and for VXLAN tunnels."""
    passing = logical_links(plant, bundles, "arp")
    domains = _domains(plant, passing, trees)

    def without(protocol: str) -> Union:
        if not plant.carrier.lost.get(protocol):
            return domains
        links = set(passing) & set(logical_links(plant, bundles, protocol))
        return _domains(plant, sorted(links), trees)

    return domains, without("bgp"), without("vxlan")


def _domains(plant: Plant, links: Iterable[Link], trees: Trees) -> Union:
    union = Union()
    taps: dict[End, Mapping[int | None, Domain]] = {}
    for link in links:
        for end in link:
            if end not in taps:
                taps[end] = _taps(plant, end)
    for a, b in links:
        stops = trees.blocked(a) or trees.blocked(b)
        for tag, domain in taps[a].items():
            if tag in taps[b] and not (stops and trees.spanned(a[0], domain)):
                union.join(domain, taps[b][tag])
    gre.join(union, plant.switches.values())
    return union


def _taps(plant: Plant, end: End) -> Mapping[int | None, Domain]:
    node, port = end
    if node in plant.switches:
        return vlan.taps(plant.switches[node], port)
    endpoint = plant.inputs.endpoints[node]
    return {a.vlan: host_domain(node, a) for a in endpoint.addresses if a.nic == port}
