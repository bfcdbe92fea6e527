"""`show bgp evpn [route-type T [ADDRESS]] [vni N] [rd R] [detail]`."""

from collections.abc import Iterable

from avdlab.net.addresses import IPV4_BITS, IPV6_BITS, format_address, parse_any_prefix
from avdlab.twin.cli.show.layout import eos_mac
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show
from avdlab.twin.cli.show.routing.bgp import common, paths
from avdlab.twin.config.settings import MacVrfSettings
from avdlab.twin.protocols.bgp.evpn_segments import MAX_ETI
from avdlab.twin.tables.bgp import BgpPath, EvpnEntry, EvpnKey, EvpnType

_LEGEND = """\
Route status codes: * - valid, > - active, S - Stale, E - ECMP head, e - ECMP
                    c - Contributing to ECMP, % - Pending best path selection
Origin codes: i - IGP, e - EGP, ? - incomplete
AS Path Attributes: Or-ID - Originator ID, C-LST - Cluster List, LL Nexthop - Link Local Nexthop

          Network                Next Hop              Metric  LocPref Weight  Path
"""
_FAMILIES = {"ipv4": IPV4_BITS, "ipv6": IPV6_BITS}
_TYPE_NUMBERS = {str(number): name for number, name in enumerate(EvpnType, start=1)}


def evpn(view: View, args: Args) -> Json:
    return _table(view, args, detail=args.get("address", "ipv4") not in _FAMILIES)


def evpn_detail(view: View, args: Args) -> Json:
    return _table(view, args, detail=True)


def _table(view: View, args: Args, *, detail: bool) -> Json:
    return {
        "vrf": "default",
        "routerId": common.router_id(view, "default"),
        "asn": common.running(view).asn,
        "evpnRoutes": {
            name(entry.key): _entry(entry, detail=detail) for entry in chosen(view, args)
        },
    }


def chosen(view: View, args: Args) -> list[EvpnEntry]:
    """Return the entries asked for, ordered by type, RD and the rest of the key."""
    if paths.is_ribd(view):
        raise ShowError("Not supported")  # EVPN needs the multi-agent model
    table = common.running(view).evpn
    keys = sorted((key for key in table if _fits(key, args)), key=_order)
    entries = (table[key] for key in keys)  # a table is long, and few of it are asked for
    return [entry for entry in entries if "vni" not in args or args["vni"] in _vnis(entry)]


_ORDER = {kind: number for number, kind in enumerate(EvpnType)}


def _order(key: EvpnKey) -> tuple[object, ...]:
    prefix = key.prefix or (0, 0)
    return (_ORDER[key.type], key.rd, key.eti, key.mac or "", key.address or 0, *prefix)


def _fits(key: EvpnKey, args: Args) -> bool:
    kind = _TYPE_NUMBERS.get(args.get("type", ""), args.get("type"))
    if kind is not None and key.type != kind:
        return False
    if "rd" in args and key.rd != args["rd"]:
        return False
    return "address" not in args or _is_at(key, args["address"])


def _vnis(entry: EvpnEntry) -> set[str]:
    found = {entry.vni, *(path.vni for path in entry.paths)}
    if entry.key.type is EvpnType.IMET and entry.key.eti:
        found.add(entry.key.eti)
    return {str(vni) for vni in found if vni is not None}


def _is_at(key: EvpnKey, text: str) -> bool:
    """Tell whether the entry is that of an address, a MAC address or a prefix."""
    if text in _FAMILIES:
        return key.prefix is not None and key.prefix.bits == _FAMILIES[text]
    if "/" in text:
        return key.prefix is not None and key.prefix == _prefix(text)
    digits = text.replace(":", "").replace(".", "").replace("-", "").lower()
    if key.mac is not None and digits == key.mac.replace(":", "").lower():
        return True
    return key.address is not None and text == format_address(key.address)


def _prefix(text: str) -> object:
    try:
        return parse_any_prefix(text)
    except ValueError:
        return None


def name(key: EvpnKey) -> str:
    """Return the key as EOS prints it: `RD: 10.0.0.1:10 imet 10.1.1.1`."""
    tag = [str(key.eti)] if key.eti else []
    words = ["RD:", key.rd, key.type.value]
    if key.type is EvpnType.IP_PREFIX:
        words.append(str(key.prefix))
    elif key.type is EvpnType.MAC_IP:
        words += [*tag, eos_mac(key.mac or ""), *_address(key)]
    elif key.type is EvpnType.IMET:
        words += [*tag, *_address(key)]
    elif key.type is EvpnType.ETHERNET_SEGMENT:
        words += [key.esi or "", *_address(key)]
    else:
        # EOS: the route of a whole segment shows no tag, that of a VLAN on it shows 0 too
        words += [*([] if key.eti == MAX_ETI else [str(key.eti)]), key.esi or ""]
    return " ".join(words)


def _address(key: EvpnKey) -> list[str]:
    return [format_address(key.address)] if key.address is not None else []


def _entry(entry: EvpnEntry, *, detail: bool) -> Json:
    return {
        "routeKeyDetail": _key_detail(entry.key),
        "totalPaths": len(entry.paths),
        "evpnRoutePaths": [paths.evpn(path, detail=detail) for path in entry.paths],
    }


def _key_detail(key: EvpnKey) -> Json:
    facts: Json = {"rd": key.rd, "nlriType": key.type.value, "domain": key.domain}
    if key.prefix is not None:
        facts["ipGenPrefix"] = str(key.prefix)
    if key.mac is not None:
        facts["mac"] = eos_mac(key.mac)
    if key.address is not None:
        facts["ipGenAddr"] = format_address(key.address)
    if key.esi is not None:
        facts["esi"] = key.esi
    if key.eti:
        facts["eti"] = key.eti
    return facts


# ------------------------------------------------------------------------------------ text
def evpn_text(view: View, args: Args) -> str:
    common.running(view)
    rows = []
    for entry in chosen(view, args):
        for path in entry.paths:
            rows.append(f" {paths.status(path):<8} {name(entry.key)}\n")
            rows.append(_row(path))
    return paths.title(view, "default") + _LEGEND + "".join(rows)


def _row(path: BgpPath) -> str:
    cells = paths.cells(path)
    columns = f"{cells.next_hop:<21} {'-':<7} {cells.preference:<7} {cells.weight:<7} {cells.path}"
    return f"{'':<33}{columns}".rstrip() + "\n"


def evpn_detail_text(view: View, args: Args) -> str:
    """The same entries, each path with its attributes."""
    common.running(view)
    blocks = "".join(_detail_block(entry) for entry in chosen(view, args))
    return paths.title(view, "default") + blocks


def _detail_block(entry: EvpnEntry) -> str:
    words = name(entry.key).removeprefix(f"RD: {entry.key.rd} ")
    head = f"BGP routing table entry for {words}, Route Distinguisher: {entry.key.rd}"
    lines = [head, f" Paths: {len(entry.paths)} available"]
    for path in entry.paths:
        lines += paths.evpn_lines(path)
        if entry.key.type is EvpnType.IMET:
            lines.append(_tunnel(entry, path))
    return "\n".join(lines) + "\n"


def _tunnel(entry: EvpnEntry, path: BgpPath) -> str:
    """RFC 7432 11.2: the provider tunnel of an inclusive multicast route."""
    label = path.vni if path.vni is not None else entry.vni
    here = format_address(entry.key.address) if entry.key.address is not None else ""
    return (
        f"      PMSI Tunnel: Ingress Replication, MPLS Label: {label}, "
        f"Leaf Information Required: false, Tunnel ID: {here}"
    )


# ------------------------------------------------------------------------------------ instances
def instances_text(view: View, _: Args) -> str:
    """`show bgp evpn instance`: the MAC-VRFs as configured, with the VTEP in use."""
    common.running(view)
    bgp = view.device.settings.bgp
    found = bgp.mac_vrfs if bgp is not None else ()
    return "".join(_instance(view, mac_vrf) for mac_vrf in found)


def _instance(view: View, mac_vrf: MacVrfSettings) -> str:
    vxlan = view.device.vxlan
    vtep = format_address(vxlan.source) if vxlan is not None and vxlan.source is not None else "-"
    title = mac_vrf.name if mac_vrf.bundle else f"VLAN {mac_vrf.name}"
    lines = [
        f"EVPN instance: {title}",
        f"  Route distinguisher: {mac_vrf.rd or '0:0'}",
        f"  Route target import: {_targets(mac_vrf.import_rts)}",
        f"  Route target export: {_targets(mac_vrf.export_rts)}",
        f"  Service interface: {'VLAN-aware bundle' if mac_vrf.bundle else 'VLAN-based'}",
        f"  Local VXLAN IP address: {vtep}",
        f"  VXLAN: {'enabled' if vxlan is not None else 'disabled'}",
        "  MPLS: disabled",
    ]
    return "\n".join(lines) + "\n"


def _targets(targets: Iterable[str]) -> str:
    return " ".join(f"Route-Target-AS:{target}" for target in sorted(targets))


_NOTE = "entries, paths and attributes are computed"
_FILTERS = "[route-type <type> [<address>]] [vni <vni>] [rd <rd>]"
COMMANDS = (
    show(
        "show bgp evpn instance",
        Level.MIRRORED,
        text=instances_text,
        note="as configured; multihoming is not listed",
    ),
    show(
        f"show bgp evpn {_FILTERS} detail",
        Level.VERIFIED,
        json=evpn_detail,
        text=evpn_detail_text,
        revision=2,
        note=_NOTE,
    ),
    show(
        f"show bgp evpn {_FILTERS}",
        Level.VERIFIED,
        json=evpn,
        text=evpn_text,
        revision=2,
        note=_NOTE,
    ),
)
