"""What the two ends of a cable must agree on, and cables that nobody designed."""

from collections.abc import Iterator
from typing import Any

from avdlab.net.interfaces import canonical, is_interface, is_management
from avdlab.topology.ports import expand_vlans
from avdlab.validate.cross.model import Check, Finding, Observed
from avdlab.validate.cross.questions import INTERFACES, LLDP, SWITCHPORTS, VLANS
from avdlab.validate.intent.graph import Side, cables
from avdlab.validate.intent.model import Intent
from avdlab.validate.plan.interfaces import port_of, vlans_of


def _mtu(observed: Observed) -> Iterator[Finding]:
    seen = {device: o.get("interfaces", {}) for device, o in observed.json(INTERFACES)}
    for a, b in cables(observed.intent):
        found = [
            seen.get(side.device.name, {}).get(side.interface.name, {}).get("mtu")
            for side in (a, b)
        ]
        designed = [side.interface.mtu for side in (a, b)]
        if None in found or found[0] == found[1] or designed[0] != designed[1]:
            continue
        for (own, mtu), (other, theirs) in (
            ((a, found[0]), (b, found[1])),
            ((b, found[1]), (a, found[0])),
        ):
            text = f"{own.interface.name} has an MTU of {mtu}, {_name(other)} of {theirs}"
            yield Finding(own.device.name, text)


def _name(side: Side) -> str:
    return f"{side.device.name} {side.interface.name}"


# ---------------------------------------------------------------------------------- VLANs
def _trunks(observed: Observed) -> Iterator[Finding]:
    """A VLAN that runs on one end only goes nowhere; a native VLAN that differs leaks."""
    yield from _native(observed)
    running = {device: _port_vlans(output) for device, output in observed.json(VLANS)}
    ports = {device: o.get("switchports", {}) for device, o in observed.json(SWITCHPORTS)}
    done: set[tuple[str, str, str, str]] = set()
    for a, b in cables(observed.intent):
        ends = [(s.device, port_of(s.device, s.interface)) for s in (a, b)]
        key = (ends[0][0].name, ends[0][1].name, ends[1][0].name, ends[1][1].name)
        if key in done or any(port.switching is None for _, port in ends):
            continue
        done.add(key)
        for (device, port), (other, theirs) in (ends, ends[::-1]):
            both = vlans_of(device, port) & vlans_of(other, theirs)
            if device.name in running and other.name in running:
                own = running[device.name].get(port.name, set())
                missing = (running[other.name].get(theirs.name, set()) & both) - own
                if missing:
                    ids = ", ".join(str(vlan) for vlan in sorted(missing))
                    text = f"{port.name} does not carry VLAN {ids}, {other.name} {theirs.name} does"
                    yield Finding(device.name, text)
            same = port.switching == theirs.switching
            here, there = (
                _untagged(ports.get(d.name, {}), p.name)
                for d, p in ((device, port), (other, theirs))
            )
            if same and None not in {here, there} and here != there:
                text = f"{port.name} has untagged VLAN {here}, {other.name} {theirs.name} {there}"
                yield Finding(device.name, text)
            allowed, others = (
                _allowed(ports.get(d.name, {}), p.name)
                for d, p in ((device, port), (other, theirs))
            )
            if same and allowed is not None and others is not None and allowed != others:
                text = (
                    f"{port.name} allows VLANs {allowed or 'none'}, "
                    f"{other.name} {theirs.name} {others or 'none'}"
                )
                yield Finding(device.name, text)


def _native(observed: Observed) -> Iterator[Finding]:
    """The native VLAN of a trunk is the designed one: what a router tags does not arrive else."""
    for name, output in observed.json(SWITCHPORTS):
        device = observed.intent.devices[name]
        ports = output.get("switchports", {})
        for port in device.interfaces.values():
            switching = port.switching
            if switching is None or switching.tagged == frozenset() or switching.untagged is None:
                continue  # no trunk, or one that tags or drops
            info = ports.get(port.name, {}).get("switchportInfo") or {}
            found = _untagged(ports, port.name)
            if info.get("mode") == "trunk" and found not in {None, str(switching.untagged)}:
                text = f"{port.name} has untagged VLAN {found}, by design {switching.untagged}"
                yield Finding(name, text)


def _port_vlans(output: dict[str, Any]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for number, vlan in output.get("vlans", {}).items():
        if not vlan.get("dynamic"):
            for name in vlan.get("interfaces", {}):
                found.setdefault(name, set()).add(int(number))
    return found


def _untagged(switchports: dict[str, Any], name: str) -> str | None:
    """Return what a port does with untagged frames; "none" where it tags its native VLAN."""
    info = switchports.get(name, {}).get("switchportInfo")
    if info is None:
        return None
    if info.get("mode") == "access":
        return str(info.get("accessVlanId"))
    return "none" if info.get("nativeVlanTagging") else str(info.get("trunkingNativeVlanId"))


def _allowed(switchports: dict[str, Any], name: str) -> str | None:
    info = switchports.get(name, {}).get("switchportInfo")
    if info is None or info.get("mode") != "trunk":
        return None
    text = str(info.get("trunkAllowedVlans", ""))
    return text if text == "ALL" else ",".join(str(vlan) for vlan in sorted(expand_vlans(text)))


# ---------------------------------------------------------------------------------- cabling
def _cabling(observed: Observed) -> Iterator[Finding]:
    """Every neighbor on an Ethernet port is the one that the design cables there."""
    designed = {}
    for link in observed.intent.links:
        for own, other in ((link.a, link.b), (link.b, link.a)):
            designed[own.node, own.interface] = (other.node, other.interface)
    for device, output in observed.json(LLDP):
        for entry in output.get("lldpNeighbors", ()):
            port = str(entry.get("port", ""))
            name = canonical(port) if is_interface(port) else port
            system = str(entry.get("neighborDevice", ""))
            neighbor = _device(observed.intent, system)
            if is_management(name) or (neighbor is None and (device, name) in designed):
                continue
            end = (neighbor or system, _port(entry.get("neighborPort", "")))
            if designed.get((device, name)) != end:
                wanted = designed.get((device, name))
                text = f"{name} leads to {end[0]} {end[1]}, "
                text += (
                    f"by design to {wanted[0]} {wanted[1]}" if wanted else "by design to nothing"
                )
                yield Finding(device, text)


def _device(intent: Intent, system: str) -> str | None:
    """Return the device that a system name, with or without its domain, is."""
    if system in intent.devices:
        return system
    short = system.partition(".")[0]
    return short if short in intent.devices else None


def _port(text: object) -> str:
    name = str(text).strip('"')
    return canonical(name) if is_interface(name) else name


def _is_cabled(intent: Intent, device: str) -> bool:
    return any(device in {link.a.node, link.b.node} for link in intent.links)


def _switches(intent: Intent, device: str) -> bool:
    return any(
        side.device.name == device and port_of(side.device, side.interface).switching is not None
        for pair in cables(intent)
        for side in pair
    )


def _always(_intent: Intent, _device: str) -> bool:
    return True


CHECKS = (
    Check(
        "VerifyLinkMtu",
        "Verifies that both ends of each cable have the same MTU.",
        ("interfaces",),
        (INTERFACES,),
        _is_cabled,
        _mtu,
    ),
    Check(
        "VerifyTrunkSymmetry",
        "Verifies that both ends of each switched link carry the same VLANs and native VLAN.",
        ("vlan",),
        (VLANS, SWITCHPORTS),
        _switches,
        _trunks,
    ),
    Check(
        "VerifyCabling",
        "Verifies that no cable leads where the design cables nothing, or something else.",
        ("connectivity",),
        (LLDP,),
        _always,
        _cabling,
    ),
)
