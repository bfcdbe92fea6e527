"""Nothing that must be unique in a fabric is there twice: router ids, addresses, VTEPs."""

from collections.abc import Iterator, Mapping

from avdlab.validate.cross.model import Check, Finding, Observed
from avdlab.validate.cross.questions import BGP_SUMMARY, IP_INTERFACES, VXLAN
from avdlab.validate.intent.model import Intent

NO_ADDRESS = "0.0.0.0"  # noqa: S104 (what EOS prints where there is none)


def _router_ids(observed: Observed) -> Iterator[Finding]:
    owners: dict[str, list[str]] = {}
    for device, output in observed.json(BGP_SUMMARY):
        own = observed.intent.devices[device]
        designed = {"default": own.router_id} | {n: v.router_id for n, v in own.ip_vrfs.items()}
        for vrf, summary in output.get("vrfs", {}).items():
            found = summary.get("routerId", NO_ADDRESS)
            if found == NO_ADDRESS:
                continue
            if vrf == "default":
                owners.setdefault(found, []).append(device)
            if designed.get(vrf, "") not in {"", found}:
                text = f"router-id of VRF {vrf} is {found}, by design {designed[vrf]}"
                yield Finding(device, text)
    for router_id, devices in owners.items():
        for device, others in _shared(devices):
            yield Finding(device, f"router-id {router_id} is also that of {others}")


def _addresses(observed: Observed) -> Iterator[Finding]:
    """Devices may share an address only where the design gives it to all of them."""
    owners: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for device, output in observed.json(IP_INTERFACES):
        for name, interface in output.get("interfaces", {}).items():
            for address in _own(interface.get("interfaceAddress", {})):
                place = (str(interface.get("vrf", "default")), address)
                owners.setdefault(place, []).append((device, name))
    for place, ends in owners.items():
        designed = set(observed.intent.owners.get(place, ()))
        devices = {device for device, _ in ends}
        if len(devices) < 2 or devices <= designed:
            continue
        for device, name in ends:
            others = ", ".join(f"{d} {n}" for d, n in ends if d != device)
            text = f"{place[1]} in VRF {place[0]} on {name} is also on {others}"
            yield Finding(device, text)


def _own(address: Mapping[str, object]) -> Iterator[str]:
    listed = [address.get("primaryIp"), *_items(address.get("secondaryIpsOrderedList"))]
    for item in listed:
        if isinstance(item, dict) and item.get("address") not in {None, NO_ADDRESS}:
            yield str(item["address"])


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _vteps(observed: Observed) -> Iterator[Finding]:
    """Only the devices of one MLAG pair may share the address of their tunnel endpoint."""
    owners: dict[str, list[str]] = {}
    for device, output in observed.json(VXLAN):
        source = output.get("interfaces", {}).get("Vxlan1", {}).get("srcIpAddr", NO_ADDRESS)
        if source != NO_ADDRESS:
            owners.setdefault(source, []).append(device)
    for address, devices in owners.items():
        for device, _ in _shared(devices):
            own = observed.intent.devices[device].vxlan
            partners = {
                name
                for name, other in observed.intent.devices.items()
                if own and other.vxlan and other.vxlan.source == own.source
            }
            strangers = sorted(set(devices) - partners - {device})
            if strangers:
                text = f"VTEP {address} is also that of {', '.join(strangers)}"
                yield Finding(device, text)


def _shared(devices: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each of several devices with the names of the others."""
    for device in devices if len(devices) > 1 else ():
        yield device, ", ".join(other for other in devices if other != device)


def _speaks_bgp(intent: Intent, device: str) -> bool:
    return bool(intent.devices[device].asn)


def _has_addresses(intent: Intent, device: str) -> bool:
    return any(interface.address for interface in intent.devices[device].interfaces.values())


def has_vxlan(intent: Intent, device: str) -> bool:
    """Tell whether a device is a VTEP by design."""
    return intent.devices[device].vxlan is not None


CHECKS = (
    Check(
        "VerifyUniqueRouterIds",
        "Verifies that each BGP router-id is the designed one, and on one device only.",
        ("bgp",),
        (BGP_SUMMARY,),
        _speaks_bgp,
        _router_ids,
    ),
    Check(
        "VerifyUniqueAddresses",
        "Verifies that no address is on two devices, unless the design says so.",
        ("interfaces",),
        (IP_INTERFACES,),
        _has_addresses,
        _addresses,
    ),
    Check(
        "VerifyUniqueVteps",
        "Verifies that only the devices of an MLAG pair share a VTEP address.",
        ("vxlan",),
        (VXLAN,),
        has_vxlan,
        _vteps,
    ),
)
