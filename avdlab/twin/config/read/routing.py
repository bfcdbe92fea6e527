"""Reader of VRFs, routing switches, static routes and the virtual router's addresses."""

from dataclasses import dataclass, field, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import parse_ipv4, parse_ipv6, parse_prefix6
from avdlab.twin.config.read.numbers import mac_address, prefix
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings import LeakSettings, StaticRoute, VrfSettings
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class Routing:
    """Routing settings under construction."""

    vrfs: dict[str, VrfSettings] = field(default_factory=dict)
    routing: dict[str, bool] = field(default_factory=dict)
    routing6: dict[str, bool] = field(default_factory=dict)
    routes: list[StaticRoute] = field(default_factory=list)
    routes6: list[StaticRoute] = field(default_factory=list)
    virtual_mac: str | None = None
    source_nat: dict[str, int] = field(default_factory=dict)
    uncomputed: list[str] = field(default_factory=list)
    leaks: list[LeakSettings] = field(default_factory=list)
    router_id: int | None = None

    def vrf(self, name: str) -> VrfSettings:
        return self.vrfs.setdefault(name, VrfSettings(name))


@dataclass(slots=True)
class _Vrf:
    settings: VrfSettings


TOP: Commands[Routing] = Commands("")
VRF: Commands[_Vrf] = Commands("vrf")
GENERAL: Commands[Routing] = Commands("router general")
GENERAL_VRF: Commands[tuple[Routing, str]] = Commands("router general, vrf")

_UNCOMPUTED = ("router ospfv3", "router rip", "router eigrp", "router multicast", "patch panel")


def read_routing(config: Config) -> Routing:
    """Read VRFs and static routes. EOS does not route in a VRF until `ip routing` says so."""
    builder = Routing()
    builder.vrf("default")
    TOP.read(config.children, builder)
    for name, on in builder.routing.items():
        if name in builder.vrfs:
            builder.vrfs[name] = replace(builder.vrfs[name], routing=on)
    for name, on in builder.routing6.items():
        if name in builder.vrfs:
            builder.vrfs[name] = replace(builder.vrfs[name], routing6=on)
    for line in config.children:
        start = " ".join(line.words[:2])
        if start in _UNCOMPUTED:
            builder.uncomputed.append(line.words[1])
    return builder


@TOP.on("vrf instance|definition <name>", opens=VRF)
def _vrf(routing: Routing, args: Args, line: Line) -> None:
    builder = _Vrf(routing.vrf(args["name"]))
    VRF.read(line.children, builder)
    routing.vrfs[args["name"]] = builder.settings


@VRF.on("rd <rd>")
def _rd(vrf: _Vrf, args: Args, _line: Line) -> None:
    vrf.settings = replace(vrf.settings, rd=args["rd"])


@VRF.on("description <text...>")
def _description(_vrf: _Vrf, _args: Args, _line: Line) -> None:
    """A remark: nothing is computed from it."""


@TOP.on("router general", opens=GENERAL)
def _general(routing: Routing, _args: Args, line: Line) -> None:
    GENERAL.read(line.children, routing)


@GENERAL.on("router-id ipv4 <address>")
def _general_id(routing: Routing, args: Args, _line: Line) -> None:
    routing.router_id = parse_ipv4(args["address"])


@GENERAL.on("vrf <name>", opens=GENERAL_VRF)
def _general_vrf(routing: Routing, args: Args, line: Line) -> None:
    GENERAL_VRF.read(line.children, (routing, args["name"]))


@GENERAL_VRF.on("leak routes source-vrf <source> subscribe-policy <map>")
def _leak(inside: tuple[Routing, str], args: Args, _line: Line) -> None:
    routing, vrf = inside
    routing.leaks.append(LeakSettings(vrf, args["source"], args["map"]))


@TOP.on("ip routing [vrf <vrf>]", "ip routing ipv6 interfaces [vrf <vrf>]")
def _ip_routing(routing: Routing, args: Args, _line: Line) -> None:
    routing.routing[args.get("vrf", "default")] = True


@TOP.on("no ip routing [vrf <vrf>]")
def _no_ip_routing(routing: Routing, args: Args, _line: Line) -> None:
    routing.routing[args.get("vrf", "default")] = False


@TOP.on("ipv6 unicast-routing [vrf <vrf>]")
def _ipv6_routing(routing: Routing, args: Args, _line: Line) -> None:
    routing.routing6[args.get("vrf", "default")] = True


@TOP.on("no ipv6 unicast-routing [vrf <vrf>]")
def _no_ipv6_routing(routing: Routing, args: Args, _line: Line) -> None:
    routing.routing6[args.get("vrf", "default")] = False


@TOP.on("ip virtual-router mac-address <mac>")
def _virtual_mac(routing: Routing, args: Args, _line: Line) -> None:
    routing.virtual_mac = mac_address(args["mac"])


@TOP.on("ip address virtual source-nat vrf <vrf> address <address>")
def _source_nat(routing: Routing, args: Args, _line: Line) -> None:
    routing.source_nat[args["vrf"]] = parse_ipv4(args["address"])


@TOP.on("ip route [vrf <vrf>] <rest...>")
def _ip_route(routing: Routing, args: Args, _line: Line) -> None:
    found = _static_route(args.get("vrf", "default"), args["rest"].split())
    if found is not None:
        routing.routes.append(found)


@TOP.on("ipv6 route [vrf <vrf>] <prefix> <rest...>")
def _ipv6_route(routing: Routing, args: Args, _line: Line) -> None:
    route = StaticRoute(args.get("vrf", "default"), parse_prefix6(args["prefix"]))
    route, words = _next_hop(route, args["rest"].split())
    if route.next_hop is not None or route.interface is not None:
        routing.routes6.append(_options(route, words))


def _static_route(vrf: str, words: list[str]) -> StaticRoute | None:
    """Read what follows `ip route [vrf V]`; None for a next hop that is not modelled."""
    if vrf == "default" and words[0] == "vrf":
        return None
    target, words = prefix(words)
    route = StaticRoute(vrf, target)
    if words and words[0] == "egress-vrf":
        route, words = replace(route, egress_vrf=words[1]), words[2:]
    route, words = _next_hop(route, words)
    if route.next_hop is None and route.interface is None:
        return None
    return _options(route, words)


def _next_hop(route: StaticRoute, words: list[str]) -> tuple[StaticRoute, list[str]]:
    if words and words[0].lower() == "null0":
        return replace(route, interface="Null0"), words[1:]
    if words and names.is_interface(words[0]):
        route, words = replace(route, interface=names.canonical(words[0])), words[1:]
    if words and words[0].count(".") == 3:
        route, words = replace(route, next_hop=parse_ipv4(words[0])), words[1:]
    elif words and ":" in words[0]:
        route, words = replace(route, next_hop=parse_ipv6(words[0])), words[1:]
    return route, words


def _options(route: StaticRoute, words: list[str]) -> StaticRoute:
    index = 0
    while index < len(words):
        word, after = words[index], words[index + 1 : index + 2]
        if word.isdigit():
            route, index = replace(route, distance=int(word)), index + 1
            continue
        if word == "tag" and after:
            route = replace(route, tag=int(after[0]))
        elif word == "name" and after:
            route = replace(route, name=after[0])
        elif word == "metric" and after:
            route = replace(route, metric=int(after[0]))
        index += 2
    return route
