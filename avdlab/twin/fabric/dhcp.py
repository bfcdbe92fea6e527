"""Addresses by DHCP (RFC 2131): switches that ask, switches that lend, on one broadcast domain.

A lease is the lowest free address of the subnet's ranges, in order of the clients' names; the one
reserved for the client's MAC address comes first. Other DHCP servers than the lab's switches are
not in the lab.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from avdlab.net.addresses import InterfaceAddress, Prefix
from avdlab.twin.config.settings import DeviceSettings, StaticRoute
from avdlab.twin.config.settings_wan import DhcpSubnet
from avdlab.twin.fabric.below import Below
from avdlab.twin.protocols.switch import Switch

Plugs = Mapping[tuple[str, str], int]  # (node, interface) -> broadcast domain


@dataclass(frozen=True, slots=True)
class Lease:
    """What a client got: an address, and the gateway that the server told."""

    node: str
    interface: str
    address: InterfaceAddress
    gateway: int | None


def with_leases(below: Below, local: Plugs) -> Below:
    """Return the fabric with leased addresses on the interfaces that asked. `local`: broadcast
    domains without VXLAN."""
    found: dict[str, list[Lease]] = {}
    for lease in _leases(below, local):
        found.setdefault(lease.node, []).append(lease)
    if not found:
        return below
    switches = dict(below.plant.switches)
    for node, leases in found.items():
        switch = switches[node]
        switches[node] = replace(switch, settings=_with(switch.settings, leases))
    return replace(below, plant=replace(below.plant, switches=switches))


def _with(settings: DeviceSettings, leases: list[Lease]) -> DeviceSettings:
    interfaces = dict(settings.interfaces)
    routes = list(settings.static_routes)
    for lease in leases:
        interface = interfaces[lease.interface]
        interfaces[lease.interface] = replace(interface, address=lease.address)
        if interface.dhcp_default_route and lease.gateway is not None:
            routes.append(StaticRoute(interface.vrf, Prefix(0, 0), lease.gateway))
    return replace(settings, interfaces=interfaces, static_routes=tuple(routes))


def _leases(below: Below, local: Plugs) -> Iterator[Lease]:
    taken: set[int] = set()
    for node, switch in sorted(below.plant.switches.items()):
        for name, interface in switch.settings.interfaces.items():
            port = below.ports[node].get(name)
            if not interface.dhcp or port is None or not port.up:
                continue
            for subnet in _offers(below, local, (node, name)):
                address = _free(switch, subnet, taken)
                if address is not None:
                    taken.add(address)
                    own = InterfaceAddress(address, subnet.prefix.length)
                    yield Lease(node, name, own, subnet.gateway)
                    break


def _offers(below: Below, local: Plugs, client: tuple[str, str]) -> Iterator[DhcpSubnet]:
    """Yield the subnets that servers on the client's broadcast domain lend of."""
    domain = local.get(client)
    for (node, name), number in sorted(local.items()):
        if number != domain or domain is None or node not in below.plant.switches:
            continue
        settings = below.plant.switches[node].settings
        interface = settings.interfaces.get(name)
        if interface is None or not interface.dhcp_server or interface.address is None:
            continue
        server = settings.dhcp_servers.get(interface.vrf)
        for subnet in server.subnets if server is not None and not server.disabled else ():
            if subnet.prefix.contains(interface.address.address):
                yield subnet


def _free(client: Switch, subnet: DhcpSubnet, taken: set[int]) -> int | None:
    reserved = subnet.reserved.get(client.system_mac)
    if reserved is not None:
        return reserved
    kept = set(subnet.reserved.values())
    for first, last in subnet.ranges:
        for address in range(first, last + 1):
            if address not in taken and address not in kept:
                return address
    return None
