"""`show ip route ...`, `show vrf`, `show ip virtual-router`."""

from collections import Counter

from avdlab.net import interfaces
from avdlab.net.addresses import format_ipv4, parse_ipv4, parse_prefix
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns, wrapped
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowCommand, ShowError, View, show
from avdlab.twin.tables.rib import Rib, Route, RouteType, Via

_SOURCES = {
    "connected": {RouteType.CONNECTED},
    "static": {RouteType.STATIC},
    "bgp": {RouteType.EBGP, RouteType.IBGP, RouteType.BGP_AGGREGATE},
    "aggregate": {RouteType.BGP_AGGREGATE},
    "ospf": {
        *(RouteType.OSPF_INTRA, RouteType.OSPF_INTER),
        *(RouteType.OSPF_E1, RouteType.OSPF_E2),
    },
    "isis": {RouteType.ISIS_L1, RouteType.ISIS_L2},
}
_CODES = {
    RouteType.CONNECTED: "C",
    RouteType.STATIC: "S",
    RouteType.EBGP: "B E",
    RouteType.IBGP: "B I",
    RouteType.BGP_AGGREGATE: "A B",
    RouteType.OSPF_INTRA: "O",
    RouteType.OSPF_INTER: "O IA",
    RouteType.OSPF_E1: "O E1",
    RouteType.OSPF_E2: "O E2",
    RouteType.ISIS_L1: "I L1",
    RouteType.ISIS_L2: "I L2",
    RouteType.ATTACHED_HOST: "B",
}
_LEGEND = """\
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
        "routes": {str(found.prefix): _route(found) for found in chosen(rib, args)},
    }


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


def _route(found: Route) -> Json:
    """Connected and dropped routes have neither preference nor metric, as recorded."""
    local = found.directly_connected or found.drop
    facts: Json = {
        "hardwareProgrammed": True,
        "kernelProgrammed": True,
        "routeType": found.type.value,
        "routeLeaked": any(via.vrf is not None for via in found.vias),
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
            "vtepAddr": format_ipv4(via.vtep),
            "nexthopAddr": "",
            "routerMac": via.router_mac or "",
            "vni": via.vni or 0,
        }
    facts: Json = {"interface": via.interface}
    if via.next_hop is not None:
        facts["nexthopAddr"] = format_ipv4(via.next_hop)
    return facts


def route_text(view: View, args: Args) -> str:
    return "\n".join(_table_text(view, vrf, args) for vrf in scope.asked_vrfs(view, args))


def _table_text(view: View, vrf: str, args: Args) -> str:
    rib = view.device.ribs.get(vrf) or Rib()
    lines = ["".join(_route_text(found)) for found in chosen(rib, args)]
    if not scope.routing_enabled(view, vrf):
        lines.append("! IP routing not enabled\n")
    head = f"VRF: {vrf}\n{_LEGEND}"
    if args.get("prefix") is None and args.get("source") is None:
        head += _gateway(rib)
    return head + "".join(lines)


def _gateway(rib: Rib) -> str:
    default = rib.get(parse_prefix("0.0.0.0/0"))
    if default is None:
        return "Gateway of last resort is not set\n\n"
    return "Gateway of last resort:\n" + "".join(_route_text(default)) + "\n"


def _route_text(found: Route) -> list[str]:
    code = _CODES[found.type]
    head = f" {code:<8} {found.prefix}"
    if found.drop:
        return [f"{head}\n", "           directly connected, Null0\n"]
    if found.directly_connected:
        ports = [f"           directly connected, {via.interface}\n" for via in found.vias]
        return [f"{head}\n", *ports]
    vias = [f"           via {_via_words(via)}\n" for via in found.vias]
    return [f"{head} [{found.preference}/{found.metric}]\n", *vias]


def _via_words(via: Via) -> str:
    if via.vtep is not None:
        return (
            f"VTEP {format_ipv4(via.vtep)} VNI {via.vni} router-mac {via.router_mac}"
            " local-interface Vxlan1"
        )
    address = format_ipv4(via.next_hop) if via.next_hop is not None else ""
    return ", ".join(part for part in (address, via.interface) if part)


# ------------------------------------------------------------------------------------ summary
def summary(view: View, args: Args) -> Json:
    model = view.device.settings.system.routing_model
    return {
        "protoModelStatus": {"configuredProtoModel": model, "operatingProtoModel": model},
        "vrfs": {
            vrf: _counts(view.device.ribs.get(vrf) or Rib()) for vrf in scope.asked_vrfs(view, args)
        },
    }


def _counts(rib: Rib) -> Json:
    types = Counter(found.type for found in rib)
    lengths = Counter(found.prefix.length for found in rib)
    external = types[RouteType.OSPF_E1] + types[RouteType.OSPF_E2]
    intra, inter = types[RouteType.OSPF_INTRA], types[RouteType.OSPF_INTER]
    level1, level2 = types[RouteType.ISIS_L1], types[RouteType.ISIS_L2]
    return {
        "connected": types[RouteType.CONNECTED],
        "static": types[RouteType.STATIC],
        "staticPersistent": types[RouteType.STATIC],
        "staticNonPersistent": 0,
        "staticNexthopGroup": 0,
        "vcs": 0,
        "ospfCounts": {
            "ospfTotal": intra + inter + external,
            "ospfIntraArea": intra,
            "ospfInterArea": inter,
            "ospfExternal1": types[RouteType.OSPF_E1],
            "ospfExternal2": types[RouteType.OSPF_E2],
            "nssaExternal1": 0,
            "nssaExternal2": 0,
        },
        "bgpCounts": {
            "bgpTotal": types[RouteType.EBGP] + types[RouteType.IBGP],
            "bgpExternal": types[RouteType.EBGP],
            "bgpInternal": types[RouteType.IBGP],
            "bgpLocal": 0,
        },
        "isisCounts": {"isisTotal": level1 + level2, "isisLevel1": level1, "isisLevel2": level2},
        "rip": 0,
        "internal": 0,
        "attached": types[RouteType.ATTACHED_HOST],
        "aggregate": types[RouteType.BGP_AGGREGATE],
        "dynamicPolicy": 0,
        "gribi": 0,
        "totalRoutes": len(rib),
        "maskLen": {str(length): count for length, count in sorted(lengths.items())},
    }


def summary_text(view: View, args: Args) -> str:
    facts = summary(view, args)
    model = facts["protoModelStatus"]
    text = (
        f"Operating routing protocol model: {model['operatingProtoModel']}\n"
        f"Configured routing protocol model: {model['configuredProtoModel']}\n\n"
    )
    for vrf, counts in facts["vrfs"].items():
        text += f"VRF: {vrf}\n   Route Source                                Number Of Routes\n"
        text += "------------------------------------- -------------------------\n"
        text += "".join(f"   {name:<40} {count}\n" for name, count in _summary_rows(counts))
        lengths = ", ".join(f"/{length}: {n}" for length, n in counts["maskLen"].items())
        text += f"\nNumber of routes per mask-length:\n   {lengths}\n\n"
    return text


def _summary_rows(counts: Json) -> list[tuple[str, int]]:
    bgp = counts["bgpCounts"]
    return [
        ("connected", counts["connected"]),
        ("static (persistent)", counts["staticPersistent"]),
        ("bgp", bgp["bgpTotal"]),
        (f"  External: {bgp['bgpExternal']}    Internal: {bgp['bgpInternal']}", 0),
        ("ospf", counts["ospfCounts"]["ospfTotal"]),
        ("isis", counts["isisCounts"]["isisTotal"]),
        ("aggregate", counts["aggregate"]),
        ("attached", counts["attached"]),
        ("Total Routes", counts["totalRoutes"]),
    ]


# ------------------------------------------------------------------------------------ VRFs
def vrf(view: View, args: Args) -> Json:
    names = scope.all_vrfs(view)
    if "vrf" in args:
        names = scope.asked_vrfs(view, args)
    return {"vrfs": {name: _vrf(view, name, number) for number, name in enumerate(names)}}


def _vrf(view: View, name: str, number: int) -> Json:
    v4, v6 = _members(view, name)
    return {
        "routeDistinguisher": _rd(view, name),
        "vrfState": "up",
        "vrfId": number,
        "interfaces": sorted({*v4, *v6}, key=interfaces.sort_key),
        "interfacesV4": v4,
        "interfacesV6": v6,
        "protocols": {
            "ipv4": _protocol(scope.routing_enabled(view, name)),
            "ipv6": _protocol(False),
        },
    }


def _protocol(routing: bool) -> Json:
    state = "up" if routing else "down"
    return {"supported": True, "protocolState": "up", "routingState": state}


def _rd(view: View, name: str) -> str:
    settings = view.device.settings.vrfs.get(name)
    if settings is not None and settings.rd is not None:
        return settings.rd
    bgp = view.device.settings.bgp
    configured = bgp.vrfs.get(name) if bgp is not None else None
    return (configured.rd or "") if configured is not None else ""


def _members(view: View, name: str) -> tuple[list[str], list[str]]:
    v4, v6 = _l3_vni_interface(view, name), []
    for port in sorted(view.device.ports, key=interfaces.sort_key):
        settings = scope.settings_of(view, port)
        if settings.vrf != name:
            continue
        if settings.address or settings.virtual or settings.dhcp or settings.unnumbered:
            v4.append(port)
        if settings.ipv6_enabled or settings.ipv6_addresses:
            v6.append(port)
    return sorted(v4, key=interfaces.sort_key), v6


def _l3_vni_interface(view: View, name: str) -> list[str]:
    """Return the SVI of the dynamic VLAN behind the VRF's VNI."""
    vxlan = view.device.vxlan
    if vxlan is None or name not in vxlan.vrfs:
        return []
    svi = f"Vlan{vxlan.vrfs[name][0]}"
    return [svi] if svi in view.device.ports else []


def vrf_text(view: View, args: Args) -> str:
    facts = vrf(view, args)["vrfs"]
    width = max(13, *(len(name) + 3 for name in facts))
    rds = max(15, *(len(entry["routeDistinguisher"]) for entry in facts.values()))
    widths = (width, rds, 15, 19, 21)
    lines = ["Maximum number of VRFs allowed: 1023"]
    lines.append(columns(widths, ("   VRF", "RD", "Protocols", "State", "Interfaces")))
    lines.append(columns(widths, ["-" * size for size in widths]))
    for name, entry in facts.items():
        lines += _vrf_lines(name, entry, widths)
    return "\n".join(lines) + "\n"


def _vrf_lines(name: str, entry: Json, widths: tuple[int, ...]) -> list[str]:
    routed = "routing" if entry["protocols"]["ipv4"]["routingState"] == "up" else "no routing"
    states = [f"v4:{routed}", "v6:no routing"]
    ports = wrapped([interfaces.short(port) for port in entry["interfaces"]], widths[4])
    height = max(len(states), len(ports))
    lines = []
    for row in range(height):
        head = (f"   {name}", entry["routeDistinguisher"] or "<not set>", "ipv4,ipv6")
        cells = head if row == 0 else ("", "", "")
        state = states[row] if row < len(states) else ""
        port = ports[row] if row < len(ports) else ""
        lines.append(columns(widths, (*cells, state, port)))
    return lines


# ------------------------------------------------------------------------------------ VARP
def virtual_router(view: View, _: Args) -> Json:
    mac = view.device.settings.virtual_router_mac
    found = [
        {
            "interface": port,
            "vrfName": settings.vrf,
            "virtualIps": [{"ip": format_ipv4(address.address)} for address in settings.varp],
            "protocolStatus": "up" if view.device.ports[port].up else "down",
        }
        for port in sorted(view.device.ports, key=interfaces.sort_key)
        if (settings := scope.settings_of(view, port)).varp
    ]
    macs = [{"macAddress": mac, "macType": "varp"}] if mac is not None else []
    return {"virtualMacs": macs, "virtualRouters": found}


_NOTE = "routes are computed; programming flags are constants"


def _narrowed(words: str, **more: str) -> ShowCommand:
    """Return `show ip route [vrf X] <words>`, which asks for a part of the routes."""

    def to_json(view: View, args: Args) -> Json:
        return route(view, {**args, **more})

    def to_text(view: View, args: Args) -> str:
        return route_text(view, {**args, **more})

    pattern = f"show ip route [vrf <vrf>] {words}"
    return show(pattern, Level.COMPUTED, json=to_json, text=to_text, revision=4, note=_NOTE)


COMMANDS = (
    show(
        "show ip route [vrf <vrf>] summary",
        Level.COMPUTED,
        json=summary,
        text=summary_text,
        revision=3,
        note="counts are computed; the protocol model echoes the configuration",
    ),
    *(_narrowed(source, source=source) for source in _SOURCES),
    _narrowed("detail"),
    _narrowed("<prefix> longer-prefixes", longer="longer-prefixes"),
    _narrowed("<prefix> detail"),
    show(
        "show ip route [vrf <vrf>] [<prefix>]",
        Level.COMPUTED,
        json=route,
        text=route_text,
        revision=4,
        note=_NOTE,
    ),
    show("show vrf [<vrf>]", Level.MIRRORED, json=vrf, text=vrf_text),
    show("show ip virtual-router", Level.COMPUTED, json=virtual_router, revision=2),
)
