"""The run to convergence: from inputs to the state of every device, a pure function.

    cables, faults -> carrier -> bundles, trees, MLAG, SVIs, VXLAN (below)
        -> connected and static routes -> OSPF, IS-IS -> BGP and EVPN -> flood lists, tables

EVPN's flood lists stretch VLANs, which may carry BGP sessions, static routes may resolve over BGP,
and the protocols redistribute into one another: the upper half runs in rounds until none changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from avdlab.net import interfaces as names
from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.below import Below, solve_below
from avdlab.twin.fabric.inputs import FabricInputs, Faults
from avdlab.twin.fabric.plant import build, host_domain, lldp_hosts
from avdlab.twin.fabric.relevant import relevant
from avdlab.twin.fabric.state import FabricState
from avdlab.twin.fabric.stations import Stations, arp_of, stations_of
from avdlab.twin.protocols import lldp, mlag, routing, vxlan
from avdlab.twin.protocols.bgp.model import Outcome, Speaker
from avdlab.twin.protocols.bgp.solver import solve_bgp
from avdlab.twin.protocols.domains import Union, numbered, stretch
from avdlab.twin.protocols.igp import Router
from avdlab.twin.protocols.link_state import Igp, solve_igp
from avdlab.twin.protocols.mlag import Pair
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.protocols.vlan import Domain
from avdlab.twin.tables.l2 import Vxlan
from avdlab.twin.tables.rib import Rib, Route, RouteType

MAX_ROUNDS = 10
Flood = dict[str, dict[int, tuple[int, ...]]]
Statics = dict[str, dict[str, tuple[Route, ...]]]  # node -> VRF -> static routes in the table


@dataclass(slots=True)
class _Upper:
    """What the rounds of the upper half carry."""

    flood: Flood = field(default_factory=dict)
    statics: Statics = field(default_factory=dict)
    igp: Igp = field(default_factory=Igp)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    ribs: dict[str, dict[str, Rib]] = field(default_factory=dict)
    segments: dict[tuple[str, str], int] = field(default_factory=dict)
    converged: bool = True


def solve(inputs: FabricInputs, previous: FabricState | None = None) -> FabricState:
    """Compute the whole fabric. `previous` gives only the generation's number."""
    below = solve_below(build(inputs), _formed(inputs))
    members = _members(below)
    stations = stations_of(below)
    upper = _rounds(below, members, stations)
    devices = {node: _device(node, below, upper, stations) for node in sorted(below.plant.switches)}
    return FabricState(
        previous.generation + 1 if previous else 1,
        devices,
        all(device.converged for device in devices.values()),
        () if below.converged and upper.converged else ("the fabric does not converge",),
        upper.segments,
        numbered(below.domains, members),
        numbered(below.tunnels, members),
    )


def _formed(inputs: FabricInputs) -> Mapping[str, Pair]:
    """Return the MLAG pairs that are connected while no fault is in force."""
    if inputs.faults == Faults():
        return {}
    return solve_below(build(replace(inputs, faults=Faults()))).pairs


# ---------------------------------------------------------------------------------- rounds
def _rounds(below: Below, members: Mapping[tuple[str, str], Domain], stations: Stations) -> _Upper:
    nodes = sorted(below.plant.switches)
    upper = _Upper(flood=_flood(below, {}))
    upper.statics = {node: _statics(_base(below, node, {})) for node in nodes}
    asked: object = None
    for _ in range(MAX_ROUNDS):
        upper.segments = numbered(_stretched(below, below.domains, upper.flood), members)
        sessions = upper.segments
        if below.sessions is not below.domains:
            sessions = numbered(_stretched(below, below.sessions, upper.flood), members)
        base = {node: _base(below, node, upper.statics) for node in nodes}
        segments = {key: n for key, n in upper.segments.items() if key[0] in base}
        upper.igp = solve_igp(_routers(below, base, upper.ribs), segments)
        partitions = (relevant(below, upper.segments), relevant(below, sessions))
        question = (partitions, upper.statics, upper.igp.routes)
        if question == asked:
            return upper
        asked = question
        for node in nodes:
            _with_igp(below, node, base[node], upper.igp)
        over = {key: n for key, n in sessions.items() if key[0] in base}
        upper.outcomes = solve_bgp(_speakers(below, base, stations), segments, over)
        upper.flood = _flood(below, upper.outcomes)
        upper.ribs = {node: _merged(below, node, base[node], upper.outcomes) for node in base}
        upper.statics = {node: _statics(ribs) for node, ribs in upper.ribs.items()}
    upper.converged = False
    return upper


def _base(below: Below, node: str, statics: Statics) -> dict[str, Rib]:
    """Return the routing tables without BGP; `statics` are those that resolved a round before."""
    switch = below.plant.switches[node]
    ribs = {v: Rib.of(r) for v, r in routing.connected(switch, below.ports[node]).items()}
    for vrf, routes in statics.get(node, {}).items():
        for route in routes:
            ribs[vrf].offer(route)
    routing.with_static(switch, ribs, below.ports[node])
    return ribs


def _routers(
    below: Below, base: Mapping[str, dict[str, Rib]], ribs: Mapping[str, dict[str, Rib]]
) -> list[Router]:
    """Return what the IGPs are given: redistribution sees the tables of the round before."""
    return [
        Router(node, switch.settings, below.ports[node], ribs.get(node) or base[node])
        for node, switch in sorted(below.plant.switches.items())
    ]


def _with_igp(below: Below, node: str, ribs: dict[str, Rib], igp: Igp) -> None:
    """Add what the IGPs found, and the static routes that resolve over it."""
    found = igp.routes.get(node, {})
    for vrf, routes in found.items():
        for route in routes if vrf in ribs else ():
            ribs[vrf].offer(route)
    if found:
        routing.with_static(below.plant.switches[node], ribs, below.ports[node])


def _merged(
    below: Below, node: str, base: Mapping[str, Rib], outcomes: Mapping[str, Outcome]
) -> dict[str, Rib]:
    """Add what BGP computed, and the static routes that resolve only over it."""
    ribs = {vrf: Rib.of(table) for vrf, table in base.items()}
    outcome = outcomes.get(node)
    for vrf, routes in outcome.routes.items() if outcome else ():
        if vrf in ribs:
            for route in routes:
                ribs[vrf].offer(route)
    routing.with_static(below.plant.switches[node], ribs, below.ports[node])
    return ribs


def _statics(ribs: Mapping[str, Rib]) -> dict[str, tuple[Route, ...]]:
    found = {
        vrf: tuple(route for route in table if route.type is RouteType.STATIC)
        for vrf, table in ribs.items()
    }
    return {vrf: routes for vrf, routes in found.items() if routes}


def _speakers(
    below: Below, base: Mapping[str, Mapping[str, Rib]], stations: Stations
) -> dict[str, Speaker]:
    return {
        node: Speaker(
            node,
            switch.settings,
            below.ports[node],
            base[node],
            below.vxlans[node],
            _router_mac(below, switch),
            below.pairs[node].other(node) if node in below.pairs else None,
            stations.local_macs(below, node),
        )
        for node, switch in below.plant.switches.items()
    }


def _router_mac(below: Below, switch: Switch) -> str:
    """EOS: the MLAG system-id only where `encapsulation mac-address mlag-system-id` asks for it."""
    state = below.vxlans[switch.node]
    return state.router_mac if state and state.router_mac else switch.system_mac


# ---------------------------------------------------------------------------------- segments
def _members(below: Below) -> dict[tuple[str, str], Domain]:
    """Return every routed interface that is up, and every endpoint's address, with its domain."""
    found: dict[tuple[str, str], Domain] = {}
    for node, own in below.ports.items():
        for name, port in own.items():
            if port.up and port.routed:
                found[(node, name)] = (node, _domain_of(name))
    for name, endpoint in below.plant.inputs.endpoints.items():
        if name not in below.plant.inputs.faults.stopped:
            for address in endpoint.addresses:
                domain = host_domain(name, address)
                found[domain] = domain
    return found


def _domain_of(interface: str) -> int | str:
    kind, numbers, _ = names.split(interface)
    return numbers[0] if kind == "Vlan" else interface


def _stretched(below: Below, domains: Union, flood: Flood) -> Union:
    owners: dict[int, list[str]] = {}
    vnis: dict[str, Mapping[int, int]] = {}
    for node, state in below.vxlans.items():
        if state is not None and state.up and state.source is not None:
            owners.setdefault(state.source, []).append(node)
            vnis[node] = state.vlans
    joined = stretch(domains, vnis, flood, owners)
    _join_management(joined, below)
    return joined


def _join_management(union: Union, below: Below) -> None:
    """All management ports stand in one out-of-band network."""
    ports = [
        (node, name)
        for node, own in below.ports.items()
        for name in own
        if names.is_management(name)
    ]
    for port in ports[1:]:
        union.join(ports[0], port)


def _flood(below: Below, outcomes: Mapping[str, Outcome]) -> Flood:
    """Return node -> VLAN -> VTEPs: configured lists and what EVPN found."""
    found: Flood = {}
    for node, switch in below.plant.switches.items():
        state = below.vxlans[node]
        if state is None or not state.up:
            continue
        lists = {vlan: set(addresses) for vlan, addresses in vxlan.static_flood(switch).items()}
        outcome = outcomes.get(node)
        for vlan, addresses in outcome.flood.items() if outcome else ():
            lists.setdefault(vlan, set()).update(addresses)
        found[node] = {
            vlan: tuple(sorted(a for a in addresses if a != state.source))
            for vlan, addresses in sorted(lists.items())
        }
    return found


# ---------------------------------------------------------------------------------- one device
def _device(node: str, below: Below, upper: _Upper, stations: Stations) -> DeviceState:
    switch = below.plant.switches[node]
    outcome = upper.outcomes.get(node)
    pair = below.pairs.get(node)
    macs = stations.table(node, outcome)
    return DeviceState(
        below.plant.inputs.identities[node],
        switch.settings,
        below.ports[node],
        lldp.neighbors(switch, below.plant.carrier, below.plant.switches, lldp_hosts(below.plant)),
        below.channels(node),
        below.vlans[node],
        below.trees.instances.get(node, {}),
        mlag.state(node, below.sides, pair),
        _vxlan(node, below, upper),
        upper.ribs[node],
        outcome.bgp if outcome else None,
        arp_of(node, below, upper.segments, stations, outcome),
        macs,
        below.converged and upper.converged and (outcome is None or outcome.converged),
        (*_notes(switch), *(outcome.notes if outcome else ())),
        upper.igp.ospf.get(node, ()),
        upper.igp.isis.get(node),
    )


def _vxlan(node: str, below: Below, upper: _Upper) -> Vxlan | None:
    state = below.vxlans[node]
    if state is None:
        return None
    outcome = upper.outcomes.get(node)
    flood = upper.flood.get(node, {})
    listed = {address for addresses in flood.values() for address in addresses}
    vteps = listed | set(outcome.vteps if outcome and state.up else ())
    full = replace(state, flood=flood, vteps=tuple(sorted(vteps)))
    pair = below.pairs.get(node)
    other = pair.other(node) if pair else None
    peer = (below.plant.switches[other], below.vxlans[other]) if other else None
    switch = below.plant.switches[node]
    return replace(full, sanity=vxlan.sanity(switch, full, below.vxlan_down[node], peer))


def _notes(switch: Switch) -> tuple[str, ...]:
    settings = switch.settings
    titles = {"ospfv3": "OSPFv3", "rip": "RIP", "eigrp": "EIGRP"}
    found = [f"{titles[p]} is not computed by this twin yet" for p in settings.uncomputed]
    found += [
        f"{name}: VRF {interface.vrf} does not exist"
        for name, interface in settings.interfaces.items()
        if interface.vrf not in settings.vrfs
    ]
    found += [
        f"{name}: no DHCP server is in the lab, the interface has no address"
        for name, interface in settings.interfaces.items()
        if interface.dhcp
    ]
    return tuple(dict.fromkeys(found))
