"""`show ip ospf ...`: processes and neighbors."""

from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show.layout import table
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.tables.igp import OspfInstance, OspfNeighbor

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
        entries = [_neighbor(view, neighbor) for neighbor in item.neighbors]
        found = vrfs.setdefault(item.vrf, {"instList": {}})["instList"]
        found[str(item.instance)] = {"ospfNeighborEntries": entries}
    return {"vrfs": vrfs}


def _neighbor(view: View, neighbor: OspfNeighbor) -> Json:
    return {
        "routerId": format_ipv4(neighbor.router_id),
        "priority": neighbor.priority,
        "drState": neighbor.dr_state,
        "adjacencyState": neighbor.state,
        "inactivity": view.now + 30.0,
        "interfaceAddress": format_ipv4(neighbor.address),
        "interfaceName": neighbor.interface,
        "options": {"externalRoutingCapability": True} | dict.fromkeys(_OPTIONS, False),
        "details": {
            "areaId": format_ipv4(neighbor.area),
            "designatedRouter": format_ipv4(neighbor.designated),
            "backupDesignatedRouter": format_ipv4(neighbor.backup),
            "stateTime": view.booted,
            "numberOfStateChanges": 6,
            "retransmissionCount": 0,
            "inactivityDefers": 0,
            "bfdState": "adminDown",
            "bfdRequestSent": False,
            "grHelperTimer": None,
            "grLastRestartTime": None,
            "grNumAttempts": 0,
        },
    }


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
                "numLsa": item.lsa_count,
            },
            "numAreas": len(item.areas),
            "areaList": {
                format_ipv4(area): {"areaId": format_ipv4(area), "numIntf": len(interfaces)}
                for area, interfaces in item.areas.items()
            },
        }
    return {"vrfs": vrfs}


COMMANDS = (
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
        note="the number of LSAs counts router and external LSAs; timers are constants",
    ),
)
