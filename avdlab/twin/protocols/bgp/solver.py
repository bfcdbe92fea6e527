"""The BGP and EVPN solver: rounds of sessions, routes and routing tables until nothing moves.

    sessions (from the routing tables) -> unicast per VRF -> EVPN, VPN -> imports into VRFs
      ^                                                                        |
      +------------------------- routing tables <------------------------------+

Overlay sessions need the routes of the underlay, so a fabric takes a few rounds. A round that had
nothing to compute is the fixed point. After `MAX_ROUNDS` the state is reported as not converged.
"""

from collections.abc import Iterator, Mapping

from avdlab.twin.protocols.bgp.exchange import Edge
from avdlab.twin.protocols.bgp.model import Outcome, Segments, Speaker
from avdlab.twin.protocols.bgp.overlay import solve_overlays
from avdlab.twin.protocols.bgp.propagate import Solved
from avdlab.twin.protocols.bgp.routes import bgp_routes
from avdlab.twin.protocols.bgp.sessions import Matcher
from avdlab.twin.protocols.bgp.state import State
from avdlab.twin.protocols.bgp.unicast import originated, solve_unicast

MAX_ROUNDS = 10


def solve_bgp(
    speakers: Mapping[str, Speaker], segments: Segments, over: Segments | None = None
) -> Mapping[str, Outcome]:
    """Return what BGP and EVPN compute for every speaker that has `router bgp`.

    `over`: the segments over which the sessions' own packets pass, where they differ.
    """
    from avdlab.twin.protocols.bgp.outcome import outcomes

    running = {
        node: speaker
        for node, speaker in sorted(speakers.items())
        if speaker.settings.bgp is not None
    }
    return outcomes(run(running, segments, speakers, over))


def run(
    speakers: Mapping[str, Speaker],
    segments: Segments,
    devices: Mapping[str, Speaker] | None = None,
    over: Segments | None = None,
) -> State:
    """Run rounds to the fixed point. `devices` are all that forward, those without BGP too."""
    state = State.of(speakers, segments, devices or speakers, over)
    for unicast in state.unicast.values():
        unicast.local = {i: dict(originated(state, unicast.bits, i)) for i in state.routers}
    for number in range(1, MAX_ROUNDS + 1):
        state.rounds = number
        if not _round(state):
            state.converged = True
            break
    return state


def _round(state: State) -> bool:
    """Run one round; tell whether anything moved."""
    matcher = Matcher(state.speakers, state.session_reach, state.over_limit)
    state.sessions = matcher.match(state.peers)
    moved = [solve_unicast(state, unicast) for unicast in state.unicast.values()]
    moved.append(solve_overlays(state, tables_moved=any(moved)))
    for unicast in state.unicast.values():
        routes = {
            instance: tuple(bgp_routes(state, instance, table))
            for instance, table in unicast.tables.items()
        }
        moved.append(routes != unicast.routes)
        unicast.routes = routes
    over = state.over_limit | _over_limit(state)
    moved.append(over != state.over_limit)
    state.over_limit = over
    state.look_again()
    return any(moved)


# ------------------------------------------------------------------------------ limits
def _over_limit(state: State) -> frozenset[tuple[str, str, str]]:
    """Return the peers that sent more than their `maximum-routes`."""
    received: dict[Edge, int] = {}
    by_index = {edge.index: edge for edge in state.edges.every()}
    for size, solved in sizes(state):
        for index in solved.received:
            edge = by_index[index]
            received[edge] = received.get(edge, 0) + size
    return frozenset(
        edge.receiver.key
        for edge, count in received.items()
        if edge.receiver.maximum_routes and count > edge.receiver.maximum_routes
    )


def sizes(state: State) -> Iterator[tuple[int, Solved]]:
    """Yield every class: how many routes it stands for, and its solution."""
    for unicast in state.unicast.values():
        for found in unicast.classes:
            yield len(found.members), found.solved
    for overlay in state.overlays.values():
        for solved in overlay.classes:
            yield len(solved.members), solved.solved
