"""Configuration faults: packets of endpoints end on the way, or pass where they must not."""

import re
from collections.abc import Iterator

from avdlab.faults.edits import ConfigFault, Edit, Target, edit
from avdlab.validate.intent.hosts import Host, hosts_of
from avdlab.validate.intent.model import Interface

_LIST = "AVDLAB-FAULT"


def _gateways(target: Target) -> Iterator[tuple[Host, Interface]]:
    """Yield the endpoints that a device routes for, one per interface."""
    seen: set[str] = set()
    for host in hosts_of(target.intent):
        interface = target.device.interfaces.get(f"Vlan{host.vlan}")
        if interface and target.device.name in host.devices and interface.name not in seen:
            seen.add(interface.name)
            yield host, interface


def acl_denies(target: Target) -> Iterator[Edit]:
    """Drop what an endpoint sends at its gateway."""
    for host, interface in _gateways(target):
        if not interface.acl_in:
            text = target.text.add(
                f"interface {interface.name}", line=f"ip access-group {_LIST} in"
            )
            entries = f"   10 deny ip host {host.address} any\n   20 permit ip any any\n"
            listed = f"ip access-list {_LIST}\n{entries}!\n{text}" if text else None
            yield from edit(f"{interface.name}: ip access-list denies {host.address}", listed)


def acl_gone(target: Target) -> Iterator[Edit]:
    """Let pass what an access list of the design denies: only where it denies some endpoint."""
    for _, interface in _gateways(target):
        for way, name in (("in", interface.acl_in), ("out", interface.acl_out)):
            if any(line.startswith("deny") for line in target.device.access_lists.get(name, ())):
                section = f"interface {interface.name}"
                text = target.text.delete(
                    section, pattern=rf"ip access-group {re.escape(name)} {way}"
                )
                yield from edit(f"{section}: no ip access-group {name} {way}", text)


def null_route(target: Target) -> Iterator[Edit]:
    """Discard what other endpoints of a device send to an endpoint of the same VRF."""
    for host in hosts_of(target.intent):
        vrfs = {
            interface.vrf
            for other, interface in _gateways(target)
            if other.endpoint != host.endpoint and other.vlan != host.vlan
        }
        if (vrf := _vrf(target, host)) in vrfs:
            where = "" if vrf == "default" else f"vrf {vrf} "
            line = f"ip route {where}{host.address}/32 Null0"
            yield from edit(line, target.text.add(line=line))


def _vrf(target: Target, host: Host) -> str | None:
    """Return the VRF that routes for an endpoint."""
    for name in host.devices:
        interface = target.intent.devices[name].interfaces.get(f"Vlan{host.vlan}")
        if interface:
            return interface.vrf
    return None


FAULTS = (
    ConfigFault("acl-denies", 33, "access list drops an endpoint's packets", acl_denies),
    ConfigFault("null-route", 33, "packets to an endpoint are discarded", null_route),
    ConfigFault("acl-gone", 34, "access list of the design not applied", acl_gone),
)
