"""Connected endpoints as hosts: NICs, bonds, and the addresses that the lab gives them.

The design says which VLANs a port carries, not which addresses a server has. The lab gives each
endpoint an address in every VLAN of its ports that has a subnet somewhere in the fabric.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from avdlab.net import interfaces
from avdlab.net.addresses import (
    InterfaceAddress,
    Prefix,
    format_ipv4,
    parse_interface_address,
)
from avdlab.topology.links import Plug
from avdlab.topology.model import EndpointAddress, EndpointNic
from avdlab.topology.ports import Switching

FIRST_HOST = 101
MAX_VLANS = 16
_LINK = 31  # a subnet of this length joins two routers


@dataclass(frozen=True, slots=True)
class Subnet:
    """The subnet of a VLAN and its gateway."""

    vrf: str
    prefix: Prefix
    gateway: int


@dataclass(frozen=True, slots=True)
class HostNic:
    """A NIC or bond of an endpoint, the switch it leads to, and the VLANs it may use."""

    nic: EndpointNic
    devices: tuple[str, ...]
    switching: Switching | None


def nics_of(plugs: Iterable[Plug]) -> tuple[HostNic, ...]:
    """Group the cables of one endpoint into NICs and bonds."""
    groups: dict[tuple[str, ...], list[Plug]] = {}
    for plug in plugs:
        channel = plug.port.channel
        key = channel.identity if channel else ("", plug.port.device, plug.port.name)
        groups.setdefault(key, []).append(plug)
    found: list[HostNic] = []
    names = {plug.nic for members in groups.values() for plug in members}
    for members in groups.values():
        name = members[0].nic
        if members[0].port.channel is not None:
            name = _bond_name(names)
            names.add(name)
        found.append(_nic(name, members))
    return tuple(found)


def _bond_name(used: Collection[str]) -> str:
    number = 0
    while f"bond{number}" in used:
        number += 1
    return f"bond{number}"


def _nic(name: str, members: list[Plug]) -> HostNic:
    devices = tuple(dict.fromkeys(plug.port.device for plug in members))
    channel = members[0].port.channel
    if channel is None:
        return HostNic(EndpointNic(name), devices, members[0].port.switching)
    # IEEE 802.1AX: the host is active so that the bundle forms with an active or passive switch.
    mode = "static" if channel.mode == "on" else "lacp-active"
    return HostNic(
        EndpointNic(name, tuple(plug.nic for plug in members), mode), devices, channel.switching
    )


@dataclass(slots=True)
class AddressPlan:
    """Gives addresses; ask in the order of the endpoints' names for the same ones every time."""

    configs: Mapping[str, Mapping[str, Any]]
    neighbors: Mapping[str, Collection[str]]
    notes: list[str] = field(default_factory=list)
    _given: dict[tuple[str, Prefix], set[int]] = field(default_factory=dict)
    _taken: frozenset[int] | None = None
    _subnets: dict[tuple[str, int], Subnet | None] = field(default_factory=dict)

    def addresses(self, node: str, host: HostNic) -> tuple[EndpointAddress, ...]:
        """Return the addresses of a NIC, untagged first."""
        switching = host.switching
        if switching is None:
            return (EndpointAddress(host.nic.name),)
        untagged = switching.passed_untagged
        found = [] if untagged is None else [(None, untagged)]
        tagged = [vlan for vlan in self._tagged(host) if vlan != untagged]
        if len(tagged) > MAX_VLANS:
            text = f"{node}:{host.nic.name} carries {len(tagged)} VLANs: addressed untagged only"
            self.notes.append(text)
            tagged = []
        wanted = [*found, *((vlan, vlan) for vlan in sorted(tagged))]
        return tuple(
            self._address(host, tag, vlan) for tag, vlan in wanted if self._exists(host, vlan)
        )

    def _tagged(self, host: HostNic) -> Collection[int]:
        """Return the tagged VLANs; a trunk without a list carries all that the switch knows."""
        if host.switching is None or host.switching.tagged is not None:
            return host.switching.tagged or () if host.switching else ()
        known = self.configs[host.devices[0]].get("vlans") or ()
        return {int(vlan["id"]) for vlan in known if not vlan.get("trunk_groups")}

    def _exists(self, host: HostNic, vlan: int) -> bool:
        return any(
            int(known["id"]) == vlan
            for device in host.devices
            for known in self.configs[device].get("vlans") or ()
        )

    def _address(self, host: HostNic, tag: int | None, vlan: int) -> EndpointAddress:
        subnet = self._subnet(host.devices[0], vlan)
        address = self._next(subnet) if subnet else None
        if subnet is None or address is None:
            return EndpointAddress(host.nic.name, tag)
        text = f"{format_ipv4(address)}/{subnet.prefix.length}"
        return EndpointAddress(host.nic.name, tag, text, format_ipv4(subnet.gateway))

    def _next(self, subnet: Subnet) -> int | None:
        given = self._given.setdefault((subnet.vrf, subnet.prefix), set())
        if self._taken is None:
            self._taken = svi_addresses(self.configs)
        size = 1 << (32 - subnet.prefix.length)
        start = FIRST_HOST if size > FIRST_HOST + 1 else 1
        for offset in (*range(start, size - 1), *range(1, min(start, size - 1))):
            address: int = subnet.prefix.network + offset
            if address not in given and address not in self._taken:
                given.add(address)
                return address
        return None

    def _subnet(self, device: str, vlan: int) -> Subnet | None:
        """Return the subnet of a VLAN from the nearest switch that has an SVI in it."""
        if (device, vlan) not in self._subnets:
            near = (subnet_of(self.configs[name], vlan) for name in self._by_distance(device))
            self._subnets[device, vlan] = next((found for found in near if found), None)
        return self._subnets[device, vlan]

    def _by_distance(self, device: str) -> Iterable[str]:
        seen, queue = {device}, deque([device])
        while queue:
            name = queue.popleft()
            yield name
            for neighbor in sorted(self.neighbors.get(name, ())):
                if neighbor not in seen:
                    seen.add(neighbor)
                    queue.append(neighbor)


def subnet_of(config: Mapping[str, Any], vlan: int) -> Subnet | None:
    """Return the subnet of a device's SVI, or of a router's subinterface with the VLAN's tag; a
    virtual address is the gateway."""
    for entry in config.get("vlan_interfaces") or ():
        if entry.get("name") == f"Vlan{vlan}" and not entry.get("shutdown"):
            return _subnet(entry)
    for entry in _subinterfaces(config):
        tag = (entry.get("encapsulation_dot1q") or {}).get("vlan")
        found = _subnet(entry) if tag == vlan and not entry.get("shutdown") else None
        if found is not None and found.prefix.length < _LINK:
            return found
    return None


def _subinterfaces(config: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for kind in ("ethernet_interfaces", "port_channel_interfaces"):
        for entry in config.get(kind) or ():
            if interfaces.is_subinterface(str(entry.get("name"))):
                yield entry


def _subnet(entry: Mapping[str, Any]) -> Subnet | None:
    own = _parse(entry.get("ip_address"))
    virtual = _parse(entry.get("ip_address_virtual"))
    base = virtual or own
    if base is None:
        return None
    shared = [_parse(f"{str(text).partition('/')[0]}/32") for text in _virtual_routers(entry)]
    gateways = [parsed.address for parsed in shared if parsed]
    gateway = virtual.address if virtual else gateways[0] if gateways else base.address
    return Subnet(str(entry.get("vrf") or "default"), base.prefix, gateway)


def svi_addresses(configs: Mapping[str, Mapping[str, Any]]) -> frozenset[int]:
    """Return the addresses of all SVIs and subinterfaces, virtual ones included."""
    found: set[int] = set()
    for config in configs.values():
        for entry in (*(config.get("vlan_interfaces") or ()), *_subinterfaces(config)):
            listed = [entry.get("ip_address"), entry.get("ip_address_virtual")]
            listed += [f"{str(a).partition('/')[0]}/32" for a in _virtual_routers(entry)]
            found |= {parsed.address for parsed in map(_parse, listed) if parsed}
    return frozenset(found)


def _virtual_routers(entry: Mapping[str, Any]) -> list[Any]:
    return list(entry.get("ip_virtual_router_addresses") or ())


def _parse(text: object) -> InterfaceAddress | None:
    try:
        return parse_interface_address(str(text)) if text else None
    except ValueError:
        return None  # dhcp
