"""Reader of `interface` sections, Vxlan apart (see l2)."""

from dataclasses import dataclass, field, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import (
    IPV6_BITS,
    InterfaceAddress,
    parse_interface_address6,
    parse_ipv4,
    parse_ipv6,
)
from avdlab.twin.config.read.interface_protocols import add_protocol_commands
from avdlab.twin.config.read.numbers import (
    ALL_VLANS,
    interface_address,
    mac_address,
    vlan_numbers,
)
from avdlab.twin.config.read.segments import SEGMENT, read_segment
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings import (
    ChannelGroup,
    InterfaceSettings,
    IsisInterface,
    LacpFallback,
    OspfInterface,
    PimInterface,
    Switchport,
    SwitchportMode,
    TunnelInterface,
)
from avdlab.twin.config.tree import Config, Line

# Lines that show commands mirror.
_OTHER = ("ip proxy-arp", "ip local-proxy-arp")


@dataclass(slots=True)
class Defaults:
    """What `interface defaults` and `switchport default mode` ask for."""

    mtu: int = 1500
    shutdown: bool = False
    routed: bool = False


@dataclass(slots=True)
class _Interface:
    """An interface under construction. Layer-2 words are kept while the port is routed, as EOS
    keeps them: `no switchport` may come after `ip address`."""

    settings: InterfaceSettings
    routed: bool
    switchport: Switchport = field(default_factory=Switchport)
    fallback: str | None = None
    fallback_timeout: int = 90
    stp: dict[str, str] = field(default_factory=dict)

    def change(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by keyword

    def ospf(self, **changes: object) -> None:
        ospf = replace(self.settings.ospf or OspfInterface(), **changes)  # type: ignore[arg-type]
        self.settings = replace(self.settings, ospf=ospf)

    def isis(self, **changes: object) -> None:
        isis = replace(self.settings.isis or IsisInterface(), **changes)  # type: ignore[arg-type]
        self.settings = replace(self.settings, isis=isis)

    def mpls(self, **changes: object) -> None:
        mpls = replace(self.settings.mpls, **changes)  # type: ignore[arg-type]  # by keyword
        self.settings = replace(self.settings, mpls=mpls)

    def pim(self, **changes: object) -> None:
        pim = replace(self.settings.pim or PimInterface(), **changes)  # type: ignore[arg-type]
        self.settings = replace(self.settings, pim=pim)

    def tunnel(self, **changes: object) -> None:
        tunnel = replace(self.settings.tunnel or TunnelInterface(), **changes)  # type: ignore[arg-type]
        self.settings = replace(self.settings, tunnel=tunnel)

    def layer2(self, **changes: object) -> None:
        switchport = replace(self.switchport, **changes)  # type: ignore[arg-type]  # by keyword
        self.switchport = switchport

    def done(self, other: tuple[str, ...]) -> InterfaceSettings:
        fallback = LacpFallback(self.fallback, self.fallback_timeout) if self.fallback else None
        return replace(
            self.settings,
            switchport=None if self.routed else self.switchport,
            lacp_fallback=fallback,
            spanning_tree=dict(self.stp),
            other=other,
        )


@dataclass(slots=True)
class _Interfaces:
    defaults: Defaults
    found: dict[str, InterfaceSettings] = field(default_factory=dict)


TOP: Commands[_Interfaces] = Commands("")
DEFAULTS: Commands[Defaults] = Commands("interface defaults")
DEFAULTS_ETHERNET: Commands[Defaults] = Commands("ethernet")
INTERFACE: Commands[_Interface] = Commands("interface")
ENCAPSULATION: Commands[_Interface] = Commands("encapsulation vlan")


def read_interfaces(config: Config) -> tuple[dict[str, InterfaceSettings], Defaults]:
    """Read every interface section but Vxlan's, and the defaults that apply to all."""
    builder = _Interfaces(Defaults())
    first = [line for line in config.children if line.text.startswith(("interface d", "switchp"))]
    TOP.read(first, builder)
    TOP.read((line for line in config.children if line not in first), builder)
    return builder.found, builder.defaults


def unconfigured(name: str, defaults: Defaults) -> InterfaceSettings:
    """Return the settings of an interface that has no section."""
    return _start(name, defaults).done(())


def _start(name: str, defaults: Defaults) -> _Interface:
    ethernet = names.is_physical(name)
    channel = name.startswith("Port-Channel") and not names.is_subinterface(name)
    shutdown = defaults.shutdown and ethernet
    return _Interface(
        InterfaceSettings(name, shutdown=shutdown),
        routed=not (ethernet or channel) or defaults.routed,
    )


@TOP.on("interface defaults", opens=DEFAULTS)
def _defaults(interfaces: _Interfaces, _args: Args, line: Line) -> None:
    DEFAULTS.read(line.children, interfaces.defaults)


@DEFAULTS.on("mtu <mtu>")
def _default_mtu(defaults: Defaults, args: Args, _line: Line) -> None:
    defaults.mtu = int(args["mtu"])


@DEFAULTS.on("ethernet", opens=DEFAULTS_ETHERNET)
def _default_ethernet(defaults: Defaults, _args: Args, line: Line) -> None:
    DEFAULTS_ETHERNET.read(line.children, defaults)


@DEFAULTS_ETHERNET.on("shutdown")
def _default_shutdown(defaults: Defaults, _args: Args, _line: Line) -> None:
    defaults.shutdown = True


@DEFAULTS_ETHERNET.on("no shutdown")
def _default_no_shutdown(defaults: Defaults, _args: Args, _line: Line) -> None:
    defaults.shutdown = False


@TOP.on("switchport default mode <mode>")
def _default_mode(interfaces: _Interfaces, args: Args, _line: Line) -> None:
    interfaces.defaults.routed = args["mode"] == "routed"


@TOP.on("interface <name>", opens=INTERFACE)
def _interface(interfaces: _Interfaces, args: Args, line: Line) -> None:
    if not names.is_interface(args["name"]):
        return
    name = names.canonical(args["name"])
    if name.startswith("Vxlan"):
        return
    builder = _start(name, interfaces.defaults)
    INTERFACE.read(line.children, builder)
    other = tuple(child.text for child in line.children if child.text.startswith(_OTHER))
    interfaces.found[name] = builder.done(other)


# ---------------------------------------------------------------------------------- any interface
@INTERFACE.on("description <text...>")
def _description(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(description=args["text"])


@INTERFACE.on("shutdown")
def _shutdown(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(shutdown=True)


@INTERFACE.on("no shutdown")
def _no_shutdown(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(shutdown=False)


@INTERFACE.on("mtu <mtu>")
def _mtu(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(mtu=int(args["mtu"]))


@INTERFACE.on("speed <speed...>")
def _speed(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(speed=args["speed"])


# ---------------------------------------------------------------------------------- layer 3
@INTERFACE.on("vrf forwarding <vrf>", "vrf <vrf>")
def _vrf(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(vrf=args["vrf"])


@INTERFACE.on("ip address virtual <address> [secondary]")
def _virtual(interface: _Interface, args: Args, _line: Line) -> None:
    address = interface_address([args["address"]])
    interface.change(virtual=(*interface.settings.virtual, address))


@INTERFACE.on("ip address dhcp")
def _dhcp(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(dhcp=True)


@INTERFACE.on("dhcp client accept default-route")
def _dhcp_default(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(dhcp_default_route=True)


@INTERFACE.on("dhcp server ipv4")
def _dhcp_server(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(dhcp_server=True)


@INTERFACE.on("ip address unnumbered <name>")
def _unnumbered(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(unnumbered=names.canonical(args["name"]))


@INTERFACE.on("ip address <address...>")
def _address(interface: _Interface, args: Args, _line: Line) -> None:
    words = args["address"].split()
    address = interface_address(words)
    if words[-1] == "secondary":
        interface.change(secondary=(*interface.settings.secondary, address))
    else:
        interface.change(address=address)


@INTERFACE.on("ip virtual-router address <address> [secondary]")
def _varp(interface: _Interface, args: Args, _line: Line) -> None:
    text = args["address"]
    bare = InterfaceAddress(parse_ipv4(text), 32) if "/" not in text else interface_address([text])
    interface.change(varp=(*interface.settings.varp, bare))


@INTERFACE.on("ipv6 enable")
def _ipv6_enable(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(ipv6_enabled=True)


@INTERFACE.on("ipv6 address virtual <address>")
def _ipv6_virtual(interface: _Interface, args: Args, _line: Line) -> None:
    address = parse_interface_address6(args["address"])
    interface.change(ipv6_enabled=True, virtual6=(*interface.settings.virtual6, address))


@INTERFACE.on("ipv6 address <address> link-local")
def _link_local(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(ipv6_enabled=True, link_local6=parse_ipv6(args["address"].partition("/")[0]))


@INTERFACE.on("ipv6 address auto-config")
def _auto_config(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(ipv6_enabled=True)


@INTERFACE.on("ipv6 address <address>")
def _ipv6_address(interface: _Interface, args: Args, _line: Line) -> None:
    parsed = parse_interface_address6(args["address"])
    settings = interface.settings
    interface.change(
        ipv6_enabled=True,
        ipv6_addresses=(*settings.ipv6_addresses, args["address"]),
        addresses6=(*settings.addresses6, parsed),
    )


@INTERFACE.on("ipv6 virtual-router address <address>")
def _varp6(interface: _Interface, args: Args, _line: Line) -> None:
    address = InterfaceAddress(parse_ipv6(args["address"]), IPV6_BITS, IPV6_BITS)
    interface.change(varp6=(*interface.settings.varp6, address))


@INTERFACE.on("ip access-group <name> in|out")
def _access_group(interface: _Interface, args: Args, line: Line) -> None:
    field_name = "acl_in" if line.words[-1] == "in" else "acl_out"
    interface.change(**{field_name: args["name"]})


@INTERFACE.on("ipv6 access-group <name> in|out")
def _access_group6(interface: _Interface, args: Args, line: Line) -> None:
    field_name = "acl6_in" if line.words[-1] == "in" else "acl6_out"
    interface.change(**{field_name: args["name"]})


@INTERFACE.on("encapsulation dot1q vlan <vlan>")
def _dot1q(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(dot1q=int(args["vlan"]))


@INTERFACE.on("no autostate")
def _no_autostate(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(autostate=False)


@INTERFACE.on("autostate")
def _autostate(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(autostate=True)


# ---------------------------------------------------------------------------------- switchport
@INTERFACE.on("no switchport")
def _no_switchport(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.routed = True


@INTERFACE.on("switchport")
def _switchport(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.routed = False


@INTERFACE.on("switchport mode trunk phone", "switchport mode access|trunk|dot1q-tunnel")
def _mode(interface: _Interface, _args: Args, line: Line) -> None:
    interface.layer2(mode=SwitchportMode(line.text.removeprefix("switchport mode ")))


@INTERFACE.on("switchport access vlan <vlan>")
def _access_vlan(interface: _Interface, args: Args, _line: Line) -> None:
    interface.layer2(access_vlan=int(args["vlan"]))


@INTERFACE.on("switchport trunk native vlan tag")
def _native_tag(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.layer2(native_vlan=None)


@INTERFACE.on("switchport trunk native vlan <vlan>")
def _native(interface: _Interface, args: Args, _line: Line) -> None:
    interface.layer2(native_vlan=int(args["vlan"]))


@INTERFACE.on("switchport trunk allowed vlan <vlans...>")
def _allowed(interface: _Interface, args: Args, _line: Line) -> None:
    interface.layer2(allowed=_allowed_after(interface.switchport.allowed, args["vlans"].split()))


def _allowed_after(present: frozenset[int] | None, words: list[str]) -> frozenset[int] | None:
    before = ALL_VLANS if present is None else present
    match words:
        case ["all"]:
            return None
        case ["none"]:
            return frozenset()
        case ["add", *rest]:
            return before | vlan_numbers("".join(rest))
        case ["remove", *rest]:
            return before - vlan_numbers("".join(rest))
        case ["except", *rest]:
            return ALL_VLANS - vlan_numbers("".join(rest))
    return vlan_numbers("".join(words))


@INTERFACE.on("switchport trunk group <group>")
def _trunk_group(interface: _Interface, args: Args, _line: Line) -> None:
    interface.layer2(trunk_groups=interface.switchport.trunk_groups | {args["group"]})


@INTERFACE.on("switchport phone vlan <vlan>")
def _phone_vlan(interface: _Interface, args: Args, _line: Line) -> None:
    interface.layer2(phone_vlan=int(args["vlan"]))


# ---------------------------------------------------------------------------------- bundles
@INTERFACE.on("channel-group <number> mode <mode>")
def _channel_group(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(channel_group=ChannelGroup(int(args["number"]), args["mode"]))


@INTERFACE.on("lacp port-priority <priority>")
def _port_priority(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(lacp_port_priority=int(args["priority"]))


@INTERFACE.on("lacp timer <rate>")
@INTERFACE.on("lacp rate <rate>")
def _lacp_timer(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(lacp_fast=args["rate"] == "fast")


@INTERFACE.on("lacp system-id <mac>")
def _system_id(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(lacp_system_id=mac_address(args["mac"]))


@INTERFACE.on("port-channel lacp fallback timeout <seconds>")
def _fallback_timeout(interface: _Interface, args: Args, _line: Line) -> None:
    interface.fallback_timeout = int(args["seconds"])


@INTERFACE.on("port-channel lacp fallback [<mode>]")
def _fallback(interface: _Interface, args: Args, _line: Line) -> None:
    interface.fallback = args.get("mode", "static")


@INTERFACE.on("port-channel min-links <number>")
def _min_links(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(min_links=int(args["number"]))


@INTERFACE.on("mlag <number>")
def _mlag(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(mlag=int(args["number"]))


@INTERFACE.on("encapsulation vlan", opens=ENCAPSULATION)
def _encapsulation(interface: _Interface, _args: Args, line: Line) -> None:
    ENCAPSULATION.read(line.children, interface)


@ENCAPSULATION.on("client dot1q <vlan> [network <way...>]")
def _client(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(dot1q=int(args["vlan"]))


@INTERFACE.on("vlan id <vlan>")
def _bridged(interface: _Interface, args: Args, _line: Line) -> None:
    interface.change(bridged_vlan=int(args["vlan"]))


@INTERFACE.on("evpn ethernet-segment", opens=SEGMENT)
def _ethernet_segment(interface: _Interface, _args: Args, line: Line) -> None:
    interface.change(segment=read_segment(line))


# ---------------------------------------------------------------------------------- LLDP, STP, BFD
@INTERFACE.on("no lldp transmit")
def _no_transmit(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(lldp_transmit=False)


@INTERFACE.on("no lldp receive")
def _no_receive(interface: _Interface, _args: Args, _line: Line) -> None:
    interface.change(lldp_receive=False)


@INTERFACE.on(
    "spanning-tree portfast [<kind>]",
    "spanning-tree bpduguard|bpdufilter|cost|port-priority|guard|link-type <value>",
)
def _spanning_tree(interface: _Interface, _args: Args, line: Line) -> None:
    words = line.words
    interface.stp[words[1]] = " ".join(words[2:])


add_protocol_commands(INTERFACE)
