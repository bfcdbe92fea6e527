"""`show bfd peers`: the BFD sessions that BGP neighbors ask for."""

from avdlab.net import interfaces
from avdlab.net.addresses import parse_ipv4
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import table
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.tables.bgp import BgpSession


def _sessions(view: View, vrf: str) -> list[BgpSession]:
    bgp = view.device.bgp
    found = bgp.sessions if bgp else ()
    return [
        s
        for s in found
        if s.vrf == vrf
        and s.bfd
        and not s.admin_down
        and "%" not in s.peer_address
        and s.peer_address.count(".") == 3
    ]


def _status(session: BgpSession) -> str:
    return "up" if session.bfd_up else "down"


def _discriminators(view: View, session: BgpSession) -> tuple[int, int]:
    """Each end numbers its sessions; the other end's number is known only when it is up."""
    local = (session.local_address or 1) & 0x7FFFFFFF
    remote = parse_ipv4(session.peer_address) & 0x7FFFFFFF
    return local, remote if session.bfd_up else 0


def peers(view: View, args: Args) -> Json:
    """EOS, revision 1: a multihop session is listed under an empty interface name."""
    vrfs: dict[str, Json] = {}
    for vrf in scope.asked_vrfs(view, {"vrf": "all", **args}):
        listed: dict[str, Json] = {}
        for session in _sessions(view, vrf):
            local, remote = _discriminators(view, session)
            since = scope.changed_at(view, "bgp", vrf, session.peer_address)
            listed[session.peer_address] = {
                "peerStats": {
                    session.local_interface or "": {
                        "status": _status(session),
                        "localDisc": local,
                        "remoteDisc": remote,
                        "lastUp": since if session.bfd_up else 0.0,
                        "lastDown": 0.0 if session.bfd_up else since,
                        "lastDiag": "diagNone",
                        "authType": "None",
                        "authProfileName": "",
                        "l3intf": session.local_interface or "",
                        "sessType": "sessionTypeNormal"
                        if session.local_interface
                        else "sessionTypeMultihop",
                    }
                }
            }
        if listed:
            vrfs[vrf] = {
                "ipv4Neighbors": listed,
                "ipv6Neighbors": {},
                "ipv4ReflectorNeighbors": {},
                "ipv6ReflectorNeighbors": {},
            }
    return {"vrfs": vrfs}


def peers_text(view: View, args: Args) -> str:
    """Return one table per VRF."""
    blocks = []
    for vrf in scope.asked_vrfs(view, {"vrf": "all", **args}):
        rows = []
        for session in _sessions(view, vrf):
            local, remote = _discriminators(view, session)
            name = interfaces.short(session.local_interface) if session.local_interface else "NA"
            kind = "normal" if session.local_interface else "multihop"
            rows.append(
                (
                    session.peer_address,
                    f"{local:#x}",
                    f"{remote:#x}",
                    f"{name}",
                    kind,
                    _status(session).capitalize(),
                )
            )
        if rows:
            head = ("DstAddr", "MyDisc", "YourDisc", "Interface", "Type", "State")
            blocks.append(f"VRF name: {vrf}\n-----------------\n{table(head, rows)}")
    return "\n".join(blocks)


COMMANDS = (
    show(
        "show bfd peers [vrf <vrf>]",
        Level.COMPUTED,
        json=peers,
        text=peers_text,
        note="sessions of BGP neighbors, up where both ends ask; discriminators are constants",
    ),
)
