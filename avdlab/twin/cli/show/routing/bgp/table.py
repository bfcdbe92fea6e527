"""`show ip bgp [vrf X|all] [PREFIX]`: the IPv4 tables."""

from collections.abc import Mapping

from avdlab.net.addresses import Prefix, format_ipv4, parse_ipv4, parse_prefix
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show
from avdlab.twin.cli.show.routing.bgp import common, paths
from avdlab.twin.tables.bgp import BgpPath

_LEGEND = """\
Route status codes: s - suppressed contributor, * - valid, > - active, E - ECMP head, e - ECMP
                    S - Stale, c - Contributing to ECMP, b - backup, L - labeled-unicast
                    % - Pending best path selection
Origin codes: i - IGP, e - EGP, ? - incomplete
RPKI Origin Validation codes: V - valid, I - invalid, U - unknown
AS Path Attributes: Or-ID - Originator ID, C-LST - Cluster List, LL Nexthop - Link Local Nexthop

          Network                Next Hop              Metric  AIGP       LocPref Weight  Path
"""


def table(view: View, args: Args) -> Json:
    return {"vrfs": {vrf: _vrf(view, vrf, args) for vrf in common.asked_vrfs(view, args)}}


def _vrf(view: View, vrf: str, args: Args) -> Json:
    return vrf_json(view, vrf, _asked(view, vrf, args))


def vrf_json(view: View, vrf: str, table: Mapping[Prefix, tuple[BgpPath, ...]]) -> Json:
    """Return the answer for one VRF with the paths of these prefixes."""
    return {
        "vrf": vrf,
        "routerId": common.router_id(view, vrf),
        "asn": str(common.running(view).asn),
        "bgpRouteEntries": {
            str(prefix): _entry(view, vrf, prefix, found) for prefix, found in table.items()
        },
    }


def _entry(view: View, vrf: str, prefix: Prefix, found: tuple[BgpPath, ...]) -> Json:
    facts: Json = {
        "address": format_ipv4(prefix.network),
        "maskLength": prefix.length,
        "totalPaths": len(found),
        "bgpRoutePaths": [
            paths.ipv4(view, vrf, prefix, path) for path in paths.ordered(view, found)
        ],
    }
    return facts | {"bgpAdvertisedPeerGroups": {}} if paths.is_ribd(view) else facts


def _asked(view: View, vrf: str, args: Args) -> dict[Prefix, tuple[BgpPath, ...]]:
    found = _told_by(common.running(view).tables.get(vrf, {}), args.get("peer"))
    target = args.get("prefix")
    if target is None:
        return {prefix: found[prefix] for prefix in sorted(found)}
    try:
        prefix = parse_prefix(target) if "/" in target else None
        address = parse_ipv4(target) if prefix is None else 0
    except ValueError as error:
        raise ShowError(f"Invalid input: {error}") from None
    if prefix is not None:
        return {prefix: found[prefix]} if prefix in found else {}
    covering = [known for known in found if known.contains(address)]
    longest = max(covering, key=lambda known: known.length, default=None)
    return {longest: found[longest]} if longest is not None else {}


def _told_by(
    table: Mapping[Prefix, tuple[BgpPath, ...]], peer: str | None
) -> Mapping[Prefix, tuple[BgpPath, ...]]:
    """Return the paths that came from one neighbor, or all."""
    if peer is None:
        return table
    kept = {
        prefix: tuple(path for path in found if path.peer_address == peer)
        for prefix, found in table.items()
    }
    return {prefix: found for prefix, found in kept.items() if found}


def table_text(view: View, args: Args) -> str:
    return "\n".join(_vrf_text(view, vrf, args) for vrf in common.asked_vrfs(view, args))


def _vrf_text(view: View, vrf: str, args: Args) -> str:
    return paths.title(view, vrf) + rows_text(view, _asked(view, vrf, args))


def rows_text(view: View, table: Mapping[Prefix, tuple[BgpPath, ...]]) -> str:
    """Return the legend and a row for each path."""
    rows = [
        _row(view, str(prefix), path)
        for prefix, found in table.items()
        for path in paths.ordered(view, found)
    ]
    return _LEGEND + "".join(rows)


def _row(view: View, name: str, path: BgpPath) -> str:
    cells = paths.cells(path, ribd=paths.is_ribd(view))
    status = paths.status(path)
    return (
        f" {status:<7}  {name:<22} {cells.next_hop:<21} {cells.metric:<7} {'-':<10} "
        f"{cells.preference:<7} {cells.weight:<7} {cells.path}"
    ).rstrip() + "\n"


def detail_text(view: View, args: Args) -> str:
    """`show ip bgp PREFIX` and `show ip bgp detail`: each path with its attributes."""
    return "\n".join(_vrf_detail(view, vrf, args) for vrf in common.asked_vrfs(view, args))


def _vrf_detail(view: View, vrf: str, args: Args) -> str:
    lines: list[str] = []
    for prefix, found in _asked(view, vrf, args).items():
        lines.append(f"BGP routing table entry for {prefix}")
        lines.append(f" Paths: {len(found)} available")
        for path in paths.ordered(view, found):
            lines += paths.ipv4_lines(view, vrf, path)
    return paths.title(view, vrf) + "".join(f"{line}\n" for line in lines)


_NOTE = "paths, selection and attributes are computed"
_REVISIONS = {
    "show ip bgp detail [vrf <vrf>]": 3,
    "show ip bgp [vrf <vrf>]": 3,
    "show ip bgp <prefix> [vrf <vrf>]": 3,
    "show bgp ipv4 unicast [vrf <vrf>]": 3,
    "show bgp neighbors <peer> routes [vrf <vrf>]": 2,
    "show ip bgp neighbors <peer> routes [vrf <vrf>]": 2,
}
COMMANDS = tuple(
    show(
        pattern,
        Level.VERIFIED,
        json=table,
        text=detail_text if "<prefix>" in pattern or "detail" in pattern else table_text,
        revision=revision,
        note=_NOTE,
    )
    for pattern, revision in _REVISIONS.items()
)
