"""Which broadcast domains matter to routing: a change in any other asks nothing of BGP again."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import (
    IPV4_BITS,
    IPV6_BITS,
    Prefix,
    host_prefix,
    parse_address,
    parse_any_prefix,
)
from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.fabric.below import Below
from avdlab.twin.protocols.routing import own_addresses

Segments = Mapping[tuple[str, str], int]


Partition = tuple[tuple[tuple[str, str], int], ...]


@dataclass(frozen=True, slots=True)
class Relevant:
    """The interfaces over which BGP peers or static next hops lie, in order."""

    interfaces: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, below: Below) -> "Relevant":
        found = []
        for node, switch in sorted(below.plant.switches.items()):
            sought = _Sought.of(switch.settings)
            names = sorted(below.ports.get(node, ()))
            found += [(node, name) for name in names if sought.matters(name)]
        return cls(tuple(found))

    def partition(self, segments: Segments) -> Partition:
        """Return how segments part the interfaces. Numbers are given anew in order of the
        interfaces, so that equal partitions compare equal."""
        numbers: dict[int, int] = {}
        return tuple(
            (key, numbers.setdefault(segments[key], len(numbers)))
            for key in self.interfaces
            if key in segments
        )


@dataclass(slots=True)
class _Sought:
    """What one device looks for on its segments, by VRF: peers, static next hops and ranges."""

    settings: DeviceSettings
    hosts: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # (bits, address)
    ranges: dict[str, tuple[Prefix, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: DeviceSettings) -> "_Sought":
        found = cls(settings)
        for name, vrf in settings.bgp.vrfs.items() if settings.bgp else ():
            peers = (_address(neighbor) for neighbor in vrf.neighbors)
            ranges = (_range(listen.prefix) for listen in vrf.listen_ranges)
            found.hosts[name] = [(host.bits, host.network) for host in peers if host is not None]
            found.ranges[name] = tuple(r for r in ranges if r is not None)
        for route in (*settings.static_routes, *settings.static_routes6):
            if route.next_hop:
                found.hosts.setdefault(route.vrf, []).append((route.prefix.bits, route.next_hop))
        for hosts in found.hosts.values():
            hosts.sort()
        return found

    def matters(self, name: str) -> bool:
        """Tell whether a peer or a static next hop may lie on an interface."""
        settings = self.settings
        interface = settings.interfaces.get(name)
        if interface is None:
            return False
        subnets = [
            address.prefix
            for bits in (IPV4_BITS, IPV6_BITS)
            for address in own_addresses(interface, bits)
        ]
        statics = (*settings.static_routes, *settings.static_routes6)
        if any(route.interface == name for route in statics):
            return True
        vrf = settings.bgp.vrfs.get(interface.vrf) if settings.bgp else None
        if vrf is not None and name in vrf.neighbors:
            return True
        ranges = self.ranges.get(interface.vrf, ())
        hosts = self.hosts.get(interface.vrf, [])
        return any(
            _any_inside(hosts, subnet) or any(subnet.covers(r) or r.covers(subnet) for r in ranges)
            for subnet in subnets
        )


def _any_inside(hosts: list[tuple[int, int]], subnet: Prefix) -> bool:
    """Tell whether one of the hosts, which are in order, lies in a subnet."""
    first = bisect_left(hosts, (subnet.bits, subnet.network))
    return (
        first < len(hosts) and hosts[first][0] == subnet.bits and subnet.contains(hosts[first][1])
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
