"""`show [ip] bgp neighbors X advertised-routes`: what the other end holds from this device.

It is read from the peer's table: the peer's inbound policy has been applied to it.
"""

from avdlab.net.addresses import Prefix
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.cli.show.routing.bgp import common, paths, table
from avdlab.twin.tables.bgp import BgpPath, BgpSession

Told = dict[Prefix, tuple[BgpPath, ...]]


def advertised(view: View, args: Args) -> Json:
    return {"vrfs": {vrf: _vrf(view, vrf, args) for vrf in common.asked_vrfs(view, args)}}


def _vrf(view: View, vrf: str, args: Args) -> Json:
    return table.vrf_json(view, vrf, told(view, vrf, args["peer"]))


def told(view: View, vrf: str, peer: str) -> Told:
    """Return the paths that a neighbor holds from this device, by prefix."""
    found: Told = {}
    for session in common.sessions(view, vrf):
        if session.peer_address == peer and common.established(session):
            found |= _held(view, session)
    return {prefix: found[prefix] for prefix in sorted(found)}


def _held(view: View, session: BgpSession) -> Told:
    other = view.other(session.peer_node) if session.peer_node is not None else None
    if other is None or other.bgp is None:
        return {}
    mine = view.device.identity.node
    names = {
        back.peer_address
        for back in other.bgp.sessions
        if back.peer_node == mine and back.vrf == session.peer_vrf and common.is_back(session, back)
    }
    kept = {
        prefix: tuple(path for path in entries if path.peer_address in names)
        for prefix, entries in other.bgp.tables.get(session.peer_vrf, {}).items()
    }
    return {prefix: entries for prefix, entries in kept.items() if entries}


def advertised_text(view: View, args: Args) -> str:
    return "\n".join(
        paths.title(view, vrf) + table.rows_text(view, told(view, vrf, args["peer"]))
        for vrf in common.asked_vrfs(view, args)
    )


_NOTE = "computed: what the peer holds from here, after its inbound policy"
COMMANDS = tuple(
    show(
        f"show {words} neighbors <peer> advertised-routes [vrf <vrf>]",
        Level.COMPUTED,
        json=advertised,
        text=advertised_text,
        revision=2,
        note=_NOTE,
    )
    for words in ("bgp", "ip bgp")
)
