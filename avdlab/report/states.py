"""The colour of every node and cable of a drawing: what the tests say of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from avdlab.report.lines import interfaces_in
from avdlab.topology.model import Link, LinkEnd, Topology
from avdlab.validate.model import Pair, Results, TestResult, Verdict

# Tests that speak of an interface itself; others name one in passing.
_OF_PORTS = {"interfaces", "connectivity", "cabling", "lldp", "lacp", "port-channel"}


def nodes(results: Results) -> Mapping[str, str]:
    """Return node -> ok, bad or off; endpoints by their pairs. Untested nodes are left out."""
    found = {end: "bad" if wrong else "ok" for end, wrong in _endpoints(results.pairs).items()}
    for device, tests in by_device(results).items():
        if all(test.verdict is Verdict.UNREACHABLE for test in tests):
            found[device] = "off"
        else:
            found[device] = "bad" if any(not test.verdict.good for test in tests) else "ok"
    return found


def links(topology: Topology, results: Results) -> Mapping[Link, str]:
    """Return cable -> ok, warn, bad or off. Bad: a failed test of ports names an end of it."""
    named: dict[LinkEnd, str] = {}
    for test in results.failed:
        worse = "bad" if _OF_PORTS & set(test.categories) else "warn"
        for interface in interfaces_in(test.messages):
            end = LinkEnd(test.device, interface)
            named[end] = "bad" if "bad" in {worse, named.get(end)} else worse
    tested = nodes(results)
    return {link: state for link in topology.links if (state := _link(link, named, tested))}


def _link(link: Link, named: Mapping[LinkEnd, str], tested: Mapping[str, str]) -> str:
    ends = {tested.get(link.a.node, ""), tested.get(link.b.node, "")}
    said = {named.get(link.a, ""), named.get(link.b, "")}
    for state, where in (("bad", said), ("off", ends), ("warn", said)):
        if state in where:
            return state
    return "ok" if ends - {""} else ""


def titles(results: Results) -> Mapping[str, str]:
    """Return device -> how many of its tests failed, in words."""
    return {
        device: f"{sum(not test.verdict.good for test in tests)} of {len(tests)} tests failed"
        for device, tests in by_device(results).items()
    }


def by_device(results: Results) -> Mapping[str, Sequence[TestResult]]:
    """Return the tests of each device, in order of names."""
    found: dict[str, list[TestResult]] = defaultdict(list)
    for test in sorted(results.tests, key=lambda test: test.device):
        found[test.device].append(test)
    return found


def _endpoints(pairs: Sequence[Pair]) -> Mapping[str, bool]:
    """Return endpoint -> whether a pair of it is wrong."""
    found: dict[str, bool] = {}
    for pair in pairs:
        for name in (pair.source.endpoint, pair.to.endpoint):
            found[name] = found.get(name, False) or not pair.good
    return found
