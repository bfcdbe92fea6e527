"""Which sessions are established, and why the others are not.

A session needs an end that can open it: from its source address to an address where the other end
is configured for exactly that source. The checks run in the order in which EOS would meet them, and
the first one that fails is the reason shown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import partial

from avdlab.net.addresses import (
    ALL_ONES,
    IPV4_BITS,
    IPV6_BITS,
    Prefix,
    format_address,
    parse_address,
)
from avdlab.net.interfaces import is_interface
from avdlab.twin.config.settings import Afi, PeerFilterEntry
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.passwords import same_password
from avdlab.twin.protocols.bgp.peers import Peer
from avdlab.twin.protocols.bgp.reach import Arrival, Instance, Reachability
from avdlab.twin.protocols.pending import NOTHING, Fact, Pending, Timing
from avdlab.twin.tables.bgp import SessionState
from avdlab.twin.tables.rib import RouteType


@dataclass(frozen=True, slots=True)
class Down:
    """Why a session is not there, and the state that EOS shows. `fact`: of one that comes late."""

    state: SessionState
    reason: str
    fact: Fact = ()


@dataclass(frozen=True, slots=True)
class End:
    """One end of an established session."""

    peer: Peer
    address: int  # of this end; 0 on an unnumbered session
    interface: str | None  # egress of a single-hop session


@dataclass(frozen=True, slots=True)
class Session:
    """An established session: two ends, in order of their keys."""

    a: End
    b: End
    families: frozenset[Afi]
    timing: Timing = Timing.QUIET

    @property
    def fact(self) -> Fact:
        """The session's name on a timeline."""
        return ("bgp", *self.a.peer.key, *self.b.peer.key)


@dataclass(slots=True)
class Sessions:
    """The outcome: established sessions, and the reason of each peer that has none."""

    up: list[Session] = field(default_factory=list)
    down: dict[tuple[str, str, str], Down] = field(default_factory=dict)
    peers: dict[tuple[str, str, str], Peer] = field(default_factory=dict)


# (peer, what it is made by, how) -> the peer made of it
Derive = Callable[[Peer, object, Callable[[], Peer]], Peer]


@dataclass(slots=True)
class Matcher:
    """Matches peers for one state of the routing tables."""

    speakers: Mapping[str, Speaker]
    reach: Mapping[int, Reachability]  # bits -> that family's
    over_limit: frozenset[tuple[str, str, str]]  # peers that sent too many routes
    derive: Derive  # remembers the peers that are made here
    _by_address: dict[tuple[str, str, int], Peer] = field(default_factory=dict)
    _by_interface: dict[tuple[str, str], Peer] = field(default_factory=dict)
    _listeners: dict[Instance, list[Peer]] = field(default_factory=dict)
    _walked: dict[tuple[Instance, int], Arrival | None] = field(default_factory=dict)

    def _walk(self, bits: int, start: Instance, address: int) -> Arrival | None:
        """Follow the routing tables: both ends of a session ask for the same two ways."""
        key = (start, address)
        if key not in self._walked:
            self._walked[key] = self.reach[bits].walk(start, address)
        return self._walked[key]

    def match(self, peers: Iterable[Peer]) -> Sessions:
        """Return the sessions among the peers."""
        found = Sessions()
        active = [peer for peer in peers if not self._index(peer)]
        found.peers = {peer.key: peer for peer in active}
        up: dict[tuple[tuple[str, str, str], tuple[str, str, str]], Session] = {}
        for peer in active:
            outcome = self._open(peer)
            if isinstance(outcome, Down):
                found.down[peer.key] = outcome
                continue
            for end in (outcome.a, outcome.b):
                found.peers.setdefault(end.peer.key, end.peer)
            up.setdefault((outcome.a.peer.key, outcome.b.peer.key), outcome)
        found.up = [up[key] for key in sorted(up)]
        if self.pending != NOTHING:
            self._in_time(found, {peer.key for peer in active})
        for session in found.up:
            for end in (session.a, session.b):
                found.down.pop(end.peer.key, None)
        return found

    # -------------------------------------------------------------------------- time
    @property
    def pending(self) -> Pending:
        """What a timeline keeps back."""
        return next((speaker.pending for speaker in self.speakers.values()), NOTHING)

    def _in_time(self, found: Sessions, configured: Set[tuple[str, str, str]]) -> None:
        """Take out sessions that come late, and put in those whose hold time still runs."""
        for session in found.up:
            if session.fact in self.pending.late:
                late = Down(SessionState.CONNECT, str(Timing.LATE), session.fact)
                for end in (session.a, session.b):
                    found.down[end.peer.key] = late
                    if end.peer.key not in configured:  # a listen range has not been called yet
                        del found.peers[end.peer.key]
        known = {session.fact: session for session in found.up}
        for fact in self.pending.held_of("bgp"):
            held = None if fact in known else self._held(fact)
            if held is not None:
                known[fact] = held
                for end in (held.a, held.b):
                    found.peers.setdefault(end.peer.key, end.peer)
        kept = [session for fact, session in known.items() if fact not in self.pending.late]
        found.up = sorted(kept, key=lambda s: (s.a.peer.key, s.b.peer.key))

    def _held(self, fact: Fact) -> Session | None:
        """Return a session that lost its way, unless an end knows that it is over: its own address
        or port is down, or it is configured otherwise now."""
        one = self._held_end(fact[1], fact[2], there=fact[3], here=fact[6])
        two = self._held_end(fact[4], fact[5], there=fact[6], here=fact[3])
        if one is None or two is None:
            return None
        if any(self._own_refusal(end.peer) is not None for end in (one, two)):
            return None
        if any(True for _ in self._disagreements(one.peer, two.peer)):
            return None
        session = replace(self._session(one, two), timing=Timing.HELD)
        return session if session.fact == fact else None

    def _held_end(self, node: str, vrf: str, there: str, here: str) -> End | None:
        if is_interface(there):
            port = self.speakers[node].ports.get(there) if node in self.speakers else None
            peer = self._by_interface.get((node, there))
            return End(peer, 0, there) if peer is not None and port and port.up else None
        far, own = parse_address(there), parse_address(here)
        peer = self._configured_for((node, vrf), far)
        if peer is None:
            return None
        reach = self.reach[peer.bits]
        speaks = peer.update_source and reach.addresses.source(node, peer.update_source)
        if own not in reach.addresses.local.get((node, vrf), {}) or speaks not in (None, own):
            return None
        route = reach.ribs[node, vrf].lookup(far) if (node, vrf) in reach.ribs else None
        connected = route is not None and route.type is RouteType.CONNECTED
        return End(peer, own, route.vias[0].interface if route and connected else None)

    def _index(self, peer: Peer) -> bool:
        """Note where the peer is found; tell whether it only listens."""
        if peer.listens is not None:
            self._listeners.setdefault((peer.node, peer.vrf), []).append(peer)
            return True
        if peer.address is not None:
            self._by_address[peer.node, peer.vrf, peer.address] = peer
        elif peer.interface is not None:
            self._by_interface[peer.node, peer.interface] = peer
        return False

    def _open(self, peer: Peer) -> Session | Down:
        refusal = self._own_refusal(peer)
        if refusal is not None:
            return refusal
        if peer.interface is not None:
            return self._open_unnumbered(peer)
        if peer.passive:
            return Down(SessionState.ACTIVE, "passive: waits for the peer to open the session")
        return self._open_numbered(peer)

    def _own_refusal(self, peer: Peer) -> Down | None:
        if peer.shutdown:
            return Down(SessionState.IDLE, "shut by configuration")
        if peer.key in self.over_limit:
            return Down(SessionState.IDLE, f"more than {peer.maximum_routes} routes received")
        if peer.remote_as is None:
            return Down(SessionState.IDLE, "no remote-as is configured")
        if not peer.families:
            return Down(SessionState.IDLE, "no address family is activated")
        return None

    # -------------------------------------------------------------------------- numbered
    def _open_numbered(self, peer: Peer) -> Session | Down:
        target = peer.address or 0
        arrival = self._way(peer, target)
        if isinstance(arrival, Down):
            return arrival
        source = self._source(peer, arrival, target)
        if source is None:
            name = peer.update_source or arrival.interface
            return Down(SessionState.ACTIVE, f"{name} has no address to speak from")
        other = self._configured_for(arrival.instance, source)
        if other is None:
            text = f"{arrival.instance[0]} has no neighbor {format_address(source)} configured"
            return Down(SessionState.ACTIVE, text)
        refusal = next(self._refusals(peer, source, other, target), None)
        if refusal is not None:
            return refusal
        interface = arrival.interface if arrival.connected else None
        back = self._walk(peer.bits, (other.node, other.vrf), source)
        far = back.interface if back is not None and back.connected else None
        return self._session(End(peer, source, interface), End(other, target, far))

    def _way(self, peer: Peer, target: int) -> Arrival | Down:
        here, text = (peer.node, peer.vrf), format_address(target)
        reach = self.reach[peer.bits]
        if peer.other_as and peer.multihop is None and not _connected(reach, here, target):
            return Down(SessionState.IDLE, f"{text} is not on a connected subnet")
        arrival = self._walk(peer.bits, here, target)
        if arrival is None:
            return Down(SessionState.ACTIVE, f"no way to {text}")
        if peer.multihop is not None and peer.other_as and arrival.hops >= peer.multihop:
            return Down(SessionState.ACTIVE, f"{text} is further than {peer.multihop} hops")
        if peer.guard is not None and arrival.hops >= peer.guard:
            return Down(SessionState.ACTIVE, f"{text} is further than ttl maximum-hops")
        return arrival

    def _source(self, peer: Peer, arrival: Arrival, target: int) -> int | None:
        if peer.update_source is not None:
            return self.reach[peer.bits].addresses.source(peer.node, peer.update_source)
        return self.reach[peer.bits].addresses.source(peer.node, arrival.interface, target)

    def _configured_for(self, instance: Instance, source: int) -> Peer | None:
        exact = self._by_address.get((*instance, source))
        if exact is not None:
            return exact
        for listener in self._listeners.get(instance, ()):
            if listener.listens is not None and listener.listens.covers(_host(source)):
                return self.derive(listener, source, partial(_caller, listener, source))
        return None

    def _refusals(self, peer: Peer, source: int, other: Peer, target: int) -> Iterator[Down]:
        """Yield why the other end does not take the session."""
        there, reach = (other.node, other.vrf), self.reach[peer.bits]
        if other.update_source is not None:
            speaks = reach.addresses.source(other.node, other.update_source)
            if speaks != target:
                asked = format_address(target)
                text = f"{other.node} speaks from {other.update_source}, not {asked}"
                yield Down(SessionState.ACTIVE, text)
        if other.other_as and other.multihop is None and not _connected(reach, there, source):
            text = f"{format_address(source)} is not on a connected subnet of {other.node}"
            yield Down(SessionState.ACTIVE, text)
        back = self._walk(peer.bits, there, source)
        if back is None or back.instance != (peer.node, peer.vrf):
            text = f"{other.node} has no way back to {format_address(source)}"
            yield Down(SessionState.ACTIVE, text)
        yield from self._disagreements(peer, other)

    def _disagreements(self, peer: Peer, other: Peer) -> Iterator[Down]:
        if other.shutdown:
            yield Down(SessionState.ACTIVE, f"shut at {other.node}")
        if other.key in self.over_limit:
            yield Down(SessionState.ACTIVE, f"{other.node} received too many routes")
        if not same_password(peer.password, other.password):
            yield Down(SessionState.CONNECT, f"password differs from that of {other.node}")
        if peer.remote_as != other.local_as:
            text = f"remote-as {peer.remote_as}, but {other.node} is in AS {other.local_as}"
            yield Down(SessionState.ACTIVE, text)
        if other.remote_as is None and not self._filter_accepts(other, peer.local_as):
            text = f"{other.node} has no remote-as that accepts AS {peer.local_as}"
            yield Down(SessionState.ACTIVE, text)
        if other.remote_as not in {None, peer.local_as}:
            text = f"{other.node} expects AS {other.remote_as}, this is AS {peer.local_as}"
            yield Down(SessionState.ACTIVE, text)
        if (peer.guard is None) != (other.guard is None) and peer.other_as:
            open_end = peer.node if peer.guard is None else other.node
            yield Down(SessionState.ACTIVE, f"ttl maximum-hops is not set at {open_end}")
        if not frozenset(peer.families) & frozenset(other.families):
            yield Down(SessionState.ACTIVE, f"no address family in common with {other.node}")

    def _filter_accepts(self, peer: Peer, asn: int) -> bool:
        """Tell whether a listen range takes an AS: the first match of its filter decides, no match
        rejects; a filter that is named and not there takes every AS (EOS)."""
        filters = self.speakers[peer.node].settings.policy.peer_filters
        if peer.peer_filter is not None and peer.peer_filter not in filters:
            return True
        entries: tuple[PeerFilterEntry, ...] = filters.get(peer.peer_filter or "", ())
        for entry in entries:
            if entry.low <= asn <= entry.high:
                return entry.accept
        return False

    # -------------------------------------------------------------------------- unnumbered
    def _open_unnumbered(self, peer: Peer) -> Session | Down:
        """RFC 5549 style `neighbor interface`: the only peer that router advertisements show."""
        name = peer.interface or ""
        port = self.speakers[peer.node].ports.get(name)
        if port is None or not port.up:
            return Down(SessionState.IDLE, f"{name} is down")
        if not self._speaks_ipv6(peer.node, name):
            return Down(SessionState.IDLE, f"ipv6 is not enabled on {name}")
        for node, interface in self.reach[IPV6_BITS].neighbors(peer.node, name):
            other = self._by_interface.get((node, interface))
            if other is None or not self._speaks_ipv6(node, interface):
                continue
            refusal = next(self._disagreements(peer, other), None)
            if refusal is not None:
                return refusal
            return self._session(End(peer, 0, name), End(other, 0, interface))
        return Down(SessionState.IDLE, f"no neighbor advertises itself on {name}")

    def _speaks_ipv6(self, node: str, name: str) -> bool:
        interface = self.speakers[node].settings.interfaces.get(name)
        return interface is not None and interface.ipv6_enabled

    def _session(self, one: End, two: End) -> Session:
        # a listen range takes the AS of whoever comes
        if two.peer.remote_as is None:
            known, asn = two.peer, one.peer.local_as
            peer = self.derive(known, ("AS", asn), lambda: replace(known, remote_as=asn))
            two = replace(two, peer=peer)
        a, b = sorted((one, two), key=lambda end: end.peer.key)
        return Session(a, b, frozenset(a.peer.families) & frozenset(b.peer.families))


def _caller(listener: Peer, source: int) -> Peer:
    """Return the peer that a listen range makes of whoever calls."""
    return replace(
        listener, name=format_address(source), address=source, listens=None, passive=True
    )


def _connected(reach: Reachability, here: Instance, address: int) -> bool:
    rib = reach.ribs.get(here)
    route = rib.lookup(address) if rib is not None else None
    return route is not None and route.type is RouteType.CONNECTED


def _host(address: int) -> Prefix:
    bits = IPV4_BITS if address <= ALL_ONES else IPV6_BITS
    return Prefix(address, bits, bits)
