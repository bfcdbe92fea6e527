"""What of a fabric is up, could be up, or still holds: the facts that a timeline watches."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.inputs import Cable, FabricInputs
from avdlab.twin.fabric.plant import build
from avdlab.twin.fabric.state import FabricState
from avdlab.twin.protocols.mlag import complete
from avdlab.twin.protocols.pending import Fact, Pending, Timing
from avdlab.twin.tables.l2 import MlagStatus

# facts of cables -> the protocol whose frames a cable may swallow
ON_CABLES = {"lldp": "lldp", "lacp": "lacp", "stp-bpdus": "stp"}
_FORWARDS = frozenset({"root", "designated"})


@dataclass(frozen=True, slots=True)
class Facts:
    """`can`: what nothing stands against. `held`: what the state shows although it is gone.
    `on_cables`: what cables with carrier may carry, whether they do or not."""

    can: frozenset[Fact]
    held: frozenset[Fact]
    on_cables: frozenset[Fact]

    def may_hold(self, fact: Fact) -> bool:
        """Tell whether nobody needs to have noticed: a port that lost its carrier knows at once."""
        return fact[0] not in ON_CABLES or fact in self.on_cables


def facts_of(inputs: FabricInputs, state: FabricState, pending: Pending) -> Facts:
    """Return the facts of a state that was computed of these inputs with `pending`."""
    lit = _lit(inputs, pending)
    can = {*_reloads(inputs), *(named("carrier", cable) for cable in lit)}
    seen = [cable for cable in lit if named("carrier", cable) not in pending.late]
    carried = {(kind, cable) for cable in seen for kind in ON_CABLES if _speak(kind, cable, inputs)}
    for kind, cable in carried:
        if not inputs.faults.dropped.get(cable, frozenset()) & {"all", ON_CABLES[kind]}:
            can.add(named(kind, cable))
    held: set[Fact] = set()
    for fact, timing in _shown(state, pending):
        (held if timing == Timing.HELD else can).add(fact)
    on_cables = frozenset(named(kind, cable) for kind, cable in carried)
    return Facts(frozenset(can), frozenset(held), on_cables)


def named(kind: str, cable: Cable) -> Fact:
    """Return the fact of a kind about a cable."""
    return (kind, cable.a.node, cable.a.interface, cable.b.node, cable.b.interface)


def _speak(kind: str, cable: Cable, inputs: FabricInputs) -> bool:
    """Tell whether a device at an end of the cable may speak the protocol on its port."""
    ports = [
        inputs.settings[plug.node].interfaces.get(plug.interface)
        for plug in (cable.a, cable.b)
        if plug.node in inputs.settings
    ]
    bundled = any(port is not None and port.channel_group is not None for port in ports)
    if kind == "stp-bpdus":
        return bundled or any(port is None or port.switchport is not None for port in ports)
    return kind != "lacp" or bundled


def _lit(inputs: FabricInputs, pending: Pending) -> list[Cable]:
    """Return the cables that carry light, as far as ports are enabled by now."""
    waiting = Pending(frozenset(fact for fact in pending.late if fact[0] == "reload"))
    peers = build(replace(inputs, pending=waiting)).carrier.peers
    return [
        cable
        for cable in sorted(inputs.cables)
        if (cable.b.node, cable.b.interface) in peers.get((cable.a.node, cable.a.interface), ())
    ]


def _reloads(inputs: FabricInputs) -> Iterator[Fact]:
    """Yield the ports that MLAG's reload delay concerns: all but those of the peer-link."""
    for node, settings in inputs.settings.items():
        mlag = settings.mlag
        if node in inputs.faults.stopped or mlag is None or not complete(mlag):
            continue
        plugs = (plug for cable in inputs.cables for plug in (cable.a, cable.b))
        for port in sorted({plug.interface for plug in plugs if plug.node == node}):
            own = settings.interfaces.get(port)
            group = own.channel_group if own else None
            if mlag.peer_link not in (port, f"Port-Channel{group.number}" if group else ""):
                yield ("reload", node, port)


def _shown(state: FabricState, pending: Pending) -> Iterator[tuple[Fact, str]]:
    """Yield the facts of a state that are, come late, or hold, with which of these it is."""
    for node, device in state.devices.items():
        yield from _bridging(node, device)
        yield from _adjacent(node, device)
        for session in device.bgp.sessions if device.bgp else ():
            if session.fact:
                yield session.fact, session.timing
    for fact in pending.late:
        devices = [state.devices.get(node) for node in fact[1:3]] if fact[0] == "mlag" else []
        if devices and all(d is not None and d.mlag.reason == Timing.LATE for d in devices):
            yield fact, Timing.LATE


def _bridging(node: str, device: DeviceState) -> Iterator[tuple[Fact, str]]:
    for instance in device.stp.values():
        for port in instance.ports.values():
            if port.role in _FORWARDS:
                yield ("stp", node, instance.name, port.interface), Timing.QUIET
    if device.mlag.status is MlagStatus.ACTIVE and device.mlag.peer is not None:
        a, b = sorted((node, device.mlag.peer))
        yield ("mlag", a, b), device.mlag.reason


def _adjacent(node: str, device: DeviceState) -> Iterator[tuple[Fact, str]]:
    for process in device.ospf:
        for near in process.neighbors:
            if near.timing or not near.reason:
                yield ("ospf", node, near.interface, near.node, near.far), near.timing
    for instance in device.isis:
        for seen in instance.adjacencies:
            if seen.timing or not seen.reason:
                level = str(seen.level)
                yield ("isis", node, seen.interface, seen.node, seen.far, level), seen.timing
    for pim in device.pim:
        for heard in pim.neighbors:
            yield ("pim", node, pim.interface, heard.node, heard.far), heard.timing
