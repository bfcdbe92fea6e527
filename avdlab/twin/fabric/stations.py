"""Stations: endpoints that talk, the MACs and ARP entries that they leave on the switches."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.twin.config.settings import InterfaceSettings
from avdlab.twin.fabric.below import Below
from avdlab.twin.fabric.inputs import EndpointAddress
from avdlab.twin.fabric.plant import host_domain
from avdlab.twin.protocols import vlan
from avdlab.twin.protocols.bgp.model import LocalMac, Outcome
from avdlab.twin.protocols.macs import doors_of, flooded
from avdlab.twin.protocols.routing import own_addresses
from avdlab.twin.protocols.switch import End
from avdlab.twin.protocols.vlan import Domain
from avdlab.twin.tables.l2 import ArpEntry, MacEntry
from avdlab.twin.tables.ports import PortKind


@dataclass(frozen=True, slots=True)
class Station:
    """A talking address of an endpoint on one switch: where it was learned."""

    vlan: int
    port: str
    address: EndpointAddress


@dataclass(frozen=True, slots=True)
class Stations:
    """What the switches learned from talking endpoints, without VXLAN: node -> stations."""

    of_node: Mapping[str, tuple[Station, ...]] = field(default_factory=dict)

    def local_macs(self, below: Below, node: str) -> tuple[LocalMac, ...]:
        """Return what EVPN type 2 may tell: with an address where an SVI resolves it."""
        return tuple(
            LocalMac(
                station.vlan,
                station.address.mac,
                station.address.address if _resolved(below, node, station) else None,
                station.port,
            )
            for station in self.of_node.get(node, ())
        )

    def table(self, node: str, outcome: Outcome | None) -> tuple[MacEntry, ...]:
        """Return the MAC table: learned on ports first, over VXLAN next."""
        found = {
            (s.vlan, s.address.mac): MacEntry(s.vlan, s.address.mac, s.port)
            for s in self.of_node.get(node, ())
        }
        for entry in outcome.remote_macs if outcome else ():
            found.setdefault((entry.vlan, entry.mac), entry)
        return tuple(found[key] for key in sorted(found))


def stations_of(below: Below) -> Stations:
    """Follow the frames of every talking endpoint."""
    inputs = below.plant.inputs
    talking = [
        (endpoint.name, address)
        for name, endpoint in sorted(inputs.endpoints.items())
        if endpoint.talking and name not in inputs.faults.stopped
        for address in endpoint.addresses
    ]
    if not talking:
        return Stations()
    taps = {end: _taps(below, end) for link in below.links for end in link}
    doors = doors_of(below.links, taps, _stops(below, taps))
    found: dict[str, dict[tuple[int, str], Station]] = {}
    for endpoint, address in talking:
        for learned in flooded(host_domain(endpoint, address), doors):
            station = Station(learned.vlan, learned.port, address)
            found.setdefault(learned.node, {}).setdefault((learned.vlan, address.mac), station)
    return Stations({n: tuple(s for _, s in sorted(own.items())) for n, own in found.items()})


def _taps(below: Below, end: End) -> Mapping[int | None, Domain]:
    node, port = end
    if node in below.plant.switches:
        return vlan.taps(below.plant.switches[node], port)
    endpoint = below.plant.inputs.endpoints[node]
    return {a.vlan: host_domain(node, a) for a in endpoint.addresses if a.nic == port}


def _stops(
    below: Below, taps: Mapping[End, Mapping[int | None, Domain]]
) -> dict[tuple[End, Domain], bool]:
    return {
        (end, domain): True
        for end, domains in taps.items()
        if below.trees.blocked(end)
        for domain in domains.values()
        if below.trees.spanned(end[0], domain)
    }


def _resolved(below: Below, node: str, station: Station) -> bool:
    return any(
        port == f"Vlan{station.vlan}" and _covers(settings, station.address.address)
        for port, settings in _routed(below, node)
    )


def _routed(below: Below, node: str) -> Iterator[tuple[str, InterfaceSettings]]:
    settings = below.plant.switches[node].settings
    for name, port in below.ports[node].items():
        interface = settings.interfaces.get(name)
        if interface is not None and port.up and port.routed and interface.vrf in settings.vrfs:
            yield name, interface


def _covers(settings: InterfaceSettings, address: int | None) -> bool:
    return address is not None and any(
        own.length < 32 and own.prefix.contains(address) for own in own_addresses(settings)
    )


# ---------------------------------------------------------------------------------- ARP
@dataclass(slots=True)
class Neighbors:
    """Who else has an address on the broadcast domain of a routed interface."""

    below: Below
    segments: Mapping[tuple[str, str], int]
    _by_segment: dict[int, list[tuple[int, str]]] | None = None

    def on(self, node: str, name: str) -> Iterable[tuple[int, str]]:
        """Yield the addresses and MACs of the switches on the domain of an interface."""
        if self._by_segment is None:
            self._by_segment = _by_segment(self.below, self.segments)
        return self._by_segment.get(self.segments.get((node, name), -1), ())


def arp_of(
    node: str, neighbors: Neighbors, stations: Stations, outcome: Outcome | None
) -> tuple[ArpEntry, ...]:
    """Return the ARP table: talking stations, neighbors on routed links, and EVPN's entries."""
    found: dict[tuple[str, int], ArpEntry] = {}
    below = neighbors.below
    for name, interface in _routed(below, node):
        for entry in _heard(node, name, interface, stations):
            found.setdefault((entry.vrf, entry.address), entry)
        for address, mac in neighbors.on(node, name):
            if mac != below.plant.switches[node].system_mac and _covers(interface, address):
                entry = ArpEntry(interface.vrf, address, mac, name, _behind(name))
                found.setdefault((interface.vrf, address), entry)
    for entry in outcome.remote_arp if outcome else ():
        found.setdefault((entry.vrf, entry.address), entry)
    return tuple(found[key] for key in sorted(found))


def _heard(
    node: str, name: str, interface: InterfaceSettings, stations: Stations
) -> Iterator[ArpEntry]:
    for station in stations.of_node.get(node, ()):
        address = station.address.address
        if name == f"Vlan{station.vlan}" and address is not None and _covers(interface, address):
            yield ArpEntry(interface.vrf, address, station.address.mac, name, station.port)


def _behind(interface: str) -> str | None:
    """Return the port behind a routed interface; an SVI's is not traced for other switches."""
    return None if interface.startswith("Vlan") else interface


def _by_segment(
    below: Below, segments: Mapping[tuple[str, str], int]
) -> dict[int, list[tuple[int, str]]]:
    """Return broadcast domain -> (address, MAC) of the switches' own addresses in it."""
    found: dict[int, list[tuple[int, str]]] = {}
    for node, switch in below.plant.switches.items():
        for name, interface in _routed(below, node):
            kind = below.ports[node][name].kind
            if kind in {PortKind.LOOPBACK, PortKind.MANAGEMENT} or interface.address is None:
                continue
            segment = segments.get((node, name))
            if segment is not None:
                entry = (interface.address.address, switch.system_mac)
                found.setdefault(segment, []).append(entry)
    return found
