"""PIM sparse mode (RFC 7761): who hears whose hellos, and who is the designated router.

An interface takes part if it is up, routed, in sparse mode, and has an address to speak from. Two
that share a broadcast domain are neighbors: RFC 7761 4.3.1 asks for no common subnet, and hello
intervals need not agree. Trees and rendezvous points are not computed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from avdlab.net import interfaces as names
from avdlab.twin.config.settings import InterfaceSettings, PimInterface
from avdlab.twin.protocols.igp import Segments
from avdlab.twin.protocols.pending import NOTHING, Fact, Pending, Timing
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.tables.multicast import PimNeighbor, PimPort
from avdlab.twin.tables.ports import Port


@dataclass(frozen=True, slots=True)
class _Circuit:
    node: str
    interface: InterfaceSettings
    pim: PimInterface
    address: int

    @property
    def at(self) -> tuple[str, str]:
        return self.node, self.interface.name

    @property
    def rank(self) -> tuple[int, int]:
        """RFC 7761 4.3.2: the highest priority, then the highest address, is designated."""
        return self.pim.priority, self.address


def solve_pim(
    switches: Mapping[str, Switch],
    ports: Mapping[str, Mapping[str, Port]],
    segments: Segments,
    pending: Pending = NOTHING,
) -> dict[str, tuple[PimPort, ...]]:
    """Return node -> the interfaces that PIM runs on."""
    circuits = {
        c.at: c for node in sorted(switches) for c in _circuits(switches[node], ports[node])
    }
    seen: dict[tuple[str, str], list[tuple[_Circuit, Timing]]] = defaultdict(list)
    for near, far, timing in _pairs(circuits, segments, pending):
        seen[near.at].append((far, timing))
    found: dict[str, list[PimPort]] = defaultdict(list)
    for at, circuit in sorted(circuits.items(), key=lambda item: names.sort_key(item[0][1])):
        found[circuit.node].append(_port(circuit, seen[at]))
    return {node: tuple(found[node]) for node in sorted(found)}


def _circuits(switch: Switch, ports: Mapping[str, Port]) -> Iterator[_Circuit]:
    for interface in switch.settings.interfaces.values():
        port = ports.get(interface.name)
        if interface.pim is None or not interface.pim.sparse or port is None:
            continue
        address = _address(switch, interface)
        if port.up and port.routed and address is not None:
            yield _Circuit(switch.node, interface, interface.pim, address)


def _address(switch: Switch, interface: InterfaceSettings) -> int | None:
    """Hellos come from the interface's address, or from that of another one where it says so."""
    lender = (interface.pim.local if interface.pim else None) or interface.unnumbered
    if lender is not None:
        found = switch.settings.interfaces.get(lender)
        return found.address.address if found is not None and found.address is not None else None
    own = (interface.address, *interface.virtual)
    return next((address.address for address in own if address is not None), None)


def fact_of(near: tuple[str, str], far: tuple[str, str]) -> Fact:
    """Return the name of what the near end sees of the far one."""
    return ("pim", *near, *far)


def _pairs(
    circuits: Mapping[tuple[str, str], _Circuit], segments: Segments, pending: Pending
) -> Iterator[tuple[_Circuit, _Circuit, Timing]]:
    wires: dict[int, list[_Circuit]] = defaultdict(list)
    for at, circuit in sorted(circuits.items()):
        if at in segments:
            wires[segments[at]].append(circuit)
    heard = set()
    for _, members in sorted(wires.items()):
        for near in members:
            for far in members:
                # an address that both have (an anycast gateway) is one's own
                if near.node != far.node and near.address != far.address:
                    heard.add(fact_of(near.at, far.at))
                    yield near, far, pending.of(fact_of(near.at, far.at))
    for fact in pending.held_of("pim"):
        ends = circuits.get((fact[1], fact[2])), circuits.get((fact[3], fact[4]))
        if fact not in heard and ends[0] is not None and ends[1] is not None:
            yield ends[0], ends[1], Timing.HELD


def _port(circuit: _Circuit, seen: Iterable[tuple[_Circuit, Timing]]) -> PimPort:
    seen = sorted(seen, key=lambda item: item[0].address)
    candidates = [circuit, *(far for far, timing in seen if timing is not Timing.LATE)]
    neighbors = tuple(
        PimNeighbor(
            far.address,
            far.pim.priority,
            far.pim.hello,
            far.pim.hello * far.pim.count,
            far.node,
            far.interface.name,
            timing,
            timing is Timing.LATE,
        )
        for far, timing in seen
    )
    return PimPort(
        circuit.interface.name,
        circuit.interface.vrf,
        circuit.address,
        circuit.pim.hello,
        circuit.pim.priority,
        max(candidates, key=lambda each: each.rank).address,
        neighbors,
    )
