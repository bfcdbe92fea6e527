"""OSPF interfaces and neighbors: who becomes whose neighbor, and how far (RFC 2328 10)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import InterfaceAddress
from avdlab.twin.config.settings import InterfaceSettings, OspfArea, OspfInterface, OspfSettings
from avdlab.twin.protocols.igp import Router, Segments
from avdlab.twin.protocols.pending import NOTHING, Fact, Pending, Timing
from avdlab.twin.tables.igp import OspfNeighbor

_NORMAL = OspfArea()
DEFAULT_COST = 10  # EOS: flat, no reference bandwidth unless auto-cost asks for one


@dataclass(frozen=True, slots=True)
class Process:
    """One `router ospf` process of one router, with its router id."""

    router: Router
    settings: OspfSettings
    router_id: int

    @property
    def key(self) -> tuple[str, int]:
        return self.router.node, self.settings.instance

    def area(self, number: int) -> OspfArea:
        """Return what is configured of an area."""
        return self.settings.areas.get(number, _NORMAL)


@dataclass(frozen=True, slots=True)
class Circuit:
    """An interface that a process runs on and that is up."""

    process: Process
    interface: InterfaceSettings
    ospf: OspfInterface
    area: int
    passive: bool
    address: InterfaceAddress

    @property
    def cost(self) -> int:
        if self.ospf.cost is not None:
            return self.ospf.cost
        reference = self.process.settings.reference_bandwidth
        bandwidth = self.process.router.ports[self.name].bandwidth
        if reference is None or not bandwidth:
            return DEFAULT_COST
        return max(1, reference * 1_000_000 // bandwidth)

    @property
    def name(self) -> str:
        return self.interface.name


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Two circuits that see one another; `state` as the near end prints it."""

    near: Circuit
    far: Circuit
    state: str
    reason: str = ""
    timing: Timing = Timing.QUIET


def processes(router: Router) -> list[Process]:
    """Return the processes that run."""
    return [
        Process(router, settings, _router_id(router, settings))
        for settings in router.settings.ospf
        if not settings.shutdown and settings.vrf in router.settings.vrfs
    ]


def _router_id(router: Router, settings: OspfSettings) -> int:
    """RFC 2328 C.1; EOS: configured, else the highest loopback that is up, else the highest."""
    configured = settings.router_id or router.settings.router_id
    if configured is not None:
        return configured
    own = [
        (item.name.startswith("Loopback"), item.address.address)
        for item in router.settings.interfaces.values()
        if item.vrf == settings.vrf and item.address is not None and router.up(item)
    ]
    return max(own, default=(False, 0))[1]


def circuits(process: Process) -> list[Circuit]:
    """Return the interfaces on which the process runs."""
    found = []
    for interface in process.router.settings.interfaces.values():
        if interface.vrf != process.settings.vrf or not process.router.up(interface):
            continue
        address = _address(process.router, interface)
        ospf = interface.ospf or OspfInterface()
        area = _area(process.settings, ospf, address)
        if address is not None and area is not None and not ospf.disabled:
            passive = _passive(process.settings, interface.name)
            found.append(Circuit(process, interface, ospf, area, passive, address))
    return sorted(found, key=lambda circuit: names.sort_key(circuit.name))


def _address(router: Router, interface: InterfaceSettings) -> InterfaceAddress | None:
    if interface.unnumbered is not None:
        lender = router.settings.interfaces.get(interface.unnumbered)
        return lender.address if lender else None
    virtual = interface.virtual[0] if interface.virtual else None
    return interface.address or virtual


def _area(
    settings: OspfSettings, ospf: OspfInterface, address: InterfaceAddress | None
) -> int | None:
    if ospf.area is not None:
        return ospf.area
    if address is None:
        return None
    matching = [(p.length, area) for p, area in settings.networks if p.contains(address.address)]
    return max(matching)[1] if matching else None


def _passive(settings: OspfSettings, name: str) -> bool:
    if name.startswith("Loopback"):
        return True
    if settings.passive_default:
        return name not in settings.active
    return name in settings.passive


def adjacencies(
    found: Iterable[Circuit], segments: Segments, pending: Pending = NOTHING
) -> list[Adjacency]:
    """Return both directions of every pair of circuits that hear one another's hellos."""
    found = list(found)
    heard = [
        Adjacency(near, far, *_state(near, far))
        for near, far in _on_wires(found, segments)
        if _hears(near, far)
    ]
    return heard if pending == NOTHING else _in_time(heard, found, pending)


def fact_of(near: Circuit, far: Circuit) -> Fact:
    """Return the name of an adjacency as the near end sees it."""
    return ("ospf", near.process.router.node, near.name, far.process.router.node, far.name)


def _in_time(heard: list[Adjacency], found: Iterable[Circuit], pending: Pending) -> list[Adjacency]:
    """Leave adjacencies that come late in `init`, and keep those whose dead interval runs."""
    known = [
        replace(item, state="init", reason=str(Timing.LATE), timing=Timing.LATE)
        if item.state == "full" and fact_of(item.near, item.far) in pending.late
        else item
        for item in heard
    ]
    there = {fact_of(item.near, item.far) for item in heard}
    at = {(circuit.process.router.node, circuit.name): circuit for circuit in found}
    for fact in pending.held_of("ospf"):
        near, far = at.get((fact[1], fact[2])), at.get((fact[3], fact[4]))
        if fact not in there and near and far and _hears(near, far):
            known.append(Adjacency(near, far, *_state(near, far), Timing.HELD))
    return known


def _on_wires(found: Iterable[Circuit], segments: Segments) -> Iterator[tuple[Circuit, Circuit]]:
    wires: dict[int, list[Circuit]] = defaultdict(list)
    for circuit in found:
        number = segments.get((circuit.process.router.node, circuit.name))
        if number is not None and not circuit.passive:
            wires[number].append(circuit)
    for _, members in sorted(wires.items()):
        for near in members:
            for far in members:
                if (
                    near.process.router.node != far.process.router.node
                    and near.interface.dot1q == far.interface.dot1q
                ):
                    yield near, far


def _hears(near: Circuit, far: Circuit) -> bool:
    """Hellos that differ in these are dropped: no neighbor shows at all (RFC 2328 10.5)."""
    a, b = near.ospf, far.ospf
    unnumbered = near.interface.unnumbered is not None and far.interface.unnumbered is not None
    return (
        near.area == far.area
        and (a.hello, a.dead) == (b.hello, b.dead)
        and (unnumbered or near.address.prefix == far.address.prefix)
        and _same_keys(near, far)
        and near.process.router_id != far.process.router_id
        # an address that both have (an anycast gateway) is no neighbor: the packet seems one's own
        and (unnumbered or near.address.address != far.address.address)
        and near.process.area(near.area).kind == far.process.area(far.area).kind
    )


def _state(near: Circuit, far: Circuit) -> tuple[str, str]:
    ours, theirs = near.process.router.mtu(near.name), far.process.router.mtu(far.name)
    if ours != theirs and not (near.ospf.mtu_ignore and far.ospf.mtu_ignore):
        return "exchStart", f"MTU {ours} here and {theirs} there"
    return "full", ""


def _same_keys(near: Circuit, far: Circuit) -> bool:
    if near.ospf.authentication != far.ospf.authentication:
        return False
    if not near.ospf.authentication:
        return True
    return bool(_clear_keys(near) & _clear_keys(far)) or near.ospf.keys == far.ospf.keys


def _clear_keys(circuit: Circuit) -> frozenset[tuple[str, ...]]:
    return frozenset(_clear_key(circuit.name, words) for words in circuit.ospf.keys)


def _clear_key(interface: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Decrypt `[ID ALGORITHM] 7 VALUE`: EOS keys the cipher with the interface's name."""
    if len(words) < 2 or words[-2] != "7":
        return tuple(word for word in words if word != "0")
    from pyavd_utils.passwords import cbc_decrypt  # a compiled library: loaded when a 7 is met

    head = words[:-2]
    name = f"{interface}_{head[1]}Key_{head[0]}" if len(head) == 2 else f"{interface}_passwd"
    try:
        return (*head, cbc_decrypt(name, words[-1]))
    except (ValueError, RuntimeError):
        return (interface, *words)


def neighbors(process: Process, near: Iterable[Adjacency]) -> tuple[OspfNeighbor, ...]:
    """Return the neighbor table of a process."""
    own = [item for item in near if item.near.process is process]
    elected = _elections(own)
    found = []
    for item in own:
        circuit, far = item.near, item.far
        designated, backup = elected.get(circuit.name, (0, 0))
        found.append(
            OspfNeighbor(
                far.process.router_id,
                circuit.name,
                far.address.address,
                _between(item, designated, backup),
                far.ospf.priority,
                _role(item, designated, backup),
                circuit.area,
                designated,
                backup,
                far.process.router.node,
                item.reason,
                far.name,
                item.timing,
            )
        )
    return tuple(sorted(found, key=lambda n: (names.sort_key(n.interface), n.router_id)))


def _elections(own: Iterable[Adjacency]) -> Mapping[str, tuple[int, int]]:
    """Return interface -> addresses of DR and BDR: highest priority, then router id (9.4).

    All routers are taken to have come up together; a real DR keeps its place when others join.
    """
    voters: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    for item in own:
        if not item.near.ospf.point_to_point:
            for circuit in (item.near, item.far):
                if circuit.ospf.priority:
                    vote = (circuit.ospf.priority, circuit.process.router_id)
                    voters[item.near.name].add((*vote, circuit.address.address))
    ranked = {name: sorted(found, reverse=True) for name, found in voters.items()}
    return {
        name: (votes[0][2], votes[1][2] if len(votes) > 1 else 0) for name, votes in ranked.items()
    }


def _role(item: Adjacency, designated: int, backup: int) -> str | None:
    if item.near.ospf.point_to_point:
        return None
    address = item.far.address.address
    return "DR" if address == designated else "backupDR" if address == backup else "DROther"


def _between(item: Adjacency, designated: int, backup: int) -> str:
    """Two routers that are neither DR nor BDR stay in 2-Way (RFC 2328 10.4)."""
    elected = {designated, backup}
    ends = {item.near.address.address, item.far.address.address}
    others = not item.near.ospf.point_to_point and not ends & elected
    return "2Ways" if item.state == "full" and others else item.state
