"""Who can have routes to whom in the default VRF, by the sessions and adjacencies of the design."""

from collections.abc import Iterator, Mapping

from avdlab.net.addresses import Prefix, parse_prefix
from avdlab.validate.intent.graph import components, ospf_neighbors, routed_cables
from avdlab.validate.intent.model import Device, Intent, Peer
from avdlab.validate.intent.policy import may_pass
from avdlab.validate.intent.wan import Paths


def connected(intent: Intent, paths: Paths) -> Mapping[str, frozenset[str]]:
    """Return device -> devices that a chain of sessions leads to, the WAN's over `paths`."""
    pairs = [(name, other) for name, found in paths.near.items() for other in found]
    for device in intent.devices.values():
        ends = (*_session_ends(device), *_igp_ends(intent, device))
        pairs += [(device.name, other) for other in ends]
    return components(intent.devices, pairs)


def _session_ends(device: Device) -> Iterator[str]:
    for peer in device.peers:
        if peer.vrf == "default" and peer.device and not peer.source.startswith("Dps"):
            yield peer.device


def _igp_ends(intent: Intent, device: Device) -> Iterator[str]:
    for _, _, other in ospf_neighbors(intent, device):
        yield other.device.name
    for own, other in routed_cables(intent, device):
        if own.interface.isis_levels & other.interface.isis_levels:
            yield other.device.name


def is_told(intent: Intent, device: Device, address: str) -> bool:
    """Tell whether the design may make an address of a device known to any other device."""
    prefix = parse_prefix(f"{address}/32")
    return (
        bool(device.isis)
        or any(process.active for process in device.ospf)
        or any(_tells(intent, device, peer, prefix) for peer in device.peers)
        or any(
            route.vrf == "default" and _covers(route.prefix, prefix)
            for other in intent.devices.values()
            for route in other.static_routes
        )
    )


def _tells(intent: Intent, device: Device, peer: Peer, prefix: Prefix) -> bool:
    other = intent.devices.get(peer.device)
    if other is None or peer.vrf != "default" or not peer.families:
        return False
    theirs = [p for p in other.peers if p.vrf == "default" and p.device == device.name]
    return may_pass(device, peer.route_map_out, prefix) and (
        not theirs or any(p.families and may_pass(other, p.route_map_in, prefix) for p in theirs)
    )


def _covers(text: str, prefix: Prefix) -> bool:
    route = parse_prefix(text)
    return route.length > 0 and route.covers(prefix)
