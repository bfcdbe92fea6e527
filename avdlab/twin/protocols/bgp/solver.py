"""The BGP and EVPN solver: rounds of sessions, routes and routing tables until nothing moves.

    sessions (from the routing tables) -> unicast per VRF -> EVPN, VPN -> imports into VRFs
      ^                                                                        |
      +------------------------- routing tables <------------------------------+

Overlay sessions need the routes of the underlay, so a fabric takes a few rounds. A round that had
nothing to compute is the fixed point. After `MAX_ROUNDS` the state is reported as not converged.
"""

from collections.abc import Mapping

from avdlab.twin.config.settings import Afi
from avdlab.twin.protocols.bgp.counters import Counters
from avdlab.twin.protocols.bgp.memory import Memory
from avdlab.twin.protocols.bgp.model import Outcome, Segments, Speaker
from avdlab.twin.protocols.bgp.outcome import outcomes
from avdlab.twin.protocols.bgp.overlay import solve_overlays
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.routes import bgp_rib
from avdlab.twin.protocols.bgp.sessions import Matcher
from avdlab.twin.protocols.bgp.state import Make, State, Unicast
from avdlab.twin.protocols.bgp.unicast import originated, solve_unicast
from avdlab.twin.tables.rib import Rib

MAX_ROUNDS = 10


def solve_bgp(
    speakers: Mapping[str, Speaker],
    segments: Segments,
    over: Segments | None = None,
    memory: Memory | None = None,
) -> Mapping[str, Outcome]:
    """Return what BGP and EVPN compute for every speaker that has `router bgp`.

    `over`: the segments over which the sessions' own packets pass, where they differ. `memory`:
    what an earlier computation left; the answer is the same without.
    """
    running = {
        node: speaker
        for node, speaker in sorted(speakers.items())
        if speaker.settings.bgp is not None
    }
    return outcomes(run(running, segments, speakers, over, memory))


def run(
    speakers: Mapping[str, Speaker],
    segments: Segments,
    devices: Mapping[str, Speaker] | None = None,
    over: Segments | None = None,
    memory: Memory | None = None,
) -> State:
    """Run rounds to the fixed point. `devices` are all that forward, those without BGP too."""
    state = State.of(speakers, segments, devices or speakers, over, memory)
    state.look_again(None)
    for unicast in state.unicast.values():
        unicast.local = {i: dict(originated(state, unicast.bits, i)) for i in state.routers}
    for number in range(1, MAX_ROUNDS + 1):
        state.rounds = number
        if not _round(state):
            state.converged = True
            break
    state.memory.sweep(2 * len(state.sessions.up))
    return state


def _round(state: State) -> bool:
    """Run one round; tell whether anything moved."""
    matcher = Matcher(state.speakers, state.session_reach, state.over_limit, state.memory.derived)
    state.sessions = matcher.match(state.peers)
    moved = [solve_unicast(state, unicast) for unicast in state.unicast.values()]
    moved.append(solve_overlays(state, tables_moved=any(moved)))
    over = state.over_limit | _over_limit(state)
    moved.append(over != state.over_limit)
    state.over_limit = over
    state.look_again(_with_bgp(state))
    return any(moved)


def _with_bgp(state: State) -> Make:
    before = dict(state.reach)

    def make(unicast: Unicast, instance: Instance) -> Rib:
        table = unicast.tables[instance]
        return bgp_rib(state, unicast, instance, before, lambda: table)

    return make


# ------------------------------------------------------------------------------ limits
def _over_limit(state: State) -> frozenset[tuple[str, str, str]]:
    """Return the peers that sent more than their `maximum-routes`."""
    limited = [
        end.peer
        for session in state.sessions.up
        for end in (session.a, session.b)
        if end.peer.maximum_routes
    ]
    totals = {afi: sum(sizes) for afi, sizes in _sizes(state).items()}
    exceeding = [peer for peer in limited if any(n > peer.maximum_routes for n in totals.values())]
    if not exceeding:
        return frozenset()
    counters = Counters.of(state)
    return frozenset(
        peer.key
        for peer in exceeding
        if any(n > peer.maximum_routes for n in counters.of_peer(peer.key).received.values())
    )


def _sizes(state: State) -> dict[Afi, list[int]]:
    """Return the numbers of routes of each family: no session carries more."""
    found: dict[Afi, list[int]] = {}
    for unicast in state.unicast.values():
        every = (c for classes in unicast.classes.values() for c in classes)
        found[unicast.afi] = [len(solved.members) for solved in every]
        found[unicast.afi] += [len(imported) for imported in state.imports.values()]
    for afi, overlay in state.overlays.items():
        found[afi] = [len(solved.members) for solved in overlay.classes]
    return found
