"""EVPN multihoming: the ethernet segments of a device, and who else is on them."""

from collections.abc import Iterator

from avdlab.net.interfaces import base
from avdlab.validate.intent.graph import is_cabled
from avdlab.validate.intent.model import Device, Intent, Interface
from avdlab.validate.plan.model import Facts, Wanted


def plan_segments(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that a device and its partners tell their common segments (type 4)."""
    if device.vxlan is None or not device.has_evpn:
        return
    vteps: dict[str, set[str]] = {segment: set() for segment in _segments(facts.intent, device)}
    for other in facts.intent.devices.values():
        heard = other is device or (other.name, device.name) in facts.reach.macs
        if other.vxlan is not None and heard:
            for segment in _segments(facts.intent, other):
                if segment in vteps:
                    vteps[segment].add(other.vxlan.source)
    listed = [{"esi": segment, "vteps": sorted(found)} for segment, found in vteps.items()]
    if listed:
        yield "avdlab.validate.tests.segments", "VerifyEVPNSegments", {"segments": listed}


def _segments(intent: Intent, device: Device) -> Iterator[str]:
    for interface in device.interfaces.values():
        if interface.segment and not interface.shutdown and _is_up(intent, device, interface):
            yield interface.segment


def _is_up(intent: Intent, device: Device, interface: Interface) -> bool:
    parent = base(interface.name)
    return any(
        is_cabled(intent, device.name, port.name)
        for port in device.interfaces.values()
        if not port.shutdown and parent in {port.name, port.channel}
    )
