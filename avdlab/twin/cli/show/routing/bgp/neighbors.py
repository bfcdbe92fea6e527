"""`show [ip] bgp neighbors [X] [vrf all]`, with the keys that EOS 4.36 prints."""

from collections.abc import Iterable

from avdlab.net.addresses import format_address, format_ipv4
from avdlab.twin.cli.show.layout import up_or_down_time
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.cli.show.routing.bgp import common, constants
from avdlab.twin.config.settings import Afi, NeighborSettings
from avdlab.twin.tables.bgp import AddPaths, BgpSession, SessionState


def neighbors(view: View, args: Args) -> Json:
    """Only VRFs with a neighbor stand in the answer."""
    found = {vrf: _asked(view, args, vrf) for vrf in common.asked_vrfs(view, args)}
    return {
        "vrfs": {
            vrf: {"peerList": [_neighbor(view, session) for session in sessions]}
            for vrf, sessions in found.items()
            if sessions
        }
    }


def _asked(view: View, args: Args, vrf: str) -> list[BgpSession]:
    wanted = args.get("peer")
    sessions = common.sessions(view, vrf)
    return [session for session in sessions if wanted in (None, session.peer_address)]


def _neighbor(view: View, session: BgpSession) -> Json:
    settings = common.neighbor_settings(view, session)
    facts = _identity(view, session, settings) | constants.NEIGHBOR | _timers(view, session)
    facts |= _counters(view, session)
    facts |= _limits(settings)
    facts |= _optional(session, settings)
    if common.established(session):
        facts |= _live(view, session)
    return facts


def _identity(view: View, session: BgpSession, settings: NeighborSettings) -> Json:
    remote = session.peer_router_id if common.established(session) else None
    multihop = settings.ebgp_multihop or 1
    return {
        "peerAddress": session.peer_address,
        "asn": str(session.peer_as),
        "linkType": "external" if session.ebgp else "internal",
        "routerId": format_ipv4(remote) if remote is not None else common.NO_ROUTER_ID,
        "vrf": session.vrf,
        "state": session.state.value,
        "localAsn": str(session.local_as),
        "localRouterId": common.router_id(view, session.vrf),
        "ttl": multihop if session.ebgp else 255,
        "orrPosition": {},
        "neighborCapabilities": _capabilities(session),
    }


def _timers(view: View, session: BgpSession) -> Json:
    configured_keepalive, configured_hold = common.timers(view, session)
    up = common.established(session)
    # EOS 4.3x: nothing is agreed on with a peer that was never up
    keepalive, hold = common.agreed_timers(view, session) if up else (0, 0)
    age = max(int(view.now - common.since(view, session)), 0) if up else 0
    silent = age % keepalive if keepalive else age
    return {
        "holdTime": hold,
        "keepaliveTime": keepalive,
        "configHoldTime": configured_hold,
        "configKeepaliveTime": configured_keepalive,
        "holdTimeLeft": hold - silent if up else 0,
        "keepaliveTimeLeft": keepalive - silent if up else 0,
        "lastRcvd": silent,
        "lastSent": silent,
    }


# EOS 4.3x: a peer that does not answer goes from one to the other and back
_LAST_STATES = {
    SessionState.ESTABLISHED: SessionState.OPEN_CONFIRM,
    SessionState.ACTIVE: SessionState.CONNECT,
    SessionState.CONNECT: SessionState.ACTIVE,
}


_DROPS = {
    "as loop": "inDropAsloop",
    "cluster": "inDropClusterIdLoop",
    "originator": "inDropOrigId",
    "next hop": "inDropNhLocal",
}


def _counters(view: View, session: BgpSession) -> Json:
    """Prefixes and loop drops are computed; messages follow from the session's age."""
    up = common.established(session)
    age = max(int(view.now - common.since(view, session)), 0)
    opens = 1 if up else 0
    updates = 2 if up else 0
    every = common.agreed_timers(view, session)[0]
    keepalives = 1 + (age // every if every else 0) if up else 0
    messages = {"opens": opens, "updates": updates, "keepalives": keepalives}
    messages |= dict.fromkeys(constants.MESSAGES, 0)
    total = sum(messages.values())
    return {
        "outMessageStats": messages,
        "inMessageStats": dict(messages),
        "sentMessages": total,
        "receivedMessages": total,
        "establishedTransitions": opens,
        "lastState": _LAST_STATES.get(session.state, SessionState.IDLE).value,
        "lastEvent": "Established" if up else "Start",
        "prefixesSent": session.prefixes_sent.get(Afi.IPV4, 0),
        "prefixesReceived": session.prefixes_received.get(Afi.IPV4, 0),
        "v4BestPaths": session.best_paths.get(Afi.IPV4, 0),
        "v4BestEcmpPaths": session.leading_paths.get(Afi.IPV4, 0),
        "v6PrefixesSent": session.prefixes_sent.get(Afi.IPV6, 0),
        "v6PrefixesReceived": session.prefixes_received.get(Afi.IPV6, 0),
        "v6BestPaths": session.best_paths.get(Afi.IPV6, 0),
        "v6BestEcmpPaths": session.leading_paths.get(Afi.IPV6, 0),
        "dropStats": dict.fromkeys(constants.DROPS, 0)
        | {name: session.drops.get(reason, 0) for reason, name in _DROPS.items()},
        "peerInUpdateErrors": {
            "inUpdErrWithdraw": 0,
            "inUpdErrIgnore": 0,
            "inUpdErrDisableAfiSafi": 0,
            "disabledAfiSafi": "None",
            "lastUpdErrTime": 0,
        },
    }


def _limits(settings: NeighborSettings) -> Json:
    """EOS: its own limit has a warning at four fifths of it, a configured one only where asked."""
    if settings.maximum_routes is None:
        limit = constants.MAX_ROUTES
        return {"maxTotalRoutes": limit, "totalRoutesWarnLimit": limit * 4 // 5}
    if settings.maximum_routes_warn_only:
        return {"maxTotalRoutes": 0, "totalRoutesWarnLimit": settings.maximum_routes}
    facts: Json = {"maxTotalRoutes": settings.maximum_routes}
    if settings.maximum_routes_warning is not None:
        facts["totalRoutesWarnLimit"] = settings.maximum_routes_warning
    return facts


def _optional(session: BgpSession, settings: NeighborSettings) -> Json:
    """Return the keys that EOS prints only where they are configured."""
    facts: Json = {}
    if session.description:
        facts["description"] = session.description
    if session.peer_group:
        facts["peerGroupName"] = session.peer_group
    if settings.route_map_in is not None:
        facts["routeMapInbound"] = settings.route_map_in
    if settings.route_map_out is not None:
        facts["routeMapOutbound"] = settings.route_map_out
    if settings.password is not None:
        facts["md5AuthEnabled"] = True
    if settings.send_community is not None:
        kinds = ("standard", "extended", "large")
        facts["advertisedCommunities"] = {kind: kind in settings.send_community for kind in kinds}
    if session.bfd:
        facts["bfdState"] = 3 if common.established(session) else 1  # up, down (RFC 5880 4.1)
    if settings.maximum_hops is not None:  # RFC 5082: sent with the highest TTL
        facts |= {"maxTtlHops": settings.maximum_hops, "ttl": 255}
    if settings.as_path_prepend_own_disabled:
        facts["prependOwnDisabled"] = True
    if settings.rib_in_pre_policy_retain == "all":
        facts["bgpSoftReconfigInbound"] = "All"
    if Afi.EVPN in session.configured_families:
        facts["evpnSent"] = session.prefixes_sent.get(Afi.EVPN, 0)
        facts["evpnReceived"] = session.prefixes_received.get(Afi.EVPN, 0)
    if session.local_interface is not None:
        facts["ifName"] = session.local_interface
    return facts


def _live(view: View, session: BgpSession) -> Json:
    """Return what only an established session has."""
    names = [common.FAMILY_NAMES[f] for f in sorted(session.families) if f in common.FAMILY_NAMES]
    local = format_address(session.local_address) if session.local_address is not None else ""
    start = common.since(view, session)
    received = sum(session.prefixes_received.values())
    return {
        "establishedTime": max(int(view.now - start), 0),
        "updateSource": local,
        "localPort": 179,
        "remotePort": 40000,
        "peerTcpInfo": {**constants.TCP, "connectionOptions": dict(constants.TCP_OPTIONS)},
        "endOfRibs": {
            "incoming": {
                name: {
                    "status": "received",
                    "eorReceivedTime": start,
                    "stalePathsDeleted": 0,
                    "pathsReceivedBeforeEor": received,
                }
                for name in names
            }
        },
        "afiSafiInfo": {name: {"localNexthop": local} for name in names},
    }


def _capabilities(session: BgpSession) -> Json:
    """A peer that was never up has been offered nothing (EOS 4.3x lists no capability of it)."""
    up = common.established(session)
    both = dict.fromkeys(("advertised", "received", "enabled"), True)
    ours = {"advertised": True, "received": False, "enabled": False}
    none = dict.fromkeys(both, False)
    families = {
        common.FAMILY_NAMES[family]: dict(
            none if not up else both if family in session.families else ours
        )
        for family in sorted(session.families | session.configured_families)
        if family in common.FAMILY_NAMES
    }
    restart = {"restartTime": 300.0, "bgpRestarted": True, "gracefulNotificationSupported": True}
    facts: Json = {
        "negotiationDisabled": False,
        "unsupportedCapReceived": False,
        "multiprotocolCaps": families,
        **{name: dict.fromkeys(both, up) for name in constants.CAPABILITIES},
        "addPathsCaps": _add_paths_of(session, families),
        "grCaps": {"advertised": restart, "received": dict(restart)} if up else {},
    }
    return facts


def _add_paths_of(session: BgpSession, families: Iterable[str]) -> Json:
    named = {common.FAMILY_NAMES.get(family): more for family, more in session.add_paths.items()}
    return {name: _add_paths(named.get(name, AddPaths())) for name in families}


def _add_paths(more: AddPaths) -> Json:
    """EOS offers to receive additional paths, and sends none unless configured (RFC 7911)."""
    return {
        "receivingAddPaths": {
            "receiveCapabilityAdvertised": more.receive,
            "sendCapabilityReceived": more.peer_sends,
            "enabled": more.receive and more.peer_sends,
        },
        "sendingAddPaths": {
            "sendCapabilityAdvertised": more.send,
            "receiveCapabilityReceived": more.peer_receives,
            "enabled": more.send and more.peer_receives,
        },
    }


def neighbors_text(view: View, args: Args) -> str:
    blocks = [
        block(view, session)
        for vrf in common.asked_vrfs(view, args)
        for session in _asked(view, args, vrf)
    ]
    return "\n".join(blocks)


def block(view: View, session: BgpSession) -> str:
    """Return the text about one neighbor."""
    facts = _neighbor(view, session)
    age = up_or_down_time(view.now - common.since(view, session))
    lines = [
        f"BGP neighbor is {session.peer_address}, remote AS {session.peer_as}, "
        f"{facts['linkType']} link",
        f"  BGP version 4, remote router ID {facts['routerId']}, VRF {session.vrf}",
    ]
    if session.description:
        lines.insert(1, f" Description: {session.description}")
    if session.peer_group:
        lines.append(f"  Inherits configuration from and member of peer-group {session.peer_group}")
    lines += [
        f"  Hold time is {facts['holdTime']}, "
        f"keepalive interval is {facts['keepaliveTime']} seconds",
        f"  BGP state is {session.state.value}, {'up' if common.established(session) else 'down'}"
        f" for {age}",
        "  Prefix Statistics:",
        "                         Sent      Rcvd     Best Paths     Best ECMP Paths",
        f"    IPv4 Unicast:{facts['prefixesSent']:>12}{facts['prefixesReceived']:>10}"
        f"{facts['v4BestPaths']:>15}{facts['v4BestEcmpPaths']:>20}",
    ]
    if "evpnSent" in facts:
        counts = f"{facts['evpnSent']:>14}{facts['evpnReceived']:>10}"
        lines.append(f"    L2VPN EVPN:{counts}")
    for key, way in (("routeMapInbound", "Inbound"), ("routeMapOutbound", "Outbound")):
        if key in facts:
            lines.append(f"  {way} route map is {facts[key]}")
    lines.append(f"Local AS is {facts['localAsn']}, local router ID {facts['localRouterId']}")
    lines.append(f"TTL is {facts['ttl']}")
    return "\n".join(lines) + "\n"


_NOTE = "state, families and prefix counts are computed; constants.TCP, timers and messages are not"
COMMANDS = tuple(
    show(pattern, Level.VERIFIED, json=neighbors, text=neighbors_text, revision=2, note=_NOTE)
    for pattern in (
        "show bgp neighbors [vrf <vrf>]",
        "show ip bgp neighbors [vrf <vrf>]",
        "show bgp neighbors <peer> [vrf <vrf>]",
        "show ip bgp neighbors <peer> [vrf <vrf>]",
    )
)
