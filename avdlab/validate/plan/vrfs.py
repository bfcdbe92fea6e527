"""VRFs: that they route, and that they stay apart."""

from collections.abc import Iterator

from avdlab.net.addresses import Prefix, parse_interface_address, parse_prefix
from avdlab.validate.intent.model import Device, Intent, Peer
from avdlab.validate.intent.policy import passes
from avdlab.validate.plan.evpn import exported, local_prefixes
from avdlab.validate.plan.model import Facts, Wanted

OWN = "avdlab.validate.tests.routing"


def plan_vrfs(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that VRFs route, and know no subnet that belongs to others."""
    routing = sorted(device.routing_vrfs)
    if routing:
        yield OWN, "VerifyVrfRouting", {"vrfs": routing}
    subnets = _subnets(facts.intent)
    isolated = [
        {"vrf": vrf, "prefixes": prefixes}
        for vrf in routing
        if vrf in device.ip_vrfs and (prefixes := _foreign(facts.intent, vrf, subnets))
    ]
    if isolated:
        yield OWN, "VerifyVrfIsolation", {"isolated": isolated}


def plan_neighbors(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that VRFs have, of each BGP neighbor in the VRF itself, the subnets that it tells."""
    hops: dict[tuple[str, str], set[str]] = {}
    for peer in device.peers:
        if peer.vrf not in device.ip_vrfs or not (peer.validated and peer.address):
            continue
        local = local_prefixes(device, peer.vrf)
        for other, back in _answers(facts.intent, device, peer):
            policies = ((other, back.route_map_out), (device, peer.route_map_in))
            if any(_changes(at, name) for at, name in policies):
                continue
            for text in set(exported(facts.intent, other, peer.vrf)) - local:
                if all(passes(at, name, parse_prefix(text)) for at, name in policies):
                    hops.setdefault((peer.vrf, text), set()).add(peer.address)
    entries = [
        {
            "vrf": vrf,
            "prefix": prefix,
            "paths": [{"nexthop": hop, "origin": "Igp"} for hop in sorted(found)],
        }
        for (vrf, prefix), found in sorted(hops.items())
    ]
    if entries:
        yield "anta.tests.routing.bgp", "VerifyBGPRoutePaths", {"route_entries": entries}


def _changes(device: Device, route_map: str) -> bool:
    """Tell whether a route-map may give a path another origin or next hop."""
    words = (words for step in device.route_maps.get(route_map, ()) for words in step.sets)
    return any("origin" in text or "next-hop" in text for text in words)


def _answers(intent: Intent, device: Device, peer: Peer) -> Iterator[tuple[Device, Peer]]:
    """Yield the other end of a session in a VRF, on which route-maps alone decide."""
    other = intent.devices.get(peer.device)
    open_here = "ipv4" in peer.families - peer.filtered
    if other is not None and peer.vrf in other.ip_vrfs and open_here:
        for back in other.peers:
            mutual = back.vrf == peer.vrf and back.device == device.name
            if mutual and "ipv4" in back.families - back.filtered:
                yield other, back


def _subnets(intent: Intent) -> dict[str, set[Prefix]]:
    """Return VRF -> the subnets that the design has in it."""
    found: dict[str, set[Prefix]] = {}
    for device in intent.devices.values():
        for interface in device.interfaces.values():
            for text in (interface.address, *interface.virtual):
                if text:
                    prefix = parse_interface_address(text).prefix
                    found.setdefault(interface.vrf, set()).add(prefix)
    return found


def _foreign(intent: Intent, vrf: str, subnets: dict[str, set[Prefix]]) -> list[str]:
    """Return the subnets of VRFs that share no route target with this one.

    The default VRF is left out: its addresses (of links, of loopbacks) are often used again.
    """
    own = subnets.get(vrf, set())
    imports = _targets(intent, vrf, imported=True)
    foreign = {
        prefix
        for other, prefixes in subnets.items()
        if other not in {vrf, "default"} and not imports & _targets(intent, other, imported=False)
        for prefix in prefixes
        if other in _known(intent)
    }
    return [str(prefix) for prefix in sorted(foreign - own)]


def _known(intent: Intent) -> set[str]:
    return {name for device in intent.devices.values() for name in device.ip_vrfs}


def _targets(intent: Intent, vrf: str, *, imported: bool) -> set[str]:
    found = (d.ip_vrfs[vrf] for d in intent.devices.values() if vrf in d.ip_vrfs)
    return {rt for own in found for rt in (own.imports if imported else own.exports)}
