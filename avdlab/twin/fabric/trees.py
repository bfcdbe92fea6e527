"""Spanning trees of the fabric: who runs one, over which links, and what each switch sees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from avdlab.twin.config.settings import SwitchportMode
from avdlab.twin.protocols import stp
from avdlab.twin.protocols.mlag import Pair
from avdlab.twin.protocols.pending import NOTHING, Pending
from avdlab.twin.protocols.stp import Bridges, Tree, Wire, port_cost
from avdlab.twin.protocols.switch import End, Switch
from avdlab.twin.protocols.vlan import Domain, carried
from avdlab.twin.tables.l2 import StpInstance, StpState
from avdlab.twin.tables.ports import Port

_DEFAULT_PRIORITY = 32768


@dataclass(frozen=True, slots=True)
class Trees:
    """What every switch sees of spanning tree: node -> instance -> state."""

    instances: Mapping[str, Mapping[str, StpInstance]] = field(default_factory=dict)
    disabled: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def blocked(self, end: End) -> bool:
        """Tell whether instance 0 discards on the port."""
        for name in ("MST0", "RST0"):
            found = self.instances.get(end[0], {}).get(name)
            port = found.ports.get(end[1]) if found else None
            if port is not None and port.state is StpState.DISCARDING:
                return True
        return False

    def spanned(self, node: str, domain: Domain) -> bool:
        """Tell whether a discarding port stops the domain: VLANs can be taken out of the tree."""
        return domain[1] not in self.disabled.get(node, frozenset())


def plant_trees(
    switches: Mapping[str, Switch],
    pairs: Mapping[str, Pair],
    links: Iterable[tuple[End, End]],
    ports: Mapping[str, Mapping[str, Port]],
    pending: Pending = NOTHING,
) -> Trees:
    """Compute instance 0 of all bridges in mode mstp or rstp, and the VLANs' of rapid-pvst."""
    wires = [(a, b) for a, b in links if a[0] in switches and b[0] in switches]
    switched = [w for w in wires if all(_switches_here(switches[e[0]], e[1]) for e in w)]
    seen: dict[str, dict[str, StpInstance]] = {node: {} for node in switches}
    common = [s for s in switches.values() if s.settings.spanning_tree.mode in {"mstp", "rstp"}]
    _grow(common, pairs, switched, ports, 0, seen)
    pvst = [s for s in switches.values() if s.settings.spanning_tree.mode == "rapid-pvst"]
    for number in sorted({vlan for switch in pvst for vlan in switch.settings.vlans}):
        carrying = [s for s in pvst if _runs(s, number)]
        inside = [w for w in switched if all(_carries(switches[e[0]], e[1], number) for e in w)]
        _grow(carrying, pairs, inside, ports, number, seen)
    if pending.late:
        seen = {node: _in_time(node, found, pending) for node, found in seen.items()}
    disabled = {n: s.settings.spanning_tree.disabled_vlans for n, s in switches.items()}
    return Trees(seen, disabled)


def _in_time(
    node: str, instances: Mapping[str, StpInstance], pending: Pending
) -> dict[str, StpInstance]:
    """Let ports that forward late discard for now."""
    return {
        name: replace(
            found,
            ports={
                port: replace(state, state=StpState.DISCARDING)
                if ("stp", node, name, port) in pending.late
                else state
                for port, state in found.ports.items()
            },
        )
        for name, found in instances.items()
    }


def _switches_here(switch: Switch, port: str) -> bool:
    return switch.interface(port).switchport is not None


def _runs(switch: Switch, number: int) -> bool:
    settings = switch.settings
    return number in settings.vlans and number not in settings.spanning_tree.disabled_vlans


def _carries(switch: Switch, port: str, number: int) -> bool:
    switchport = switch.interface(port).switchport
    return switchport is not None and number in carried(switch.settings, switchport)


def _grow(
    members: list[Switch],
    pairs: Mapping[str, Pair],
    wires: list[tuple[End, End]],
    ports: Mapping[str, Mapping[str, Port]],
    number: int,
    seen: dict[str, dict[str, StpInstance]],
) -> None:
    bridges = _bridges(members, pairs, number)
    inside = [w for w in wires if w[0][0] in bridges.of_node and w[1][0] in bridges.of_node]
    switches = {switch.node: switch for switch in members}
    costs = {e: _cost(switches[e[0]], ports[e[0]][e[1]]) for w in inside for e in w}
    # the peer-link is inside of the pair's one bridge
    tree = stp.grow(
        bridges,
        [
            Wire(a, b, costs[a], costs[b])
            for a, b in inside
            if not _peer_link(a, b, switches, pairs)
        ],
    )
    for switch in members:
        name = _name(switch, number)
        seen[switch.node][name] = _seen(switch, name, bridges, tree, ports[switch.node], number)


def _name(switch: Switch, number: int) -> str:
    mode = switch.settings.spanning_tree.mode
    return {"mstp": "MST0", "rstp": "RST0"}.get(mode, f"VL{number}")


def _bridges(members: list[Switch], pairs: Mapping[str, Pair], number: int) -> Bridges:
    of_node: dict[str, str] = {}
    ids: dict[str, tuple[int, str]] = {}
    logical: dict[End, End] = {}
    by_name = {switch.node: switch for switch in members}
    for switch in members:
        pair = pairs.get(switch.node)
        lead = by_name.get(pair.primary, switch) if pair else switch
        of_node[switch.node] = lead.node
        priorities = lead.settings.spanning_tree.priorities
        mac = pair.system_id if pair else switch.system_mac
        # 802.1Q 13.26.2: the priority holds the instance's number in its low bits
        ids[lead.node] = (priorities.get(number, _DEFAULT_PRIORITY) + number, mac)
        for name in switch.channels() if pair else ():
            shared = switch.interface(name).mlag
            if shared is not None:
                logical[(switch.node, name)] = (lead.node, f"mlag {shared}")
    return Bridges(of_node, ids, logical)


def _peer_link(a: End, b: End, switches: Mapping[str, Switch], pairs: Mapping[str, Pair]) -> bool:
    pair = pairs.get(a[0])
    if pair is None or pair.other(a[0]) != b[0]:
        return False
    settings = switches[a[0]].settings.mlag
    return settings is not None and settings.peer_link == a[1]


def _cost(switch: Switch, port: Port) -> int:
    configured = switch.interface(port.name).spanning_tree.get("cost")
    if configured is not None and configured.isdigit():
        return int(configured)
    return port_cost(port.bandwidth, port.name.startswith("Port-Channel"))


def _seen(
    switch: Switch,
    name: str,
    bridges: Bridges,
    tree: Tree,
    ports: Mapping[str, Port],
    number: int,
) -> StpInstance:
    own = {s.name: s for s in switch.layer2_ports() if s.name in ports and ports[s.name].up}
    if number:
        own = {n: s for n, s in own.items() if _carries(switch, n, number)}
    edge = frozenset(
        n
        for n, s in own.items()
        if "portfast" in s.spanning_tree
        and s.switchport is not None
        and (s.switchport.mode is not SwitchportMode.TRUNK or s.spanning_tree["portfast"])
    )
    guards = {n: s.spanning_tree["guard"] for n, s in own.items() if "guard" in s.spanning_tree}
    costs = {n: _cost(switch, ports[n]) for n in own}
    return stp.instance(name, switch.node, bridges, tree, costs, edge, guards)
