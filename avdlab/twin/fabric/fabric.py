"""The fabric as a mutable whole: configurations, cables and faults go in, states come out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.tree import EMPTY, Config
from avdlab.twin.device import Identity
from avdlab.twin.fabric.devices import Facts
from avdlab.twin.fabric.inputs import Cable, Endpoint, FabricInputs, Faults
from avdlab.twin.fabric.memory import Memory, without_collector
from avdlab.twin.fabric.solve import solve
from avdlab.twin.fabric.state import FabricState
from avdlab.twin.fabric.timeline import Timeline
from avdlab.twin.fabric.trace import Tracer
from avdlab.twin.fabric.walk import Walk
from avdlab.twin.tables.ping import PingResult

Changes = dict[tuple[str, ...], float]


class Fabric:
    """All devices of one lab. The state is computed when it is asked for, if anything changed."""

    def __init__(
        self,
        name: str,
        identities: Mapping[str, Identity],
        clock: Callable[[], float],
        *,
        assume_uncabled_up: bool = False,
        realistic: bool = False,
    ) -> None:
        self._clock = clock
        self._timeline = Timeline(self._compute) if realistic else None
        self._moved = 0.0  # when the inputs changed last
        self._booted: frozenset[str] = frozenset()  # since they were taken up last
        self._configs: dict[str, Config] = dict.fromkeys(identities, EMPTY)
        settings = dict.fromkeys(identities, read_settings(EMPTY))
        self._inputs = FabricInputs(
            name,
            identities,
            settings,
            frozenset(),
            assume_uncabled_up=assume_uncabled_up,
        )
        self._solved: FabricInputs | None = None
        self._memory = Memory()
        self._state = self._latest = FabricState(0, {})
        self._changed: dict[str, Changes] = {node: {} for node in identities}
        self._facts: dict[str, Facts] = {}  # as of the last computation
        self._walk: tuple[FabricState, Walk] | None = None  # over the state as it is

    # ------------------------------------------------------------------------------ inputs
    def configure(self, node: str, config: Config) -> None:
        """Give a device its running-config. An equal one changes nothing."""
        if node not in self._configs:
            raise KeyError(node)
        if self._configs[node] == config:
            return
        self._configs[node] = config
        settings = {**self._inputs.settings, node: read_settings(config)}
        self._take(replace(self._inputs, settings=settings))

    def set_wiring(self, cables: Iterable[Cable], endpoints: Mapping[str, Endpoint]) -> None:
        """Plug cables and endpoints, all of them at once."""
        plugged = dict(sorted(endpoints.items()))
        self._take(replace(self._inputs, cables=frozenset(cables), endpoints=plugged))

    def set_faults(self, faults: Faults) -> None:
        """Put faults in force in place of those before."""
        self._take(replace(self._inputs, faults=faults))

    def _take(self, inputs: FabricInputs) -> None:
        if self._timeline is not None and self._solved is not None:
            self._pass_until(self._clock())
        self._booted |= self._inputs.faults.stopped - inputs.faults.stopped
        self._inputs, self._moved = inputs, self._clock()

    @property
    def faults(self) -> Faults:
        """The faults in force."""
        return self._inputs.faults

    @property
    def inputs(self) -> FabricInputs:
        """Everything that the state is computed from."""
        return self._inputs

    # ------------------------------------------------------------------------------ state
    @property
    def state(self) -> FabricState:
        """The converged state for the inputs as they are; on the realistic clock, the state that
        they have led to by now."""
        if self._timeline is not None:
            self._pass_until(self._clock())
        elif self._solved is None or self._solved != self._inputs:
            self._publish(self._compute(self._inputs), self._clock())
            self._solved = self._inputs
        return self._state

    @property
    def next_event(self) -> float | None:
        """When the state changes by itself; None when everything is quiet."""
        return self._timeline.next() if self._timeline is not None and self.state else None

    def _compute(self, inputs: FabricInputs) -> FabricState:
        with without_collector():
            self._latest = solve(inputs, self._latest, self._memory)
        return self._latest

    def _publish(self, state: FabricState, now: float) -> None:
        self._state = state
        with without_collector():
            self._note_changes(state, now)

    def _pass_until(self, now: float) -> None:
        """Publish what has become due, one moment after the other."""
        timeline = self._timeline
        while timeline is not None:
            due = timeline.next()
            changed = self._solved is not self._inputs
            if due is not None and due <= (self._moved if changed else now):
                inputs, when, booted = self._solved or self._inputs, due, frozenset[str]()
            elif changed:
                inputs, when, booted = self._inputs, self._moved, self._booted
                self._solved, self._booted = self._inputs, frozenset()
            else:
                return
            state = timeline.move(inputs, self._configs, when, booted)
            if state is not self._state:
                self._publish(state, when)

    def changed(self, node: str) -> Mapping[tuple[str, ...], float]:
        """Return when things of a device last changed: ("port", name), ("bgp", vrf, peer),
        ("mlag",), ("neighbor", port)."""
        _ = self.state
        return MappingProxyType(self._changed[node])

    def ping(
        self,
        node: str,
        vrf: str,
        destination: int,
        source: int | None = None,
        size: int = 100,
        df: bool = False,
        repeat: int = 5,
    ) -> PingResult:
        """Walk there and back over the routing tables."""
        state = self.state
        if self._walk is None or self._walk[0] is not state:
            self._walk = (state, Walk(state, self._inputs))
        return self._walk[1].ping(node, vrf, destination, source, size, df, repeat)

    def tracer(self) -> Tracer:
        """Return what follows packets between endpoints over the state as it is."""
        return Tracer(self.state, self._inputs)

    def _note_changes(self, after: FabricState, now: float) -> None:
        for gone in self._facts.keys() - after.devices.keys():
            del self._facts[gone]
        for node in after.devices:
            old, new = self._facts.get(node, {}), after.facts(node)
            self._facts[node] = new
            noted = self._changed[node]
            for key, value in new.items():
                if key not in noted or old.get(key) != value:
                    noted[key] = now
            for key in noted.keys() - new.keys():
                del noted[key]
