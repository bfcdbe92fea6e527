"""BFD: the sessions that BGP asks for."""

from collections.abc import Iterator
from typing import Any

from avdlab.net.addresses import parse_interface_address, parse_ipv4
from avdlab.validate.intent.model import Device, Peer
from avdlab.validate.plan.model import Facts, Wanted


def plan_bfd(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan the BFD sessions of BGP neighbors with BFD on both sides."""
    peers = [
        _peer(device, peer)
        for peer in device.peers
        if peer.bfd and peer.address and peer.validated and _both_ask(facts, device, peer)
    ]
    if peers:
        yield "anta.tests.bfd", "VerifyBFDSpecificPeers", {"bfd_peers": peers}


def _both_ask(facts: Facts, device: Device, peer: Peer) -> bool:
    other = facts.intent.devices.get(peer.device)
    return other is not None and any(p.bfd and p.device == device.name for p in other.peers)


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
