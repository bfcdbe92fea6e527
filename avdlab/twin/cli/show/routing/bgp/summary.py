"""`show [ip] bgp summary [vrf all]` and `show bgp evpn summary`."""

from collections.abc import Sequence

from avdlab.twin.cli.show.layout import columns, up_or_down_time
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.cli.show.routing.bgp import common
from avdlab.twin.config.settings import Afi
from avdlab.twin.tables.bgp import BgpSession, SessionState

_STATE_WORDS = {SessionState.ESTABLISHED: "Estab"}


# ------------------------------------------------------------------- show bgp summary
def summary(view: View, args: Args) -> Json:
    """All families of every peer, as `show bgp summary` of EOS 4.2x and later."""
    return {
        "vrfs": {
            vrf: {
                **_header(view, vrf),
                "peers": {
                    session.peer_address: _peer(view, session) | _families(session)
                    for session in common.sessions(view, vrf)
                },
            }
            for vrf in common.asked_vrfs(view, args)
        }
    }


def _header(view: View, vrf: str) -> Json:
    local_as = common.vrf_settings(view, vrf).local_as or common.running(view).asn
    return {"vrf": vrf, "routerId": common.router_id(view, vrf), "asn": str(local_as)}


def _peer(view: View, session: BgpSession) -> Json:
    facts: Json = {
        "version": 4,
        "peerState": session.state.value,
        "asn": str(session.peer_as),
        "peerAsn": str(session.peer_as),
        "upDownTime": common.since(view, session),
        "msgSent": _messages(view, session),
        "msgReceived": _messages(view, session),
        "inMsgQueue": 0,
        "outMsgQueue": 0,
        "underMaintenance": False,
    }
    if session.admin_down:
        facts["peerStateIdleReason"] = "Admin"
    if session.description:
        facts["description"] = session.description
    return facts


def _messages(view: View, session: BgpSession) -> int:
    """An OPEN, two UPDATEs and a KEEPALIVE, and one more whenever it is time."""
    if not common.established(session):
        return 0
    age = max(int(view.now - common.since(view, session)), 0)
    every = common.agreed_timers(view, session)[0]
    return 4 + (age // every if every else 0)


def _families(session: BgpSession) -> Json:
    return {
        common.FAMILY_NAMES[family]: {
            "afiSafiState": _family_state(session, family),
            "nlrisReceived": session.prefixes_received.get(family, 0),
            "nlrisAccepted": session.prefixes_accepted.get(family, 0),
        }
        for family in sorted(session.configured_families | session.families)
        if family in common.FAMILY_NAMES
    }


def _family_state(session: BgpSession, family: Afi) -> str:
    if family in session.families:
        return "negotiated"
    return "advertised" if common.established(session) else "configured"


def summary_text(view: View, args: Args) -> str:
    heads = (
        "Neighbor",
        "AS",
        "Session State",
        "AFI/SAFI",
        "AFI/SAFI State",
        "NLRI Rcd",
        "NLRI Acc",
    )
    text = ""
    for vrf in common.asked_vrfs(view, args):
        rows: list[tuple[str, ...]] = [heads]
        for session in common.sessions(view, vrf):
            rows += _summary_rows(session)
        widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
        rows.insert(1, tuple("-" * width for width in widths))
        text += _title(view, vrf) + "".join(f"{columns(widths, row)}\n" for row in rows) + "\n"
    return text


def _title(view: View, vrf: str) -> str:
    header = _header(view, vrf)
    return (
        f"BGP summary information for VRF {vrf}\n"
        f"Router identifier {header['routerId']}, local AS number {header['asn']}\n"
    )


_FAMILY_WORDS = {
    "ipv4Unicast": "IPv4 Unicast",
    "ipv6Unicast": "IPv6 Unicast",
    "l2VpnEvpn": "L2VPN EVPN",
    "ipv4MplsVpn": "IPv4 MplsVpn",
    "ipv6MplsVpn": "IPv6 MplsVpn",
    "rtMembership": "RT Membership",
}


def _summary_rows(session: BgpSession) -> list[tuple[str, ...]]:
    head = (session.peer_address, str(session.peer_as), session.state.value)
    return [
        (
            *head,
            _FAMILY_WORDS[name],
            family["afiSafiState"].capitalize(),
            str(family["nlrisReceived"]),
            str(family["nlrisAccepted"]),
        )
        for name, family in _families(session).items()
    ]


# ------------------------------------------------------------------- of one family
def ipv4_summary(view: View, args: Args) -> Json:
    return {"vrfs": family_vrfs(view, common.asked_vrfs(view, args), Afi.IPV4)}


def evpn_summary(view: View, _: Args) -> Json:
    common.running(view)
    return {"vrfs": family_vrfs(view, ["default"], Afi.EVPN)}


def family_vrfs(view: View, vrfs: Sequence[str], family: Afi) -> Json:
    """Return the neighbors of one address family, per VRF."""
    return {
        vrf: {
            **_header(view, vrf),
            "peers": {
                session.peer_address: _peer(view, session)
                | {
                    "prefixReceived": session.prefixes_received.get(family, 0),
                    "prefixAccepted": session.prefixes_accepted.get(family, 0),
                }
                for session in _of_family(view, vrf, family)
            },
        }
        for vrf in vrfs
    }


def _of_family(view: View, vrf: str, family: Afi) -> list[BgpSession]:
    sessions = common.sessions(view, vrf)
    return [s for s in sessions if family in s.configured_families | s.families]


def ipv4_summary_text(view: View, args: Args) -> str:
    return family_text(view, common.asked_vrfs(view, args), Afi.IPV4)


def evpn_summary_text(view: View, _: Args) -> str:
    common.running(view)
    return family_text(view, ["default"], Afi.EVPN)


def family_text(view: View, vrfs: Sequence[str], family: Afi) -> str:
    """EOS puts the descriptions first where there is one."""
    text = ""
    for vrf in vrfs:
        sessions = _of_family(view, vrf, family)
        rows = [_HEADS, *(_family_row(view, session, family) for session in sessions)]
        width = max(len(row[0]) for row in rows)
        lines = [_laid_out(width, row) for row in rows]
        if any(session.description for session in sessions):
            words = ["Description", *(session.description for session in sessions)]
            lines = [f"{word[:24]:<24} {line}" for word, line in zip(words, lines, strict=True)]
        text += _title(view, vrf) + "Neighbor Status Codes: m - Under maintenance\n"
        text += "".join(f"  {line}".rstrip() + "\n" for line in lines)
    return text


_HEADS = (
    *("Neighbor", "V", "AS", "MsgRcvd", "MsgSent", "InQ", "OutQ"),
    *("Up/Down", "State", "PfxRcd", "PfxAcc"),
)


def _laid_out(width: int, row: Sequence[str]) -> str:
    address, version, asn, received, sent, inq, outq, age, state, prefixes, accepted = row
    return (
        f"{address:<{width}} {version} {asn:<12}{received:>8}{sent:>10}{inq:>5}{outq:>5}"
        f"{age:>9} {state:<7} {prefixes:<6} {accepted}"
    )


def _family_row(view: View, session: BgpSession, family: Afi) -> tuple[str, ...]:
    age = up_or_down_time(view.now - common.since(view, session))
    state = _STATE_WORDS.get(session.state, session.state.value)
    if session.admin_down:
        state = "Idle(Admin)"
    messages = str(_messages(view, session))
    head = (session.peer_address, "4", str(session.peer_as), messages, messages, "0", "0")
    if not common.established(session):
        return (*head, age, state, "", "")
    received = session.prefixes_received.get(family, 0)
    accepted = session.prefixes_accepted.get(family, 0)
    return (*head, age, state, str(received), str(accepted))


_NOTE = "states and prefix counts are computed; message counts follow from the session's age"
COMMANDS = (
    show(
        "show bgp summary [vrf <vrf>]",
        Level.COMPUTED,
        json=summary,
        text=summary_text,
        note=_NOTE,
    ),
    show(
        "show ip bgp summary [vrf <vrf>]",
        Level.COMPUTED,
        json=ipv4_summary,
        text=ipv4_summary_text,
        note=_NOTE,
    ),
    show(
        "show bgp evpn summary",
        Level.COMPUTED,
        json=evpn_summary,
        text=evpn_summary_text,
        note=_NOTE,
    ),
)
