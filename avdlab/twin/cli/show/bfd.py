"""`show bfd peers ...`: the sessions that BGP, OSPF and IS-IS ask for on both ends.

A session is up where the peer protocol is up and the other end asks for BFD too; times are those of
the protocol's session, discriminators follow from the two addresses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zlib import crc32

from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.cli.show.routing.bgp import common
from avdlab.twin.config.read.management.switch import SwitchFeatures, read_switch
from avdlab.twin.tables.bgp import BgpSession

_SLOW = 2_000_000  # microseconds: RFC 5880 6.8.3, before the session is up


@dataclass(frozen=True, slots=True)
class BfdPeer:
    """One session; `interface` is "" for a multihop one. Intervals in milliseconds."""

    vrf: str
    address: str
    interface: str
    local: str
    app: str
    up: bool
    since: float
    interval: tuple[int, int, int]
    ipv6: bool = False

    @property
    def multihop(self) -> bool:
        return not self.interface


def sessions(view: View) -> list[BfdPeer]:
    """Return the sessions of all protocols, by VRF and address."""
    switch = read_switch(view.config)
    if switch.bfd_shutdown:
        return []
    found = [*_of_bgp(view, switch), *_of_ospf(view, switch), *_of_isis(view, switch)]
    return sorted(found, key=lambda peer: (peer.vrf != "default", peer.vrf, peer.address))


def clients(view: View, app: str) -> dict[tuple[str, str], str]:
    """Return VRF and address of each neighbor that a protocol asks BFD for -> up or down."""
    asked = (peer for peer in sessions(view) if app in peer.app)
    return {(peer.vrf, peer.address): "up" if peer.up else "down" for peer in asked}


def _of_bgp(view: View, switch: SwitchFeatures) -> Iterator[BfdPeer]:
    for session in view.device.bgp.sessions if view.device.bgp else ():
        if not session.bfd or session.admin_down:
            continue
        settings = common.neighbor_settings(view, session)
        single = session.local_interface is not None
        interval = settings.bfd_interval or (switch.bfd_interval if single else switch.bfd_multihop)
        yield BfdPeer(
            session.vrf,
            session.peer_address.partition("%")[0],
            session.local_interface or "",
            format_ipv4(session.local_address) if session.local_address is not None else "",
            "bgp",
            common.established(session) and _answered(view, session),
            common.since(view, session),
            interval,
            ":" in session.peer_address,
        )


def _answered(view: View, session: BgpSession) -> bool:
    """Tell whether the other end asks for BFD on this session."""
    other = view.other(session.peer_node) if session.peer_node is not None else None
    if other is None or other.bgp is None:
        return True  # not a device of the fabric: nothing says otherwise
    mine = view.device.identity.node
    return any(
        found.bfd
        for found in other.bgp.sessions
        if found.peer_node == mine and found.vrf == session.peer_vrf
    )


def _of_ospf(view: View, switch: SwitchFeatures) -> Iterator[BfdPeer]:
    for instance in view.device.ospf:
        everywhere = instance.instance in switch.ospf_bfd
        for neighbor in instance.neighbors:
            if not (everywhere or neighbor.interface in switch.ospf_bfd_ports):
                continue
            yield _adjacent(
                view,
                switch,
                (instance.vrf, format_ipv4(neighbor.address), neighbor.interface, "ospf"),
                up=neighbor.state == "full",
            )


def _of_isis(view: View, switch: SwitchFeatures) -> Iterator[BfdPeer]:
    for instance in view.device.isis:
        for adjacency in instance.adjacencies:
            if adjacency.address is None:
                continue
            if not (switch.isis_bfd or adjacency.interface in switch.isis_bfd_ports):
                continue
            yield _adjacent(
                view,
                switch,
                (instance.vrf, format_ipv4(adjacency.address), adjacency.interface, "isis"),
                up=adjacency.state == "up",
            )


def _adjacent(
    view: View, switch: SwitchFeatures, facts: tuple[str, str, str, str], *, up: bool
) -> BfdPeer:
    vrf, address, interface, app = facts
    mine = scope.settings_of(view, interface).address
    local = format_ipv4(mine.address) if mine is not None else ""
    since = scope.changed_at(view, "port", interface)
    return BfdPeer(vrf, address, interface, local, app, up, since, switch.bfd_interval)


def discriminator(vrf: str, here: str, there: str) -> int:
    """Return the number by which one end knows the session; never zero."""
    return crc32(f"{vrf} {here} {there}".encode()) or 1


# ------------------------------------------------------------------------------------ JSON
def peers(view: View, args: Args) -> Json:
    return _by_vrf(view, args, detail=False)


def peers_detail(view: View, args: Args) -> Json:
    return _by_vrf(view, args, detail=True)


def _by_vrf(view: View, args: Args, *, detail: bool) -> Json:
    vrfs: Json = {}
    for peer in _asked(view, args):
        tables = vrfs.setdefault(peer.vrf, _no_neighbors())
        table = tables["ipv6Neighbors" if peer.ipv6 else "ipv4Neighbors"]
        stats = table.setdefault(peer.address, {"peerStats": {}})["peerStats"]
        entry = _stats(peer)
        stats[peer.interface] = entry | {"peerStatsDetail": _detail(peer)} if detail else entry
    return {"vrfs": vrfs or {"default": _no_neighbors()}}


def _no_neighbors() -> Json:
    return {"ipv4Neighbors": {}, "ipv6Neighbors": {}, "ipv4ReflectorNeighbors": {}}


def _asked(view: View, args: Args) -> list[BfdPeer]:
    wanted = args.get("vrf", "all")
    found = [peer for peer in sessions(view) if wanted in {"all", peer.vrf}]
    address = args.get("peer")
    return [peer for peer in found if address in (None, peer.address)]


def _stats(peer: BfdPeer) -> Json:
    return {
        "peerIp": peer.address,
        "status": "up" if peer.up else "down",
        "sessType": "sessionTypeMultihop" if peer.multihop else "sessionTypeNormal",
        "localDisc": discriminator(peer.vrf, peer.local, peer.address),
        "remoteDisc": discriminator(peer.vrf, peer.address, peer.local) if peer.up else 0,
        "lastUp": peer.since if peer.up else 0.0,
        "lastDown": 0.0 if peer.up else peer.since,
        "lastDiag": "diagNone",
        "l3intf": peer.interface,
        "kernelIfIndex": 0,
        "lastVrfName": peer.vrf,
        "authType": "None",
        "authProfileName": "",
        "tunnelId": 0,
    }


def _detail(peer: BfdPeer) -> Json:
    """Before a session is up, both ends send slowly."""
    interval, receive, times = peer.interval
    oper = interval * 1000 if peer.up else _SLOW
    return {
        "role": "active",
        "apps": [peer.app],
        "srcIp": peer.local,
        "operTxInterval": oper,
        "operRxInterval": receive * 1000 if peer.up else _SLOW,
        "remoteMinRxInterval": receive * 1000 if peer.up else 0,
        "detectMult": times,
        "remoteDetectMult": times if peer.up else 0,
        "detectTime": receive * 1000 * times if peer.up else 0,
        "echoOn": False,
        "echoActive": False,
        "slowTimer": _SLOW,
    }


# ------------------------------------------------------------------------------------ text
def peers_text(view: View, args: Args) -> str:
    found = _asked(view, args)
    vrfs = dict.fromkeys(peer.vrf for peer in found)
    return "\n".join(_vrf_text(vrf, [p for p in found if p.vrf == vrf]) for vrf in vrfs)


def _vrf_text(vrf: str, found: list[BfdPeer]) -> str:
    width = max(len("DstAddr"), *(len(peer.address) for peer in found))
    widths = (width, 11, 11, 20, 9, 16)
    heads = ("DstAddr", "MyDisc", "YourDisc", "Interface/Transport", "Type", "LastUp")
    title = f"VRF name: {vrf}"
    lines = [title, "-" * len(title), columns(widths, heads)]
    lines.append(columns(widths, ["-" * size for size in widths]))
    lines += [columns(widths, _row(peer)) for peer in found]
    lines += ["", columns((18, 19, 5), ("    LastDown", "     LastDiag", "State"))]
    lines.append(columns((18, 19, 5), ("-" * 18, "-" * 19, "-" * 5)))
    for peer in found:
        cells = ("NA" if peer.up else _moment(peer.since), "No Diagnostic")
        lines.append(columns((18, 19, 5), (*cells, "Up" if peer.up else "Down")))
    return "\n".join(lines) + "\n"


def _row(peer: BfdPeer) -> tuple[str, ...]:
    facts = _stats(peer)
    kind = "multihop" if peer.multihop else "normal"
    numbers = (str(facts["localDisc"]), str(facts["remoteDisc"]))
    up = _moment(peer.since) if peer.up else "NA"
    return (peer.address, *numbers, peer.interface or "NA", kind, up)


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%m/%d/%y %H:%M}"


def detail_text(view: View, args: Args) -> str:
    """`show bfd peers detail`: one block a session."""
    return "\n".join(_detail_block(peer) for peer in _asked(view, args))


def _detail_block(peer: BfdPeer) -> str:
    facts, detail = _stats(peer), _detail(peer)
    where, kind = peer.interface or "NA", "multihop" if peer.multihop else "normal"
    return (
        f"Peer Addr {peer.address}, Intf {where}, Type {kind}, "
        f"Role active, State {'Up' if peer.up else 'Down'}\n"
        f"VRF {peer.vrf}, LAddr {peer.local}, LD/RD {facts['localDisc']}/{facts['remoteDisc']}\n"
        f"Session state is {'Up' if peer.up else 'Down'} and not using echo function\n"
        f"Last Up {_moment(peer.since) if peer.up else 'NA'}\n"
        f"Last Down {'NA' if peer.up else _moment(peer.since)}\nLast Diag: No Diagnostic\n"
        f"Operational: TxInt {detail['operTxInterval'] // 1000} ms, "
        f"RxInt {detail['operRxInterval'] // 1000} ms, multiplier {detail['detectMult']}\n"
        f"Detect Time: {detail['detectTime'] // 1000} ms\n"
        f"Registered protocols: {peer.app}\n"
    )


_NOTE = "sessions of BGP, OSPF and IS-IS, both ends; timers are configured, authentication is not"
COMMANDS = (
    *(
        show(words, Level.COMPUTED, json=peers_detail, text=detail_text, note=_NOTE)
        for words in ("show bfd peers detail [vrf <vrf>]", "show bfd peers vrf <vrf> detail")
    ),
    show(
        "show bfd peers [dest-ip <peer>] [vrf <vrf>]",
        Level.COMPUTED,
        json=peers,
        text=peers_text,
        note=_NOTE,
    ),
)
