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
        f"\nOperating routing protocol model: {model['operatingProtoModel']}\n"
        f"Configured routing protocol model: {model['configuredProtoModel']}\n"
    )
    for vrf, counts in facts["vrfs"].items():
        text += f"\nVRF: {vrf}\n   Route Source                                Number Of Routes\n"
        text += "------------------------------------- -------------------------\n"
        text += "".join(f"{line}\n" for line in _summary_lines(counts))
        text += f"\n{_row('Total Routes', counts['totalRoutes'])}\n"
        lengths = "".join(f"   {f'/{size}: {n}':<11}" for size, n in counts["maskLen"].items())
        text += f"\nNumber of routes per mask-length:\n{lengths.rstrip()}\n"
    return text


def _row(name: str, count: int) -> str:
    return f"   {name:<40}{count:>20}"


def _summary_lines(counts: Json) -> list[str]:
    bgp, ospf, isis = counts["bgpCounts"], counts["ospfCounts"], counts["isisCounts"]
    return [
        _row("connected", counts["connected"]),
        _row("static (persistent)", counts["staticPersistent"]),
        _row("static (non-persistent)", counts["staticNonPersistent"]),
        _row("VXLAN Control Service", counts["vcs"]),
        _row("static nexthop-group", counts["staticNexthopGroup"]),
        _row("ospf", ospf["ospfTotal"]),
        f"     Intra-area: {ospf['ospfIntraArea']} Inter-area: {ospf['ospfInterArea']} "
        f"External-1: {ospf['ospfExternal1']} External-2: {ospf['ospfExternal2']}",
        f"     NSSA External-1: {ospf['nssaExternal1']} NSSA External-2: {ospf['nssaExternal2']}",
        _row("ospfv3", 0),
        _row("bgp", bgp["bgpTotal"]),
        f"     External: {bgp['bgpExternal']} Internal: {bgp['bgpInternal']}",
        _row("isis", isis["isisTotal"]),
        f"     Level-1: {isis['isisLevel1']} Level-2: {isis['isisLevel2']}",
        *(_row(name, counts[name]) for name in ("rip", "internal", "attached", "aggregate")),
        _row("dynamic policy", counts["dynamicPolicy"]),
        _row("gribi", counts["gribi"]),
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
