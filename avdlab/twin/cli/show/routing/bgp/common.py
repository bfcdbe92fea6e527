"""What the BGP commands share: the process, its VRFs, families and configured neighbors."""

from dataclasses import fields, replace

from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.registry import Args, ShowError, View
from avdlab.twin.cli.show.routing.bgp import constants
from avdlab.twin.config.settings import Afi, BgpVrfSettings, NeighborSettings
from avdlab.twin.tables.bgp import Bgp, BgpSession, SessionState

NO_ROUTER_ID = "0.0.0.0"  # noqa: S104 - what EOS prints when there is none

# the names of address families in EOS's JSON
FAMILY_NAMES = {
    Afi.IPV4: "ipv4Unicast",
    Afi.IPV6: "ipv6Unicast",
    Afi.EVPN: "l2VpnEvpn",
    Afi.VPN_IPV4: "ipv4MplsVpn",
    Afi.VPN_IPV6: "ipv6MplsVpn",
    Afi.RT_MEMBERSHIP: "rtMembership",
}


def running(view: View) -> Bgp:
    """Return the BGP state. Raises ShowError with EOS's words where `router bgp` is missing."""
    if view.device.bgp is None:
        raise ShowError("BGP inactive")
    return view.device.bgp


def asked_vrfs(view: View, args: Args) -> list[str]:
    """Return the VRFs asked for that BGP runs in."""
    bgp = running(view)
    found = set(bgp.tables) | set(bgp.router_ids) | {session.vrf for session in bgp.sessions}
    return [vrf for vrf in scope.asked_vrfs(view, args) if vrf in found]


def router_id(view: View, vrf: str) -> str:
    """Return the router id of the VRF, or zeros."""
    found = running(view).router_ids.get(vrf)
    return format_ipv4(found) if found is not None else NO_ROUTER_ID


def sessions(view: View, vrf: str) -> list[BgpSession]:
    """Return the sessions of a VRF by peer address, in the order of the numbers."""
    found = [session for session in running(view).sessions if session.vrf == vrf]
    return sorted(found, key=lambda session: _address_key(session.peer_address))


def _address_key(address: str) -> tuple[int, tuple[int, ...], str]:
    parts = address.split(".")
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        return 0, tuple(int(part) for part in parts), ""
    return 1, (), address


def established(session: BgpSession) -> bool:
    """Tell whether the session is up."""
    return session.state is SessionState.ESTABLISHED


def since(view: View, session: BgpSession) -> float:
    """Return when the session last changed its state."""
    return scope.changed_at(view, "bgp", session.vrf, session.peer_address)


def vrf_settings(view: View, vrf: str) -> BgpVrfSettings:
    """Return the section of the VRF under `router bgp`, empty where there is none."""
    bgp = view.device.settings.bgp
    found = bgp.vrfs.get(vrf) if bgp is not None else None
    return found or BgpVrfSettings(vrf)


def far_end(view: View, session: BgpSession) -> tuple[View, BgpSession] | None:
    """Return the other end of an established session, with a view of its device."""
    other = view.other(session.peer_node) if session.peer_node is not None else None
    if other is None or other.bgp is None or not established(session):
        return None
    mine = view.device.identity.node
    ends = [
        back
        for back in other.bgp.sessions
        if back.peer_node == mine and back.vrf == session.peer_vrf and is_back(session, back)
    ]
    return (replace(view, device=other), ends[0]) if ends else None


def is_back(session: BgpSession, back: BgpSession) -> bool:
    """Tell whether the peer's session is the other end of this one, and not a parallel one."""
    if session.local_address is None or "%" in back.peer_address:
        return session.local_interface is not None
    return back.peer_address == format_ipv4(session.local_address)


def timers(view: View, session: BgpSession) -> tuple[int, int]:
    """Return keepalive and hold time as configured: of the neighbor, else of the process."""
    said = neighbor_settings(view, session).timers or vrf_settings(view, session.vrf).timers
    return said or (constants.KEEPALIVE_TIME, constants.HOLD_TIME)


def agreed_timers(view: View, session: BgpSession) -> tuple[int, int]:
    """Return keepalive and hold time in use: the lower hold time, and no more than a third of it
    between keepalives (RFC 4271 4.2, 4.4)."""
    keepalive, hold = timers(view, session)
    far = far_end(view, session)
    if far is None:
        return keepalive, hold
    hold = min(hold, timers(*far)[1])
    return min(keepalive, hold // 3), hold


def neighbor_settings(view: View, session: BgpSession) -> NeighborSettings:
    """Return the neighbor's settings; what it leaves open comes from its peer group.

    EOS: peer groups stand under `router bgp` itself, and neighbors of any VRF may belong to them.
    """
    configured = vrf_settings(view, session.vrf).neighbors
    own = configured.get(session.peer_address) or NeighborSettings(session.peer_address)
    name = session.peer_group or own.peer_group or ""
    group = configured.get(name) or vrf_settings(view, "default").neighbors.get(name)
    if group is None:
        return own
    inherited = {
        field.name: getattr(group, field.name)
        for field in fields(NeighborSettings)
        if field.name not in ("name", "peer_group", "is_peer_group")
        and getattr(own, field.name) == field.default
    }
    return replace(own, **inherited)
