"""BFD: the sessions that BGP asks for, and their timers."""

from collections.abc import Iterator
from typing import Any

from avdlab.net.addresses import parse_interface_address, parse_ipv4
from avdlab.validate.intent.model import Device, Peer
from avdlab.validate.plan.model import Facts, Wanted

_TIMERS = ("tx_interval", "rx_interval", "multiplier")


def plan_bfd(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan the BFD sessions of BGP neighbors with BFD on both sides."""
    asked = [
        (_peer(device, peer), peer, other)
        for peer in device.peers
        if peer.bfd and peer.address and peer.validated
        for other in _answers(facts, device, peer)
    ]
    if asked:
        peers = [where for where, _, _ in asked]
        yield "anta.tests.bfd", "VerifyBFDSpecificPeers", {"bfd_peers": peers}
    timed = [
        where | dict(zip(_TIMERS, timers, strict=True))
        for where, peer, (far, back) in asked
        if (timers := _timers(device, peer, where)) == _timers(far, back, where)
    ]
    if timed:
        yield "anta.tests.bfd", "VerifyBFDPeersIntervals", {"bfd_peers": timed}


def _answers(facts: Facts, device: Device, peer: Peer) -> list[tuple[Device, Peer]]:
    """Return the other end, where it asks for BFD too."""
    other = facts.intent.devices.get(peer.device)
    back = [p for p in other.peers if p.bfd and p.device == device.name] if other else []
    same = [p for p in back if p.vrf == peer.vrf] or back
    return [(other, same[0])] if other and same else []


def _timers(device: Device, peer: Peer, where: dict[str, Any]) -> tuple[int, int, int]:
    single = "interface" in where
    return peer.bfd_timers or (device.bfd if single else device.bfd_multihop)


def _peer(device: Device, peer: Peer) -> dict[str, Any]:
    """EOS: a session over an interface of the neighbor's subnet is single-hop and names it."""
    where = {"peer_address": peer.address, "vrf": peer.vrf}
    if peer.multihop or peer.source:
        return where
    for interface in device.interfaces.values():
        if interface.address and interface.vrf == peer.vrf:
            prefix = parse_interface_address(interface.address).prefix
            if prefix.contains(parse_ipv4(peer.address)):
                return where | {"interface": interface.name}
    return where
