"""Results as one HTML page that needs nothing else: no network, no other file."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from avdlab.deploy.redact import redact
from avdlab.report import states
from avdlab.report.lines import lines_about
from avdlab.report.svg import svg
from avdlab.topology.model import Topology
from avdlab.validate.drift import NAME as DRIFT
from avdlab.validate.exceptions import reason_of
from avdlab.validate.model import End, Pair, Results, TestResult, Verdict

if TYPE_CHECKING:
    from jinja2 import Template

_STATES = {
    Verdict.PASSED_COMPUTED: "passed",
    Verdict.PASSED_MIRROR: "mirror",
    Verdict.NOT_APPLICABLE: "na",
}
_SOURCES = {"avd": "AVD", "avdlab": "avdlab", "fabric": "across devices", "user": "your own"}


def render(
    results: Results, topology: Topology | None = None, configs: Mapping[str, str] | None = None
) -> str:
    """Return the page. `configs`: the lab configs, whose lines failed tests are about."""
    counts = [
        (state, _count(results.tests, state)) for state in ("passed", "mirror", "na", "failed")
    ]
    text: str = _template().render(
        lab=results.lab,
        seconds=round(results.seconds, 1),
        total=len(results.tests),
        counts=dict(counts),
        notes=results.notes,
        drawing=_drawing(topology, results) if topology else "",
        devices=_table(states.by_device(results)),
        categories=_table(_by_category(results.tests)),
        failed=_failures(results, configs or {}),
        tests=[_row(test) for test in results.tests],
        matrix=_matrix(results.pairs),
    )
    return text


def _state(test: TestResult) -> str:
    return _STATES.get(test.verdict, "failed")


def _count(tests: Sequence[TestResult], state: str) -> int:
    return sum(_state(test) == state for test in tests)


def _drawing(topology: Topology, results: Results) -> str:
    return svg(
        topology,
        nodes=states.nodes(results),
        links=states.links(topology, results),
        titles=states.titles(results),
    )


def _by_category(tests: Sequence[TestResult]) -> Mapping[str, Sequence[TestResult]]:
    found: dict[str, list[TestResult]] = {}
    for test in tests:
        found.setdefault(_category(test), []).append(test)
    return dict(sorted(found.items()))


def _category(test: TestResult) -> str:
    return test.categories[0] if test.categories else "not run"


def _table(groups: Mapping[str, Sequence[TestResult]]) -> list[dict[str, Any]]:
    return [
        {"name": name, **{s: _count(own, s) for s in ("passed", "mirror", "na", "failed")}}
        for name, own in groups.items()
    ]


# ---------------------------------------------------------------------------------- tests
def _row(test: TestResult) -> dict[str, Any]:
    return {
        "device": test.device,
        "test": test.test,
        "category": _category(test),
        "state": _state(test),
        "words": test.verdict.value,
        "source": _SOURCES.get(test.source, test.source),
        "level": test.level,
        "why": reason_of(test.policy) if test.policy else test.description,
        "after": test.green_after,
    }


def _failures(results: Results, configs: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the devices with failed tests; what differs from the intended config comes first."""
    found = []
    for device, tests in states.by_device(results).items():
        failed = [test for test in tests if not test.verdict.good]
        config = redact(configs.get(device, ""))
        if failed:
            drift = [text for test in failed if test.test == DRIFT for text in test.messages]
            own = [_failed(test, config) for test in failed if test.test != DRIFT]
            found.append({"device": device, "drift": drift, "tests": _alike(own)})
    return found


def _failed(test: TestResult, config: str) -> dict[str, Any]:
    return {
        **_row(test),
        "names": [test.test],
        "words": test.verdict.words,
        "description": test.description,
        "messages": test.messages,
        "lines": lines_about(test.messages, config),
    }


def _alike(tests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Show tests that say the same (a dead device) as one."""
    found: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
    for test in tests:
        first = found.setdefault((test["words"], test["messages"]), test)
        if first is not test:
            first["names"].append(test["test"])
            first["description"] = ""
    return list(found.values())


# ---------------------------------------------------------------------------------- endpoints
def _matrix(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return the ends, and for each its cells: every pair stands on both sides."""
    ends = sorted({end for pair in pairs for end in (pair.source, pair.to)}, key=_order)
    cells: dict[tuple[End, End], dict[str, str]] = {}
    for pair in pairs:
        cell = {"state": _cell(pair), "words": pair.words}
        cells[pair.source, pair.to] = cells[pair.to, pair.source] = cell
    return {
        "ends": [{"name": end.endpoint, "at": _at(end), "words": end.words} for end in ends],
        "rows": [[cells.get((a, b)) for b in ends] for a in ends],
        "wrong": [pair for pair in pairs if not pair.good],
        "count": {state: sum(_cell(p) == state for p in pairs) for state in _CELLS},
    }


_CELLS = ("reach", "apart", "open", "bad")


def _cell(pair: Pair) -> str:
    if not pair.good:
        return "bad"
    if pair.reachable is None:
        return "open"
    return "reach" if pair.reached else "apart"


def _order(end: End) -> tuple[str, int, str, str]:
    return end.vrf, end.vlan, end.endpoint, end.address


def _at(end: End) -> str:
    return f"{end.vrf} {end.vlan}" if end.vrf else f"VLAN {end.vlan}"


@lru_cache(maxsize=1)
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("avdlab.report")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("report.html.j2")
