"""`show ip route [vrf X] summary`: how many routes of which kind, and the protocol model."""

from collections import Counter

from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.tables.rib import Rib, RouteType


def summary(view: View, args: Args) -> Json:
    model = view.device.settings.system.routing_model
    return {
        "protoModelStatus": {"configuredProtoModel": model, "operatingProtoModel": model},
        "vrfs": {
            vrf: _counts(view.device.ribs.get(vrf) or Rib()) for vrf in scope.asked_vrfs(view, args)
        },
    }


def _counts(rib: Rib) -> Json:
    types = Counter(found.type for found in rib)
    lengths = Counter(found.prefix.length for found in rib)
    external = types[RouteType.OSPF_E1] + types[RouteType.OSPF_E2]
    intra, inter = types[RouteType.OSPF_INTRA], types[RouteType.OSPF_INTER]
    level1, level2 = types[RouteType.ISIS_L1], types[RouteType.ISIS_L2]
    return {
        "connected": types[RouteType.CONNECTED],
        "static": types[RouteType.STATIC],
        "staticPersistent": types[RouteType.STATIC],
        "staticNonPersistent": 0,
        "staticNexthopGroup": 0,
        "vcs": 0,
        "ospfCounts": {
            "ospfTotal": intra + inter + external,
            "ospfIntraArea": intra,
            "ospfInterArea": inter,
            "ospfExternal1": types[RouteType.OSPF_E1],
            "ospfExternal2": types[RouteType.OSPF_E2],
            "nssaExternal1": 0,
            "nssaExternal2": 0,
        },
        "bgpCounts": {
            "bgpTotal": types[RouteType.EBGP] + types[RouteType.IBGP],
            "bgpExternal": types[RouteType.EBGP],
            "bgpInternal": types[RouteType.IBGP],
            "bgpLocal": 0,
        },
        "isisCounts": {"isisTotal": level1 + level2, "isisLevel1": level1, "isisLevel2": level2},
        "rip": 0,
        "internal": 0,
        "attached": types[RouteType.ATTACHED_HOST],
        "aggregate": types[RouteType.BGP_AGGREGATE],
        "dynamicPolicy": 0,
        "gribi": 0,
        "totalRoutes": len(rib),
        "maskLen": {str(length): count for length, count in sorted(lengths.items())},
    }


def summary_text(view: View, args: Args) -> str:
    facts = summary(view, args)
    model = facts["protoModelStatus"]
    text = (
        f"Operating routing protocol model: {model['operatingProtoModel']}\n"
        f"Configured routing protocol model: {model['configuredProtoModel']}\n\n"
    )
    for vrf, counts in facts["vrfs"].items():
        text += f"VRF: {vrf}\n   Route Source                                Number Of Routes\n"
        text += "------------------------------------- -------------------------\n"
        text += "".join(f"   {name:<40} {count}\n" for name, count in _summary_rows(counts))
        lengths = ", ".join(f"/{length}: {n}" for length, n in counts["maskLen"].items())
        text += f"\nNumber of routes per mask-length:\n   {lengths}\n\n"
    return text


def _summary_rows(counts: Json) -> list[tuple[str, int]]:
    bgp = counts["bgpCounts"]
    return [
        ("connected", counts["connected"]),
        ("static (persistent)", counts["staticPersistent"]),
        ("bgp", bgp["bgpTotal"]),
        (f"  External: {bgp['bgpExternal']}    Internal: {bgp['bgpInternal']}", 0),
        ("ospf", counts["ospfCounts"]["ospfTotal"]),
        ("isis", counts["isisCounts"]["isisTotal"]),
        ("aggregate", counts["aggregate"]),
        ("attached", counts["attached"]),
        ("Total Routes", counts["totalRoutes"]),
    ]


COMMANDS = (
    show(
        "show ip route [vrf <vrf>] summary",
        Level.MIRRORED,
        json=summary,
        text=summary_text,
        revision=3,
        note="the protocol model echoes the configuration; the counts are computed",
    ),
)
