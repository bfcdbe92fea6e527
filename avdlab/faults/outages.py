"""Every link and every node in turn: what breaks, what survives, and how long it takes."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from avdlab.faults.model import DOWN, STOP, Fault, Kind
from avdlab.faults.subject import Found, Subject, run
from avdlab.topology.model import Topology
from avdlab.validate.catalog import PlannedTest
from avdlab.validate.model import Pair

PAUSE = 1.0  # seconds between two looks at devices that need time

PairKey = tuple[str, int, str, int]


@dataclass(frozen=True, slots=True)
class Outage:
    """What one fault did.

    `settled`: seconds until nothing changed any more, as the tests see it; `recovered`: seconds
    after healing until everything was as before, None where it never was.
    """

    fault: Fault
    red: tuple[PlannedTest, ...] = ()  # that were good before
    lost: tuple[Pair, ...] = ()  # pairs of endpoints that were as designed before
    kept: int = 0  # pairs that still are
    settled: float = 0.0
    recovered: float | None = 0.0

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices with red tests."""
        return tuple(sorted({test.device for test in self.red}))

    @property
    def elsewhere(self) -> tuple[PlannedTest, ...]:
        """The red tests of devices that the fault is not on."""
        return tuple(test for test in self.red if test.device not in self.fault.nodes)


@dataclass(frozen=True, slots=True)
class Outages:
    """The outages, and what was red before the first. `complete`: all faults were tried."""

    outages: tuple[Outage, ...]
    before: tuple[PlannedTest, ...] = ()
    pairs: int = 0
    complete: bool = True


def single_faults(
    topology: Topology, *, links: bool = True, nodes: bool = True, cut: str = DOWN
) -> list[Fault]:
    """Return the loss of every cable and of every device, one each.

    `cut`: how a cable is lost; a black hole where a backend cannot take carrier away.
    """
    found: list[Fault] = []
    if links:
        found += [Fault(Kind.LINK, (str(link.a), str(link.b)), cut) for link in topology.links]
    if nodes:
        found += [Fault(Kind.NODE, (node.name,), STOP) for node in topology.devices]
    return found


@dataclass(slots=True)
class Bench:
    """Brings faults about, one at a time. `settle`: seconds that nothing may change for."""

    subject: Subject
    settle: float = 0.0
    budget: float = 120.0  # seconds, for a fault and for its healing each
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _good: frozenset[PlannedTest] = field(default=frozenset(), init=False)
    _pairs: frozenset[PairKey] = field(default=frozenset(), init=False)

    def measure(
        self,
        faults: Iterable[Fault],
        progress: Callable[[Outage], None] | None = None,
    ) -> Outages:
        """Try every fault. Stops after one that does not heal: later ones would tell nothing."""
        results, pairs = run(self.subject)
        self._good = frozenset(test for test, result in results.items() if result.verdict.good)
        self._pairs = frozenset(_key(pair) for pair in pairs if pair.good)
        before = tuple(test for test in results if test not in self._good)
        outages: list[Outage] = []
        for fault in faults:
            outage = self._try(fault)
            outages.append(outage)
            if progress:
                progress(outage)
            if outage.recovered is None:
                return Outages(tuple(outages), before, len(pairs), complete=False)
        return Outages(tuple(outages), before, len(pairs))

    def _try(self, fault: Fault) -> Outage:
        start = self.clock()
        self.subject.inject(fault)
        try:
            found, settled = self._settled(start)
        finally:
            healed = self.clock()
            self.subject.heal(fault)
        recovered = self._recovered(healed)
        red, lost = self._broken(found)
        kept = sum(pair.good for pair in found[1] if _key(pair) in self._pairs)
        return Outage(fault, red, lost, kept, settled, recovered)

    def _settled(self, start: float) -> tuple[Found, float]:
        """Look until nothing has changed for the time to settle; return what is there then.

        The time of a change is when it was seen first: the truth is not later.
        """
        seen: object = None
        changed = start
        while True:
            found = run(self.subject)
            now = self.clock()
            red, lost = self._broken(found)
            broken = red, tuple(_key(pair) for pair in lost)
            if broken != seen:
                seen, changed = broken, now
            if now - changed >= self.settle or now - start > self.budget:
                return found, changed - start
            self.pause(PAUSE)

    def _recovered(self, start: float) -> float | None:
        """Return the seconds until all is as before, None where it is not in time."""
        while True:
            broken = self._broken(run(self.subject))
            now = self.clock()
            if broken == ((), ()):
                return now - start
            if now - start > self.budget or self.subject.instant:
                return None
            self.pause(PAUSE)

    def _broken(self, found: Found) -> tuple[tuple[PlannedTest, ...], tuple[Pair, ...]]:
        results, pairs = found
        red = tuple(
            t for t, result in results.items() if t in self._good and not result.verdict.good
        )
        return red, tuple(p for p in pairs if _key(p) in self._pairs and not p.good)


def _key(pair: Pair) -> PairKey:
    return pair.source.endpoint, pair.source.vlan, pair.to.endpoint, pair.to.vlan


def names(tests: Sequence[PlannedTest]) -> tuple[str, ...]:
    """Return the names of tests, each once."""
    return tuple(dict.fromkeys(test.test for test in tests))
