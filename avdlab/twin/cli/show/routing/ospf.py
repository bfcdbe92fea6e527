"""`show ip ospf ...`: processes and neighbors."""

from collections import Counter
from collections.abc import Mapping
from zlib import crc32

from avdlab.net.addresses import format_ipv4
from avdlab.net.interfaces import short
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.bfd import clients
from avdlab.twin.cli.show.layout import columns, table
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.settings import OspfInterface
from avdlab.twin.tables.igp import Lsa, OspfInstance, OspfNeighbor

_OPTIONS = (
    "demandCircuitsSupport",
    "doNotUseInRouteCalc",
    "linkLocalSignaling",
    "multicastCapability",
    "multitopologyCapability",
    "nssaCapability",
    "opaqueLsaSupport",
)


def _instances(view: View, args: Args) -> list[OspfInstance]:
    wanted = args.get("vrf", "all")
    return [item for item in view.device.ospf if wanted in {"all", item.vrf}]


def neighbors(view: View, args: Args) -> Json:
    """Return the neighbors of every process, per VRF."""
    vrfs: Json = {}
    for item in _instances(view, args):
        bfd = clients(view, "ospf")
        entries = [
            _neighbor(view, neighbor, bfd, item.vrf) | _options(item.kinds.get(neighbor.area, ""))
            for neighbor in item.neighbors
        ]
        found = vrfs.setdefault(item.vrf, {"instList": {}})["instList"]
        found[str(item.instance)] = {"ospfNeighborEntries": entries}
    return {"vrfs": vrfs}


def _neighbor(
    view: View, neighbor: OspfNeighbor, bfd: Mapping[tuple[str, str], str], vrf: str
) -> Json:
    asked = bfd.get((vrf, format_ipv4(neighbor.address)))
    return {
        "routerId": format_ipv4(neighbor.router_id),
        "priority": neighbor.priority,
        "drState": neighbor.dr_state,
        "adjacencyState": neighbor.state,
        "inactivity": view.now + 30.0,
        "interfaceAddress": format_ipv4(neighbor.address),
        "interfaceName": neighbor.interface,
        "details": {
            "areaId": format_ipv4(neighbor.area),
            "designatedRouter": format_ipv4(neighbor.designated),
            "backupDesignatedRouter": format_ipv4(neighbor.backup),
            "stateTime": view.booted,
            "numberOfStateChanges": 6,
            "retransmissionCount": 0,
            "inactivityDefers": 0,
            "bfdState": asked or "adminDown",
            "bfdRequestSent": asked is not None,
            "grHelperTimer": None,
            "grLastRestartTime": None,
            "grNumAttempts": 0,
        },
    }


def _options(kind: str) -> Json:
    """RFC 2328 A.2, RFC 3101: hellos in a stub have no E bit, in an NSSA the N bit instead."""
    found = {"externalRoutingCapability": not kind} | dict.fromkeys(_OPTIONS, False)
    return {"options": found | {"nssaCapability": kind == "nssa"}}


def neighbors_text(view: View, args: Args) -> str:
    """Return the table that EOS prints."""
    rows = [
        (
            format_ipv4(n.router_id),
            str(item.instance),
            item.vrf,
            str(n.priority),
            n.state.upper() + (f"/{n.dr_state}" if n.dr_state else ""),
            "00:00:30",
            format_ipv4(n.address),
            n.interface,
        )
        for item in _instances(view, args)
        for n in item.neighbors
    ]
    head = ("Neighbor ID", "Instance", "VRF", "Pri", "State", "Dead Time", "Address", "Interface")
    return table(head, rows) if rows else ""


def processes(view: View, args: Args) -> Json:
    """Return the processes: router id, areas and the number of LSAs."""
    vrfs: Json = {}
    for item in _instances(view, args):
        found = vrfs.setdefault(item.vrf, {"instList": {}})["instList"]
        found[str(item.instance)] = {
            "instanceId": item.instance,
            "vrf": item.vrf,
            "routerId": format_ipv4(item.router_id),
            "maxLsaInformation": {"maxLsa": item.max_lsa, "maxLsaThreshold": 75},
            "lsaInformation": {
                "lsaArrivalInterval": 1000,
                "lsaStartInterval": 1000,
                "lsaHoldInterval": 5000,
                "lsaMaxWaitInterval": 5000,
                "numLsa": len(item.database),
            },
            "numAreas": len(item.areas),
            "areaList": {
                format_ipv4(area): {"areaId": format_ipv4(area), "numIntf": len(interfaces)}
                for area, interfaces in item.areas.items()
            },
        }
    return {"vrfs": vrfs}


def processes_text(view: View, args: Args) -> str:
    """The head of each process, then its areas."""
    return "\n".join(_process_text(item) for item in _instances(view, args))


def _process_text(item: OspfInstance) -> str:
    areas, kinds = len(item.areas), Counter(item.kinds.values())
    lines = [
        f"OSPF instance {item.instance} with ID {format_ipv4(item.router_id)}, VRF {item.vrf}",
        "Supports opaque LSA",
        f"Maximum number of LSA allowed {item.max_lsa}",
        "  Exceed action disable",
        "  LSA limit for warning message 75%",
        "  Disabled-time 5 minutes, clear timeout 5 minutes",
        "  Incident count 0, incident count limit 5",
        f"It is {'' if item.asbr else 'not '}an autonomous system boundary router and is "
        + ("" if areas > 1 else "not ")
        + "an area border router",
        "Minimum LSA arrival interval 1000 msecs",
        "Initial LSA throttle delay 1000 msecs",
        "Number of LSAs " + str(len(item.database)),
        f"Number of areas in this router is {areas}. {kinds['']} normal, "
        f"{kinds['stub']} stub, {kinds['nssa']} nssa",
        f"Number of adjacencies is {sum(1 for n in item.neighbors if n.state == 'full')}",
    ]
    for area, interfaces in item.areas.items():
        lines.append(f"  Area {format_ipv4(area)}")
        lines.append(f"    Number of interface in this area is {len(interfaces)}")
        lines.append(f"    It is a {_KINDS[item.kinds[area]]} area")
    return "\n".join(lines) + "\n"


_SECTIONS = {
    "router": ("Router Link States", "Link count"),
    "network": ("Net Link States", ""),
    "summary": ("Summary Net Link States", ""),
    "asbr": ("Summary ASB Link States", ""),
    "nssa": ("Type-7 AS External Link States", "Tag"),
    "external": ("Type-5 AS External Link States", "Tag"),
}
_AGE, _SEQUENCE = "300", "0x80000001"  # nobody floods: an LSA is as old as the next one


def database_text(view: View, args: Args) -> str:
    """`show ip ospf database`: a section for each kind of LSA, area by area."""
    found = [_database_text(item) for item in _instances(view, args)]
    return "\n".join(found)


def _database_text(item: OspfInstance) -> str:
    router_id = format_ipv4(item.router_id)
    lines = [
        f"            OSPF Router with ID({router_id}) "
        f"(Instance ID {item.instance}) (VRF {item.vrf})"
    ]
    head: tuple[str, int | None] = ("", None)
    for lsa in item.database:
        title, last = _SECTIONS[lsa.kind]
        if (lsa.kind, lsa.area) != head:
            head = (lsa.kind, lsa.area)
            where = "" if lsa.area is None else f" (Area {format_ipv4(lsa.area)})"
            lines += ["", "", f"                 {title}{where}", ""]
            lines.append(columns(_WIDTHS, (*_HEADS, last)))
        cells = (format_ipv4(lsa.link_id), format_ipv4(lsa.router_id), _AGE, _SEQUENCE)
        tail = str(lsa.links) if lsa.kind == "router" else "0" if last else ""
        lines.append(columns(_WIDTHS, (*cells, _checksum(lsa), tail)))
    return "\n".join(lines) + "\n"


_HEADS = ("Link ID", "ADV Router", "Age", "Seq#", "Checksum")
_WIDTHS = (15, 15, 11, 12, 8, 10)


def _checksum(lsa: Lsa) -> str:
    return f"0x{crc32(repr(lsa).encode()) & 0xFFFF:04x}"


def interfaces_text(view: View, args: Args) -> str:
    """`show ip ospf interface brief`."""
    rows = [
        _interface_row(view, item, area, name)
        for item in _instances(view, args)
        for area, names in item.areas.items()
        for name in names
    ]
    widths = (15, 8, 10, 15, 18, 5, 10, 4)
    heads = ("   Interface", "Instance", "VRF", "Area", "IP Address", "Cost", "State", "Nbrs")
    return "\n".join([columns(widths, heads), *(columns(widths, row) for row in rows)]) + "\n"


def _interface_row(view: View, item: OspfInstance, area: int, name: str) -> tuple[str, ...]:
    settings = scope.settings_of(view, name)
    ospf = settings.ospf or OspfInterface()
    full = [neighbor for neighbor in item.neighbors if neighbor.interface == name]
    own = settings.address.address if settings.address is not None else 0
    state = "P2P" if ospf.point_to_point else "DR"
    for neighbor in full:
        if neighbor.dr_state is not None and neighbor.designated != own:
            state = "Backup DR" if neighbor.backup == own else "DROther"
    return (
        f"   {short(name)}",
        str(item.instance),
        item.vrf,
        format_ipv4(area),
        str(settings.address or ""),
        str(ospf.cost or _COST),
        state,
        str(len(full)),
    )


_COST = 10  # EOS's default
_KINDS = {"": "normal", "stub": "stub", "nssa": "NSSA"}
COMMANDS = (
    show(
        "show ip ospf interface brief [vrf <vrf>]",
        Level.COMPUTED,
        text=interfaces_text,
        note="interfaces and neighbors are computed",
    ),
    show(
        "show ip ospf database [vrf <vrf>]",
        Level.COMPUTED,
        text=database_text,
        note="LSAs are computed; ages, sequence numbers, checksums and tags are constants",
    ),
    show(
        "show ip ospf neighbor [vrf <vrf>]",
        Level.COMPUTED,
        json=neighbors,
        text=neighbors_text,
        note="timers are constants",
    ),
    show(
        "show ip ospf [vrf <vrf>]",
        Level.COMPUTED,
        json=processes,
        text=processes_text,
        note="timers are constants",
    ),
)
