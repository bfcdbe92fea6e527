"""Configuration faults of interfaces, gateways, IGPs and services."""

import re
from collections.abc import Iterator

from avdlab.faults.edits import ConfigFault, Edit, Target, edit
from avdlab.faults.text import ConfigText
from avdlab.net.addresses import format_ipv4, parse_interface_address
from avdlab.validate.intent.graph import ospf_neighbors, routed_cables
from avdlab.validate.intent.model import Interface
from avdlab.validate.intent.underlay import loopbacks


def _links(target: Target) -> Iterator[Interface]:
    for own, _ in routed_cables(target.intent, target.device):
        yield own.interface


def interface_shut(target: Target) -> Iterator[Edit]:
    for interface in _links(target):
        section = f"interface {interface.name}"
        text = target.text.replace(section, pattern="no shutdown", by="shutdown")
        yield from edit(f"{section}: shutdown", text or target.text.add(section, line="shutdown"))


def wrong_address(target: Target) -> Iterator[Edit]:
    for interface in _links(target):
        if interface.address:
            section = f"interface {interface.name}"
            by = "ip address 198.51.100.1/31"
            text = target.text.replace(section, pattern=r"ip address \S+", by=by)
            yield from edit(f"{section}: {by}", text)


def wrong_mask(target: Target) -> Iterator[Edit]:
    for interface in _links(target):
        if interface.address.endswith("/31"):
            section = f"interface {interface.name}"
            by = f"ip address {interface.ip}/32"
            text = target.text.replace(section, pattern=r"ip address \S+", by=by)
            yield from edit(f"{section}: {by}", text)


def wrong_mtu(target: Target) -> Iterator[Edit]:
    for interface in _links(target):
        section = f"interface {interface.name}"
        by = f"mtu {(interface.mtu or 1500) - 100}"
        text = target.text.replace(section, pattern=r"mtu \d+", by=by)
        yield from edit(f"{section}: {by}", text or target.text.add(section, line=by))


def duplicate_loopback(target: Target) -> Iterator[Edit]:
    own = [interface for _, interface in loopbacks(target.device)]
    for other in target.intent.devices.values():
        for prefix, theirs in loopbacks(other) if other is not target.device else ():
            for interface in own:
                if interface.name == theirs.name and interface.address != prefix:
                    by = f"ip address {prefix}"
                    section = f"interface {interface.name}"
                    text = target.text.replace(section, pattern=r"ip address \S+", by=by)
                    yield from edit(f"{section}: {by}, as {other.name} has", text)


def _gateways(target: Target) -> Iterator[Interface]:
    for interface in target.device.interfaces.values():
        if interface.virtual and not interface.shutdown:
            yield interface


def gateway_address(target: Target) -> Iterator[Edit]:
    for interface in _gateways(target):
        parsed = parse_interface_address(interface.virtual[0])
        other = f"{format_ipv4(parsed.address + 7)}/{parsed.length}"
        by = f"ip address virtual {other}"
        section = f"interface {interface.name}"
        text = target.text.replace(section, pattern=r"ip address virtual \S+", by=by)
        yield from edit(f"{section}: {by}", text)


def gateway_mac(target: Target) -> Iterator[Edit]:
    by = "ip virtual-router mac-address 00:1c:73:00:de:ad"
    if any(_gateways(target)):
        yield from edit(
            by, target.text.replace(pattern=r"ip virtual-router mac-address \S+", by=by)
        )


def gateway_gone(target: Target) -> Iterator[Edit]:
    for interface in _gateways(target):
        text = target.text.delete(pattern=f"interface {interface.name}")
        yield from edit(f"no interface {interface.name}", text)


def gateway_vrf(target: Target) -> Iterator[Edit]:
    vrfs = sorted({interface.vrf for interface in _gateways(target)})
    for interface in _gateways(target):
        for vrf in vrfs:
            if vrf != interface.vrf:
                section = f"interface {interface.name}"
                text = target.text.replace(section, pattern=r"vrf \S+", by=f"vrf {vrf}")
                yield from edit(f"{section}: vrf {vrf}", text)


def no_routing(target: Target) -> Iterator[Edit]:
    for interface in _gateways(target):
        vrf = re.escape(interface.vrf)
        text = target.text.delete(pattern=rf"ip routing vrf {vrf}")
        yield from edit(f"no ip routing vrf {interface.vrf}", text)


# ---------------------------------------------------------------------------------- IGPs
def ospf_lost(target: Target) -> Iterator[Edit]:
    """All neighbors are gone: OSPF runs on no interface that has one."""
    text = target.text.text
    for _, own, _ in ospf_neighbors(target.intent, target.device):
        section = f"interface {own.interface.name}"
        changed = ConfigText(text).delete(section, pattern=r"ip ospf area \S+")
        text = changed or text
    if text != target.text.text:
        yield Edit("ip ospf area removed from all links", text)


def ospf_area(target: Target) -> Iterator[Edit]:
    for _, own, _ in ospf_neighbors(target.intent, target.device):
        section = f"interface {own.interface.name}"
        text = target.text.replace(section, pattern=r"ip ospf area \S+", by="ip ospf area 0.0.0.99")
        yield from edit(f"{section}: ip ospf area 0.0.0.99", text)


def isis_off(target: Target) -> Iterator[Edit]:
    for interface in _links(target):
        if interface.isis_levels and not interface.isis_passive:
            section = f"interface {interface.name}"
            text = target.text.delete(section, pattern=r"isis enable \S+")
            yield from edit(f"{section}: no isis enable", text)


def isis_key(target: Target) -> Iterator[Edit]:
    for interface in _links(target):
        section = f"interface {interface.name}"
        text = target.text.replace(
            section, pattern=r"isis authentication key .*", by="isis authentication key 0 another"
        )
        yield from edit(f"{section}: another IS-IS key", text)


def no_ntp(target: Target) -> Iterator[Edit]:
    text = "\n".join(r for r in target.text.text.splitlines() if not r.startswith("ntp ")) + "\n"
    if text != target.text.text:
        yield Edit("no ntp", text)


FAULTS = (
    ConfigFault("interface-shut", 1, "link shut at one end", interface_shut),
    ConfigFault("wrong-address", 7, "P2P address wrong", wrong_address),
    ConfigFault("wrong-mask", 7, "P2P mask wrong", wrong_mask),
    ConfigFault("wrong-mtu", 8, "MTU of a link differs", wrong_mtu),
    ConfigFault("duplicate-loopback", 15, "duplicate loopback address", duplicate_loopback),
    ConfigFault("gateway-mac", 21, "anycast gateway MAC differs", gateway_mac),
    ConfigFault("gateway-address", 21, "anycast gateway address differs", gateway_address),
    ConfigFault("ospf-lost", 29, "OSPF: all neighbors lost", ospf_lost),
    ConfigFault("ospf-area", 29, "OSPF: one of several neighbors lost", ospf_area),
    ConfigFault("isis-off", 30, "IS-IS off on a link", isis_off),
    ConfigFault("isis-key", 30, "IS-IS key differs", isis_key),
    ConfigFault("gateway-gone", 33, "gateway of a VLAN missing", gateway_gone),
    ConfigFault("no-routing", 33, "routing off in a VRF", no_routing),
    ConfigFault("gateway-vrf", 34, "VLAN routed in another VRF", gateway_vrf),
    ConfigFault("no-ntp", 38, "NTP removed", no_ntp),
)
