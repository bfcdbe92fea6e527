"""What devices that act as one must agree on: anycast gateways, MLAG pairs."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from avdlab.validate.cross.model import Check, Finding, Observed
from avdlab.validate.cross.questions import IP_INTERFACES, MLAG, VIRTUAL_ROUTER
from avdlab.validate.intent.model import Intent, Interface


def _gateways(observed: Observed) -> Iterator[Finding]:
    """Devices that share a gateway by design answer for the same address with the same MAC."""
    interfaces = {d: o.get("interfaces", {}) for d, o in observed.json(IP_INTERFACES)}
    macs = {device: _macs(output) for device, output in observed.json(VIRTUAL_ROUTER)}
    sharing = _sharing(observed.intent)
    for (name, _, _), devices in sharing.items():
        found = {
            device: _addresses(interfaces[device].get(name, {}))
            for device in devices
            if device in interfaces
        }
        for device, addresses in _odd_ones(found):
            text = f"{name} has the virtual address {addresses or 'none'}, others {_usual(found)}"
            yield Finding(device, text)
    together = {device for devices in sharing.values() if len(devices) > 1 for device in devices}
    seen = {device: macs[device] for device in sorted(together) if device in macs}
    designed = {device: observed.intent.devices[device].virtual_mac for device in seen}
    for mac in sorted(set(designed.values())):
        group = {device: seen[device] for device in seen if designed[device] == mac}
        for device, found_macs in _odd_ones(group):
            text = f"virtual router MAC is {found_macs or 'none'}, of others {_usual(group)}"
            yield Finding(device, text)


def _sharing(intent: Intent) -> dict[tuple[str, str, tuple[str, ...]], list[str]]:
    found: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for device in intent.devices.values():
        for interface in device.interfaces.values():
            if _is_gateway(interface):
                key = (interface.name, interface.vrf, (*interface.virtual, *interface.varp))
                found.setdefault(key, []).append(device.name)
    return found


def _is_gateway(interface: Interface) -> bool:
    return bool(interface.virtual or interface.varp) and not interface.shutdown


def _odd_ones(found: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield who differs: the few against the many, all of them where none is in the majority."""
    counts = Counter(found.values())
    if len(counts) < 2:
        return
    (_, most), (_, next_most) = counts.most_common(2)
    for device, value in sorted(found.items()):
        if counts[value] < most or most == next_most:
            yield device, value


def _usual(found: dict[str, str]) -> str:
    return " or ".join(sorted({value or "none" for value in found.values()}))


def _addresses(interface: dict[str, Any]) -> str:
    address = interface.get("interfaceAddress", {})
    listed = [address.get("virtualIp", {}), *address.get("virtualSecondaryIpsOrderedList", ())]
    texts = sorted(f"{item.get('address')}/{item.get('maskLen')}" for item in listed if item)
    return ", ".join(text for text in texts if text != "0.0.0.0/0")


def _macs(output: dict[str, Any]) -> str:
    return ", ".join(sorted(str(m.get("macAddress", "")) for m in output.get("virtualMacs", ())))


# ---------------------------------------------------------------------------------- MLAG
_EQUAL = {
    "domainId": "domain-id",
    "systemId": "system-id",
    "reloadDelay": "reload-delay",
    "reloadDelayNonMlag": "reload-delay non-mlag",
    "dualPrimaryDetectionState": "dual-primary detection",
}


def _mlag(observed: Observed) -> Iterator[Finding]:
    seen = dict(observed.json(MLAG))
    for device, own in seen.items():
        pair = observed.intent.devices[device].mlag
        other = seen.get(pair.peer) if pair else None
        if pair is None or other is None:
            continue
        for key, name in _EQUAL.items():
            if own.get(key) != other.get(key):
                text = f"{name} is {own.get(key)}, on {pair.peer} {other.get(key)}"
                yield Finding(device, text)
        roles = own.get("detail", {}).get("mlagState"), other.get("detail", {}).get("mlagState")
        if roles[0] == roles[1]:
            yield Finding(device, f"both devices of the pair are {roles[0]}")


def _has_gateways(intent: Intent, device: str) -> bool:
    return any(_is_gateway(i) for i in intent.devices[device].interfaces.values())


def _has_pair(intent: Intent, device: str) -> bool:
    mlag = intent.devices[device].mlag
    return bool(mlag and mlag.peer)


CHECKS = (
    Check(
        "VerifyGatewayEquality",
        "Verifies that devices that share a gateway have the same virtual address and MAC.",
        ("interfaces",),
        (IP_INTERFACES, VIRTUAL_ROUTER),
        _has_gateways,
        _gateways,
    ),
    Check(
        "VerifyMlagEquality",
        "Verifies that the devices of an MLAG pair agree, and have different roles.",
        ("mlag",),
        (MLAG,),
        _has_pair,
        _mlag,
    ),
)
