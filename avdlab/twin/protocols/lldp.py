"""LLDP (IEEE 802.1AB): who is seen on which port, per cable, never per Port-Channel."""

from collections.abc import Mapping
from dataclasses import dataclass

from avdlab.net import interfaces as names
from avdlab.twin.protocols.links import Carrier
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.tables.ports import LldpNeighbor


@dataclass(frozen=True, slots=True)
class Others:
    """What may be heard, found once: endpoints that speak LLDP -> their MAC, and switches -> their
    management addresses."""

    hosts: Mapping[str, str]
    management: Mapping[str, int | None]


def neighbors(
    switch: Switch, carrier: Carrier, switches: Mapping[str, Switch], others: Others
) -> dict[str, tuple[LldpNeighbor, ...]]:
    """Return port -> neighbors of a switch."""
    found: dict[str, tuple[LldpNeighbor, ...]] = {}
    if not switch.settings.system.lldp_enabled:
        return found
    for port in switch.physical():
        if not switch.interface(port).lldp_receive:
            continue
        heard = tuple(
            neighbor
            for far in carrier.heard((switch.node, port), "lldp")
            if (neighbor := _heard(far[0], far[1], switches, others)) is not None
        )
        if heard:
            found[port] = heard
    return found


def _heard(
    node: str, port: str, switches: Mapping[str, Switch], others: Others
) -> LldpNeighbor | None:
    far = switches.get(node)
    if far is None:
        mac = others.hosts.get(node)
        return None if mac is None else LldpNeighbor(node, mac, port, is_device=False)
    settings = far.interface(port)
    if not (far.settings.system.lldp_enabled and settings.lldp_transmit):
        return None
    managed = others.management.get(node)
    return LldpNeighbor(system_name(far), far.system_mac, port, settings.description, managed)


def system_name(switch: Switch) -> str:
    """EOS sends the fully qualified name when a DNS domain is configured."""
    system = switch.settings.system
    return f"{system.hostname}.{system.domain}" if system.domain else system.hostname


def management_address(switch: Switch) -> int | None:
    """Return the address that a switch tells its neighbors to manage it by."""
    for name in sorted(switch.settings.interfaces, key=names.sort_key):
        settings = switch.settings.interfaces[name]
        if names.is_management(name) and settings.address and not settings.shutdown:
            return settings.address.address
    return None
