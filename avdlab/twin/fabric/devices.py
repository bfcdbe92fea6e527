"""The devices of a computed fabric, each made when somebody looks at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from avdlab.net.addresses import IPV4_BITS, IPV6_BITS
from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.below import Below
from avdlab.twin.fabric.heard_vnis import with_heard_vnis
from avdlab.twin.fabric.plant import lldp_hosts
from avdlab.twin.fabric.stations import Neighbors, Stations, arp_of
from avdlab.twin.protocols import lldp, mlag, vxlan
from avdlab.twin.protocols.bgp.model import Outcome
from avdlab.twin.protocols.dps import Paths
from avdlab.twin.protocols.link_state import Igp
from avdlab.twin.protocols.mpls import Switched
from avdlab.twin.protocols.pim import solve_pim
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.tables.floods import FloodLists
from avdlab.twin.tables.l2 import Vxlan
from avdlab.twin.tables.lazy import LazyMapping, LazySequence
from avdlab.twin.tables.multicast import PimPort
from avdlab.twin.tables.ports import LldpNeighbor
from avdlab.twin.tables.rib import Rib
from avdlab.twin.tables.tunnels import Tunnel

FAMILIES = (IPV4_BITS, IPV6_BITS)
Flood = dict[str, FloodLists]
Tables = dict[str, dict[str, Rib]]  # node -> VRF -> routing table of one family
Facts = dict[tuple[str, ...], object]


@dataclass(slots=True)
class Upper:
    """What routing computed, of the whole fabric."""

    flood: Flood = field(default_factory=dict)
    igp: Igp = field(default_factory=Igp)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    ribs: dict[int, Tables] = field(default_factory=lambda: {bits: {} for bits in FAMILIES})
    segments: dict[tuple[str, str], int] = field(default_factory=dict)
    dps: Paths = field(default_factory=Paths)
    mpls: Switched = field(default_factory=Switched)
    converged: bool = True

    def tunnels(self, node: str) -> dict[int, Tunnel]:
        """Return endpoint -> tunnel of one device."""
        return {**self.mpls.tunnels.get(node, {}), **self.dps.tunnels.get(node, {})}


class Devices(Mapping[str, DeviceState]):
    """The states of all powered-on devices."""

    def __init__(self, below: Below, upper: Upper, stations: Stations) -> None:
        self._below = below
        self._upper = upper
        self._stations = stations
        self._neighbors = Neighbors(below, upper.segments)
        switches = below.plant.switches
        managed = {node: lldp.management_address(switch) for node, switch in switches.items()}
        self._heard = lldp.Others(lldp_hosts(below.plant), managed)
        self._made: dict[str, DeviceState] = {}
        self._pim: dict[str, tuple[PimPort, ...]] | None = None

    def __getitem__(self, node: str) -> DeviceState:
        if node not in self._made:
            if node not in self._below.plant.switches:
                raise KeyError(node)
            self._made[node] = with_heard_vnis(self._device(node))
        return self._made[node]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._below.plant.switches))

    def __len__(self) -> int:
        return len(self._below.plant.switches)

    def __contains__(self, node: object) -> bool:
        return node in self._below.plant.switches

    @property
    def converged(self) -> bool:
        """Tell whether every device is settled."""
        settled = self._below.converged and self._upper.converged
        return settled and all(outcome.converged for outcome in self._upper.outcomes.values())

    def facts(self, node: str) -> Facts:
        """Return what is watched for changes: ports, sessions, MLAG and neighbors, without making
        the whole device."""
        release = self._below.plant.inputs.identities[node].release
        ports = self._below.ports[node] if release is None else self[node].ports
        found: Facts = {("port", name): (port.status, port.line) for name, port in ports.items()}
        outcome = self._upper.outcomes.get(node)
        for session in outcome.bgp.sessions if outcome else ():
            found[("bgp", session.vrf, session.peer_address)] = session.state
        state = mlag.state(node, self._below.sides, self._below.pairs.get(node))
        found[("mlag",)] = (state.status, state.negotiation, state.role)
        for port, neighbors in self._lldp(node).items():
            found[("neighbor", port)] = neighbors
        for pim in self._pim_of(node):
            for neighbor in pim.heard:
                found[("pim", pim.interface, str(neighbor.address))] = neighbor.node
        return found

    def _pim_of(self, node: str) -> tuple[PimPort, ...]:
        """Return PIM of one device. Nothing depends on it: it is computed when asked for."""
        if self._pim is None:
            plant, segments = self._below.plant, self._upper.segments
            pending = plant.inputs.pending
            self._pim = solve_pim(plant.switches, self._below.ports, segments, pending)
        return self._pim.get(node, ())

    def _lldp(self, node: str) -> dict[str, tuple[LldpNeighbor, ...]]:
        plant = self._below.plant
        return lldp.neighbors(plant.switches[node], plant.carrier, plant.switches, self._heard)

    def _device(self, node: str) -> DeviceState:
        below, upper, stations = self._below, self._upper, self._stations
        switch = below.plant.switches[node]
        outcome = upper.outcomes.get(node)
        settled = below.converged and upper.converged
        return DeviceState(
            below.plant.inputs.identities[node],
            switch.settings,
            below.ports[node],
            self._lldp(node),
            below.channels(node),
            below.vlans[node],
            below.trees.instances.get(node, {}),
            mlag.state(node, below.sides, below.pairs.get(node)),
            _vxlan(node, below, upper),
            upper.ribs[IPV4_BITS][node],
            outcome.bgp if outcome else None,
            LazySequence(lambda: arp_of(node, self._neighbors, stations, outcome)),
            LazySequence(lambda: stations.table(node, outcome)),
            settled and (outcome is None or outcome.converged),
            LazySequence(lambda: (*_notes(switch), *(outcome.notes if outcome else ()))),
            upper.igp.ospf.get(node, ()),
            upper.igp.isis.get(node, ()),
            dps=upper.dps.direct.get(node, ()),
            tunnels=upper.tunnels(node),
            mpls=upper.mpls.states.get(node),
            ribs6=upper.ribs[IPV6_BITS][node],
            pim=self._pim_of(node),
        )


def _vxlan(node: str, below: Below, upper: Upper) -> Vxlan | None:
    state = below.vxlans[node]
    if state is None:
        return None
    outcome = upper.outcomes.get(node)
    flood = upper.flood.get(node, FloodLists())

    def vteps() -> list[int]:
        listed = {address for addresses in flood.values() for address in addresses}
        return sorted(listed | set(outcome.vteps if outcome and state.up else ()))

    full = replace(state, flood=flood, vteps=LazySequence(vteps))
    pair = below.pairs.get(node)
    other = pair.other(node) if pair else None
    peer = (below.plant.switches[other], below.vxlans[other]) if other else None
    switch, down = below.plant.switches[node], below.vxlan_down[node]
    return replace(full, sanity=LazyMapping(lambda: vxlan.sanity(switch, full, down, peer)))


def _notes(switch: Switch) -> tuple[str, ...]:
    settings = switch.settings
    titles = {
        "ospfv3": "OSPFv3",
        "rip": "RIP",
        "eigrp": "EIGRP",
        "multicast": "multicast routing",
        "panel": "patch panel",
    }
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
