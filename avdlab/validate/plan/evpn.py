"""VXLAN and EVPN: bindings, flood lists, and the routes that a VTEP must have from the others."""

from collections.abc import Iterator, Mapping
from typing import Any

from avdlab.net.addresses import parse_interface_address
from avdlab.topology.model import NodeKind
from avdlab.validate.intent.graph import flood_list, is_cabled
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
    prefixes = list(_vrf_routes(intent, device, reach))
    if prefixes:
        yield OWN, "VerifyVrfRoutesOverVxlan", {"routes": prefixes}


def plan_hosts(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that a VTEP knows the endpoints of other VTEPs (type 2), where endpoints talk."""
    if device.vxlan is None or not device.has_evpn:
        return
    hosts = list(_hosts(facts.intent, device, facts.reach))
    if hosts:
        yield "anta.tests.routing.bgp", "VerifyEVPNType2Route", {"vxlan_endpoints": hosts}


# ---------------------------------------------------------------------------------- type 3
def _imet(intent: Intent, device: Device, reach: Reach) -> Iterator[dict[str, Any]]:
    imports = {rt for vrf in device.mac_vrfs for rt in vrf.imports}
    for other in _remote_vteps(intent, device, reach):
        for vrf in other.mac_vrfs:
            if vrf.exports & imports and other.vxlan and vrf.vlans & set(other.vxlan.vlans):
                yield {"rd": vrf.rd, "vtep": other.vxlan.source}


def _remote_vteps(intent: Intent, device: Device, reach: Reach) -> Iterator[Device]:
    own = device.vxlan.source if device.vxlan else ""
    for other in intent.devices.values():
        if other.vxlan and other.vxlan.source != own and device.name in reach[other.name]:
            yield other


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
    """Yield the addresses of endpoints in VLANs that this VTEP shares with the endpoint's own."""
    if device.vxlan is None:
        return
    for address, owner, vlan in _attached(intent):
        other = intent.devices[owner]
        vni = other.vxlan.vlans.get(vlan) if other.vxlan else None
        if vni is None or vni not in device.vxlan.vlans.values():
            continue
        known = owner == device.name or device.name in reach[owner]
        learned = (
            any(vlan in vrf.vlans for vrf in other.mac_vrfs) and f"Vlan{vlan}" in other.interfaces
        )
        if known and learned:
            yield {"address": address, "vni": vni}


def _attached(intent: Intent) -> Iterator[tuple[str, str, int]]:
    """Yield the address of an endpoint, a device that it is cabled to, and the VLAN there."""
    for name, node in sorted(intent.topology.nodes.items()):
        if node.kind is not NodeKind.ENDPOINT:
            continue
        for address in node.addresses:
            if address.address is None:
                continue
            place = attachment(intent, name, address.nic, address.vlan)
            if place is not None:
                yield address.address.partition("/")[0], *place


def attachment(intent: Intent, endpoint: str, nic: str, vlan: int | None) -> tuple[str, int] | None:
    """Return the first device that a NIC or bond is plugged into, and the VLAN of its frames."""
    node = intent.topology.nodes[endpoint]
    members = next(
        (bond.members for bond in node.nics if bond.name == nic and bond.members), (nic,)
    )
    for link in intent.links:
        for own, other in ((link.a, link.b), (link.b, link.a)):
            if own.node == endpoint and own.interface in members and other.node in intent.devices:
                device = intent.devices[other.node]
                port = device.interfaces.get(other.interface)
                channel = device.interfaces.get(port.channel) if port and port.channel else port
                switching = channel.switching if channel else None
                number = vlan if vlan is not None else switching.untagged if switching else None
                return (other.node, number) if number is not None else None
    return None
