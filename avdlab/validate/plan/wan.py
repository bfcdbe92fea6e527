"""WAN routers: the subnets of a VRF at the other sites."""

from collections.abc import Iterator

from avdlab.validate.intent.model import Device
from avdlab.validate.plan.evpn import exported, local_prefixes
from avdlab.validate.plan.model import Facts, Wanted, routes_present


def plan_wan(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that the VRFs of a WAN router have what other sites, to which there is a way, tell.

    Two routers of one site refuse what they told one another, and hear it from the LAN.
    """
    if not device.path_groups or device.vxlan is None:
        return
    reached = facts.wan.reached(device.name)
    routes = {
        (name, prefix)
        for other in facts.intent.devices.values()
        if other.name in reached and other is not device
        if not other.site or other.site != device.site
        for name, own in device.ip_vrfs.items()
        if _tells(other, name) & own.imports
        for prefix in set(exported(facts.intent, other, name)) - local_prefixes(device, name)
    }
    yield from routes_present(sorted(routes))


def _tells(other: Device, vrf: str) -> frozenset[str]:
    """Return the route targets with which a WAN router tells a VRF's routes."""
    known = other.ip_vrfs.get(vrf)
    if known is None or other.vxlan is None or vrf not in other.vxlan.vrfs:
        return frozenset()
    return known.exports
