"""Which broadcast domains matter to routing: a change in any other asks nothing of BGP again."""

from collections.abc import Mapping

from avdlab.net.addresses import (
    IPV4_BITS,
    IPV6_BITS,
    Prefix,
    host_prefix,
    parse_address,
    parse_any_prefix,
)
from avdlab.twin.config.settings import BgpVrfSettings, DeviceSettings
from avdlab.twin.fabric.below import Below
from avdlab.twin.protocols.routing import own_addresses

Segments = Mapping[tuple[str, str], int]


def relevant(below: Below, segments: Segments) -> tuple[tuple[tuple[str, str], int], ...]:
    """Return the partition of the interfaces over which BGP peers or static next hops lie.

    Numbers are given anew in order of the interfaces, so that equal partitions compare equal.
    """
    numbers: dict[int, int] = {}
    found = []
    for key in sorted(segments):
        node, interface = key
        if node in below.plant.switches and _matters(
            below.plant.switches[node].settings, interface
        ):
            found.append((key, numbers.setdefault(segments[key], len(numbers))))
    return tuple(found)


def _matters(settings: DeviceSettings, name: str) -> bool:
    interface = settings.interfaces.get(name)
    if interface is None:
        return False
    subnets = [
        address.prefix
        for bits in (IPV4_BITS, IPV6_BITS)
        for address in own_addresses(interface, bits)
    ]
    statics = (*settings.static_routes, *settings.static_routes6)
    hops = [
        host_prefix(route.next_hop, route.prefix.bits)
        for route in statics
        if route.next_hop and route.vrf == interface.vrf
    ]
    if any(subnet.covers(hop) for subnet in subnets for hop in hops):
        return True
    if any(route.interface == name for route in statics):
        return True
    vrf = settings.bgp.vrfs.get(interface.vrf) if settings.bgp else None
    return vrf is not None and _peers_over(vrf, name, subnets)


def _peers_over(vrf: BgpVrfSettings, name: str, subnets: list[Prefix]) -> bool:
    if name in vrf.neighbors:
        return True
    addresses = [_address(neighbor) for neighbor in vrf.neighbors]
    if any(subnet.covers(a) for subnet in subnets for a in addresses if a is not None):
        return True
    ranges = [_range(listen.prefix) for listen in vrf.listen_ranges]
    return any(
        subnet.covers(r) or r.covers(subnet) for subnet in subnets for r in ranges if r is not None
    )


def _address(text: str) -> Prefix | None:
    try:
        return host_prefix(parse_address(text), IPV6_BITS if ":" in text else IPV4_BITS)
    except ValueError:  # a peer group or an interface
        return None


def _range(text: str) -> Prefix | None:
    try:
        return parse_any_prefix(text)
    except ValueError:
        return None
