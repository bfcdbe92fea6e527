"""Results as JSON for machines."""

import json
from typing import Any

from avdlab.validate.model import Pair, Results, TestResult

SCHEMA_VERSION = 1


def as_data(results: Results) -> dict[str, Any]:
    """Return everything that is known of a run. The same run gives the same keys and order."""
    return {
        "schema_version": SCHEMA_VERSION,
        "lab": results.lab,
        "seconds": round(results.seconds, 3),
        "summary": {verdict.name.lower(): count for verdict, count in results.count().items()},
        "ok": bool(results.tests) and not results.failed,
        "notes": list(results.notes),
        "tests": [_test(test) for test in results.tests],
        "pairs": [_pair(pair) for pair in results.pairs],
    }


def render(results: Results) -> str:
    """Return the JSON text."""
    return json.dumps(as_data(results), indent=2) + "\n"


def _test(test: TestResult) -> dict[str, Any]:
    return {
        "device": test.device,
        "test": test.test,
        "inputs": test.inputs,
        "verdict": test.verdict.name.lower(),
        "good": test.verdict.good,
        "level": test.level,
        "policy": test.policy,
        "anta_status": test.anta_status,
        "source": str(test.source),
        "green_after": test.green_after,
        "categories": list(test.categories),
        "description": test.description,
        "messages": list(test.messages),
    }


def _pair(pair: Pair) -> dict[str, Any]:
    ends = {"from": pair.source, "to": pair.to}
    return {
        **{
            key: {"endpoint": e.endpoint, "address": e.address, "vlan": e.vlan, "vrf": e.vrf}
            for key, e in ends.items()
        },
        "by_design": pair.reachable,
        "why": pair.why,
        "reached": pair.reached,
        "good": pair.good,
        "hops": list(pair.hops),
        "stops": list(pair.stops),
        "lines": list(pair.lines),
    }
