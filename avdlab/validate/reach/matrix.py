"""The matrix: every pair of endpoints, what the design says of it and what packets do."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from avdlab.backends.base import HostAddress, Traced
from avdlab.validate.intent.evpn import evpn_reach
from avdlab.validate.intent.hosts import Host, all_hosts
from avdlab.validate.intent.model import Intent
from avdlab.validate.model import End, Pair
from avdlab.validate.reach.expected import Design, Expectation

NAME = "VerifyEndpointReachability"
DESCRIPTION = "Verifies that endpoints reach one another, or are kept apart, as the design says."
MAX_ENDS = 150  # endpoints of which every pair is tried
_SHOWN = 12  # wrong pairs that a test names

Trace = Callable[[Sequence[tuple[HostAddress, HostAddress]]], Sequence[Traced]]
Blame = Callable[[Host, Host, Traced], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """A pair of endpoints, and what the design says of it."""

    source: Host
    to: Host
    expected: Expectation


@dataclass(frozen=True, slots=True)
class Plan:
    """The pairs that are tried. `note` says where endpoints stand for others."""

    design: Design
    questions: tuple[Question, ...]
    note: str = ""
    ends: Mapping[Host, End] = field(default_factory=dict)


def plan(intent: Intent) -> Plan:
    """Pair the endpoints, each pair once: an answer takes the way back."""
    chosen, note = _chosen(tuple(all_hosts(intent)))
    design = Design(intent, evpn_reach(intent))
    questions = tuple(
        Question(a, b, design.expect(a, b))
        for index, a in enumerate(chosen)
        for b in chosen[index + 1 :]
        if a.endpoint != b.endpoint
    )
    return Plan(design, questions, note, {host: _end(design, host) for host in chosen})


def _chosen(hosts: tuple[Host, ...]) -> tuple[tuple[Host, ...], str]:
    """Where there are too many, one stands for all in the same VLAN behind the same devices."""
    if len(hosts) <= MAX_ENDS:
        return hosts, ""
    known: dict[tuple[int, tuple[str, ...]], Host] = {}
    for host in hosts:
        known.setdefault((host.vlan, tuple(sorted({d for d, _ in host.ports}))), host)
    chosen = tuple(known.values())[:MAX_ENDS]
    return chosen, f"endpoint matrix: {len(chosen)} of {len(hosts)} addresses of endpoints tried"


def _end(design: Design, host: Host) -> End:
    plugged = tuple(dict.fromkeys(device for device, _ in host.ports))
    return End(host.endpoint, host.address, host.vlan, design.vrf(host), plugged)


def endpoints(intent: Intent) -> dict[str, str]:
    """Return the endpoints that are tried, and the device that a test of each belongs to."""
    chosen, _ = _chosen(tuple(all_hosts(intent)))
    return {host.endpoint: host.ports[0][0] for host in chosen} if len(chosen) > 1 else {}


# ------------------------------------------------------------------------------ trying
def addresses(plan: Plan) -> list[tuple[HostAddress, HostAddress]]:
    """Return the pairs as a backend traces them."""
    return [(_address(question.source), _address(question.to)) for question in plan.questions]


def pairs_of(plan: Plan, traced: Sequence[Traced], blame: Blame | None = None) -> tuple[Pair, ...]:
    """Judge what came of every pair. `blame` is asked for the lines behind what is wrong."""
    return tuple(
        _pair(plan, question, found, blame)
        for question, found in zip(plan.questions, traced, strict=True)
    )


def _address(host: Host) -> HostAddress:
    return HostAddress(host.endpoint, host.nic, host.tag)


def _pair(plan: Plan, question: Question, traced: Traced, blame: Blame | None) -> Pair:
    expected = question.expected.reachable
    whole = traced.reached and not traced.stops
    good = expected is None or (whole if expected else not traced.reached)
    lines = blame(question.source, question.to, traced) if blame and not good else ()
    return Pair(
        plan.ends[question.source],
        plan.ends[question.to],
        expected,
        question.expected.why,
        traced.reached,
        good,
        traced.hops,
        tuple(dict.fromkeys(reason for _, reason in traced.stops)),
        lines,
    )


# ------------------------------------------------------------------------------ judging
def failures(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """Return endpoint -> what is wrong with it.

    A pair belongs to the endpoint with more wrong pairs: that is where the fault is.
    """
    wrong = [pair for pair in pairs if not pair.good]
    count = Counter(name for pair in wrong for name in (pair.source.endpoint, pair.to.endpoint))
    found: dict[str, list[Pair]] = {}
    for pair in wrong:
        one, other = pair.source.endpoint, pair.to.endpoint
        found.setdefault(other if count[other] > count[one] else one, []).append(pair)
    return {name: _messages(own) for name, own in found.items()}


def _messages(pairs: Sequence[Pair]) -> list[str]:
    left = len(pairs) - _SHOWN
    more = [f"and {left} more pairs"] if left > 0 else []
    return [_message(pair) for pair in pairs[:_SHOWN]] + more


def _message(pair: Pair) -> str:
    return "\n".join([pair.words, *(f"  {line}" for line in pair.lines)])
