"""Reader of layer-2 settings: VLANs, spanning tree, MLAG, and the Vxlan interface."""

from dataclasses import dataclass, field, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import parse_address, parse_ipv4
from avdlab.twin.config.read.numbers import vlan_numbers
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings import (
    MlagSettings,
    SpanningTreeSettings,
    VlanSettings,
    VxlanSettings,
)
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class _Vxlan:
    settings: VxlanSettings = field(default_factory=VxlanSettings)
    vlans: dict[int, int] = field(default_factory=dict)
    vrfs: dict[str, int] = field(default_factory=dict)
    flood: list[int] = field(default_factory=list)
    flood_vlans: dict[int, tuple[int, ...]] = field(default_factory=dict)
    shutdown: bool = False


@dataclass(slots=True)
class Layer2:
    """Layer-2 settings under construction; `vxlan_shutdown` tells an interface that is shut."""

    vlans: dict[int, VlanSettings] = field(default_factory=dict)
    internal: tuple[int, int] = (1006, 4094)
    stp: SpanningTreeSettings = field(default_factory=SpanningTreeSettings)
    mlag: MlagSettings | None = None
    vxlan: VxlanSettings | None = None
    vxlan_shutdown: bool = False
    vxlan_description: str = ""


@dataclass(slots=True)
class _Mlag:
    settings: MlagSettings

    def change(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by keyword


@dataclass(slots=True)
class _Vlans:
    vlans: dict[int, VlanSettings]
    numbers: frozenset[int]

    def change(self, **changes: object) -> None:
        for number in self.numbers:
            vlan = replace(self.vlans[number], **changes)  # type: ignore[arg-type]  # by keyword
            self.vlans[number] = vlan


TOP: Commands[Layer2] = Commands("")
VLAN: Commands[_Vlans] = Commands("vlan")
MLAG: Commands[_Mlag] = Commands("mlag configuration")
VXLAN: Commands[_Vxlan] = Commands("interface Vxlan")


def read_layer2(config: Config) -> Layer2:
    """Read VLANs, spanning tree, MLAG and Vxlan. VLAN 1 exists on every switch."""
    builder = Layer2(vlans={1: VlanSettings(1, "default")})
    TOP.read(config.children, builder)
    return builder


# ---------------------------------------------------------------------------------- VLANs
@TOP.on("vlan internal order ascending|descending range <first> <last>")
def _internal(layer2: Layer2, args: Args, _line: Line) -> None:
    layer2.internal = (int(args["first"]), int(args["last"]))


@TOP.on("vlan <numbers>", opens=VLAN)
def _vlan(layer2: Layer2, args: Args, line: Line) -> None:
    numbers = vlan_numbers(args["numbers"])
    for number in numbers:
        # EOS names an unnamed VLAN by its number: VLAN0010
        layer2.vlans.setdefault(number, VlanSettings(number, f"VLAN{number:04d}"))
    VLAN.read(line.children, _Vlans(layer2.vlans, numbers))


@TOP.on("no vlan <numbers>")
def _no_vlan(layer2: Layer2, args: Args, _line: Line) -> None:
    for number in vlan_numbers(args["numbers"]):
        layer2.vlans.pop(number, None)


@VLAN.on("name <name...>")
def _name(vlans: _Vlans, args: Args, _line: Line) -> None:
    vlans.change(name=args["name"])


@VLAN.on("state active|suspend")
def _state(vlans: _Vlans, _args: Args, line: Line) -> None:
    vlans.change(active=line.words[1] == "active")


@VLAN.on("trunk group <group>")
def _trunk_group(vlans: _Vlans, args: Args, _line: Line) -> None:
    for number in vlans.numbers:
        present = vlans.vlans[number]
        groups = present.trunk_groups | {args["group"]}
        vlans.vlans[number] = replace(present, trunk_groups=groups)


# ---------------------------------------------------------------------------------- spanning tree
@TOP.on("spanning-tree mode <mode>")
def _mode(layer2: Layer2, args: Args, _line: Line) -> None:
    layer2.stp = replace(layer2.stp, mode=args["mode"])


@TOP.on("spanning-tree mst <instances> priority <priority>")
def _mst_priority(layer2: Layer2, args: Args, _line: Line) -> None:
    _priorities(layer2, vlan_numbers(args["instances"]), int(args["priority"]))


@TOP.on("spanning-tree vlan-id <vlans> priority <priority>")
def _vlan_priority(layer2: Layer2, args: Args, _line: Line) -> None:
    _priorities(layer2, vlan_numbers(args["vlans"]), int(args["priority"]))


@TOP.on("spanning-tree priority <priority>")
def _priority(layer2: Layer2, args: Args, _line: Line) -> None:
    _priorities(layer2, frozenset({0}), int(args["priority"]))


def _priorities(layer2: Layer2, instances: frozenset[int], priority: int) -> None:
    present = dict(layer2.stp.priorities) | dict.fromkeys(sorted(instances), priority)
    layer2.stp = replace(layer2.stp, priorities=present)


@TOP.on("no spanning-tree vlan-id <vlans>", "no spanning-tree vlan <vlans>")
def _no_stp(layer2: Layer2, args: Args, _line: Line) -> None:
    disabled = layer2.stp.disabled_vlans | vlan_numbers(args["vlans"])
    layer2.stp = replace(layer2.stp, disabled_vlans=disabled)


# ---------------------------------------------------------------------------------- MLAG
@TOP.on("mlag configuration", "mlag", opens=MLAG)
def _mlag(layer2: Layer2, _args: Args, line: Line) -> None:
    builder = _Mlag(layer2.mlag or MlagSettings())
    MLAG.read(line.children, builder)
    layer2.mlag = builder.settings


@MLAG.on("domain-id <domain...>")
def _domain(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(domain_id=args["domain"])


@MLAG.on("local-interface <name>")
def _local(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(local_interface=names.canonical(args["name"]))


@MLAG.on("peer-address heartbeat <address> [vrf <vrf>]")
def _heartbeat(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(heartbeat=(parse_address(args["address"]), args.get("vrf", "default")))


@MLAG.on("peer-address <address>")
def _peer_address(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(peer_address=parse_address(args["address"]))


@MLAG.on("peer-link <name>")
def _peer_link(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(peer_link=names.canonical(args["name"]))


@MLAG.on("primary-priority <priority>")
def _primary(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(primary_priority=int(args["priority"]))


@MLAG.on("reload-delay mlag <seconds>")
def _delay_mlag(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(reload_delay=_seconds(args["seconds"]))


@MLAG.on("reload-delay non-mlag <seconds>")
def _delay_non_mlag(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(reload_delay_non_mlag=_seconds(args["seconds"]))


@MLAG.on("reload-delay <seconds>")
def _delay(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(reload_delay=_seconds(args["seconds"]))


def _seconds(text: str) -> int:
    return 0 if text == "infinity" else int(text)


@MLAG.on("dual-primary detection delay <seconds> [<action...>]")
def _dual_primary(mlag: _Mlag, args: Args, _line: Line) -> None:
    mlag.change(dual_primary_delay=int(args["seconds"]))


@MLAG.on("shutdown")
def _mlag_shutdown(mlag: _Mlag, _args: Args, _line: Line) -> None:
    mlag.change(shutdown=True)


@MLAG.on("no shutdown")
def _mlag_no_shutdown(mlag: _Mlag, _args: Args, _line: Line) -> None:
    mlag.change(shutdown=False)


# ---------------------------------------------------------------------------------- VXLAN
@TOP.on("interface Vxlan1", opens=VXLAN)
def _vxlan(layer2: Layer2, _args: Args, line: Line) -> None:
    builder = _Vxlan()
    VXLAN.read(line.children, builder)
    layer2.vxlan = replace(
        builder.settings,
        vlans=builder.vlans,
        vrfs=builder.vrfs,
        flood=tuple(builder.flood),
        flood_vlans=builder.flood_vlans,
    )
    layer2.vxlan_shutdown = builder.shutdown
    found = line.first("description")
    layer2.vxlan_description = found.text.removeprefix("description ") if found else ""


@VXLAN.on("description <text...>")
def _vxlan_description(_vxlan: _Vxlan, _args: Args, _line: Line) -> None:
    """Read with the section: it belongs to the interface."""


@VXLAN.on("shutdown")
def _vxlan_shutdown(vxlan: _Vxlan, _args: Args, _line: Line) -> None:
    vxlan.shutdown = True


@VXLAN.on("no shutdown")
def _vxlan_no_shutdown(vxlan: _Vxlan, _args: Args, _line: Line) -> None:
    vxlan.shutdown = False


@VXLAN.on("vxlan source-interface <name>")
def _source(vxlan: _Vxlan, args: Args, _line: Line) -> None:
    vxlan.settings = replace(vxlan.settings, source=names.canonical(args["name"]))


@VXLAN.on("vxlan mlag source-interface <name>")
def _mlag_source(vxlan: _Vxlan, args: Args, _line: Line) -> None:
    vxlan.settings = replace(vxlan.settings, mlag_source=names.canonical(args["name"]))


@VXLAN.on("vxlan encapsulation ipv6")
def _over_ipv6(vxlan: _Vxlan, _args: Args, _line: Line) -> None:
    vxlan.settings = replace(vxlan.settings, over_ipv6=True)


@VXLAN.on("vxlan virtual-router encapsulation mac-address <kind>")
def _encapsulation(vxlan: _Vxlan, args: Args, _line: Line) -> None:
    system_id = args["kind"] == "mlag-system-id"
    vxlan.settings = replace(vxlan.settings, mlag_system_id=system_id)


@VXLAN.on("vxlan udp-port <port>")
def _udp_port(vxlan: _Vxlan, args: Args, _line: Line) -> None:
    vxlan.settings = replace(vxlan.settings, udp_port=int(args["port"]))


@VXLAN.on("vxlan vlan <vlans> vni <vnis>")
def _vlan_vni(vxlan: _Vxlan, args: Args, _line: Line) -> None:
    vlans, vnis = sorted(vlan_numbers(args["vlans"])), sorted(vlan_numbers(args["vnis"]))
    vxlan.vlans.update(zip(vlans, vnis, strict=False))


@VXLAN.on("vxlan vlan <vlan> flood vtep [add] <vteps...>")
def _flood_vlan(vxlan: _Vxlan, args: Args, _line: Line) -> None:
    addresses = tuple(parse_ipv4(word) for word in args["vteps"].split())
    for vlan in vlan_numbers(args["vlan"]):
        vxlan.flood_vlans[vlan] = (*vxlan.flood_vlans.get(vlan, ()), *addresses)


@VXLAN.on("vxlan vrf <vrf> vni <vni>")
def _vrf_vni(vxlan: _Vxlan, args: Args, _line: Line) -> None:
    vxlan.vrfs[args["vrf"]] = int(args["vni"])


@VXLAN.on("vxlan flood vtep [add] <vteps...>")
def _flood(vxlan: _Vxlan, args: Args, _line: Line) -> None:
    vxlan.flood.extend(parse_ipv4(word) for word in args["vteps"].split())
