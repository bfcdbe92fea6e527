"""Results of validation. A green run has no failure, error, unset or unexplained skip."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What avdlab says of a test, after its policy. Only PASSED_COMPUTED is evidence."""

    PASSED_COMPUTED = "passed"  # on state computed across the fabric, or by a live device
    PASSED_MIRROR = "passed (config mirror)"  # on the node's own configuration or a constant
    NOT_APPLICABLE = "not applicable"  # a named policy entry says why it cannot hold in a lab
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"  # a skip that the policy does not explain: counts as a failure
    UNSET = "unset"  # ran and said nothing: counts as a failure
    UNREACHABLE = "unreachable"  # the device did not answer: counts as a failure

    @property
    def words(self) -> str:
        """Say what happened, for people."""
        if self in {Verdict.SKIPPED, Verdict.UNSET}:
            return f"{self.value}: a failure, because the design asks for this test"
        return self.value

    @property
    def good(self) -> bool:
        return self in {
            Verdict.PASSED_COMPUTED,
            Verdict.PASSED_MIRROR,
            Verdict.NOT_APPLICABLE,
        }


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test on one device. `anta_status` is what ANTA itself said."""

    __test__ = False  # not a test class for pytest

    device: str
    test: str  # ANTA class name, e.g. VerifyBGPPeerSession
    verdict: Verdict
    categories: tuple[str, ...] = ()
    description: str = ""
    messages: tuple[str, ...] = ()
    anta_status: str = ""
    level: str = ""  # F1 ... F4, the weakest command that the test rests on
    policy: str = ""  # name of the policy entry that decided, if any
    inputs: str = ""  # short digest that tells two instances of one test apart
    source: str = "avd"  # who asks for it: avd, avdlab, fabric, user
    green_after: float | None = None  # seconds until it was good, where it was not at first


@dataclass(frozen=True, slots=True)
class End:
    """An address of a connected endpoint. `vrf` "": no device of the design routes for it."""

    endpoint: str
    address: str  # "" where its VLAN has no subnet
    vlan: int
    vrf: str = ""
    devices: tuple[str, ...] = ()  # that it is plugged into

    @property
    def words(self) -> str:
        return f"{self.endpoint} ({self.address or f'VLAN {self.vlan}'})"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two endpoints. `reachable`: by design, for the reason `why`; None where that says nothing."""

    source: End
    to: End
    reachable: bool | None
    why: str
    reached: bool
    good: bool
    hops: tuple[str, ...] = ()  # the devices of a way that arrives
    stops: tuple[str, ...] = ()  # where packets end, and why
    lines: tuple[str, ...] = ()  # configuration lines that are to blame

    @property
    def words(self) -> str:
        """Say what is so, and what is wrong with it."""
        pair = f"{self.source.words} to {self.to.words}"
        if self.good:
            return f"{pair}: {'reachable' if self.reached else 'kept apart'}"
        if not self.reachable:
            way = " -> ".join(self.hops) or "one broadcast domain"
            return f"{pair}: reachable ({way}), by design not: {self.why}"
        ends = "; ".join(self.stops)
        if self.reached:
            return f"{pair}: some ways lose packets: {ends}"
        return f"{pair}: not reachable, by design it is: {self.why}: {ends}"


@dataclass(frozen=True, slots=True)
class Results:
    lab: str
    tests: tuple[TestResult, ...]
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())
    pairs: tuple[Pair, ...] = ()  # of connected endpoints, each once

    def count(self) -> Mapping[Verdict, int]:
        """Number of tests per verdict, every verdict listed."""
        return {v: sum(1 for t in self.tests if t.verdict is v) for v in Verdict}

    @property
    def failed(self) -> tuple[TestResult, ...]:
        return tuple(test for test in self.tests if not test.verdict.good)
