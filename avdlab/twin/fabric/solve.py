"""The run to convergence: from inputs to the state of every device, a pure function.

    cables, faults -> carrier -> bundles, trees, MLAG, SVIs, VXLAN (below)
        -> connected and static routes -> OSPF, IS-IS -> BGP and EVPN -> flood lists, tables

EVPN's flood lists stretch VLANs, which may carry BGP sessions, static routes may resolve over BGP,
and the protocols redistribute into one another: the upper half runs in rounds until none changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import IPV4_BITS, IPV6_BITS
from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.below import Below, solve_below
from avdlab.twin.fabric.dhcp import with_leases
from avdlab.twin.fabric.heard_vnis import with_heard_vnis
from avdlab.twin.fabric.inputs import FabricInputs, Faults
from avdlab.twin.fabric.plant import build, host_domain, lldp_hosts
from avdlab.twin.fabric.relevant import relevant
from avdlab.twin.fabric.state import FabricState
from avdlab.twin.fabric.stations import Stations, arp_of, stations_of
from avdlab.twin.protocols import leaks, lldp, mlag, routing, vxlan
from avdlab.twin.protocols.bgp.model import Outcome, Segments, Speaker
from avdlab.twin.protocols.bgp.reach import Addresses, Reachability
from avdlab.twin.protocols.bgp.solver import solve_bgp
from avdlab.twin.protocols.domains import Union, numbered, stretch
from avdlab.twin.protocols.dps import solve_dps
from avdlab.twin.protocols.dps import tunnels as dps_tunnels
from avdlab.twin.protocols.igp import Router
from avdlab.twin.protocols.link_state import Igp, solve_igp
from avdlab.twin.protocols.mlag import Pair
from avdlab.twin.protocols.mpls import Switched, solve_mpls
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.protocols.vlan import Domain
from avdlab.twin.tables.l2 import Vxlan
from avdlab.twin.tables.rib import Rib, Route, RouteType
from avdlab.twin.tables.tunnels import Tunnel
from avdlab.twin.tables.wan import DpsPath

MAX_ROUNDS = 10
FAMILIES = (IPV4_BITS, IPV6_BITS)
Flood = dict[str, dict[int, tuple[int, ...]]]
# node -> VRF -> static routes in the table and what leaks into it, of both families
Statics = dict[str, dict[str, tuple[Route, ...]]]
Tables = dict[str, dict[str, Rib]]  # node -> VRF -> routing table of one family


@dataclass(slots=True)
class _Upper:
    """What the rounds of the upper half carry."""

    flood: Flood = field(default_factory=dict)
    statics: Statics = field(default_factory=dict)
    igp: Igp = field(default_factory=Igp)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    ribs: dict[int, Tables] = field(default_factory=lambda: {bits: {} for bits in FAMILIES})
    segments: dict[tuple[str, str], int] = field(default_factory=dict)
    dps: dict[str, tuple[DpsPath, ...]] = field(default_factory=dict)
    mpls: Switched = field(default_factory=Switched)
    converged: bool = True


def solve(inputs: FabricInputs, previous: FabricState | None = None) -> FabricState:
    """Compute the whole fabric. `previous` gives only the generation's number."""
    below = solve_below(build(inputs), _formed(inputs))
    members = _members(below)
    local = numbered(below.domains, members)
    below = with_leases(below, local)
    stations = stations_of(below)
    upper = _rounds(below, members, stations)
    devices = {node: _device(node, below, upper, stations) for node in sorted(below.plant.switches)}
    return FabricState(
        previous.generation + 1 if previous else 1,
        devices,
        all(device.converged for device in devices.values()),
        () if below.converged and upper.converged else ("the fabric does not converge",),
        upper.segments,
        local,
        numbered(below.tunnels, members),
    )


def _formed(inputs: FabricInputs) -> Mapping[str, Pair]:
    """Return the MLAG pairs that are connected while no fault is in force."""
    if inputs.faults == Faults():
        return {}
    return solve_below(build(replace(inputs, faults=Faults()))).pairs


# ---------------------------------------------------------------------------------- rounds
def _rounds(below: Below, members: Mapping[tuple[str, str], Domain], stations: Stations) -> _Upper:
    nodes = below.plant.switches
    upper = _Upper(flood=_flood(below, {}))
    upper.statics = _statics(below, {bits: _bases(below, {}, bits) for bits in FAMILIES})
    asked: object = None
    for _ in range(MAX_ROUNDS):
        upper.segments = numbered(_stretched(below, below.domains, upper.flood), members)
        sessions = upper.segments
        if below.sessions is not below.domains:
            sessions = numbered(_stretched(below, below.sessions, upper.flood), members)
        base = {bits: _bases(below, upper.statics, bits) for bits in FAMILIES}
        segments = {key: n for key, n in upper.segments.items() if key[0] in nodes}
        upper.igp = solve_igp(_routers(below, base, upper.ribs), segments)
        for bits in FAMILIES:
            _with_igp(below, base[bits], upper.igp, bits)
        speakers = _speakers(below, base, stations)
        upper.mpls = _mpls(speakers, segments)
        upper.dps = _dps(speakers, segments, upper.ribs[IPV4_BITS] or base[IPV4_BITS])
        question = (
            (relevant(below, upper.segments), relevant(below, sessions)),
            upper.statics,
            upper.igp.routes,
            upper.dps,
            upper.mpls.tunnels,
        )
        if question == asked:
            return upper
        asked = question
        speakers = {node: _with_tunnels(speaker, upper) for node, speaker in speakers.items()}
        over = {key: n for key, n in sessions.items() if key[0] in nodes}
        upper.outcomes = solve_bgp(speakers, segments, over)
        upper.flood = _flood(below, upper.outcomes)
        upper.ribs = {bits: _merged(below, base[bits], upper.outcomes, bits) for bits in FAMILIES}
        upper.statics = _statics(below, upper.ribs)
    upper.converged = False
    return upper


def _bases(below: Below, statics: Statics, bits: int) -> Tables:
    return {node: _base(below, node, statics, bits) for node in sorted(below.plant.switches)}


def _base(below: Below, node: str, statics: Statics, bits: int) -> dict[str, Rib]:
    """Return the routing tables without BGP; `statics` are those that resolved a round before."""
    switch = below.plant.switches[node]
    routes = routing.connected(switch, below.ports[node], bits)
    ribs = {vrf: Rib.of(found, bits) for vrf, found in routes.items()}
    for vrf, known in statics.get(node, {}).items():
        for route in known:
            if route.prefix.bits == bits:
                ribs[vrf].offer(route)
    routing.with_static(switch, ribs, below.ports[node], bits)
    return ribs


def _routers(below: Below, base: Mapping[int, Tables], ribs: Mapping[int, Tables]) -> list[Router]:
    """Return what the IGPs are given: redistribution sees the tables of the round before."""
    return [
        Router(
            node,
            switch.settings,
            below.ports[node],
            ribs[IPV4_BITS].get(node) or base[IPV4_BITS][node],
            ribs[IPV6_BITS].get(node) or base[IPV6_BITS][node],
        )
        for node, switch in sorted(below.plant.switches.items())
    ]


def _with_igp(below: Below, tables: Tables, igp: Igp, bits: int) -> None:
    """Add what the IGPs found, and the static routes that resolve over it."""
    for node, ribs in tables.items():
        found = igp.routes.get(node, {})
        for vrf, routes in found.items():
            for route in routes if vrf in ribs else ():
                if route.prefix.bits == bits:
                    ribs[vrf].offer(route)
        if found:
            routing.with_static(below.plant.switches[node], ribs, below.ports[node], bits)


def _merged(below: Below, base: Tables, outcomes: Mapping[str, Outcome], bits: int) -> Tables:
    """Add what BGP computed, and the static routes that resolve only over it."""
    tables: Tables = {}
    for node, before in base.items():
        ribs = tables[node] = {vrf: table.copy() for vrf, table in before.items()}
        outcome = outcomes.get(node)
        if outcome is not None:
            found = outcome.routes if bits == IPV4_BITS else outcome.routes6
            for vrf, routes in found.items():
                for route in routes if vrf in ribs else ():
                    ribs[vrf].offer(route)
        routing.with_static(below.plant.switches[node], ribs, below.ports[node], bits)
    return tables


def _statics(below: Below, ribs: Mapping[int, Tables]) -> Statics:
    found: Statics = {}
    for tables in ribs.values():
        for node, table in tables.items():
            own = found.setdefault(node, {})
            for vrf, rib in table.items():
                routes = [route for route in rib if route.type is RouteType.STATIC]
                kept = tuple(route for route in routes if not route.source_vrf)
                if kept:
                    own[vrf] = (*own.get(vrf, ()), *kept)
            for vrf, route in leaks.leaked(below.plant.switches[node].settings, table):
                own[vrf] = (*own.get(vrf, ()), route)
    return found


def _speakers(below: Below, base: Mapping[int, Tables], stations: Stations) -> dict[str, Speaker]:
    return {
        node: Speaker(
            node,
            switch.settings,
            below.ports[node],
            base[IPV4_BITS][node],
            below.vxlans[node],
            _router_mac(below, switch),
            below.pairs[node].other(node) if node in below.pairs else None,
            stations.local_macs(below, node),
            base[IPV6_BITS][node],
        )
        for node, switch in below.plant.switches.items()
    }


def _dps(
    speakers: Mapping[str, Speaker], segments: Segments, ribs: Tables
) -> dict[str, tuple[DpsPath, ...]]:
    """Return the paths between WAN routers, over the routing tables of the round before."""
    if not any(speaker.settings.wan for speaker in speakers.values()):
        return {}
    tables = {(node, vrf): rib for node, own in ribs.items() for vrf, rib in own.items()}
    addresses = Addresses.of(speakers, segments)
    return solve_dps(speakers, Reachability(addresses, segments, tables))


def _mpls(speakers: Mapping[str, Speaker], segments: Segments) -> Switched:
    """Return MPLS paths, over the routing tables without BGP."""
    if not any(speaker.settings.mpls.forwarding for speaker in speakers.values()):
        return Switched()
    tables = {(node, vrf): rib for node, own in speakers.items() for vrf, rib in own.ribs.items()}
    addresses = Addresses.of(speakers, segments)
    return solve_mpls(speakers, Reachability(addresses, segments, tables))


def _tunnels(node: str, upper: _Upper) -> dict[int, Tunnel]:
    return {**upper.mpls.tunnels.get(node, {}), **dps_tunnels(upper.dps.get(node, ()))}


def _with_tunnels(speaker: Speaker, upper: _Upper) -> Speaker:
    found = _tunnels(speaker.node, upper)
    return replace(speaker, tunnels=found) if found else speaker


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
    device = DeviceState(
        below.plant.inputs.identities[node],
        switch.settings,
        below.ports[node],
        lldp.neighbors(switch, below.plant.carrier, below.plant.switches, lldp_hosts(below.plant)),
        below.channels(node),
        below.vlans[node],
        below.trees.instances.get(node, {}),
        mlag.state(node, below.sides, pair),
        _vxlan(node, below, upper),
        upper.ribs[IPV4_BITS][node],
        outcome.bgp if outcome else None,
        arp_of(node, below, upper.segments, stations, outcome),
        macs,
        below.converged and upper.converged and (outcome is None or outcome.converged),
        (*_notes(switch), *(outcome.notes if outcome else ())),
        upper.igp.ospf.get(node, ()),
        upper.igp.isis.get(node),
        dps=upper.dps.get(node, ()),
        tunnels=_tunnels(node, upper),
        mpls=upper.mpls.states.get(node),
        ribs6=upper.ribs[IPV6_BITS][node],
    )
    return with_heard_vnis(device)


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
    titles = {"ospfv3": "OSPFv3", "rip": "RIP", "eigrp": "EIGRP", "panel": "patch panel"}
    found = [f"{titles[p]} is not computed by this twin yet" for p in settings.uncomputed]
    found += [
        f"{name}: VRF {interface.vrf} does not exist"
        for name, interface in settings.interfaces.items()
        if interface.vrf not in settings.vrfs
    ]
    found += [
        f"{name}: no DHCP server is in the lab, the interface has no address"
        for name, interface in settings.interfaces.items()
        if interface.dhcp and interface.address is None
    ]
    return tuple(dict.fromkeys(found))
