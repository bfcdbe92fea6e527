"""The run to convergence: from inputs to the state of every device, a pure function.

    cables, faults -> carrier -> bundles, trees, MLAG, SVIs, VXLAN (below)
        -> connected and static routes -> OSPF, IS-IS -> BGP and EVPN -> flood lists, tables

EVPN's flood lists stretch VLANs, which may carry BGP sessions, static routes may resolve over BGP,
and the protocols redistribute into one another: the upper half runs in rounds until none changes.
"""

from collections.abc import Mapping
from dataclasses import replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import IPV4_BITS, IPV6_BITS
from avdlab.twin.fabric.base_tables import BaseTables, Statics
from avdlab.twin.fabric.below import Below, solve_below
from avdlab.twin.fabric.devices import FAMILIES, Devices, Flood, Tables, Upper
from avdlab.twin.fabric.dhcp import with_leases
from avdlab.twin.fabric.inputs import FabricInputs, Faults
from avdlab.twin.fabric.layers import of_routing, without_routing
from avdlab.twin.fabric.memory import Memory
from avdlab.twin.fabric.plant import build, host_domain
from avdlab.twin.fabric.relevant import Relevant
from avdlab.twin.fabric.state import FabricState
from avdlab.twin.fabric.stations import Stations, stations_of
from avdlab.twin.protocols import leaks, routing, vxlan
from avdlab.twin.protocols.bgp.model import Outcome, Segments, Speaker
from avdlab.twin.protocols.bgp.reach import Addresses, Reachability
from avdlab.twin.protocols.bgp.solver import solve_bgp
from avdlab.twin.protocols.domains import Union, numbered, stretch
from avdlab.twin.protocols.dps import Paths, solve_dps
from avdlab.twin.protocols.mlag import Pair
from avdlab.twin.protocols.mpls import Switched, solve_mpls
from avdlab.twin.protocols.pending import NOTHING
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.protocols.vlan import Domain
from avdlab.twin.tables.floods import FloodLists, MergedFloodLists
from avdlab.twin.tables.rib import Rib

MAX_ROUNDS = 10


def solve(
    inputs: FabricInputs, previous: FabricState | None = None, memory: Memory | None = None
) -> FabricState:
    """Compute the whole fabric. `previous` gives only the generation's number; `memory` is what
    the computation before left: without it the answer is the same, and takes longer."""
    memory = memory or Memory()
    below = _below(inputs, memory)
    members = _members(below)
    local = numbered(below.domains, members)
    below = with_leases(below, local)
    stations = stations_of(below)
    upper = memory.routing.ask(
        of_routing(inputs), lambda _: _rounds(below, members, stations, memory)
    )
    devices = Devices(below, upper, stations)
    return FabricState(
        previous.generation + 1 if previous else 1,
        devices,
        devices.converged,
        () if below.converged and upper.converged else ("the fabric does not converge",),
        upper.segments,
        local,
        numbered(below.tunnels, members),
    )


def _below(inputs: FabricInputs, memory: Memory) -> Below:
    """Return the layers below routing. MLAG pairs that are connected while no fault is in force
    stay pairs to their LACP partners when faults come."""

    def answer(asked: FabricInputs) -> Below:
        formed: Mapping[str, Pair] = {}
        quiet = replace(asked, faults=Faults(), pending=NOTHING)
        if asked != quiet:
            formed = memory.below.ask(quiet, answer).pairs
        return solve_below(build(asked), formed)

    return replace(memory.below.ask(without_routing(inputs), answer), plant=build(inputs))


# ---------------------------------------------------------------------------------- rounds
def _rounds(
    below: Below,
    members: Mapping[tuple[str, str], Domain],
    stations: Stations,
    memory: Memory,
) -> Upper:
    nodes = below.plant.switches
    upper = Upper(flood=_flood(below, {}))
    tables = BaseTables(below, memory.igp)
    statics = _statics(below, tables.without_igp({}))
    relevant = Relevant.of(below)
    asked: list[object] = []
    pending = False  # tables that wait for their turn
    for _ in range(MAX_ROUNDS):
        upper.segments = numbered(_stretched(below, below.domains, upper.flood), members)
        sessions = upper.segments
        if below.sessions is not below.domains:
            sessions = numbered(_stretched(below, below.sessions, upper.flood), members)
        segments = {key: n for key, n in upper.segments.items() if key[0] in nodes}
        upper.igp, base = tables.solve(statics, upper.ribs, segments)
        speakers = _speakers(below, base, stations)
        upper.mpls = _mpls(speakers, segments)
        upper.dps = _dps(speakers, segments, upper.ribs[IPV4_BITS] or base[IPV4_BITS])
        question = (
            (relevant.partition(upper.segments), relevant.partition(sessions)),
            statics,
            upper.igp.routes,
            upper.dps,
            upper.mpls.tunnels,
        )
        if asked[-1:] == [question] and not pending:
            return upper
        in_turn = pending or question in asked
        asked.append(question)
        speakers = {node: _with_tunnels(speaker, upper) for node, speaker in speakers.items()}
        over = {key: n for key, n in sessions.items() if key[0] in nodes}
        upper.outcomes = solve_bgp(speakers, segments, over, memory.bgp)
        upper.flood = _flood(below, upper.outcomes)
        ribs = {bits: _merged(below, base[bits], upper.outcomes, bits) for bits in FAMILIES}
        pending = in_turn and _take_turns(upper.ribs, ribs)
        upper.ribs = ribs
        statics = _statics(below, upper.ribs)
    upper.converged = False
    return upper


def _take_turns(before: Mapping[int, Tables], now: Mapping[int, Tables]) -> bool:
    """Let only the first device whose tables moved have its new ones; tell whether others wait.

    Two routers may each give a route up once the other has it (aggregates that both redistribute):
    all at once they would never agree. On EOS the order of events decides, here that of the names.
    """
    moved = sorted(
        {
            node
            for bits, tables in now.items()
            for node, ribs in tables.items()
            if node in before[bits]
            and any(
                tuple(rib) != tuple(before[bits][node].get(vrf, ())) for vrf, rib in ribs.items()
            )
        }
    )
    for node in moved[1:]:
        for bits, tables in now.items():
            tables[node] = before[bits][node]
    return len(moved) > 1


def _merged(below: Below, base: Tables, outcomes: Mapping[str, Outcome], bits: int) -> Tables:
    """Add what BGP computed, and the static routes that resolve only over it."""
    tables: Tables = {}
    for node, before in base.items():
        outcome = outcomes.get(node)
        found: Mapping[str, Rib] = {}
        if outcome is not None:
            found = outcome.ribs if bits == IPV4_BITS else outcome.ribs6
        ribs = tables[node] = {
            vrf: found[vrf] if vrf in found else table.copy() for vrf, table in before.items()
        }
        routing.with_static(below.plant.switches[node], ribs, below.ports[node], bits)
    return tables


def _statics(below: Below, ribs: Mapping[int, Tables]) -> Statics:
    found: Statics = {}
    for tables in ribs.values():
        for node, table in tables.items():
            own = found.setdefault(node, {})
            for vrf, rib in table.items():
                routes = sorted(rib.statics(), key=lambda route: route.prefix)
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
            pending=below.plant.inputs.pending,
        )
        for node, switch in below.plant.switches.items()
    }


def _dps(speakers: Mapping[str, Speaker], segments: Segments, ribs: Tables) -> Paths:
    """Return the paths between WAN routers, over the routing tables of the round before."""
    if not any(speaker.settings.wan for speaker in speakers.values()):
        return Paths()
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


def _with_tunnels(speaker: Speaker, upper: Upper) -> Speaker:
    found = upper.tunnels(speaker.node)
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
        outcome = outcomes.get(node)
        learned = () if outcome is None else (outcome.flood,)
        lists = (FloodLists(vxlan.static_flood(switch)), *learned)
        found[node] = MergedFloodLists(lists, state.source)
    return found
