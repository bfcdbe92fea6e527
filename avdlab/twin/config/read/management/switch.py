"""Reader of switch features that are echoed only: IGMP snooping, PTP, LANZ, error recovery."""

from dataclasses import dataclass, field

from avdlab.net import interfaces
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Config, Line
from avdlab.twin.config.values import expand


@dataclass(frozen=True, slots=True)
class StormLevel:
    """`storm-control X level [pps] V`: a share of the bandwidth in percent, or packets a second."""

    value: float
    pps: bool = False


@dataclass(slots=True)
class SwitchFeatures:
    igmp_snooping: bool = True
    no_igmp_snooping: set[int] = field(default_factory=set)  # VLANs
    igmp_querier: bool = False
    ptp_mode: str = ""  # boundary, e2etransparent ...; "" where PTP is off
    ptp_domain: int = 0
    ptp_priorities: tuple[int, int] = (128, 128)
    ptp_ports: list[str] = field(default_factory=list)
    lanz: bool = False
    storm_control: dict[str, dict[str, StormLevel]] = field(default_factory=dict)  # by port
    recovery_causes: dict[str, int | None] = field(default_factory=dict)  # cause -> interval
    recovery_interval: int = 300
    bfd_interval: tuple[int, int, int] = (300, 300, 3)  # interval, min-rx in ms, multiplier
    bfd_multihop: tuple[int, int, int] = (300, 300, 3)
    bfd_shutdown: bool = False
    ospf_bfd: set[int] = field(default_factory=set)  # processes with `bfd default`
    ospf_bfd_ports: set[str] = field(default_factory=set)
    isis_bfd: bool = False  # of all interfaces
    isis_bfd_ports: set[str] = field(default_factory=set)
    multicast_routing: bool = False
    ipv6_routing: bool = False
    ipv6_interfaces: bool = False


@dataclass(frozen=True, slots=True)
class _Port:
    switch: SwitchFeatures
    name: str


TOP: Commands[SwitchFeatures] = Commands("")
PORT: Commands["_Port"] = Commands("interface")
OSPF: Commands[list[bool]] = Commands("router ospf")
ISIS: Commands[list[bool]] = Commands("router isis")
ISIS_FAMILY: Commands[list[bool]] = Commands("address-family")
BFD: Commands[SwitchFeatures] = Commands("router bfd")
MULTICAST: Commands[SwitchFeatures] = Commands("router multicast")
MULTICAST_V4: Commands[SwitchFeatures] = Commands("ipv4")


def read_switch(config: Config) -> SwitchFeatures:
    """Read the features."""
    found = SwitchFeatures()
    TOP.read(config.children, found)
    return found


@TOP.on("no ip igmp snooping")
def _no_snooping(switch: SwitchFeatures, _args: Args, _line: Line) -> None:
    switch.igmp_snooping = False


@TOP.on("no ip igmp snooping vlan <vlans>")
def _no_snooping_vlan(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    switch.no_igmp_snooping |= set(expand(args["vlans"]))


@TOP.on("ip igmp snooping vlan <vlans>")
def _snooping_vlan(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    switch.no_igmp_snooping -= set(expand(args["vlans"]))


@TOP.on("ip igmp snooping querier")
def _querier(switch: SwitchFeatures, _args: Args, _line: Line) -> None:
    switch.igmp_querier = True


# ---------------------------------------------------------------------------------- PTP, LANZ
@TOP.on("ptp mode <mode> [one-step]")
def _ptp(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    switch.ptp_mode = "" if args["mode"] == "disabled" else args["mode"]


@TOP.on("ptp domain <number>")
def _ptp_domain(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    switch.ptp_domain = int(args["number"])


@TOP.on("ptp priority1 <number>")
def _ptp_priority1(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    switch.ptp_priorities = (int(args["number"]), switch.ptp_priorities[1])


@TOP.on("ptp priority2 <number>")
def _ptp_priority2(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    switch.ptp_priorities = (switch.ptp_priorities[0], int(args["number"]))


@TOP.on("interface <name>", opens=PORT)
def _interface(switch: SwitchFeatures, args: Args, line: Line) -> None:
    if interfaces.is_interface(args["name"]):
        PORT.read(line.children, _Port(switch, interfaces.canonical(args["name"])))


@PORT.on("ptp enable")
def _ptp_port(port: "_Port", _args: Args, _line: Line) -> None:
    port.switch.ptp_ports.append(port.name)


@PORT.on("ip ospf neighbor bfd")
def _ospf_port(port: "_Port", _args: Args, _line: Line) -> None:
    port.switch.ospf_bfd_ports.add(port.name)


@PORT.on("isis bfd")
def _isis_port(port: "_Port", _args: Args, _line: Line) -> None:
    port.switch.isis_bfd_ports.add(port.name)


@PORT.on("storm-control <traffic> level [pps] <value>")
def _storm(port: "_Port", args: Args, line: Line) -> None:
    level = StormLevel(float(args["value"]), "pps" in line.words)
    port.switch.storm_control.setdefault(port.name, {})[args["traffic"]] = level


@TOP.on("queue-monitor length")
def _lanz(switch: SwitchFeatures, _args: Args, _line: Line) -> None:
    switch.lanz = True


# ---------------------------------------------------------------------------------- errdisable
@TOP.on("errdisable recovery cause <cause> [interval <seconds>]")
def _cause(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    seconds = args.get("seconds")
    switch.recovery_causes[args["cause"]] = int(seconds) if seconds else None


@TOP.on("errdisable recovery interval <seconds>")
def _recovery(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    switch.recovery_interval = int(args["seconds"])


# ---------------------------------------------------------------------------------- BFD
@TOP.on("router bfd", opens=BFD)
def _bfd(switch: SwitchFeatures, _args: Args, line: Line) -> None:
    BFD.read(line.children, switch)


@BFD.on("interval <interval> min-rx <rx> multiplier <times> [default]")
def _bfd_interval(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    switch.bfd_interval = (int(args["interval"]), int(args["rx"]), int(args["times"]))


@BFD.on("multihop interval <interval> min-rx <rx> multiplier <times>")
def _bfd_multihop(switch: SwitchFeatures, args: Args, _line: Line) -> None:
    switch.bfd_multihop = (int(args["interval"]), int(args["rx"]), int(args["times"]))


@BFD.on("shutdown")
def _bfd_down(switch: SwitchFeatures, _args: Args, _line: Line) -> None:
    switch.bfd_shutdown = True


@TOP.on("router ospf <number> [vrf <vrf>]", opens=OSPF)
def _ospf(switch: SwitchFeatures, args: Args, line: Line) -> None:
    on = [False]
    OSPF.read(line.children, on)
    if on[-1]:
        switch.ospf_bfd.add(int(args["number"]))


@OSPF.on("bfd default", "bfd all-interfaces")
@ISIS_FAMILY.on("bfd all-interfaces")
def _all_interfaces(on: list[bool], _args: Args, _line: Line) -> None:
    on.append(True)


@TOP.on("router isis <name>", opens=ISIS)
def _isis(switch: SwitchFeatures, _args: Args, line: Line) -> None:
    on = [False]
    ISIS.read(line.children, on)
    switch.isis_bfd = on[-1]


@ISIS.on("address-family ipv4 [unicast]", opens=ISIS_FAMILY)
def _isis_family(on: list[bool], _args: Args, line: Line) -> None:
    ISIS_FAMILY.read(line.children, on)


# ---------------------------------------------------------------------------------- forwarding
@TOP.on("router multicast", opens=MULTICAST)
def _multicast(switch: SwitchFeatures, _args: Args, line: Line) -> None:
    MULTICAST.read(line.children, switch)


@MULTICAST.on("ipv4", opens=MULTICAST_V4)
def _multicast_v4(switch: SwitchFeatures, _args: Args, line: Line) -> None:
    MULTICAST_V4.read(line.children, switch)


@MULTICAST_V4.on("routing")
def _multicast_routing(switch: SwitchFeatures, _args: Args, _line: Line) -> None:
    switch.multicast_routing = True


@TOP.on("ip multicast-routing")
def _old_multicast(switch: SwitchFeatures, _args: Args, _line: Line) -> None:
    switch.multicast_routing = True


@TOP.on("ipv6 unicast-routing")
def _ipv6(switch: SwitchFeatures, _args: Args, _line: Line) -> None:
    switch.ipv6_routing = True


@TOP.on("ip routing ipv6 interfaces")
def _ipv6_interfaces(switch: SwitchFeatures, _args: Args, _line: Line) -> None:
    switch.ipv6_interfaces = True
