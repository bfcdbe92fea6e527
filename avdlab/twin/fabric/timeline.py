"""The realistic clock: states are computed at once, and published as time allows.

After a commit or a fault the engine finds what can be up and what is gone. What comes up does so
after its delay (carrier, LACP, spanning tree, MLAG, adjacencies, sessions); what nobody can have
noticed yet still holds (BFD, dead intervals, hold times). Both are given to the engine as
`Pending`, so every published state is a computed one: routes follow the sessions that stand. What
changes below may change what can be above, so this is repeated until nothing moves. When the last
delay has run out nothing is pending, and the state is the one that the instant clock shows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from avdlab.twin.config.tree import Config
from avdlab.twin.fabric.delays import Moment, fall, rise
from avdlab.twin.fabric.facts import ON_CABLES, Facts, facts_of
from avdlab.twin.fabric.inputs import Cable, FabricInputs, Faults, Plug
from avdlab.twin.fabric.state import FabricState
from avdlab.twin.protocols.pending import NOTHING, Fact, Pending

MAX_ROUNDS = 12
_EVERY = frozenset({"arp", "bgp", "vxlan", "lldp", "lacp", "stp"})  # what "all" is made of


@dataclass(slots=True)
class Timeline:
    """What is published, and when the rest is due."""

    solve: Callable[[FabricInputs], FabricState]
    _state: FabricState | None = None
    _shown: FabricInputs | None = None  # the inputs of the published state
    _there: frozenset[Fact] = frozenset()  # the facts of the published state
    _pending: Pending = NOTHING
    _due: dict[Fact, float] = field(default_factory=dict)

    def next(self) -> float | None:
        """Return when the next thing happens, None when all is quiet."""
        return min(self._due.values(), default=None)

    def move(
        self,
        inputs: FabricInputs,
        configs: Mapping[str, Config],
        now: float,
        booted: frozenset[str] = frozenset(),
    ) -> FabricState:
        """Publish the state of a moment: inputs may have changed, delays may have run out.

        The first state is published as it is after a long time.
        """
        if self._state is None:
            self._state, self._shown = self.solve(inputs), inputs
            self._there = facts_of(inputs, self._state, NOTHING).can
            return self._state
        self._forget(booted)
        over = {fact for fact, when in self._due.items() if when <= now}
        running = Pending(self._pending.late - over, self._pending.held - over)
        moment = Moment(inputs, configs, self._state, booted)
        pending = running
        for _ in range(MAX_ROUNDS):
            shown = _staged(inputs, pending)
            state = self._state if shown == self._shown else self.solve(shown)
            found = facts_of(inputs, state, pending)
            wanted = self._wanted(found, over, running, moment, state)
            if wanted == pending:
                break
            pending = wanted
        kept = pending.held & (found.held | found.on_cables)
        delays = {fact: rise(fact, moment, state) for fact in pending.late}
        delays |= {fact: fall(fact, moment) for fact in kept}
        started = running.late | running.held
        self._due = {
            fact: self._due[fact] if fact in started else now + delay
            for fact, delay in delays.items()
        }
        self._pending = Pending(pending.late, kept)
        self._there = (found.can - pending.late) | kept
        self._state, self._shown = state, shown
        return state

    def _wanted(
        self, found: Facts, over: set[Fact], running: Pending, moment: Moment, state: FabricState
    ) -> Pending:
        """Return what has to be kept back, as a state shows it."""
        allowed = self._there | (over & self._pending.late)
        late = {
            fact
            for fact in found.can - allowed
            if fact in running.late or rise(fact, moment, state) > 0
        }
        held = {
            fact
            for fact in self._there - found.can - (over & self._pending.held)
            if found.may_hold(fact) and fall(fact, moment) > 0
        }
        return Pending(frozenset(late), frozenset(held))

    def _forget(self, booted: frozenset[str]) -> None:
        """A device that boots begins anew, and so does everything that it has to do with."""
        if booted:
            late, held, self._there = (
                frozenset(fact for fact in facts if not booted & set(fact[1:]))
                for facts in (self._pending.late, self._pending.held, self._there)
            )
            self._pending = Pending(late, held)
            self._due = {fact: when for fact, when in self._due.items() if fact in late | held}


def _staged(inputs: FabricInputs, pending: Pending) -> FabricInputs:
    """Return the inputs that show a fabric as far as it has come."""
    if pending == NOTHING:
        return inputs
    faults = inputs.faults
    ends = {node for fact in pending.held_of("bgp") for node in (fact[1], fact[4])}
    # a session with a device that was powered off holds: the device is there, and in the dark
    ghosts = ends & faults.stopped
    dark = {c for c in inputs.cables if c.a.node in ghosts or c.b.node in ghosts}
    cut = faults.cut | dark | set(_cables(pending.late, "carrier"))
    dropped = dict(faults.dropped)
    for kind, protocol in ON_CABLES.items():
        for cable in _cables(pending.held, kind):
            dropped[cable] = _without(dropped.get(cable, frozenset()), protocol)
        for cable in _cables(pending.late, kind):
            dropped[cable] = dropped.get(cable, frozenset()) | {protocol}
    staged = Faults(cut, faults.stopped - ghosts, dict(sorted(dropped.items())))
    return replace(inputs, faults=staged, pending=pending)


def _without(dropped: frozenset[str], protocol: str) -> frozenset[str]:
    every = _EVERY if "all" in dropped else frozenset[str]()
    return ((dropped - {"all"}) | every) - {protocol}


def _cables(facts: Iterable[Fact], kind: str) -> Iterator[Cable]:
    for fact in sorted(facts):
        if fact[0] == kind:
            yield Cable(Plug(fact[1], fact[2]), Plug(fact[3], fact[4]))
