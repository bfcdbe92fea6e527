"""`show isis ...`: adjacencies and circuits."""

from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show.layout import table
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.tables.igp import IsisAdjacency, IsisCircuit

_LEVELS = {frozenset({1}): "level-1", frozenset({2}): "level-2", frozenset({1, 2}): "level-1-2"}


def neighbors(view: View, _: Args) -> Json:
    """Return the adjacencies by system id."""
    instance = view.device.isis
    if instance is None:
        return {"vrfs": {}}
    found: Json = {}
    for adjacency in instance.adjacencies:
        entry = found.setdefault(adjacency.system_id, {"adjacencies": []})
        entry["adjacencies"].append(_adjacency(view, adjacency))
    return {"vrfs": {"default": {"isisInstances": {instance.name: {"neighbors": found}}}}}


def _adjacency(view: View, adjacency: IsisAdjacency) -> Json:
    address = format_ipv4(adjacency.address) if adjacency.address is not None else ""
    router_id = format_ipv4(adjacency.router_id) if adjacency.router_id is not None else ""
    return {
        "state": adjacency.state,
        "circuitId": "0C",
        "level": f"level-{adjacency.level}",
        "circuitType": f"level-{adjacency.level}",
        "hostname": adjacency.hostname,
        "interfaceName": adjacency.interface,
        "snpa": "P2P" if adjacency.point_to_point else adjacency.snpa,
        "routerIdV4": router_id,
        "lastHelloTime": int(view.now),
        "details": {
            "ip4Address": address,
            "stateChanged": int(view.booted),
            "advertisedHoldTime": 30,
            "interfaceAddressFamily": "ipv4",
            "neighborAddressFamily": "ipv4",
            "areaIds": [adjacency.area],
            "addressFamilyMatch": True,
            "bfdIpv4State": "adminDown",
        },
    }


def neighbors_text(view: View, _: Args) -> str:
    """Return the table that EOS prints."""
    instance = view.device.isis
    if instance is None:
        return ""
    rows = [
        (
            instance.name,
            "default",
            a.hostname,
            f"L{a.level}",
            a.interface,
            "P2P" if a.point_to_point else a.snpa,
            a.state.upper(),
            "30",
            "0C",
        )
        for a in instance.adjacencies
    ]
    head = ("Instance", "VRF", "System Id", "Type", "Interface", "SNPA", "State", "Hold time")
    return table((*head, "Circuit Id"), rows)


def interfaces(view: View, _: Args) -> Json:
    """Return the circuits with the number of adjacencies per level."""
    instance = view.device.isis
    if instance is None:
        return {"vrfs": {}}
    found = {circuit.interface: _circuit(circuit) for circuit in instance.circuits}
    return {"vrfs": {"default": {"isisInstances": {instance.name: {"interfaces": found}}}}}


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


COMMANDS = (
    show(
        "show isis neighbors [vrf <vrf>]",
        Level.COMPUTED,
        json=neighbors,
        text=neighbors_text,
        note="timers and circuit ids are constants",
    ),
    show("show isis interface brief [vrf <vrf>]", Level.COMPUTED, json=interfaces),
)
