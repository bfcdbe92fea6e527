"""Subnets that the design keeps out of BGP: no device has learnt them from another."""

from collections import Counter
from collections.abc import Iterator, Mapping

from avdlab.net.addresses import parse_interface_address
from avdlab.validate.cross.model import Check, Finding, Observed
from avdlab.validate.cross.questions import ROUTES
from avdlab.validate.intent.model import Device, Intent, Interface, IpVrf
from avdlab.validate.intent.policy import redistributes

_SHOWN = 6  # subnets that a device's finding names

Subnet = tuple[str, str]  # VRF and prefix


def _kept_back(observed: Observed) -> Iterator[Finding]:
    """A filter that is gone shows elsewhere: in the tables of those who then learn the subnets."""
    secret = kept_back(observed.intent)
    learnt = {
        (vrf, prefix)
        for _, output in observed.json(ROUTES)
        for vrf, table in output.get("vrfs", {}).items()
        for prefix, route in table.get("routes", {}).items()
        if str(route.get("routeType", "")).lower() in {"ebgp", "ibgp"}
    }
    for owner, subnets in _told_by({place: secret[place] for place in learnt & set(secret)}):
        shown = sorted(subnets)
        listed = ", ".join(f"{prefix} of VRF {vrf}" for vrf, prefix in shown[:_SHOWN])
        more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
        yield Finding(owner, f"others learn {listed}{more} by BGP, which the design keeps back")


def _told_by(learnt: Mapping[Subnet, tuple[str, ...]]) -> Iterator[tuple[str, list[Subnet]]]:
    """Yield who tells which subnets: of several owners the one with most of them."""
    count = Counter(owner for owners in learnt.values() for owner in owners)
    for name in sorted(count):
        own = [s for s, owners in learnt.items() if count[name] == max(count[o] for o in owners)]
        own = [subnet for subnet in own if name in learnt[subnet]]
        if own:
            yield name, own


def kept_back(intent: Intent) -> Mapping[Subnet, tuple[str, ...]]:
    """Return the subnets that no device with an address in them tells BGP, with these devices.

    Where a policy is more than prefix lists, or other routes are told too, nothing is claimed.
    """
    owners: dict[Subnet, dict[str, bool]] = {}
    for device in intent.devices.values():
        for interface in device.interfaces.values():
            for text in (interface.address, *interface.virtual):
                if text and not interface.shutdown:
                    prefix = parse_interface_address(text).prefix
                    place = interface.vrf, str(prefix)
                    owners.setdefault(place, {})[device.name] = _silent(device, interface, text)
    return {place: tuple(names) for place, names in owners.items() if all(names.values())}


def _silent(device: Device, interface: Interface, address: str) -> bool:
    bgp = _bgp(device, interface.vrf)
    if bgp is None or bgp.more or interface.ospf_area or interface.isis_levels:
        return False
    return redistributes(device, bgp, parse_interface_address(address).prefix) is False


def _bgp(device: Device, vrf: str) -> IpVrf | None:
    return device.redistributes if vrf == "default" else device.ip_vrfs.get(vrf)


def _has_some(intent: Intent, device: str) -> bool:
    return any(device in owners for owners in kept_back(intent).values())


CHECKS = (
    Check(
        "VerifySubnetsKeptBack",
        "Verifies that no device learns by BGP a subnet that the design does not redistribute.",
        ("bgp", "routing"),
        (ROUTES,),
        _has_some,
        _kept_back,
    ),
)
