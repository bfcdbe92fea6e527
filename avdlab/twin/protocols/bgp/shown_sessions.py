"""The sessions of every device as it shows them; counters are counted on the first look."""

from avdlab.net.addresses import IPV6_BITS, format_address
from avdlab.net.interfaces import short
from avdlab.twin.config.settings import Afi
from avdlab.twin.protocols.bgp.counters import Counters
from avdlab.twin.protocols.bgp.peers import Peer
from avdlab.twin.protocols.bgp.sessions import Down, End, Session
from avdlab.twin.protocols.bgp.several import sends_more
from avdlab.twin.protocols.bgp.state import State
from avdlab.twin.protocols.pending import Timing
from avdlab.twin.tables.bgp import AddPaths, BgpSession, SessionState
from avdlab.twin.tables.lazy import LazyMapping

Key = tuple[str, str, str]


def sessions_of(state: State, counters: Counters) -> dict[str, list[BgpSession]]:
    """Return node -> its peers, established or not."""
    up: dict[Key, tuple[End, End, Session]] = {}
    for session in state.sessions.up:
        up[session.a.peer.key] = (session.a, session.b, session)
        up[session.b.peer.key] = (session.b, session.a, session)
    found: dict[str, list[BgpSession]] = {node: [] for node in state.speakers}
    for key, peer in sorted(state.sessions.peers.items()):
        if key in up:
            found[peer.node].append(_established(state, *up[key], counters))
        else:
            found[peer.node].append(_down(state, peer, state.sessions.down.get(key)))
    return found


def _established(
    state: State, own: End, other: End, session: Session, counters: Counters
) -> BgpSession:
    peer = own.peer
    key = peer.key
    return BgpSession(
        vrf=peer.vrf,
        peer_address=format_address(other.address)
        if other.address
        else _link_local(state, own, other),
        peer_as=peer.remote_as or 0,
        local_as=peer.local_as,
        state=SessionState.ESTABLISHED,
        peer_node=other.peer.node,
        peer_vrf=other.peer.vrf,
        local_address=own.address or None,
        local_interface=own.interface,
        peer_router_id=state.routers[other.peer.node, other.peer.vrf].router_id,
        ebgp=peer.ebgp,
        families=session.families,
        configured_families=frozenset(peer.families),
        peer_group=peer.group,
        description=peer.description,
        bfd=peer.bfd,
        prefixes_received=LazyMapping(lambda: counters.of_peer(key).received),
        prefixes_accepted=LazyMapping(lambda: counters.of_peer(key).accepted),
        prefixes_sent=LazyMapping(lambda: counters.of_peer(key).sent),
        best_paths=LazyMapping(lambda: {f: c.best for f, c in counters.chosen(key).items()}),
        leading_paths=LazyMapping(lambda: {f: c.leading for f, c in counters.chosen(key).items()}),
        drops=LazyMapping(lambda: counters.drops(key)),
        add_paths={afi: _add_paths(peer, other.peer, afi) for afi in session.families},
        fact=session.fact,
        timing=session.timing,
    )


def _add_paths(own: Peer, other: Peer, afi: Afi) -> AddPaths:
    ours, theirs = own.families[afi], other.families[afi]
    return AddPaths(
        sends_more(ours),
        ours.more_received is not False,
        sends_more(theirs),
        theirs.more_received is not False,
    )


def _link_local(state: State, own: End, other: End) -> str:
    """Return `fe80::...%Et1` of an unnumbered peer."""
    plug = (other.peer.node, other.interface or "")
    address = state.addresses[IPV6_BITS].link_locals.get(plug, 0)
    return f"{format_address(address)}%{short(own.interface or '')}"


def _down(state: State, peer: Peer, why: Down | None) -> BgpSession:
    reason = why or Down(SessionState.ACTIVE, "the peer opened no session")
    return BgpSession(
        vrf=peer.vrf,
        peer_address=peer.name,
        peer_as=peer.remote_as or 0,
        local_as=peer.local_as,
        state=reason.state,
        ebgp=peer.ebgp,
        configured_families=frozenset(peer.families),
        admin_down=peer.shutdown,
        peer_group=peer.group,
        description=peer.description,
        bfd=peer.bfd,
        reason=reason.reason,
        fact=reason.fact,
        timing=Timing.LATE if reason.fact else Timing.QUIET,
    )
