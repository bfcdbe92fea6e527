"""BGP: every address family of every session, communities, limits and policies."""

from collections.abc import Iterator
from typing import Any

from avdlab.validate.intent.model import Device, Peer
from avdlab.validate.plan.evpn import shares_vtep
from avdlab.validate.plan.model import Facts, Wanted

BGP = "anta.tests.routing.bgp"
_FAMILIES = {"ipv4": ("ipv4", "unicast"), "evpn": ("evpn", None), "vpn-ipv4": ("vpn-ipv4", None)}

# Counters that never move in a healthy fabric. Loops of AS paths are how a fabric with one AS per
# pair of leaves works, so inDropAsloop is not among them.
_DROPS = (
    "inDropMalformedMpbgp",
    "inDropNhAfV6",
    "prefixDroppedMartianV4",
    "prefixDroppedMaxRouteLimitViolatedV4",
    "prefixDroppedMartianV6",
    "prefixDroppedMaxRouteLimitViolatedV6",
)
# Route reflectors tell each other, and so a client, what they were told by it (RFC 4456 8).
_REFLECTED = ("inDropClusterIdLoop", "inDropOrigId")
# Who shares a VTEP is told of the other's routes with its own address as next hop.
_OWN_HOP = "inDropNhLocal"
_INCOMPLETE = ("origin incomplete",)  # what AVD's policy for routes of the pair sets
_UPDATE_ERRORS = ("inUpdErrWithdraw", "inUpdErrIgnore", "inUpdErrDisableAfiSafi")


def plan_bgp(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan the tests of the sessions between devices of the design."""
    peers = [
        peer for peer in device.peers if peer.device in facts.intent.devices and peer.validated
    ]
    peers = [peer for peer in peers if peer.families]
    if not peers:
        return
    families = list(_families(peers))
    if families:
        yield BGP, "VerifyBGPSpecificPeers", {"address_families": families}
    yield (
        BGP,
        "VerifyBGPPeerUpdateErrors",
        {"bgp_peers": _listed(peers, update_errors=_UPDATE_ERRORS)},
    )
    others = (other for other in facts.intent.devices.values() if other is not device)
    shared = any(shares_vtep(device, other) for other in others)
    drops = [
        _peer(peer) | {"drop_stats": list(_drops(device, peer, shared=shared))} for peer in peers
    ]
    yield BGP, "VerifyBGPPeerDropStats", {"bgp_peers": drops}
    speaking = [peer for peer in peers if peer.communities]
    if speaking:
        listed = [
            _peer(peer) | {"advertised_communities": sorted(peer.communities)} for peer in speaking
        ]
        yield BGP, "VerifyBGPAdvCommunities", {"bgp_peers": listed}
    limited = [peer for peer in peers if peer.maximum_routes is not None]
    if limited:
        listed = [_peer(peer) | _limits(peer) for peer in limited]
        yield BGP, "VerifyBGPPeerRouteLimit", {"bgp_peers": listed}
    spare = _spare_paths(facts, device)
    if spare:
        yield BGP, "VerifyBGPRoutePaths", {"route_entries": spare}
    filtered = [peer for peer in peers if peer.route_map_in or peer.route_map_out]
    if filtered:
        yield BGP, "VerifyBgpRouteMaps", {"bgp_peers": [_route_maps(peer) for peer in filtered]}


def _drops(device: Device, peer: Peer, *, shared: bool) -> Iterator[str]:
    """Yield the counters of drops that no route of the design moves on a session. `shared`: the
    device has its VTEP with another one."""
    yield from _DROPS
    if peer.asn != device.asn:
        yield from _REFLECTED
    if "evpn" not in peer.families or not shared:
        yield _OWN_HOP


def _spare_paths(facts: Facts, device: Device) -> list[dict[str, Any]]:
    """Return a route over the other device of the pair: of use only with next-hop-self there.

    It is not the best one before an uplink is lost, so the routing table does not show it.
    """
    other = facts.intent.devices.get(device.mlag.peer) if device.mlag else None
    if other is None:
        return []
    back = [peer for peer in other.peers if peer.device == device.name and peer.vrf == "default"]
    for peer in device.peers:
        steps = device.route_maps.get(peer.route_map_in, ())
        told = peer.device == other.name and peer.vrf == "default" and "ipv4" in peer.families
        if told and any(p.next_hop_self for p in back) and len(steps) == 1:
            known = facts.hops.get(other.name, {}), facts.hops.get(device.name, {})
            for prefix in sorted(set(known[0]) & set(known[1])):
                if peer.address not in known[1][prefix] and steps[0].sets == _INCOMPLETE:
                    path = {"nexthop": peer.address, "origin": "Incomplete"}
                    return [{"prefix": prefix, "vrf": "default", "paths": [path]}]
    return []


def _limits(peer: Peer) -> dict[str, Any]:
    """EOS shows a limit that only warns as no limit, and the warning beside it."""
    if peer.routes_warn_only or not peer.maximum_routes:
        return {"maximum_routes": 0, "warning_limit": peer.maximum_routes}
    return {"maximum_routes": peer.maximum_routes}


def _families(peers: list[Peer]) -> Iterator[dict[str, Any]]:
    numbered = [peer for peer in peers if peer.address]
    for vrf in dict.fromkeys(peer.vrf for peer in numbered):
        for family, (afi, safi) in _FAMILIES.items():
            own = [p.address for p in numbered if p.vrf == vrf and family in p.families]
            if own and (safi or vrf == "default"):
                where = {"safi": safi, "vrf": vrf} if safi else {}
                yield {"afi": afi, **where, "peers": sorted(own)}


def _peer(peer: Peer) -> dict[str, Any]:
    name = {"peer_address": peer.address} if peer.address else {"interface": peer.interface}
    return {**name, "vrf": peer.vrf}


def _listed(peers: list[Peer], **more: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_peer(peer) | {key: list(value) for key, value in more.items()} for peer in peers]


def _route_maps(peer: Peer) -> dict[str, Any]:
    maps = {"inbound_route_map": peer.route_map_in, "outbound_route_map": peer.route_map_out}
    return _peer(peer) | {key: name for key, name in maps.items() if name}
