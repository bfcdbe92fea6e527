"""`show ip route ...`: all routes, those of a source, of a prefix, or the longest match."""

from dataclasses import replace

from avdlab.net.addresses import format_address, format_ipv4, mask, parse_ipv4, parse_prefix
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowCommand, ShowError, View, show
from avdlab.twin.tables.rib import Rib, Route, RouteType, Via
from avdlab.twin.tables.tunnels import TunnelKind

_SOURCES = {
    "connected": {RouteType.CONNECTED},
    "static": {RouteType.STATIC},
    "bgp": {RouteType.EBGP, RouteType.IBGP, RouteType.BGP_AGGREGATE, RouteType.BGP},
    "aggregate": {RouteType.BGP_AGGREGATE},
    "ospf": {
        *(RouteType.OSPF_INTRA, RouteType.OSPF_INTER),
        *(RouteType.OSPF_E1, RouteType.OSPF_E2, RouteType.OSPF_N1, RouteType.OSPF_N2),
        RouteType.OSPF_SUMMARY,
    },
    "isis": {RouteType.ISIS_L1, RouteType.ISIS_L2},
}
CODES = {
    RouteType.CONNECTED: "C",
    RouteType.STATIC: "S",
    RouteType.EBGP: "B E",
    RouteType.IBGP: "B I",
    RouteType.BGP_AGGREGATE: "A B",
    RouteType.OSPF_SUMMARY: "A O",
    RouteType.BGP: "B",
    RouteType.OSPF_INTRA: "O",
    RouteType.OSPF_INTER: "O IA",
    RouteType.OSPF_E1: "O E1",
    RouteType.OSPF_E2: "O E2",
    RouteType.OSPF_N1: "O N1",
    RouteType.OSPF_N2: "O N2",
    RouteType.ISIS_L1: "I L1",
    RouteType.ISIS_L2: "I L2",
    RouteType.ATTACHED_HOST: "B",
}
LEGEND = """\
Source Codes:
       C - connected, S - static, K - kernel,
       O - OSPF, O IA - OSPF inter area, O E1 - OSPF external type 1,
       O E2 - OSPF external type 2, O N1 - OSPF NSSA external type 1,
       O N2 - OSPF NSSA external type2, O3 - OSPFv3,
       O3 IA - OSPFv3 inter area, O3 E1 - OSPFv3 external type 1,
       O3 E2 - OSPFv3 external type 2,
       O3 N1 - OSPFv3 NSSA external type 1,
       O3 N2 - OSPFv3 NSSA external type2, B - Other BGP Routes,
       B I - iBGP, B E - eBGP, R - RIP, I L1 - IS-IS level 1,
       I L2 - IS-IS level 2, A B - BGP Aggregate,
       A O - OSPF Summary, NG - Nexthop Group Static Route,
       V - VXLAN Control Service, M - Martian,
       DH - DHCP client installed default route,
       DP - Dynamic Policy Route, L - VRF Leaked,
       G  - gRIBI, RC - Route Cache Route,
       CL - CBF Leaked Route

"""


# ------------------------------------------------------------------------------------ routes
def route(view: View, args: Args) -> Json:
    return {"vrfs": {vrf: _table(view, vrf, args) for vrf in scope.asked_vrfs(view, args)}}


def _table(view: View, vrf: str, args: Args) -> Json:
    rib = view.device.ribs.get(vrf) or Rib()
    default = rib.get(parse_prefix("0.0.0.0/0"))
    return {
        "routingDisabled": not scope.routing_enabled(view, vrf),
        "allRoutesProgrammedHardware": True,
        "allRoutesProgrammedKernel": True,
        "defaultRouteState": "reachable" if default is not None else "notSet",
        "routes": {
            str(found.prefix): route_json(_as_shown(view, found)) for found in chosen(rib, args)
        },
    }


def _as_shown(view: View, found: Route) -> Route:
    """EOS: the address that a neighbor lends to its unnumbered interface is directly connected; all
    else behind it has that address as its next hop (cEOS 4.30, OSPF)."""
    if found.type not in _SOURCES["ospf"] or found.prefix.length != found.prefix.bits:
        return found
    vias = tuple(
        replace(via, next_hop=None)
        if via.next_hop == found.prefix.network
        and scope.settings_of(view, via.interface).unnumbered is not None
        else via
        for via in found.vias
    )
    return replace(found, vias=vias)


def _is_direct(found: Route) -> bool:
    """Tell whether EOS calls a route directly connected: static ones and OSPF's, too, where they
    lead to an interface alone."""
    alone = found.type in _SOURCES["static"] | _SOURCES["ospf"] and all(
        via.interface and via.next_hop is None and via.vtep is None and via.endpoint is None
        for via in found.vias
    )
    return found.directly_connected or found.drop or alone


def chosen(rib: Rib, args: Args) -> list[Route]:
    """Return the routes asked for: all, those of a source, one prefix, or the longest match."""
    target = args.get("prefix")
    if target is None:
        types = _SOURCES.get(args.get("source", ""))
        return [found for found in rib if types is None or found.type in types]
    try:
        if "longer" in args:
            outer = parse_prefix(target)
            return [found for found in rib if outer.covers(found.prefix)]
        exact = "/" in target
        found = rib.get(parse_prefix(target)) if exact else rib.lookup(parse_ipv4(target))
    except ValueError as error:
        raise ShowError(f"Invalid input: {error}") from None
    return [found] if found is not None else []


def route_json(found: Route) -> Json:
    """Return a route as EOS prints it.

    Connected and dropped routes have neither preference nor metric, as recorded; routes to an
    interface are connected in the same way.
    """
    local = _is_direct(found)
    facts: Json = {
        "hardwareProgrammed": True,
        "kernelProgrammed": True,
        "routeType": found.type.value,
        "routeLeaked": bool(found.source_vrf),
        "routeAction": "drop" if found.drop else "forward",
        "directlyConnected": local,
        "vias": [] if found.drop else [_via(via) for via in found.vias],
    }
    if not local:
        facts |= {"preference": found.preference, "metric": found.metric}
    return facts


def _via(via: Via) -> Json:
    if via.vtep is not None:
        return {
            "vtepAddr": format_address(via.vtep),
            "nexthopAddr": "",
            "routerMac": via.router_mac or "",
            "vni": via.vni or 0,
        }
    facts: Json = {"interface": via.interface}
    hop = via.next_hop if via.next_hop is not None else via.endpoint
    if hop is not None:
        facts["nexthopAddr"] = format_address(hop)
    return facts


def route_text(view: View, args: Args) -> str:
    return "\n".join(_table_text(view, vrf, args) for vrf in scope.asked_vrfs(view, args))


def _table_text(view: View, vrf: str, args: Args) -> str:
    rib = view.device.ribs.get(vrf) or Rib()
    found = (_as_shown(view, one) for one in sorted(chosen(rib, args), key=_place))
    lines = ["".join(_route_text(view, one)) for one in found]
    if not scope.routing_enabled(view, vrf):
        lines.append("! IP routing not enabled\n")
    head = f"VRF: {vrf}\n{LEGEND}"
    if args.get("prefix") is None and args.get("source") is None:
        head += _gateway(view, rib)
    return head + "".join(lines)


def _place(found: Route) -> tuple[int, int]:
    """EOS lists what is inside of a prefix before the prefix (recorded: .../24 before its /16)."""
    prefix = found.prefix
    last = prefix.network | mask(prefix.bits, prefix.bits) ^ mask(prefix.length, prefix.bits)
    return (last, -prefix.length)


def _gateway(view: View, rib: Rib) -> str:
    default = rib.get(parse_prefix("0.0.0.0/0"))
    if default is None:
        return "Gateway of last resort is not set\n\n"
    return "Gateway of last resort:\n" + "".join(_route_text(view, default)) + "\n"


def _route_text(view: View, found: Route) -> list[str]:
    code = CODES[found.type] + (" L" if found.source_vrf else "")
    head = f" {code:<8} {found.prefix}"
    origin = f" (source VRF {found.source_vrf})" if found.source_vrf else ""
    if found.drop:
        return [f"{head}{origin}\n", "           directly connected, Null0\n"]
    if _is_direct(found):
        ports = [f"           directly connected, {_egress(via)}\n" for via in found.vias]
        return [f"{head}{origin}\n", *ports]
    vias = [line for via in found.vias for line in _via_lines(view, via)]
    return [f"{head} [{found.preference}/{found.metric}]{origin}\n", *vias]


def _egress(via: Via) -> str:
    return f"{via.interface} (egress VRF {via.vrf})" if via.vrf else via.interface


def _via_lines(view: View, via: Via) -> list[str]:
    """Return a next hop; below one that lies behind a tunnel, the ways of the tunnel."""
    tunnel = view.device.tunnels.get(via.endpoint) if via.endpoint is not None else None
    if tunnel is None:
        return [f"           via {_via_words(via)}\n"]
    end = f"{format_ipv4(tunnel.endpoint)}/32, {_TUNNELS[tunnel.kind]} tunnel index {tunnel.index}"
    ways = [
        f"              via {_via_words(way)}, label {_labels(way) or _IMPLICIT_NULL}\n"
        for way in tunnel.vias
    ]
    inner = f", label {_labels(via)}" if via.labels else ""
    return [f"           via {end}{inner}\n", *ways]


def _labels(via: Via) -> str:
    return " ".join(str(label) for label in via.labels)


# As `show ip route` names them.
_TUNNELS = {TunnelKind.LDP: "LDP", TunnelKind.ISIS_SR: "IS-IS SR", TunnelKind.DPS: "DPS"}
_IMPLICIT_NULL = "imp-null(3)"


def _via_words(via: Via) -> str:
    if via.vtep is not None:
        return (
            f"VTEP {format_address(via.vtep)} VNI {via.vni} router-mac {via.router_mac}"
            " local-interface Vxlan1"
        )
    address = format_address(via.next_hop) if via.next_hop is not None else ""
    return ", ".join(part for part in (address, _egress(via)) if part)


_NOTE = "routes are computed; programming flags are constants"


def _narrowed(words: str, **more: str) -> ShowCommand:
    """Return `show ip route [vrf X] <words>`, which asks for a part of the routes."""

    def to_json(view: View, args: Args) -> Json:
        return route(view, {**args, **more})

    def to_text(view: View, args: Args) -> str:
        return route_text(view, {**args, **more})

    pattern = f"show ip route [vrf <vrf>] {words}"
    return show(pattern, Level.VERIFIED, json=to_json, text=to_text, revision=4, note=_NOTE)


COMMANDS = (
    *(_narrowed(source, source=source) for source in _SOURCES),
    _narrowed("detail"),
    _narrowed("<prefix> longer-prefixes", longer="longer-prefixes"),
    _narrowed("<prefix> detail"),
    show(
        "show ip route [vrf <vrf>] [<prefix>]",
        Level.VERIFIED,
        json=route,
        text=route_text,
        revision=4,
        note=_NOTE,
    ),
)
