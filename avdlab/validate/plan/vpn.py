"""VPN-IPv4 over MPLS: the subnets of a VRF at the other provider edges."""

from collections.abc import Iterator

from avdlab.validate.intent.model import Device, Intent
from avdlab.validate.plan.evpn import exported, local_prefixes
from avdlab.validate.plan.model import Facts, Wanted, routes_present

_FAMILY = "vpn-ipv4"


def plan_vpn(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that VRFs have what the other edges tell with the route targets that they import."""
    if not any(vrf.vpn_imports for vrf in device.ip_vrfs.values()):
        return
    near = _speaks_with(facts.intent, device)
    routes = {
        (name, prefix)
        for other in near
        for name, own in device.ip_vrfs.items()
        for told in other.ip_vrfs.values()
        if told.vpn_exports & own.vpn_imports
        for prefix in set(exported(facts.intent, other, told.name)) - local_prefixes(device, name)
    }
    yield from routes_present(sorted(routes))


def _speaks_with(intent: Intent, device: Device) -> list[Device]:
    """Return the devices to which sessions of the family lead, reflectors crossed."""
    found, queue = {device.name: device}, [device]
    while queue:
        for peer in queue.pop().peers:
            other = intent.devices.get(peer.device)
            if other is not None and _FAMILY in peer.families and other.name not in found:
                found[other.name] = other
                queue.append(other)
    return [other for other in found.values() if other is not device]
