"""`show bgp instance [vrf X]`: what each VRF redistributes."""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.cli.show.routing.bgp import common
from avdlab.twin.config.settings import Afi, BgpVrfSettings, Redistribution

_NAMES = {Afi.IPV4: "v4u", Afi.IPV6: "v6u"}
_PROTOCOLS = {
    "connected": "Connected",
    "static": "Static",
    "ospf": "OSPF Internal",
    "isis": "IS-IS",
    "rip": "RIP",
    "bgp": "BGP",
    "dynamic": "Dynamic",
    "user": "User",
    "attached-host": "AttachedHost",
}


def instance(view: View, args: Args) -> Json:
    bgp = common.running(view)
    return {
        "vrfs": {
            vrf: {
                "asn": str(bgp.asn),
                "routerId": common.router_id(view, vrf),
                "vrf": vrf,
                "afiSafiConfig": _families(common.vrf_settings(view, vrf)),
            }
            for vrf in common.asked_vrfs(view, args)
        }
    }


def _families(settings: BgpVrfSettings) -> Json:
    """`redistribute` under the VRF itself speaks for IPv4 unicast."""
    found = {name: list[Redistribution]() for name in _NAMES.values()}
    found["v4u"] += settings.redistribute
    for family, content in settings.families.items():
        if family in _NAMES:
            found[_NAMES[family]] += content.redistribute
    return {
        name: {"redistributedRoutes": [_redistributed(entry) for entry in entries]}
        for name, entries in found.items()
        if entries
    }


def _redistributed(entry: Redistribution) -> Json:
    facts: Json = {
        "proto": _PROTOCOLS.get(entry.source, entry.source),
        "includeLeaked": entry.include_leaked,
    }
    return facts | {"routeMap": entry.route_map} if entry.route_map else facts


COMMANDS = (show("show bgp instance [vrf <vrf>]", Level.MIRRORED, json=instance, revision=4),)
