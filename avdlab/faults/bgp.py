"""Configuration faults of BGP sessions and of what they carry."""

import re
from collections.abc import Iterator

from avdlab.faults.edits import ConfigFault, Edit, Target, edit
from avdlab.net.addresses import parse_interface_address
from avdlab.validate.intent.model import Peer
from avdlab.validate.intent.underlay import loopbacks

BGP = r"router bgp \S+"
# another password, encrypted with whichever key: no two ends have it
_PASSWORD = "password 7 A4w25UaVJk7iCa0zyX+LWQ=="  # noqa: S105 (a wrong one, on purpose)


def _peers(target: Target, family: str = "", vrf: str = "default") -> Iterator[Peer]:
    """Yield the neighbors that are devices of the lab, over addresses."""
    for peer in target.device.peers:
        known = peer.device in target.intent.devices and peer.address
        if known and peer.vrf == vrf and (not family or family in peer.families):
            yield peer


def _names(target: Target, family: str = "") -> list[str]:
    """Return what configures the neighbors of a family: their groups, or they themselves."""
    return list(dict.fromkeys(p.group or p.address for p in _peers(target, family)))


def wrong_remote_as(target: Target) -> Iterator[Edit]:
    for peer in _peers(target):
        for name in (peer.address, peer.group):
            pattern = rf"(neighbor {re.escape(name)} remote-as) \d+"
            text = target.text.replace(BGP, pattern=pattern, by=r"\1 64999")
            if name and text:
                yield Edit(f"neighbor {name} remote-as 64999", text)
                break


def wrong_password(target: Target) -> Iterator[Edit]:
    for name in _names(target):
        pattern = rf"(neighbor {re.escape(name)}) password .*"
        by = rf"\1 {_PASSWORD}"
        yield from edit(
            f"another password of {name}", target.text.replace(BGP, pattern=pattern, by=by)
        )


def no_multihop(target: Target) -> Iterator[Edit]:
    for name in _names(target):
        pattern = rf"neighbor {re.escape(name)} ebgp-multihop.*"
        yield from edit(f"no ebgp-multihop of {name}", target.text.delete(BGP, pattern=pattern))


def evpn_not_activated(target: Target) -> Iterator[Edit]:
    for name in _names(target, "evpn"):
        text = target.text.delete(
            BGP, "address-family evpn", pattern=rf"neighbor {re.escape(name)} activate"
        )
        yield from edit(f"{name} not activated for EVPN", text)


def no_send_community(target: Target) -> Iterator[Edit]:
    for name in _names(target, "evpn"):
        pattern = rf"neighbor {re.escape(name)} send-community.*"
        yield from edit(f"no send-community of {name}", target.text.delete(BGP, pattern=pattern))


def only_standard_communities(target: Target) -> Iterator[Edit]:
    for name in _names(target, "evpn"):
        pattern = rf"(neighbor {re.escape(name)} send-community).*"
        text = target.text.replace(BGP, pattern=pattern, by=r"\1 standard")
        yield from edit(f"{name} send-community standard", text)


def no_next_hop_unchanged(target: Target) -> Iterator[Edit]:
    for name in _names(target, "evpn"):
        pattern = rf"neighbor {re.escape(name)} next-hop-unchanged"
        yield from edit(
            f"no next-hop-unchanged of {name}", target.text.delete(BGP, pattern=pattern)
        )


def vtep_not_advertised(target: Target) -> Iterator[Edit]:
    vxlan = target.device.vxlan
    if vxlan and vxlan.source:
        yield from _unlisted(target, f"{vxlan.source}/32", "VTEP")


def loopback_not_advertised(target: Target) -> Iterator[Edit]:
    sources = {peer.source for peer in target.device.peers}
    for prefix, interface in loopbacks(target.device):
        if interface.name in sources:
            yield from _unlisted(target, prefix, interface.name)


def _unlisted(target: Target, prefix: str, what: str) -> Iterator[Edit]:
    """Remove the entry of a prefix list of the redistribution that lets a prefix through."""
    vrf = target.device.redistributes
    steps = target.device.route_maps.get(vrf.route_map, ()) if vrf else ()
    address = parse_interface_address(prefix).address
    for name in dict.fromkeys(name for step in steps for name in step.prefix_lists):
        section = rf"ip prefix-list {re.escape(name)}"
        for match in target.text.lines(section, pattern=r"seq (\d+) permit (\S+)( .*)?"):
            if parse_interface_address(match[2]).prefix.contains(address):
                pattern = rf"seq {match[1]} permit .*"
                text = target.text.delete(section, pattern=pattern)
                yield from edit(f"{what} {prefix} not in prefix-list {name}", text)


def duplicate_router_id(target: Target) -> Iterator[Edit]:
    for other in target.intent.devices.values():
        if other.router_id and other.router_id != target.device.router_id:
            by = f"router-id {other.router_id}"
            text = target.text.replace(BGP, pattern=r"router-id \S+", by=by)
            yield from edit(f"{by}, as {other.name} has", text)


def route_limit(target: Target) -> Iterator[Edit]:
    for name in _names(target):
        pattern = rf"(neighbor {re.escape(name)} maximum-routes) \d+.*"
        text = target.text.replace(BGP, pattern=pattern, by=r"\1 1 warning-only")
        yield from edit(f"{name} maximum-routes 1 warning-only", text)


def no_bfd(target: Target) -> Iterator[Edit]:
    for name in _names(target):
        pattern = rf"neighbor {re.escape(name)} bfd"
        yield from edit(f"no bfd of {name}", target.text.delete(BGP, pattern=pattern))


def single_path(target: Target) -> Iterator[Edit]:
    ways = [peer for peer in _peers(target, "ipv4") if peer.vrf == "default"]
    if target.device.maximum_paths > 1 and len(ways) > 1:
        text = target.text.replace(BGP, pattern=r"maximum-paths .*", by="maximum-paths 1")
        yield from edit("maximum-paths 1", text)


def peer_shut(target: Target) -> Iterator[Edit]:
    for peer in _peers(target, "ipv4"):
        line = f"neighbor {peer.address} shutdown"
        yield from edit(line, target.text.add(BGP, line=line))


def bgp_gone(target: Target) -> Iterator[Edit]:
    if any(_peers(target)):
        yield from edit("no router bgp", target.text.delete(pattern=BGP))


FAULTS = (
    ConfigFault("wrong-remote-as", 9, "eBGP: wrong remote AS", wrong_remote_as),
    ConfigFault("wrong-password", 9, "BGP: wrong password", wrong_password),
    ConfigFault("no-multihop", 9, "eBGP: multihop missing", no_multihop),
    ConfigFault("bgp-gone", 9, "BGP: no router bgp at all", bgp_gone),
    ConfigFault("evpn-not-activated", 10, "EVPN not activated on one side", evpn_not_activated),
    ConfigFault("no-send-community", 11, "send-community missing", no_send_community),
    ConfigFault(
        "only-standard-communities",
        11,
        "send-community without extended",
        only_standard_communities,
    ),
    ConfigFault("no-next-hop-unchanged", 12, "spine changes the next hop", no_next_hop_unchanged),
    ConfigFault("vtep-not-advertised", 13, "VTEP loopback not redistributed", vtep_not_advertised),
    ConfigFault("loopback-not-advertised", 14, "prefix list drops Lo0", loopback_not_advertised),
    ConfigFault("duplicate-router-id", 15, "duplicate router-id", duplicate_router_id),
    ConfigFault("no-bfd", 31, "BFD not configured on one side", no_bfd),
    ConfigFault("route-limit", 36, "route limit lowered to a warning", route_limit),
    ConfigFault("single-path", 37, "ECMP off (maximum-paths 1)", single_path),
    ConfigFault("peer-shut", 37, "one of several sessions shut", peer_shut),
)
