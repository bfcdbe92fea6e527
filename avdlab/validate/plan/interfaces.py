"""Interfaces: addresses, MTU, gateways, VLANs of ports, link aggregation."""

from collections.abc import Iterator

from avdlab.net.interfaces import is_subinterface, split
from avdlab.validate.intent.graph import cables, is_cabled
from avdlab.validate.intent.model import Device, Interface
from avdlab.validate.plan.model import Facts, Wanted

INTERFACES = "anta.tests.interfaces"
OWN = "avdlab.validate.tests.interfaces"


def plan_addresses(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan the addresses of all routed interfaces, and their MTU."""
    own = [i for i in device.interfaces.values() if i.address and not i.shutdown]
    if own:
        listed = [{"name": i.name, "primary_ip": i.address} for i in own]
        yield INTERFACES, "VerifyInterfaceIPv4", {"interfaces": listed}
        placed = [{"name": i.name, "vrf": i.vrf} for i in own]
        yield OWN, "VerifyInterfacesVrf", {"interfaces": placed}
    sized = [
        {"name": i.name, "mtu": i.mtu}
        for i in device.interfaces.values()
        if i.mtu and i.routed and not is_subinterface(i.name)
    ]
    if sized:
        yield OWN, "VerifyInterfacesMtu", {"interfaces": sized}


def plan_gateways(_facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan the gateways that several devices answer for: addresses and MAC."""
    gateways = [
        {"interface": i.name, "vrf": i.vrf, "addresses": list(i.virtual), "shared": list(i.varp)}
        for i in device.interfaces.values()
        if (i.virtual or i.varp) and not i.shutdown
    ]
    if gateways:
        yield OWN, "VerifyAnycastGateways", {"gateways": gateways}
        if device.virtual_mac:
            mac = {"mac_address": device.virtual_mac}
            yield INTERFACES, "VerifyIpVirtualRouterMac", mac


def plan_vlans(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that every VLAN exists and runs on the ports that shall carry it."""
    numbers = sorted(device.vlans)
    if not numbers:
        return
    status = [{"vlan_id": number, "status": "active"} for number in numbers]
    yield "anta.tests.vlan", "VerifyVlanStatus", {"vlans": status}
    ports = [
        {"name": interface.name, "vlans": sorted(vlans_of(device, interface))}
        for interface in device.interfaces.values()
        if interface.switching is not None and runs(facts, device, interface)
    ]
    if ports:
        yield OWN, "VerifyPortVlans", {"ports": ports}


def plan_lacp(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that every member of a bundle between two devices is bundled, by LACP where designed."""
    members = [
        {
            "name": own.interface.name,
            "portchannel": own.interface.channel,
            **({"lacp_rate_fast": True} if own.interface.lacp_fast else {}),
        }
        for a, b in cables(facts.intent)
        for own, other in ((a, b), (b, a))
        if own.device is device
        and own.interface.channel
        and {own.interface.channel_mode, other.interface.channel_mode} == {"active"}
        and own.interface.lacp_fast == other.interface.lacp_fast
        and not (own.interface.shutdown or other.interface.shutdown)
    ]
    if members:
        yield INTERFACES, "VerifyLACPInterfacesStatus", {"interfaces": members}


def vlans_of(device: Device, interface: Interface) -> frozenset[int]:
    """Return the VLANs that a switched port carries by design: allowed, existing, of its groups."""
    switching = interface.switching
    if switching is None:
        return frozenset()
    groups = frozenset(interface.trunk_groups)
    listed = {
        number
        for number, vlan in device.vlans.items()
        if (switching.tagged is None or number in switching.tagged)
        and (not vlan.trunk_groups or vlan.trunk_groups & groups)
    }
    listed |= {vlan for vlan in device.vlans if vlan == switching.passed_untagged}
    return frozenset(listed)


def runs(facts: Facts, device: Device, interface: Interface) -> bool:
    """Tell whether a switched port is up in a healthy lab: something that runs is plugged in."""
    if interface.shutdown or not interface.validated or interface.channel:
        return False
    if split(interface.name)[0] != "Port-Channel":
        return is_cabled(facts.intent, device.name, interface.name)
    return any(
        is_cabled(facts.intent, device.name, member.name)
        for member in device.interfaces.values()
        if member.channel == interface.name and not member.shutdown
    )


def port_of(device: Device, interface: Interface) -> Interface:
    """Return the Port-Channel of a member, or the port itself."""
    return device.interfaces.get(interface.channel, interface)
