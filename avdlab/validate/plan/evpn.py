"""VXLAN and EVPN: bindings, flood lists, and the routes that a VTEP must have from the others."""

from collections.abc import Iterator
from typing import Any

from avdlab.net.addresses import parse_interface_address
from avdlab.validate.intent.evpn import Reach, Ways, flood_list, heard_mac_vrfs
from avdlab.validate.intent.graph import is_cabled
from avdlab.validate.intent.hosts import hosts_of
from avdlab.validate.intent.model import Device, Intent, Interface
from avdlab.validate.intent.policy import redistributes
from avdlab.validate.plan.model import Facts, Wanted
from avdlab.validate.plan.statics import certain

OWN = "avdlab.validate.tests.evpn"
VXLAN = "anta.tests.vxlan"


def plan_evpn(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan the tests of a VTEP."""
    vxlan = device.vxlan
    if vxlan is None:
        return
    bindings: dict[int, int | str] = {vni: vlan for vlan, vni in vxlan.vlans.items()}
    bindings |= {vni: vrf for vrf, vni in vxlan.vrfs.items()}
    if bindings:
        yield VXLAN, "VerifyVxlanVniBinding", {"bindings": bindings}
    if vxlan.source_interface.startswith(("Loopback", "Dps1")):
        settings = {"source_interface": vxlan.source_interface, "udp_port": vxlan.udp_port}
        yield VXLAN, "VerifyVxlan1ConnSettings", settings
    intent, reach = facts.intent, facts.reach
    floods = [
        {"vlan": vlan, "vteps": sorted(flood_list(intent, device, vlan, reach))}
        for vlan in sorted(vxlan.vlans)
    ]
    if floods and (device.has_evpn or any(vxlan.floods.values())):
        yield OWN, "VerifyVxlanFloodLists", {"vlans": floods}
    if not device.has_evpn:
        return
    routes = list(_imet(intent, device, reach))
    if routes:
        yield OWN, "VerifyEVPNImetRoutes", {"routes": routes}
    told = list(_targets(intent, device))
    flooded = [
        {"rd": own.rd, "route_targets": sorted(own.exports)}
        for own in device.mac_vrfs
        if own.rd and own.exports and own.vlans & set(vxlan.vlans)
    ]
    if told or flooded:
        yield OWN, "VerifyEVPNRouteTargets", {"vrfs": told, "mac_vrfs": flooded}
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
    """Yield the routes of other VTEPs, each once; what has its own VTEP's address a device drops
    (EOS inDropNhLocal)."""
    seen = set()
    for own in device.mac_vrfs:
        for name, told, vrf in heard_mac_vrfs(device, own, reach):
            other = intent.devices[name].vxlan
            place = (name, vrf.rd_in(remote=told))
            if other is None or place in seen or shares_vtep(device, intent.devices[name]):
                continue
            if vrf.vlans & set(other.vlans):
                seen.add(place)
                yield {"rd": place[1], "vtep": other.source}


def shares_vtep(device: Device, other: Device) -> bool:
    """Tell whether two devices tunnel from one address, as the two of an MLAG pair do."""
    own, theirs = device.vxlan, other.vxlan
    return own is not None and theirs is not None and own.source == theirs.source


# ---------------------------------------------------------------------------------- type 5
def _vrf_routes(intent: Intent, device: Device, reach: Reach) -> Iterator[dict[str, Any]]:
    """Yield what a VRF has over VXLAN: of several that tell a prefix, those with the shortest AS
    paths, or the gateways in front of them."""
    for name, own in sorted(device.ip_vrfs.items()):
        if device.vxlan is None or name not in device.vxlan.vrfs:
            continue
        near = [device, *_peers_in(intent, device, name)]
        local = {prefix for other in near for prefix in local_prefixes(other, name)}
        told: dict[str, list[Ways]] = {}
        for other in intent.devices.values():
            theirs, ways = other.ip_vrfs.get(name), reach.prefixes.get((other.name, device.name))
            tells = theirs is not None and theirs.exports & own.imports and other.vxlan is not None
            if ways is not None and tells and not shares_vtep(device, other):
                for prefix in set(exported(intent, other, name)) - local:
                    told.setdefault(prefix, []).append(ways)
        vni = device.vxlan.vrfs[name]
        for prefix, found in sorted(told.items()):
            vteps = _best_vteps(intent, name, found)
            if any(vteps.values()):
                yield {"vrf": name, "prefix": prefix, "vni": vni, **vteps}


def _peers_in(intent: Intent, device: Device, vrf: str) -> Iterator[Device]:
    """Yield the devices from which a VRF hears routes by BGP as well, without VXLAN."""
    for peer in device.peers:
        if peer.vrf == vrf and peer.device in intent.devices:
            yield intent.devices[peer.device]


def _best_vteps(intent: Intent, vrf: str, ways: list[Ways]) -> dict[str, list[str]]:
    """Return the VTEPs that the best paths lead over: all of `vteps`; gateways that tell the same
    route are `one_of`, because route servers pass on one."""
    best = min(way.rank for way in ways)
    certain, possible = set[str](), set[str]()
    for way in ways:
        if way.rank == best:
            found = [intent.devices[name].vxlan for name in way.over]
            sources = {vxlan.source for vxlan in found if vxlan and vrf in vxlan.vrfs}
            if len(sources) == 1:
                certain |= sources
            possible |= sources
    return {"vteps": sorted(certain), "one_of": [] if certain else sorted(possible)}


def _targets(intent: Intent, device: Device) -> Iterator[dict[str, Any]]:
    """Yield the VRFs that have a prefix to tell, and the route targets of it."""
    for name, own in sorted(device.ip_vrfs.items()):
        known = device.vxlan is not None and name in device.vxlan.vrfs
        if known and own.rd and own.exports and any(exported(intent, device, name)):
            yield {"rd": own.rd, "route_targets": sorted(own.exports)}


def exported(intent: Intent, device: Device, vrf: str) -> Iterator[str]:
    """Yield the connected subnets and static routes of a VRF that a device certainly tells."""
    if device.ip_vrfs[vrf].statics:
        yield from (route.prefix for route in certain(intent, device) if route.vrf == vrf)
    for interface in device.interfaces.values():
        if interface.vrf == vrf and _stays_up(intent, device, interface):
            for address in _addresses(interface):
                prefix = parse_interface_address(address).prefix
                if redistributes(device, device.ip_vrfs[vrf], prefix):
                    yield str(prefix)


def _addresses(interface: Interface) -> tuple[str, ...]:
    return ((interface.address,) if interface.address else ()) + interface.virtual


def local_prefixes(device: Device, vrf: str) -> set[str]:
    """Return the subnets of a device's interfaces in a VRF, and its static routes there."""
    own = (i for i in device.interfaces.values() if i.vrf == vrf)
    subnets = {str(parse_interface_address(text).prefix) for i in own for text in _addresses(i)}
    return subnets | {route.prefix for route in device.static_routes if route.vrf == vrf}


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
        told: dict[int, set[str]] = {}
        for name in host.devices:
            other = intent.devices[name]
            vni = other.vxlan.vlans.get(host.vlan) if other.vxlan else None
            if vni in local and vni is not None and f"Vlan{host.vlan}" in other.interfaces:
                told.setdefault(vni, set()).update(_rds(device, other, host.vlan, reach))
        for vni, rds in told.items():
            if rds:
                yield {"address": host.address, "vni": vni, "rds": sorted(rds)}


def _rds(device: Device, other: Device, vlan: int, reach: Reach) -> Iterator[str]:
    """Yield the RDs under which a device has another's routes of a VLAN."""
    sides = reach.macs.get((other.name, device.name), frozenset())
    domains = {told for told, _ in sides}
    if other is device:
        domains = {False}
    elif shares_vtep(device, other):
        return
    for vrf in other.mac_vrfs:
        if vlan in vrf.vlans:
            yield from (rd for remote in domains if (rd := vrf.rd_in(remote=remote)))
