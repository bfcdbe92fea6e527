"""Between which devices the design carries routes of a VRF at all."""

from collections.abc import Iterator, Mapping

from avdlab.net.addresses import Prefix, parse_interface_address
from avdlab.validate.intent.evpn import Reach
from avdlab.validate.intent.graph import components
from avdlab.validate.intent.model import Intent
from avdlab.validate.intent.wan import designed_paths

_VPN = "vpn-ipv4"
Pairs = Iterator[tuple[str, str]]


def joined(intent: Intent, reach: Reach, vrf: str) -> Mapping[str, frozenset[str]]:
    """Return device -> devices whose routes of a VRF may come to it.

    A route does not pass from EVPN to VPN-IPv4 or back: no gateway between the two is computed.
    """
    near = [*_of_vrf(intent, vrf)]
    evpn = components(intent.devices, [*near, *_of_evpn(intent, reach)])
    vpn = components(intent.devices, [*near, *_of_vpn(intent)])
    return {name: evpn[name] | vpn[name] for name in intent.devices}


def _of_vrf(intent: Intent, vrf: str) -> Pairs:
    """Yield neighbors of the VRF itself, and devices on one subnet of it."""
    on: dict[Prefix, str] = {}
    for device in intent.devices.values():
        for peer in device.peers:
            if peer.vrf == vrf and peer.device in intent.devices:
                yield device.name, peer.device
        for interface in device.interfaces.values():
            for text in (interface.address, *interface.virtual) if interface.vrf == vrf else ():
                if text:
                    first = on.setdefault(parse_interface_address(text).prefix, device.name)
                    yield first, device.name


def _of_evpn(intent: Intent, reach: Reach) -> Pairs:
    yield from reach.prefixes
    for name, found in designed_paths(intent).near.items():
        for other in found:
            yield name, other


def _of_vpn(intent: Intent) -> Pairs:
    for device in intent.devices.values():
        for peer in device.peers:
            if _VPN in peer.families and peer.device in intent.devices:
                yield device.name, peer.device
