"""How long things take on the realistic clock, in seconds: to come up, and to be noticed as gone.

Where the configuration sets a timer, that one counts. The others are the standards' and EOS's
defaults; docs/twin.md lists them, with what is assumed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zlib import crc32

from avdlab.twin.config.read.management.switch import SwitchFeatures, read_switch
from avdlab.twin.config.settings import DeviceSettings, OspfInterface
from avdlab.twin.config.settings_bgp import NeighborSettings
from avdlab.twin.config.tree import Config
from avdlab.twin.fabric.inputs import FabricInputs
from avdlab.twin.fabric.state import FabricState
from avdlab.twin.protocols.pending import Fact
from avdlab.twin.tables.bgp import BgpSession
from avdlab.twin.tables.l2 import MlagStatus

CARRIER = 0.1
AGGREGATE_WAIT = 2.0  # IEEE 802.1AX 6.4.2.3: AGGREGATE_WAIT_TIME
SHORT_TIMEOUT, LONG_TIMEOUT = 3.0, 90.0  # of LACP, by `lacp timer`
LLDP_REINIT, LLDP_TTL = 2.0, 120.0  # IEEE 802.1AB 9.2.5: reinitDelay; 4 x msgTxInterval
BPDUS_LOST = 6.0  # IEEE 802.1Q 13.25: three hello times
AGREEMENT, AUTO_EDGE = 2.0, 3.0  # a hello time; IEEE 802.1D 17.13.9: Migrate Time without a BPDU
MLAG_HEARTBEAT, MLAG_TIMEOUT = 4.0, 60.0  # as `show mlag detail` prints them
OSPF_FIRST = ISIS_FIRST = BGP_FIRST = 1.0
PIM_FIRST, PIM_LAST = 0.5, 5.0  # RFC 7761 4.11: Triggered_Hello_Delay
BGP_LAST, HOLD = 5.0, 180.0
ISIS_HELLO, ISIS_MULTIPLIER = 10.0, 3


@dataclass(frozen=True, slots=True)
class Moment:
    """What delays depend on: the inputs, what is published, and which devices boot just now."""

    inputs: FabricInputs
    configs: Mapping[str, Config]
    state: FabricState
    booted: frozenset[str] = frozenset()

    def settings(self, node: str) -> DeviceSettings:
        return self.inputs.settings[node]

    def features(self, node: str) -> SwitchFeatures:
        return read_switch(self.configs[node])

    def seconds(self, node: str, command: str, default: float) -> float:
        """Return the number behind a command of the top level."""
        return _number(self.configs.get(node), command, default)

    def on_port(self, node: str, port: str, command: str, default: float) -> float:
        """Return the number behind a command of an interface."""
        config = self.configs.get(node)
        return _number(config.first(f"interface {port}") if config else None, command, default)


def _number(line: Config | None, command: str, default: float) -> float:
    found = line.first(command) if line is not None else None
    last = found.words[-1] if found is not None else ""
    return float(last) if last.isdigit() else default


def rise(fact: Fact, moment: Moment, new: FabricState) -> float:
    """Return how long a thing that can be up takes to be up."""
    takes = _RISE.get(fact[0])
    return takes(fact, moment, new) if takes is not None else 0.0


def fall(fact: Fact, moment: Moment) -> float:
    """Return how long it takes until somebody notices that a thing is gone."""
    takes = _FALL.get(fact[0])
    return takes(fact, moment) if takes is not None else 0.0


def spread(ends: tuple[str, ...], low: float, high: float) -> float:
    """Return a delay between two bounds: always the same for the same ends."""
    share = crc32(" ".join(sorted(ends)).encode()) / 0xFFFFFFFF
    return round(low + max(high - low, 0.0) * share, 1)


# ---------------------------------------------------------------------------------- up
def _reload(fact: Fact, moment: Moment, _new: FabricState) -> float:
    """EOS: after a boot, MLAG keeps all ports but the peer-link's errdisabled for a while."""
    _, node, port = fact
    mlag = moment.settings(node).mlag
    if node not in moment.booted or mlag is None:
        return 0.0
    interfaces = moment.settings(node).interfaces
    own = interfaces.get(port)
    group = own.channel_group if own else None
    channel = interfaces.get(f"Port-Channel{group.number}") if group else None
    shared = channel is not None and channel.mlag is not None
    return float(mlag.reload_delay if shared else mlag.reload_delay_non_mlag)


def _forwarding(fact: Fact, moment: Moment, new: FabricState) -> float:
    """Edge ports, root ports and the peer-link forward at once, designated ones after agreement."""
    _, node, instance, port = fact
    device = new.devices[node]
    shown = device.stp[instance].ports[port]
    mlag = moment.settings(node).mlag
    if shown.edge or shown.role == "root" or (mlag is not None and mlag.peer_link == port):
        return 0.0
    if device.mlag.status is MlagStatus.ACTIVE and any(
        item.local == port and item.peer_up for item in device.mlag.interfaces
    ):
        return 0.0  # the pair is one bridge, and its port forwards at the other end already
    return AGREEMENT if _bridge_behind(node, port, moment.inputs) else AUTO_EDGE


def _bridge_behind(node: str, port: str, inputs: FabricInputs) -> bool:
    interfaces = inputs.settings[node].interfaces
    members = {
        name
        for name, own in interfaces.items()
        if own.channel_group and f"Port-Channel{own.channel_group.number}" == port
    } or {port}
    return any(
        far.node in inputs.settings
        for cable in inputs.cables
        for near, far in ((cable.a, cable.b), (cable.b, cable.a))
        if near.node == node and near.interface in members
    )


def _ospf_up(fact: Fact, moment: Moment, _new: FabricState) -> float:
    """RFC 2328 9.1: on a broadcast network routers wait a dead interval before they elect."""
    ospf = _ospf(fact, moment)
    if not ospf.point_to_point:
        return float(ospf.dead)
    return spread(fact[1:5], OSPF_FIRST, float(ospf.hello))


def _ospf(fact: Fact, moment: Moment) -> OspfInterface:
    interface = moment.settings(fact[1]).interfaces.get(fact[2])
    return (interface.ospf if interface else None) or OspfInterface()


def _isis_up(fact: Fact, moment: Moment, _new: FabricState) -> float:
    hello = max(moment.on_port(*at, "isis hello-interval", ISIS_HELLO) for at in _ends(fact))
    return spread(fact[1:5], ISIS_FIRST, hello)


def _ends(fact: Fact) -> tuple[tuple[str, str], tuple[str, str]]:
    return (fact[1], fact[2]), (fact[3], fact[4])


def _lldp_up(fact: Fact, moment: Moment, _new: FabricState) -> float:
    asked = (
        moment.seconds(node, "lldp timer reinitialization", LLDP_REINIT) for node, _ in _ends(fact)
    )
    return max(asked)


_RISE: Mapping[str, Callable[[Fact, Moment, FabricState], float]] = {
    "reload": _reload,
    "carrier": lambda *_: CARRIER,
    "lacp": lambda *_: AGGREGATE_WAIT,
    "lldp": _lldp_up,
    "stp": _forwarding,
    "mlag": lambda *_: MLAG_HEARTBEAT,
    "ospf": _ospf_up,
    "isis": _isis_up,
    "pim": lambda fact, *_: spread(fact[1:], PIM_FIRST, PIM_LAST),
    "bgp": lambda fact, *_: spread(fact[1:], BGP_FIRST, BGP_LAST),
}


# ---------------------------------------------------------------------------------- gone
def _lacp_gone(fact: Fact, moment: Moment) -> float:
    """IEEE 802.1AX 6.4.2.3: Short or Long Timeout; the first end to notice ends the bundle."""
    fast = any(
        config is not None and (config.has("lacp timer fast") or config.has("lacp rate fast"))
        for node, port in _ends(fact)
        for config in (_interface(moment, node, port),)
    )
    return SHORT_TIMEOUT if fast else LONG_TIMEOUT


def _interface(moment: Moment, node: str, port: str) -> Config | None:
    config = moment.configs.get(node)
    return config.first(f"interface {port}") if config is not None else None


def _lldp_gone(fact: Fact, moment: Moment) -> float:
    return max(moment.seconds(node, "lldp hold-time", LLDP_TTL) for node, _ in _ends(fact))


def _ospf_gone(fact: Fact, moment: Moment) -> float:
    features = [moment.features(node) for node in (fact[1], fact[3])]
    watched = [
        bool(found.ospf_bfd) or port in found.ospf_bfd_ports
        for found, (_, port) in zip(features, _ends(fact), strict=True)
    ]
    return _bfd(features[0].bfd_interval) if all(watched) else float(_ospf(fact, moment).dead)


def _isis_gone(fact: Fact, moment: Moment) -> float:
    features = [moment.features(node) for node in (fact[1], fact[3])]
    watched = [
        found.isis_bfd or port in found.isis_bfd_ports
        for found, (_, port) in zip(features, _ends(fact), strict=True)
    ]
    if all(watched):
        return _bfd(features[0].bfd_interval)
    hello = moment.on_port(fact[3], fact[4], "isis hello-interval", ISIS_HELLO)
    return hello * moment.on_port(fact[3], fact[4], "isis hello-multiplier", ISIS_MULTIPLIER)


def _pim_gone(fact: Fact, moment: Moment) -> float:
    """RFC 7761 4.9.2: the holdtime that the neighbor's hellos tell."""
    interface = moment.settings(fact[3]).interfaces.get(fact[4])
    pim = interface.pim if interface is not None else None
    return pim.hello * pim.count if pim is not None else 0.0


def _bgp_gone(fact: Fact, moment: Moment) -> float:
    """BFD where both ends ask for it, else the hold time that they agreed on (RFC 4271 4.2)."""
    ends = [
        (node, session)
        for node in (fact[1], fact[4])
        for session in _sessions(node, moment.state)
        if session.fact == fact
    ]
    if len(ends) == 2 and all(session.bfd for _, session in ends):
        return max(_bfd(_bfd_timers(node, session, moment)) for node, session in ends)
    holds = [_hold(moment.settings(node), session) for node, session in ends]
    return float(min((hold for hold in holds if hold), default=HOLD))


def _sessions(node: str, state: FabricState) -> tuple[BgpSession, ...]:
    device = state.devices.get(node)
    return tuple(device.bgp.sessions) if device is not None and device.bgp is not None else ()


def _bfd_timers(node: str, session: BgpSession, moment: Moment) -> tuple[int, int, int]:
    asked = _asked(moment.settings(node), session)
    said = next((each.bfd_interval for each in asked if each.bfd_interval), None)
    features = moment.features(node)
    single = session.local_interface is not None
    return said or (features.bfd_interval if single else features.bfd_multihop)


def _bfd(interval: tuple[int, int, int]) -> float:
    return max(interval[0], interval[1]) * interval[2] / 1000


def _hold(settings: DeviceSettings, session: BgpSession) -> float:
    said = next((s.timers for s in _asked(settings, session) if s.timers), None)
    vrf = settings.bgp.vrfs.get(session.vrf) if settings.bgp else None
    timers = said or (vrf.timers if vrf else None)
    return timers[1] if timers else HOLD


def _asked(settings: DeviceSettings, session: BgpSession) -> list[NeighborSettings]:
    """Return what is configured of a neighbor and then of its peer group."""
    if settings.bgp is None or session.vrf not in settings.bgp.vrfs:
        return []
    own = settings.bgp.vrfs[session.vrf].neighbors
    top = settings.bgp.vrfs["default"].neighbors
    found = (own.get(session.peer_address), own.get(session.peer_group or ""))
    return [each for each in (*found, top.get(session.peer_group or "")) if each is not None]


_FALL: Mapping[str, Callable[[Fact, Moment], float]] = {
    "lacp": _lacp_gone,
    "lldp": _lldp_gone,
    "stp-bpdus": lambda *_: BPDUS_LOST,
    "mlag": lambda *_: MLAG_TIMEOUT,
    "ospf": _ospf_gone,
    "isis": _isis_gone,
    "pim": _pim_gone,
    "bgp": _bgp_gone,
}
