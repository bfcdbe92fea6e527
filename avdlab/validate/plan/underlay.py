"""The underlay: full-size pings, ECMP, adjacencies of the IGPs."""

from collections.abc import Iterator
from typing import Any

from avdlab.validate.intent.graph import cables, ospf_neighbors, routed_cables, vteps
from avdlab.validate.intent.model import Device, Intent, Interface
from avdlab.validate.intent.underlay import loopbacks
from avdlab.validate.plan.model import Facts, Wanted

CONNECTIVITY = "anta.tests.connectivity"
GENERIC = "anta.tests.routing.generic"
ISIS = "anta.tests.routing.isis"
OSPF = "anta.tests.routing.ospf"
DEFAULT_MTU = 1500


def plan_pings(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan pings that fill the MTU of each routed link, and of the way to every other VTEP."""
    intent = facts.intent
    hosts = [
        _host(own.interface, other.interface, _mtu(own.interface))
        for own, other in routed_cables(intent, device)
        if own.interface.address
        and other.interface.address
        and _mtu(own.interface) == _mtu(other.interface)
    ]
    if hosts:
        yield CONNECTIVITY, "VerifyReachability", {"hosts": hosts}
    source = _own_address(intent, device)
    if device.vxlan and source:
        size = min(_underlay_mtus(intent), default=DEFAULT_MTU)
        hosts = [
            {
                "destination": vtep.address,
                "source": source,
                "vrf": "default",
                "size": size,
                "df_bit": True,
                "repeat": 1,
            }
            for vtep in vteps(intent)
            if device.name not in vtep.devices
            and any((name, device.name) in facts.reach.macs for name in vtep.devices)
        ]
        if hosts:
            yield CONNECTIVITY, "VerifyReachability", {"hosts": hosts}


def _own_address(intent: Intent, device: Device) -> str:
    """Return a loopback address that no other device has: the replies come back to its owner.

    The VTEP's own address will not do, the devices of an MLAG pair share it.
    """
    own = {peer.source for peer in device.peers}
    found = sorted(loopbacks(device), key=lambda pair: (pair[1].name not in own, pair[1].name))
    return next((i.ip for _, i in found if len(intent.owners["default", i.ip]) == 1), "")


def _host(own: Interface, other: Interface, mtu: int) -> dict[str, Any]:
    return {
        "destination": other.ip,
        "source": own.ip,
        "vrf": own.vrf,
        "size": mtu,
        "df_bit": True,
        "repeat": 1,
    }


def _mtu(interface: Interface) -> int:
    return interface.mtu or DEFAULT_MTU


def _underlay_mtus(intent: Intent) -> Iterator[int]:
    for a, b in cables(intent):
        if a.interface.routed and b.interface.routed:
            yield min(_mtu(a.interface), _mtu(b.interface))


def plan_ecmp(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that every loopback is reached over all the next hops that the design gives."""
    entries = [
        {"prefix": prefix, "vrf": "default", "strict": True, "nexthops": sorted(addresses)}
        for prefix, addresses in sorted(facts.hops.get(device.name, {}).items())
    ]
    if entries:
        yield GENERIC, "VerifyIPv4RouteNextHops", {"route_entries": entries}


# ---------------------------------------------------------------------------------- IGPs
def plan_isis(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan one adjacency per level and cable between IS-IS interfaces."""
    counts = [
        {"name": own.interface.name, "level": level, "count": 1}
        for own, other in routed_cables(facts.intent, device)
        if not (own.interface.isis_passive or other.interface.isis_passive)
        for level in sorted(own.interface.isis_levels & other.interface.isis_levels)
    ]
    if counts:
        yield ISIS, "VerifyISISNeighborCount", {"interfaces": counts}
        yield ISIS, "VerifyISISNeighborState", {}


def plan_ospf(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan every OSPF neighbor, and that there is no other."""
    neighbors = [
        {
            "instance": process.instance,
            "vrf": process.vrf,
            "ip_address": other.interface.ip,
            "local_interface": own.interface.name,
            "area_id": own.interface.ospf_area,
            "state": "full",
        }
        for process, own, other in ospf_neighbors(facts.intent, device)
    ]
    if neighbors:
        yield OSPF, "VerifyOSPFSpecificNeighbors", {"neighbors": neighbors}
