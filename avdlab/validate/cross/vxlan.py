"""What VTEPs must agree on: VLAN to VNI, who floods to whom, whose routes a VRF has."""

from collections.abc import Iterator, Mapping
from typing import Any

from avdlab.validate.cross.model import Check, Finding, Observed
from avdlab.validate.cross.questions import ROUTES, VXLAN
from avdlab.validate.cross.unique import NO_ADDRESS, has_vxlan
from avdlab.validate.intent.model import Intent

_Vtep = Mapping[str, Any]  # Vxlan1 as `show interfaces Vxlan1` prints it


def _interfaces(observed: Observed) -> dict[str, _Vtep]:
    return {
        device: output.get("interfaces", {}).get("Vxlan1", {})
        for device, output in observed.json(VXLAN)
    }


def _bindings(observed: Observed) -> Iterator[Finding]:
    """Devices that the design gives one VNI for a VLAN must have one; the odd one out is wrong."""
    seen = _interfaces(observed)
    for device, interface in seen.items():
        own = observed.intent.devices[device].vxlan
        for vlan, vni in own.vlans.items() if own else ():
            actual = _vni(interface, vlan)
            for other in _sharing(observed.intent, device, vlan, vni):
                theirs = _vni(seen[other], vlan) if other in seen else actual
                if actual not in {theirs, vni}:
                    text = f"VLAN {vlan} has VNI {actual or 'none'}, on {other} {theirs or 'none'}"
                    yield Finding(device, text)


def _sharing(intent: Intent, device: str, vlan: int, vni: int) -> Iterator[str]:
    for name, other in intent.devices.items():
        if name != device and other.vxlan and other.vxlan.vlans.get(vlan) == vni:
            yield name


def _vni(interface: _Vtep, vlan: int) -> int | None:
    entry = interface.get("vlanToVniMap", {}).get(str(vlan))
    return entry.get("vni") if entry else None


def _router_macs(observed: Observed) -> Iterator[Finding]:
    """One VTEP has one router MAC: packets for it arrive at either device of the pair."""
    seen = _interfaces(observed)
    for device, interface in seen.items():
        mlag = observed.intent.devices[device].mlag
        if mlag and mlag.peer in seen:
            own, theirs = (i.get("mlagSharedRouterMacAddr") for i in (interface, seen[mlag.peer]))
            if own != theirs and None not in {own, theirs}:
                text = f"the shared router MAC is {own}, on {mlag.peer} {theirs}"
                yield Finding(device, text)


def _in_pair(intent: Intent, device: str) -> bool:
    return bool(has_vxlan(intent, device) and intent.devices[device].mlag)


def _flooding(observed: Observed) -> Iterator[Finding]:
    """If A floods a VNI to B, then B floods it to A: else route targets differ."""
    seen = _interfaces(observed)
    lists = {device: dict(_floods(interface)) for device, interface in seen.items()}
    for device, interface in seen.items():
        source = interface.get("srcIpAddr", NO_ADDRESS)
        for vni, vteps in lists[device].items():
            for other, theirs in seen.items():
                address = theirs.get("srcIpAddr", NO_ADDRESS)
                if address in vteps and address != source:
                    back = lists[other].get(vni)
                    if back is None:
                        yield Finding(other, f"VNI {vni} is not here, and {device} floods it here")
                    elif source not in back:
                        text = (
                            f"VNI {vni} is not flooded to {device} ({source}), as it is from there"
                        )
                        yield Finding(other, text)


def _floods(interface: _Vtep) -> Iterator[tuple[int, frozenset[str]]]:
    lists = interface.get("vlanToVtepList", {})
    for vlan, entry in interface.get("vlanToVniMap", {}).items():
        found = lists.get(vlan, {}).get("remoteVtepAddr", ())
        if entry.get("source") != "evpn":  # not the internal VLAN of a VRF
            yield entry.get("vni", 0), frozenset(found)


def _vrfs(observed: Observed) -> Iterator[Finding]:
    """If A has routes of a VRF over B's VTEP, then B has some over A's, where A tells any."""
    sources = {
        device: str(interface.get("srcIpAddr", NO_ADDRESS))
        for device, interface in _interfaces(observed).items()
    }
    over: dict[tuple[str, str], set[str]] = {}  # device, VRF -> VTEPs that its routes lead over
    for device, output in observed.json(ROUTES):
        for vrf, table in output.get("vrfs", {}).items():
            vias = (via for route in table.get("routes", {}).values() for via in route["vias"])
            over[device, vrf] = {via["vtepAddr"] for via in vias if via.get("vtepAddr")}
    for (device, vrf), vteps in sorted(over.items()):
        for other, address in sources.items():
            if address in vteps and (other, vrf) in over and _tells(observed.intent, device, vrf):
                own = sources.get(device)
                if own not in over[other, vrf] and own != address:
                    text = f"VRF {vrf} has no route over {device} ({own}), as it has over {address}"
                    yield Finding(other, text)


def _tells(intent: Intent, device: str, vrf: str) -> bool:
    """Tell whether a device has something of its own to tell about a VRF."""
    own = intent.devices[device].ip_vrfs.get(vrf)
    return bool(
        own
        and own.redistributes
        and any(
            interface.vrf == vrf and interface.address and interface.name.startswith("Loopback")
            for interface in intent.devices[device].interfaces.values()
        )
    )


def _has_vrfs(intent: Intent, device: str) -> bool:
    vxlan = intent.devices[device].vxlan
    return bool(vxlan and vxlan.vrfs)


CHECKS = (
    Check(
        "VerifySharedRouterMac",
        "Verifies that the devices of an MLAG pair have one router MAC for their VTEP.",
        ("vxlan", "mlag"),
        (VXLAN,),
        _in_pair,
        _router_macs,
    ),
    Check(
        "VerifyVniSymmetry",
        "Verifies that VTEPs map a VLAN to the same VNI where the design says so.",
        ("vxlan",),
        (VXLAN,),
        has_vxlan,
        _bindings,
    ),
    Check(
        "VerifyFloodSymmetry",
        "Verifies that VTEPs flood a VNI to one another or not at all (route targets agree).",
        ("vxlan", "evpn"),
        (VXLAN,),
        has_vxlan,
        _flooding,
    ),
    Check(
        "VerifyVrfSymmetry",
        "Verifies that VTEPs have routes of a VRF from one another or not at all.",
        ("routing", "evpn"),
        (VXLAN, ROUTES),
        _has_vrfs,
        _vrfs,
    ),
)
