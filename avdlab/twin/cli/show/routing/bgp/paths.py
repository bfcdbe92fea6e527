"""One BGP path as JSON and as a row of text; shared by the IPv4 and EVPN tables."""

from collections.abc import Iterable
from ipaddress import IPv6Address
from typing import NamedTuple

from avdlab.net.addresses import Prefix, format_address, format_ipv4, is_link_local
from avdlab.net.interfaces import short
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import up_or_down_time
from avdlab.twin.cli.show.registry import Json, View
from avdlab.twin.cli.show.routing.bgp import common
from avdlab.twin.cli.show.routing.bgp.common import NO_ROUTER_ID
from avdlab.twin.tables.bgp import BgpPath, Origin, path_text
from avdlab.twin.tables.rib import RouteType

_ORIGIN_LETTERS = {Origin.IGP: "i", Origin.EGP: "e", Origin.INCOMPLETE: "?"}


def ipv4(view: View, vrf: str, prefix: Prefix, path: BgpPath) -> Json:
    """Return an entry of `bgpRoutePaths`: local paths have neither local preference nor MED, but
    where policy or the routing table gave them one."""
    facts = _common(path)
    facts["tag"] = 0
    facts["routeType"] |= {"luRoute": False, "sixPeRoute": False, "ucmp": False}
    facts["peerEntry"] = peer_entry(view, vrf, path)
    if path.own_hop:
        facts["nextHop"] = format_address(path.own_hop)
    if not _originated(path) or path.attributes.med or path.source == "aggregate":
        facts["med"] = path.attributes.med or 0
    return _of_ribd(facts, path, _cost(view, vrf, prefix)) if is_ribd(view) else facts


def is_ribd(view: View) -> bool:
    """Tell whether the older routing model runs, which prints less about a path."""
    return view.device.settings.system.routing_model == "ribd"


def _cost(view: View, vrf: str, prefix: Prefix) -> int:
    """Return what ribd shows as the MED of a local path: the metric of the route, of a connected
    one 1 for a subnet, 0 for a loopback's."""
    rib = view.device.ribs.get(vrf)
    route = rib.get(prefix) if rib is not None else None
    if route is None or route.type is not RouteType.CONNECTED:
        return route.metric if route is not None and route.type is not RouteType.STATIC else 0
    return 0 if any(via.interface.startswith("Loopback") for via in route.vias) else 1


def _of_ribd(facts: Json, path: BgpPath, cost: int) -> Json:
    """Return the path as the ribd model prints it (recorded on EOS 4.18 to 4.23)."""
    kept = {key: facts[key] for key in facts if key not in ("tag", "peerEntry")}
    types = facts["routeType"]
    kept["routeType"] = {key: types[key] for key in types if key not in ("origin", "sixPeRoute")}
    kept["asPathEntry"] = facts["asPathEntry"] | {"asPathType": None}
    kept["reasonNotBestpath"] = None
    if path.source == "aggregate":
        kept["routeType"]["localAgg"] = True
    if _originated(path):
        preference = path.attributes.local_preference
        kept["localPreference"] = 0 if preference == _UNSET_PREFERENCE else preference
        kept["med"] = path.attributes.med or cost
        del kept["nextHop"], kept["weight"]
    return kept


_LEARNED = ("ibgp", "ebgp")
_UNSET_PREFERENCE = 100  # EOS's default; ribd prints 0 for a local path that nothing set


def _originated(path: BgpPath) -> bool:
    """A route that a VRF learned and this router tells to EVPN has no next hop, yet is learned."""
    return path.local and path.source not in _LEARNED


def ordered(view: View, found: Iterable[BgpPath]) -> list[BgpPath]:
    """Order as EOS lists paths: the best and its ECMP companions, then by next hop; ribd ranks."""
    return list(found) if is_ribd(view) else sorted(found, key=_place)


def _place(path: BgpPath) -> tuple[bool, int]:
    selected = path.best or path.ecmp
    return not selected, 0 if selected else path.attributes.next_hop


def peer_entry(view: View, vrf: str, path: BgpPath) -> Json:
    """Return who told the path: this router itself for a local one."""
    router = common.router_id(view, vrf) if path.local else format_ipv4(path.peer_router_id)
    return {"peerAddr": path.peer_address, "peerRouterId": router}


def evpn(path: BgpPath, *, detail: bool) -> Json:
    """Return an entry of `evpnRoutePaths`; `routeDetail` only where details are asked for."""
    facts = _common(path)
    head = path.ecmp_head
    facts["routeType"] |= {
        "localAgg": False,
        "waitForConvergence": False,
        "ecmp": path.ecmp and not head,  # EOS sets one of the two here, both in IPv4 tables
    }
    if detail:
        facts["routeDetail"] = _detail(path)
    return facts


def _common(path: BgpPath) -> Json:
    facts: Json = {
        "nextHop": next_hop(path),
        "weight": path.weight,
        "reasonNotBestpath": "noReason",  # on every recorded path, best or not
        "routeType": {
            "valid": path.valid,
            "active": path.best and not path.inactive,
            "ecmp": path.ecmp,
            "ecmpHead": path.ecmp_head,
            "ecmpContributor": path.ecmp_contributor,
            "origin": path.attributes.origin.value,
            "stale": False,
            "suppressed": path.suppressed,
            "backup": False,
            "queued": False,
            "atomicAggregator": path.attributes.atomic,
        },
        "asPathEntry": {"asPath": as_path(path), "asPathType": _as_path_type(path)},
    }
    if path.inactive:
        facts["routeType"]["notInstalledReason"] = "routeBestInactive"
    if not _originated(path) or path.attributes.local_preference != _UNSET_PREFERENCE:
        facts["localPreference"] = path.attributes.local_preference
    return facts


def next_hop(path: BgpPath) -> str:
    """Return the next hop, empty where it is this router itself."""
    hop = path.attributes.next_hop
    if path.local or not hop:
        return ""
    if is_link_local(hop):  # of an unnumbered peer
        return f"{IPv6Address(hop)}%{short(path.peer_address)}"
    return format_address(hop)


def as_path(path: BgpPath) -> str:
    """Return `65001 65102 i`, an AS set in braces."""
    told = path_text(path.attributes)
    return f"{told} {_ORIGIN_LETTERS[path.attributes.origin]}".lstrip()


def _as_path_type(path: BgpPath) -> str:
    if _originated(path):
        return "Local"
    return "External" if path.ebgp or path.source == "ebgp" else "Internal"


def _detail(path: BgpPath) -> Json:
    attributes = path.attributes
    facts: Json = {
        "origin": attributes.origin.value,
        "peerEntry": {
            "peerAddr": path.peer_address,
            "peerRouterId": format_ipv4(path.peer_router_id),
        },
        "communities": sorted(attributes.communities),
        "extCommunities": sorted(attributes.ext_communities),
    }
    if path.vni is not None:
        facts["vni"] = path.vni
    if attributes.originator_id is not None:
        facts["originatorId"] = format_ipv4(attributes.originator_id)
        facts["clusterList"] = [format_ipv4(cluster) for cluster in attributes.cluster_list]
    return facts


# ------------------------------------------------------------------------------------ text
class Cells(NamedTuple):
    """The columns of a path that IPv4 and EVPN tables share."""

    next_hop: str
    metric: str
    preference: str
    weight: str
    path: str


def cells(path: BgpPath, *, ribd: bool = False) -> Cells:
    """Return the columns of a path; `-` stands for what it does not have."""
    words = as_path(path) + _reflected(path)
    if path.local and ribd:
        own = path.attributes.local_preference
        shown = 0 if own == _UNSET_PREFERENCE else own
        return Cells("-", str(path.attributes.med or 0), str(shown), "-", words)
    if path.local:
        own = path.attributes.local_preference
        preference = "-" if own == _UNSET_PREFERENCE else str(own)
        hop = format_address(path.own_hop) if path.own_hop else "-"
        med = str(path.attributes.med or (0 if path.source == "aggregate" else "-"))
        return Cells(hop, med, preference, str(path.weight), words)
    med = str(path.attributes.med or 0)
    preference = str(path.attributes.local_preference)
    return Cells(next_hop(path) or "-", med, preference, str(path.weight), words)


def _reflected(path: BgpPath) -> str:
    """EOS: ` Or-ID: 10.0.0.3 C-LST: 10.0.0.1` behind the path that a reflector told."""
    told = path.attributes
    if told.originator_id is None:
        return ""
    clusters = " ".join(format_ipv4(cluster) for cluster in told.cluster_list)
    return f" Or-ID: {format_ipv4(told.originator_id)} C-LST: {clusters}"


def status(path: BgpPath) -> str:
    """Return the status codes in front of a path: `* >Ec`."""
    valid = "*" if path.valid else " "
    hidden = "s" if path.suppressed else " "
    active = "#" if path.inactive else ">" if path.best else " "
    ecmp = "E" if path.ecmp_head else "e" if path.ecmp else ""
    return f"{valid}{hidden}{active}{ecmp}{'c' if path.ecmp_contributor else ''}".rstrip()


def title(view: View, vrf: str) -> str:
    """Return the first two lines of a table."""
    asn = common.running(view).asn
    return (
        f"BGP routing table information for VRF {vrf}\n"
        f"Router identifier {common.router_id(view, vrf)}, local AS number {asn}\n"
    )


def evpn_lines(path: BgpPath) -> list[str]:
    """Return a path as `show bgp evpn detail` prints it, below the line of its route."""
    preference = "-" if _originated(path) else str(path.attributes.local_preference)
    lines = _told(path)
    lines.append(
        f"      Origin {path.attributes.origin.value.upper()}, metric -, localpref {preference}, "
        f"weight {path.weight}, {', '.join(_flags(path))}"
    )
    lines += _communities(path)
    return [*lines, f"      VNI: {path.vni}"] if path.vni is not None else lines


def ipv4_lines(view: View, vrf: str, path: BgpPath) -> list[str]:
    """Return a path as `show ip bgp PREFIX` prints it, below the line of its prefix."""
    attributes = path.attributes
    age = up_or_down_time(view.now - scope.changed_at(view, "bgp", vrf, path.peer_address))
    return [
        *_told(path),
        f"      Origin {attributes.origin.value.upper()}, metric {attributes.med or 0}, "
        f"localpref {attributes.local_preference}, IGP metric 0, weight {path.weight}, tag 0",
        f"      Received {age} ago, {', '.join(_flags(path))}",
        *_communities(path),
        "      Rx SAFI: Unicast",
    ]


def _told(path: BgpPath) -> list[str]:
    hop, peer = next_hop(path) or "-", path.peer_address or "-"
    router = format_ipv4(path.peer_router_id) if not path.local else NO_ROUTER_ID
    words = " ".join(as_path(path).split()[:-1])
    return [f"  {words or 'Local'}", f"    {hop} from {peer} ({router})"]


def _communities(path: BgpPath) -> list[str]:
    attributes = path.attributes
    lines = []
    if attributes.originator_id is not None:
        clusters = " ".join(format_ipv4(cluster) for cluster in attributes.cluster_list)
        originator = format_ipv4(attributes.originator_id)
        lines.append(f"      Originator: {originator}, Cluster list: {clusters}")
    if attributes.communities:
        lines.append(f"      Community: {' '.join(sorted(attributes.communities))}")
    if attributes.large_communities:
        lines.append(f"      Large Community: {' '.join(sorted(attributes.large_communities))}")
    if attributes.ext_communities:
        lines.append(f"      Extended Community: {' '.join(sorted(attributes.ext_communities))}")
    return lines


def _flags(path: BgpPath) -> list[str]:
    kind = "local" if _originated(path) else "external" if path.ebgp else "internal"
    flags = (
        ("valid", path.valid),
        (kind, True),
        ("ECMP head", path.ecmp_head),
        ("ECMP", path.ecmp),
        ("best", path.best),
        ("ECMP contributor", path.ecmp_contributor),
    )
    return [name for name, on in flags if on]
