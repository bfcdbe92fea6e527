"""`show bgp vpn-ipv4`, `show tunnel fib`, and the tunnels of IS-IS segment routing."""

from collections.abc import Callable

from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show.layout import ruled
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowCommand, View, show
from avdlab.twin.cli.show.routing.bgp import common, paths
from avdlab.twin.config.settings import Afi
from avdlab.twin.tables.bgp import EvpnEntry
from avdlab.twin.tables.rib import Via
from avdlab.twin.tables.tunnels import Tunnel, TunnelKind

_LEGEND = """\
Route status codes: * - valid, > - active, E - ECMP head, e - ECMP
                    c - Contributing to ECMP, % - Pending best path selection
Origin codes: i - IGP, e - EGP, ? - incomplete
AS Path Attributes: Or-ID - Originator ID, C-LST - Cluster List, LL Nexthop - Link Local Nexthop

          Network                Next Hop              Metric  LocPref Weight  Path
"""


def _table(family: Afi, words: str) -> Callable[[View, Args], str]:
    def to_text(view: View, _: Args) -> str:
        found = common.running(view).vpn.get(family, {})
        rows = "".join(_rows(found[key], words) for key in sorted(found, key=_place))
        return paths.title(view, "default") + _LEGEND + rows

    return to_text


def _place(key: object) -> tuple[str, ...]:
    return tuple(str(part) for part in key) if isinstance(key, tuple) else ()


def _rows(entry: EvpnEntry, words: str) -> str:
    text = ""
    for path in entry.paths:
        cells = paths.cells(path)
        text += f" {paths.status(path):<8} RD: {entry.key.rd} {words} prefix {entry.key.prefix}\n"
        text += (
            f"{'':<33}{cells.next_hop:<21} {'-':<7} {cells.preference:<7} {cells.weight:<7} "
            f"{cells.path}"
        ).rstrip() + "\n"
    return text


# ------------------------------------------------------------------------------------ tunnels
def _of_kind(view: View, *kinds: TunnelKind) -> list[Tunnel]:
    found = (tunnel for tunnel in view.device.tunnels.values() if tunnel.kind in kinds)
    return sorted(found, key=lambda tunnel: (tunnel.kind, tunnel.index, tunnel.endpoint))


def sr_tunnels(view: View, _: Args) -> Json:
    """`show isis segment-routing tunnel`: one entry an endpoint, with the labels pushed."""
    return {
        "entries": {
            str(number): {
                "endpoint": f"{format_ipv4(tunnel.endpoint)}/32",
                "vias": [_via(via) for via in tunnel.vias],
            }
            for number, tunnel in enumerate(_of_kind(view, TunnelKind.ISIS_SR), start=1)
        }
    }


def _via(via: Via) -> Json:
    facts: Json = {"type": "ip", "interface": via.interface, "labels": [str(n) for n in via.labels]}
    if via.next_hop is not None:
        facts["nexthop"] = format_ipv4(via.next_hop)
    return facts


def sr_tunnels_text(view: View, _: Args) -> str:
    widths = (8, 19, 15, 15, 20)
    heads = ("Index", "Endpoint", "Nexthop", "Interface", "Labels")
    found = enumerate(_of_kind(view, TunnelKind.ISIS_SR), start=1)
    rows = [row for number, tunnel in found for row in _tunnel_rows(str(number), tunnel)]
    return ruled(widths, heads, rows)


def _tunnel_rows(number: str, tunnel: Tunnel) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    first = (number, f"{format_ipv4(tunnel.endpoint)}/32")
    for via in tunnel.vias:
        hop = format_ipv4(via.next_hop) if via.next_hop is not None else ""
        labels = " ".join(str(label) for label in via.labels) or _IMPLICIT_NULL
        rows.append((*first, hop, via.interface, f"[ {labels} ]"))
        first = ("", "")
    return rows


_IMPLICIT_NULL = "3"  # RFC 3032 2.1


def fib_text(view: View, _: Args) -> str:
    """`show tunnel fib`: every tunnel with its ways."""
    blocks = []
    for tunnel in _of_kind(view, *TunnelKind):
        head = f"Type '{tunnel.kind.value}', index {tunnel.index}, endpoint "
        lines = [f"{head}{format_ipv4(tunnel.endpoint)}/32, forwarding Primary"]
        for via in tunnel.vias:
            hop = format_ipv4(via.next_hop) if via.next_hop is not None else "-"
            labels = f", label {' '.join(map(str, via.labels))}" if via.labels else ""
            lines.append(f"   via {hop}, '{via.interface}'{labels}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _vpn(word: str, family: Afi, spelled: str) -> ShowCommand:
    return show(
        f"show bgp {word}",
        Level.COMPUTED,
        text=_table(family, spelled),
        note="entries, paths and attributes are computed",
    )


_NOTE = "tunnels and labels are computed"
COMMANDS = (
    _vpn("vpn-ipv4", Afi.VPN_IPV4, "IPv4"),
    _vpn("vpn-ipv6", Afi.VPN_IPV6, "IPv6"),
    show(
        "show isis segment-routing tunnel",
        Level.COMPUTED,
        json=sr_tunnels,
        text=sr_tunnels_text,
        note=_NOTE,
    ),
    show("show tunnel fib", Level.COMPUTED, text=fib_text, note=_NOTE),
)
