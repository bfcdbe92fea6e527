"""VXLAN and EVPN: bindings, flood lists, and the routes that a VTEP must have from the others."""

from collections.abc import Iterator, Mapping
from typing import Any

from avdlab.net.addresses import parse_interface_address
from avdlab.validate.intent.graph import flood_list, is_cabled
from avdlab.validate.intent.hosts import hosts_of
from avdlab.validate.intent.model import Device, Intent, Interface
from avdlab.validate.intent.policy import redistributes
from avdlab.validate.plan.model import Facts, Wanted

OWN = "avdlab.validate.tests.evpn"
VXLAN = "anta.tests.vxlan"
Reach = Mapping[str, frozenset[str]]


def plan_evpn(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan the tests of a VTEP."""
    vxlan = device.vxlan
    if vxlan is None:
        return
    bindings: dict[int, int | str] = {vni: vlan for vlan, vni in vxlan.vlans.items()}
    bindings |= {vni: vrf for vrf, vni in vxlan.vrfs.items()}
    if bindings:
        yield VXLAN, "VerifyVxlanVniBinding", {"bindings": bindings}
    if vxlan.source_interface.startswith("Loopback"):
        settings = {"source_interface": vxlan.source_interface, "udp_port": vxlan.udp_port}
        yield VXLAN, "VerifyVxlan1ConnSettings", settings
    if not device.has_evpn:
        return
    intent, reach = facts.intent, facts.reach
    floods = [
        {"vlan": vlan, "vteps": sorted(flood_list(intent, device, vlan, reach))}
        for vlan in sorted(vxlan.vlans)
    ]
    if floods:
        yield OWN, "VerifyVxlanFloodLists", {"vlans": floods}
    routes = list(_imet(intent, device, reach))
    if routes:
        yield OWN, "VerifyEVPNImetRoutes", {"routes": routes}
    told = list(_targets(intent, device))
    if told:
        yield OWN, "VerifyEVPNRouteTargets", {"vrfs": told}
    prefixes = list(_vrf_routes(intent, device, reach))
    if prefixes:
        yield OWN, "VerifyVrfRoutesOverVxlan", {"routes": prefixes}


def plan_hosts(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that a VTEP knows the endpoints of every VTEP (type 2), where endpoints talk."""
    if device.vxlan is None or not device.has_evpn:
        return
    hosts = list(_hosts(facts.intent, device, facts.reach))
    if hosts:
        yield OWN, "VerifyEVPNHostRoutes", {"hosts": hosts}


# ---------------------------------------------------------------------------------- type 3
def _imet(intent: Intent, device: Device, reach: Reach) -> Iterator[dict[str, Any]]:
    imports = {rt for vrf in device.mac_vrfs for rt in vrf.imports}
    for other in _remote_vteps(intent, device, reach):
        for vrf in other.mac_vrfs:
            if vrf.exports & imports and other.vxlan and vrf.vlans & set(other.vxlan.vlans):
                yield {"rd": vrf.rd, "vtep": other.vxlan.source}


def _remote_vteps(intent: Intent, device: Device, reach: Reach) -> Iterator[Device]:
    for other in intent.devices.values():
        if other.vxlan and _hears(device, other, reach):
            yield other


def _hears(device: Device, other: Device, reach: Reach) -> bool:
    """Tell whether a VTEP takes another's routes: of a shared VTEP address, it drops them as its
    own (EOS inDropNhLocal)."""
    own = device.vxlan.source if device.vxlan else ""
    theirs = other.vxlan.source if other.vxlan else ""
    return theirs != own and device.name in reach[other.name]


# ---------------------------------------------------------------------------------- type 5
def _vrf_routes(intent: Intent, device: Device, reach: Reach) -> Iterator[dict[str, Any]]:
    for name, own in sorted(device.ip_vrfs.items()):
        if device.vxlan is None or name not in device.vxlan.vrfs:
            continue
        local = {
            _prefix(address)
            for i in device.interfaces.values()
            if i.vrf == name
            for address in _addresses(i)
        }
        expected: dict[str, set[str]] = {}
        for other in _remote_vteps(intent, device, reach):
            theirs = other.ip_vrfs.get(name)
            if theirs is None or not theirs.exports & own.imports or other.vxlan is None:
                continue
            for prefix in _exported(intent, other, name):
                if prefix not in local:
                    expected.setdefault(prefix, set()).add(other.vxlan.source)
        vni = device.vxlan.vrfs[name]
        for prefix, vteps in sorted(expected.items()):
            yield {"vrf": name, "prefix": prefix, "vteps": sorted(vteps), "vni": vni}


def _targets(intent: Intent, device: Device) -> Iterator[dict[str, Any]]:
    """Yield the VRFs that have a prefix to tell, and the route targets of it."""
    for name, own in sorted(device.ip_vrfs.items()):
        known = device.vxlan is not None and name in device.vxlan.vrfs
        if known and own.rd and own.exports and any(_exported(intent, device, name)):
            yield {"rd": own.rd, "route_targets": sorted(own.exports)}


def _exported(intent: Intent, device: Device, vrf: str) -> Iterator[str]:
    """Yield the connected subnets of a VRF that a device certainly tells the others."""
    for interface in device.interfaces.values():
        if interface.vrf == vrf and _stays_up(intent, device, interface):
            for address in _addresses(interface):
                prefix = parse_interface_address(address).prefix
                if redistributes(device, device.ip_vrfs[vrf], prefix):
                    yield str(prefix)


def _addresses(interface: Interface) -> tuple[str, ...]:
    return ((interface.address,) if interface.address else ()) + interface.virtual


def _prefix(address: str) -> str:
    return str(parse_interface_address(address).prefix)


def _stays_up(intent: Intent, device: Device, interface: Interface) -> bool:
    """Tell whether a routed interface is up in a healthy lab, whatever is plugged in or not."""
    if interface.shutdown or not interface.validated:
        return False
    if interface.name.startswith("Loopback"):
        return True
    if interface.name.startswith("Vlan"):
        number = int(interface.name.removeprefix("Vlan"))
        return bool(device.vxlan) and number in (device.vxlan.vlans if device.vxlan else ())
    return is_cabled(intent, device.name, interface.name.partition(".")[0])


# ---------------------------------------------------------------------------------- type 2
def _hosts(intent: Intent, device: Device, reach: Reach) -> Iterator[dict[str, Any]]:
    """Yield the addresses of endpoints in VLANs that this VTEP has too, and who tells them."""
    local = set(device.vxlan.vlans.values()) if device.vxlan else set()
    for host in hosts_of(intent):
        told: dict[int, list[str]] = {}
        for name in host.devices:
            other = intent.devices[name]
            vni = other.vxlan.vlans.get(host.vlan) if other.vxlan else None
            known = name == device.name or _hears(device, other, reach)
            resolves = f"Vlan{host.vlan}" in other.interfaces
            if vni in local and vni is not None and known and resolves:
                rds = [vrf.rd for vrf in other.mac_vrfs if host.vlan in vrf.vlans]
                told.setdefault(vni, []).extend(rds)
        for vni, rds in told.items():
            yield {"address": host.address, "vni": vni, "rds": sorted(rds)}
