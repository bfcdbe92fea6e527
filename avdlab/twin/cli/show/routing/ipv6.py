"""`show ipv6 route`, `show ipv6 bgp` and the summaries of IPv6 neighbors."""

from avdlab.net.addresses import IPV6_BITS, format_ipv6, parse_any_prefix, parse_ipv6
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show
from avdlab.twin.cli.show.routing import generic
from avdlab.twin.cli.show.routing.bgp import common, neighbors, paths, summary, table
from avdlab.twin.config.settings import Afi
from avdlab.twin.tables.rib import Rib, Route


# ------------------------------------------------------------------------------------ routes
def route(view: View, args: Args) -> Json:
    return {
        "vrfs": {
            vrf: {
                "routingDisabled": not scope.routing_enabled6(view, vrf),
                "allRoutesProgrammedHardware": True,
                "allRoutesProgrammedKernel": True,
                "routes": {str(found.prefix): _route(found) for found in _asked(view, vrf, args)},
            }
            for vrf in scope.asked_vrfs(view, args)
        }
    }


def _route(found: Route) -> Json:
    facts = generic.route_json(found)
    return facts | {"preference": found.preference, "metric": found.metric}


def _asked(view: View, vrf: str, args: Args) -> list[Route]:
    rib = view.device.ribs6.get(vrf) or Rib(IPV6_BITS)
    target = args.get("prefix")
    if target is None:
        return list(rib)
    try:
        found = (
            rib.get(parse_any_prefix(target)) if "/" in target else rib.lookup(parse_ipv6(target))
        )
    except ValueError as error:
        raise ShowError(f"Invalid input: {error}") from None
    return [found] if found is not None else []


def route_text(view: View, args: Args) -> str:
    """EOS counts what it displays, then lists each route with its vias on lines of their own."""
    parts = []
    for vrf in scope.asked_vrfs(view, args):
        rib = view.device.ribs6.get(vrf) or Rib(IPV6_BITS)
        chosen = _asked(view, vrf, args)
        head = f"VRF: {vrf}\nDisplaying {len(chosen)} of {len(rib)} IPv6 routing table entries\n"
        routes = "".join(_lines(found) for found in chosen)
        off = "" if scope.routing_enabled6(view, vrf) else "\n! IPv6 routing not enabled\n"
        parts.append(head + _LEGEND + routes + off)
    return "\n".join(parts)


_LEGEND = """\
Source Codes:
       C - connected, S - static, K - kernel, O3 - OSPFv3,
       B - Other BGP Routes, A B - BGP Aggregate, R - RIP,
       I L1 - IS-IS level 1, I L2 - IS-IS level 2, DH - DHCP,
       NG - Nexthop Group Static Route, M - Martian,
       DP - Dynamic Policy Route, L - VRF Leaked,
       G  - gRIBI, RC - Route Cache Route,
       CL - CBF Leaked Route

"""


def _lines(found: Route) -> str:
    head = f" {generic.CODES[found.type]:<8} {found.prefix} [{found.preference}/{found.metric}]\n"
    if found.drop:
        return head + "           via Null0, directly connected\n"
    vias = []
    for via in found.vias:
        if found.directly_connected or via.next_hop is None:
            vias.append(f"           via {via.interface}, directly connected\n")
        else:
            vias.append(f"           via {format_ipv6(via.next_hop)}, {via.interface}\n")
    return head + "".join(vias)


# ------------------------------------------------------------------------------------ BGP
def bgp(view: View, args: Args) -> Json:
    tables = common.running(view).tables6
    return {
        "vrfs": {
            vrf: table.vrf_json(view, vrf, dict(sorted(tables.get(vrf, {}).items())))
            for vrf in common.asked_vrfs(view, args)
        }
    }


def bgp_text(view: View, args: Args) -> str:
    tables = common.running(view).tables6
    return "\n".join(
        paths.title(view, vrf) + table.rows_text(view, dict(sorted(tables.get(vrf, {}).items())))
        for vrf in common.asked_vrfs(view, args)
    )


def bgp_summary(view: View, args: Args) -> Json:
    return {"vrfs": summary.family_vrfs(view, common.asked_vrfs(view, args), Afi.IPV6)}


def bgp_summary_text(view: View, args: Args) -> str:
    return summary.family_text(view, common.asked_vrfs(view, args), Afi.IPV6)


def peers(view: View, args: Args) -> Json:
    """The neighbors that have an IPv6 address, in full."""
    found = neighbors.neighbors(view, args)["vrfs"]
    kept = {
        vrf: [peer for peer in entry["peerList"] if ":" in peer["peerAddress"]]
        for vrf, entry in found.items()
    }
    return {"vrfs": {vrf: {"peerList": entries} for vrf, entries in kept.items() if entries}}


def peers_text(view: View, args: Args) -> str:
    found = (
        session
        for vrf in common.asked_vrfs(view, args)
        for session in common.sessions(view, vrf)
        if ":" in session.peer_address and args.get("peer") in (None, session.peer_address)
    )
    return "\n".join(neighbors.block(view, session) for session in found)


_NOTE = "routes are computed; programming flags are constants"
COMMANDS = (
    show(
        "show ipv6 route [vrf <vrf>] [<prefix>]",
        Level.COMPUTED,
        json=route,
        text=route_text,
        note=_NOTE,
    ),
    show(
        "show ipv6 bgp summary [vrf <vrf>]",
        Level.COMPUTED,
        json=bgp_summary,
        text=bgp_summary_text,
        note="states and prefix counts are computed; message counts follow from the age",
    ),
    show(
        "show ipv6 bgp peers [<peer>] [vrf <vrf>]",
        Level.COMPUTED,
        json=peers,
        text=peers_text,
        note="as show bgp neighbors",
    ),
    *(
        show(words, Level.COMPUTED, json=bgp, text=bgp_text, revision=3)
        for words in ("show ipv6 bgp [vrf <vrf>]", "show bgp ipv6 unicast [vrf <vrf>]")
    ),
)
