"""`show isis ...`: adjacencies and circuits."""

from collections.abc import Iterable

from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show.bfd import clients
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.igp import read_isis_extras
from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.tables.igp import IsisAdjacency, IsisCircuit, IsisInstance

_LEVELS = {frozenset({1}): "level-1", frozenset({2}): "level-2", frozenset({1, 2}): "level-1-2"}


_WIDTHS = (9, 8, 16, 4, 18, 17, 5, 11, 20)  # of the columns of `show isis neighbors`


def neighbors(view: View, args: Args) -> Json:
    """Return the adjacencies by system id."""
    return {"vrfs": {i.vrf: _of(i, "neighbors", _near(view, i)) for i in _asked(view, args)}}


def _asked(view: View, args: Args) -> list[IsisInstance]:
    wanted = args.get("vrf", "all")
    return [item for item in view.device.isis if wanted in {"all", item.vrf}]


def _of(instance: IsisInstance, what: str, found: Json) -> Json:
    return {"isisInstances": {instance.name: {what: found}}}


def _near(view: View, instance: IsisInstance) -> Json:
    found: Json = {}
    for adjacency, levels in _heard(instance.adjacencies):
        entry = found.setdefault(adjacency.system_id, {"adjacencies": []})
        entry["adjacencies"].append(_adjacency(view, instance, adjacency, levels))
    return found


def _heard(adjacencies: Iterable[IsisAdjacency]) -> list[tuple[IsisAdjacency, frozenset[int]]]:
    """Return the adjacencies that EOS lists: hellos that do not fit are dropped and leave none, and
    a point-to-point link has one for both levels (public EOS texts: `L1L2`, on a LAN L1 and L2)."""
    found: dict[tuple[object, ...], tuple[IsisAdjacency, frozenset[int]]] = {}
    for adjacency in adjacencies:
        if adjacency.state == "down":
            continue
        where = (adjacency.interface, adjacency.system_id)
        key = where if adjacency.point_to_point else (*where, adjacency.level)
        first, levels = found.get(key, (adjacency, frozenset[int]()))
        found[key] = (first, levels | {adjacency.level})
    return list(found.values())


def _adjacency(
    view: View, instance: IsisInstance, adjacency: IsisAdjacency, levels: frozenset[int]
) -> Json:
    address = format_ipv4(adjacency.address or 0)
    bfd = clients(view, "isis").get((instance.vrf, address), "adminDown")
    own, far = view.device.settings, view.other(adjacency.node)
    there = own if far is None else far.settings
    return {
        "state": adjacency.state,
        "circuitId": "0C",
        "level": _LEVELS[levels],
        "hostname": adjacency.hostname,
        "interfaceName": adjacency.interface,
        "snpa": "P2P" if adjacency.point_to_point else adjacency.snpa,
        "routerIdV4": format_ipv4(adjacency.router_id or 0),
        "lastHelloTime": int(view.now),
        "details": {
            **({} if adjacency.address is None else {"ip4Address": address}),
            "stateChanged": int(view.booted),
            "advertisedHoldTime": 30,
            "interfaceAddressFamily": _family(own, instance.system_id),
            "neighborAddressFamily": _family(there, adjacency.system_id),
            "areaIds": [adjacency.area],
            "srEnabled": read_isis_extras(view.config).segment_routing,
            "grSupported": "Supported",
            "grState": "",
            "bfdIpv4State": bfd,
            "bfdIpv6State": "adminDown",
        },
    }


def _family(settings: DeviceSettings, system_id: str) -> str:
    """Return what EOS calls the families that an instance routes: ipv4, ipv6, both, none."""
    instances = (settings.isis, *settings.isis_vrfs)
    isis = next((item for item in instances if item and item.system_id == system_id), None)
    families = (isis.ipv4, isis.ipv6) if isis is not None else (False, False)
    return {(True, True): "both", (False, True): "ipv6", (True, False): "ipv4"}.get(
        families, "none"
    )


def neighbors_text(view: View, args: Args) -> str:
    """Return the table that EOS prints."""
    instances = _asked(view, args)
    if not instances:
        return ""
    rows = [
        (
            instance.name,
            instance.vrf,
            a.hostname,
            "".join(f"L{level}" for level in sorted(levels)),
            a.interface,
            "P2P" if a.point_to_point else _short_mac(a.snpa),
            a.state.upper(),
            "30",
            "0C",
        )
        for instance in instances
        for a, levels in _heard(instance.adjacencies)
    ]
    head = ("Instance", "VRF", "System Id", "Type", "Interface", "SNPA", "State", "Hold time")
    lines = [columns(_WIDTHS, cells) for cells in ((*head, "Circuit Id"), *rows)]
    return "\n" + "".join(f"{line}\n" for line in lines)


def _short_mac(mac: str) -> str:
    """EOS: without leading zeros, 50:0:0:d7:ee:b."""
    return ":".join(f"{int(part, 16):x}" for part in mac.split(":")) if mac else mac


def interfaces(view: View, args: Args) -> Json:
    """Return the circuits with the number of adjacencies per level."""
    return {
        "vrfs": {
            i.vrf: _of(i, "interfaces", {c.interface: _circuit(c) for c in i.circuits})
            for i in _asked(view, args)
        }
    }


def interfaces_text(view: View, args: Args) -> str:
    return "\n".join(_circuits(instance) for instance in _asked(view, args))


def _circuits(instance: IsisInstance) -> str:
    widths = (15, 5, 11, 13, 15, 15)
    heads = ("Interface", "Level", "IPv4 Metric", "IPv6 Metric", "Type", "Adjacency")
    lines = [f"IS-IS Instance: {instance.name} VRF: {instance.vrf}", "", columns(widths, heads)]
    lines.append(columns(widths, ["-" * size for size in widths]))
    for circuit in instance.circuits:
        for level, count in circuit.adjacencies.items():
            kind = _circuit(circuit)["interfaceType"]
            shown = "(passive)" if circuit.passive else str(count)
            cells = (circuit.interface, f"L{level}", str(circuit.metric), "10", kind, shown)
            lines.append(columns(widths, cells))
    return "\n".join(lines) + "\n"


def _circuit(circuit: IsisCircuit) -> Json:
    kind = "point-to-point" if circuit.point_to_point else "broadcast"
    if circuit.interface.startswith("Loopback"):
        kind = "loopback"
    return {
        "enabled": True,
        "interfaceType": kind,
        "circuitType": _LEVELS.get(circuit.levels, ""),
        "intfLevels": {
            str(level): {
                "ipv4Metric": circuit.metric,
                "numAdjacencies": count,
                "passive": circuit.passive,
            }
            for level, count in circuit.adjacencies.items()
        },
    }


# ------------------------------------------------------------------------------------ SR, restart
def segment_routing(view: View, _: Args) -> Json:
    """An instance stands here only where segment routing runs."""
    facts: Json = {"dataPlane": "MPLS"}
    return _of_instance(view, facts) if read_isis_extras(view.config).segment_routing else _NONE


def adjacency_segments(view: View, _: Args) -> Json:
    """Every adjacency that is up gets a label of the dynamic range, in the order of the list."""
    instance = _default(view)
    if instance is None or not read_isis_extras(view.config).segment_routing:
        return _NONE
    up = [adjacency for adjacency in instance.adjacencies if adjacency.state == "up"]
    segments = [
        {
            "ipAddress": format_ipv4(adjacency.address),
            "localIntf": adjacency.interface,
            "sid": _FIRST_LABEL + number,
            "sidOrigin": "dynamic",
            "level": adjacency.level,
            "lan": not adjacency.point_to_point,
            "protection": "unprotected",
            "flags": {"b": False, "f": False, "l": True, "p": False, "s": False, "v": True},
        }
        for number, adjacency in enumerate(up)
        if adjacency.address is not None
    ]
    return _of_instance(view, {"adjacencySegments": segments, "misconfiguredAdjSegments": []})


def graceful_restart(view: View, _: Args) -> Json:
    extras = read_isis_extras(view.config)
    return _of_instance(
        view,
        {
            "gracefulRestart": "enabled" if extras.graceful_restart else "disabled",
            "gracefulRestartHelper": "enabled" if extras.graceful_restart_helper else "disabled",
            "restartHold": 30,
            "neighbors": {},
        },
    )


def _default(view: View) -> IsisInstance | None:
    return next((item for item in view.device.isis if item.vrf == "default"), None)


def _of_instance(view: View, facts: Json) -> Json:
    instance, configured = _default(view), view.device.settings.isis
    if instance is None or configured is None:
        return _NONE
    head = {
        "systemId": instance.system_id,
        "hostname": configured.hostname or view.device.settings.system.hostname,
        "routerId": format_ipv4(instance.router_id) if instance.router_id is not None else "",
    }
    return {"vrfs": {"default": {"isisInstances": {instance.name: head | facts}}}}


_NONE: Json = {"vrfs": {}}
_FIRST_LABEL = 100000  # EOS: the dynamic range of `mpls label range`
COMMANDS = (
    show(
        "show isis segment-routing",
        Level.MIRRORED,
        json=segment_routing,
        note="whether it is configured",
    ),
    show(
        "show isis segment-routing adjacency-segments",
        Level.COMPUTED,
        json=adjacency_segments,
        note="adjacencies are computed; labels are handed out in their order",
    ),
    show("show isis graceful-restart [vrf <vrf>]", Level.MIRRORED, json=graceful_restart),
    show(
        "show isis neighbors [vrf <vrf>]",
        Level.COMPUTED,
        json=neighbors,
        text=neighbors_text,
        note="timers and circuit ids are constants",
    ),
    show(
        "show isis interface brief [vrf <vrf>]",
        Level.COMPUTED,
        json=interfaces,
        text=interfaces_text,
    ),
)
