"""What the design says of two endpoints: they reach one another, or they are kept apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import Prefix, parse_interface_address
from avdlab.validate.intent.acl import permits
from avdlab.validate.intent.evpn import Reach, flood_list
from avdlab.validate.intent.hosts import Host, carries, tagged_interfaces
from avdlab.validate.intent.model import Device, Intent, Interface, IpVrf
from avdlab.validate.intent.routing import connected
from avdlab.validate.intent.wan import designed_paths, lab_paths

Spot = tuple[str, int]  # a VLAN on a device


@dataclass(frozen=True, slots=True)
class Expectation:
    """`reachable` None: the design leaves it open, and nothing is judged. `why` in words.

    `filtered`: an access list stands on the way, which only packets of the endpoints meet.
    """

    reachable: bool | None
    why: str
    filtered: bool = False


@dataclass(slots=True)
class Design:
    """Answers for pairs of endpoints; broadcast domains are worked out once."""

    intent: Intent
    reach: Reach
    _domains: dict[Spot, frozenset[Spot]] = field(default_factory=dict)
    _wan: Mapping[str, frozenset[str]] | None = None
    _parts: tuple[Mapping[str, frozenset[str]], ...] = ()
    _subnets: dict[tuple[str, Prefix], set[Spot]] = field(default_factory=dict)

    def expect(self, a: Host, b: Host) -> Expectation:
        """Say what shall be between two endpoints."""
        ours, theirs = self.domain(a), self.domain(b)
        if ours == theirs:
            return Expectation(True, f"both in VLAN {a.vlan}")
        here, there = self._gateways(a, ours), self._gateways(b, theirs)
        if not a.address or not b.address or not here or not there:
            return Expectation(False, f"VLAN {a.vlan} and VLAN {b.vlan} are not routed together")
        vrfs = {i.vrf for _, i in here}, {i.vrf for _, i in there}
        if vrfs[0] != vrfs[1]:
            return self._apart(sorted(vrfs[0])[0], sorted(vrfs[1])[0])
        vrf = sorted(vrfs[0])[0]
        devices = {d.name for d, _ in here}, {d.name for d, _ in there}
        why = ""
        if vrf == "default" and not devices[0] & devices[1]:
            why = "routed in the default VRF of different devices"
        elif self._parted(*devices):
            why = "the lab has no WAN path between them"
        elif self._elsewhere(a, ours, vrf) or self._elsewhere(b, theirs, vrf):
            why = f"VRF {vrf} has one subnet in two broadcast domains"
        return Expectation(None, why) if why else self._filtered(a, b, here, there, vrf)

    def _parted(self, here: set[str], there: set[str]) -> bool:
        """Tell whether there is no way over the WAN, for want of circuits or by design."""
        if self._wan is None:
            real = lab_paths(self.intent)
            ways = (designed_paths(self.intent), real)
            self._parts = tuple(connected(self.intent, paths) for paths in ways)
            self._wan = {name: real.reached(name) for name in real.near}
        whole, left = self._parts
        return any(
            b in whole[a] - left[a] or (b in self._wan and b not in self._wan.get(a, {b}))
            for a in here
            for b in there
        )

    def _elsewhere(self, host: Host, domain: frozenset[Spot], vrf: str) -> bool:
        """Tell whether an endpoint's subnet is also somewhere that its broadcasts do not reach."""
        if not self._subnets:
            self._subnets = _subnets(self.intent)
        subnet = parse_interface_address(f"{host.address}/{host.length}").prefix
        return not self._subnets.get((vrf, subnet), set()) <= domain

    def _apart(self, one: str, other: str) -> Expectation:
        if self._leaks(one, other) or self._leaks(other, one):
            return Expectation(None, f"VRF {one} and VRF {other} exchange routes")
        return Expectation(False, f"VRF {one} and VRF {other} are kept apart")

    def _leaks(self, vrf: str, other: str) -> bool:
        imports = {rt for own in self._all(vrf) for rt in own.imports}
        return any(imports & theirs.exports for theirs in self._all(other))

    def _all(self, vrf: str) -> list[IpVrf]:
        return [d.ip_vrfs[vrf] for d in self.intent.devices.values() if vrf in d.ip_vrfs]

    def _filtered(
        self,
        a: Host,
        b: Host,
        here: list[tuple[Device, Interface]],
        there: list[tuple[Device, Interface]],
        vrf: str,
    ) -> Expectation:
        """Let the access lists of the gateways have their say: forth, and the answer back."""
        said = {
            verdict
            for ways in (
                (_lists(here, "in"), _lists(there, "out"), a, b, "echo"),
                (_lists(there, "in"), _lists(here, "out"), b, a, "echo-reply"),
            )
            for verdict in _passes(*ways)
        }
        lists = {*_lists(here, "in"), *_lists(there, "out"), *_lists(there, "in")}
        filtered = bool({*lists, *_lists(here, "out")} - {None})
        if said == {True}:
            return Expectation(True, f"both in VRF {vrf}", filtered)
        if None in said:
            why = "an access list of the design asks for more than a ping shows"
            return Expectation(None, why, filtered)
        return Expectation(False, "an access list of the design denies it", filtered)

    def vrf(self, host: Host) -> str:
        """Return the VRF that routes for an endpoint, "" where none does."""
        found = self.gateways(host)
        return found[0][1].vrf if found and host.address else ""

    def gateways(self, host: Host) -> list[tuple[Device, Interface]]:
        """Return the interfaces that route for an endpoint."""
        return self._gateways(host, self.domain(host))

    # ------------------------------------------------------------------ broadcast domains
    def domain(self, host: Host) -> frozenset[Spot]:
        """Return the VLANs, device by device, that one broadcast of an endpoint reaches."""
        starts = [
            (d, host.vlan) for d, _ in host.ports if host.vlan in self.intent.devices[d].vlans
        ]
        if not starts:
            return frozenset()
        if starts[0] not in self._domains:
            found = frozenset(self._flood(starts))
            self._domains |= dict.fromkeys(found, found)
        return self._domains[starts[0]]

    def _flood(self, starts: list[Spot]) -> Iterator[Spot]:
        seen: set[Spot] = set()
        queue = list(starts)
        while queue:
            spot = queue.pop()
            if spot not in seen:
                seen.add(spot)
                yield spot
                queue += [*self._over_cables(spot), *self._over_vxlan(spot)]

    def _over_cables(self, spot: Spot) -> Iterator[Spot]:
        device, vlan = spot
        for link in self.intent.links:
            for own, other in ((link.a, link.b), (link.b, link.a)):
                if (
                    own.node == device
                    and other.node in self.intent.devices
                    and carries(self.intent, device, own.interface, vlan)
                    and carries(self.intent, other.node, other.interface, vlan)
                ):
                    yield other.node, vlan

    def _over_vxlan(self, spot: Spot) -> Iterator[Spot]:
        device, vlan = self.intent.devices[spot[0]], spot[1]
        vni = device.vxlan.vlans.get(vlan) if device.vxlan else None
        if vni is None:
            return
        vteps = flood_list(self.intent, device, vlan, self.reach)
        for other in self.intent.devices.values():
            if other.vxlan and other.vxlan.source in vteps:
                for number, theirs in other.vxlan.vlans.items():
                    if theirs == vni:
                        yield other.name, number

    def _gateways(self, host: Host, domain: frozenset[Spot]) -> list[tuple[Device, Interface]]:
        """Return the interfaces that have the endpoint's gateway address: SVIs in its broadcast
        domain, subinterfaces of routers beside it."""
        return [
            (device, interface)
            for name, vlan in sorted(domain)
            for device, interface in (
                *self._svi(name, vlan),
                *tagged_interfaces(self.intent, name, vlan),
            )
            if not interface.shutdown and host.gateway in _addresses(interface)
        ]

    def _svi(self, name: str, vlan: int) -> Iterator[tuple[Device, Interface]]:
        device = self.intent.devices[name]
        if f"Vlan{vlan}" in device.interfaces:
            yield device, device.interfaces[f"Vlan{vlan}"]


def _subnets(intent: Intent) -> dict[tuple[str, Prefix], set[Spot]]:
    """Return VRF and subnet -> the VLANs, device by device, that have it on their SVI."""
    found: dict[tuple[str, Prefix], set[Spot]] = {}
    for device in intent.devices.values():
        for interface in device.interfaces.values():
            if interface.name.startswith("Vlan"):
                for text in filter(None, (interface.address, *interface.virtual)):
                    key = (interface.vrf, parse_interface_address(text).prefix)
                    found.setdefault(key, set()).add((device.name, int(interface.name[4:])))
    return found


def _addresses(interface: Interface) -> set[str]:
    texts = {interface.address, *interface.virtual, *interface.varp}
    return {text.partition("/")[0] for text in texts if text}


def _lists(gateways: list[tuple[Device, Interface]], way: str) -> set[tuple[str, ...] | None]:
    """Return the access lists that packets may meet at some gateways."""
    names = ((d, i.acl_in if way == "in" else i.acl_out) for d, i in gateways)
    return {device.access_lists.get(name) if name else None for device, name in names}


def _passes(
    first: set[tuple[str, ...] | None],
    last: set[tuple[str, ...] | None],
    source: Host,
    to: Host,
    kind: str,
) -> Iterator[bool | None]:
    for lines in (*first, *last):
        yield permits(lines, source.address, to.address, kind)
