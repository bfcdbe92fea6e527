"""What the solver met and does not model: said, never guessed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from avdlab.twin.config.settings import Afi, RouteMapEntry
from avdlab.twin.protocols.bgp.evpn_segments import local_segments
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.policy_match import known_match
from avdlab.twin.protocols.bgp.policy_set import known_set
from avdlab.twin.protocols.bgp.state import State

# families that sessions negotiate, whose routes nobody computes
_UNSOLVED = {
    Afi.RT_MEMBERSHIP: "address-family rt-membership",
    Afi.OTHER: "address families other than IPv4, IPv6, EVPN and VPN",
}


@dataclass(slots=True)
class Notes:
    """Notes of all devices. `families`: node -> those that its sessions negotiate or ask for."""

    state: State
    families: dict[str, set[Afi]] = field(default_factory=dict)

    @classmethod
    def of(cls, state: State) -> "Notes":
        found = cls(state)
        for peer in state.sessions.peers.values():
            found.families.setdefault(peer.node, set()).update(peer.families)
        return found

    def of_node(self, node: str) -> Iterator[str]:
        """Yield what is not modelled on one device, and what did not converge."""
        speaker = self.state.speakers[node]
        if not self.state.converged:
            rounds = self.state.rounds
            yield f"BGP did not settle in {rounds} rounds: the state shown is one of several"
        for name, entries in sorted(speaker.settings.policy.route_maps.items()):
            for entry in entries:
                yield from _unknown_words(name, entry)
        if speaker.settings.bgp is None:
            return
        yield from _unread(speaker)
        evpn = speaker.settings.bgp.vrfs["default"].families.get(Afi.EVPN)
        if evpn is not None and evpn.encapsulation == "mpls" and speaker.settings.bgp.mac_vrfs:
            yield "EVPN over MPLS: VLAN services are not computed"
        for family in sorted(self.families.get(node, set()) & _UNSOLVED.keys()):
            yield f"{_UNSOLVED[family]}: sessions negotiate them, routes in them are not computed"


def _unread(speaker: Speaker) -> Iterator[str]:
    """Yield what the configuration asks of BGP and the engine leaves out."""
    for segment in local_segments(speaker):
        if segment.settings.algorithm not in {"modulus", "preference"}:
            name = segment.settings.algorithm
            yield f"{segment.interface}: forwarder election by {name} is computed as by modulus"


def _unknown_words(name: str, entry: RouteMapEntry) -> Iterator[str]:
    where = f"route-map {name} {entry.sequence}"
    for words in entry.match:
        if known_match(words) is None:
            yield f"{where}: 'match {' '.join(words)}' is not modelled and matches nothing"
    for words in entry.set:
        if known_set(words) is None:
            yield f"{where}: 'set {' '.join(words)}' is not modelled"
