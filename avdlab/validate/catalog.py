"""ANTA catalogs as planned tests: what shall run on which device, before ANTA is even imported.

A planned test keeps its raw inputs. Its digest names them, so that (device, test, digest) tells two
instances of one test apart and stays the same from run to run. The digest travels through ANTA in
`result_overwrite.custom_field`, the one field that comes back with each result.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from avdlab.errors import InputError, Problem

# inputs that steer ANTA and say nothing about what is tested
_STEERING = {"filters", "result_overwrite"}


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """One test of one device's catalog."""

    device: str
    module: str  # e.g. anta.tests.routing.bgp
    test: str  # class name
    digest: str
    inputs: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def name(self) -> str:
        """Return `leaf1-VerifyBGPPeerSession-3f2a91`: how reports and pytest call it."""
        return f"{self.device}-{self.test}-{self.digest}"


def digest(inputs: Mapping[str, Any]) -> str:
    """Return a short name of the inputs, without those that only steer ANTA."""
    own = {key: value for key, value in inputs.items() if key not in _STEERING}
    text = json.dumps(own, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def read_catalog(device: str, text: str) -> tuple[PlannedTest, ...]:
    """Read a device's catalog, JSON text. Raises InputError.

    A test that is listed twice with the same inputs is one test, as it is for ANTA.
    """
    try:
        data = json.loads(text)
        found = [PlannedTest(device, *planned) for planned in _tests(data or {})]
    except (ValueError, TypeError, AttributeError) as exc:
        raise InputError(
            [Problem(f"not an ANTA catalog: {exc}", host=device, hint="Build it again.")]
        ) from exc
    return tuple(dict.fromkeys(found))


def _tests(
    data: Mapping[str, Any], package: str = ""
) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Yield module, test, digest and inputs; modules may be nested as ANTA allows."""
    for key, value in data.items():
        module = f"{package}.{key}" if package else key
        if isinstance(value, dict):
            yield from _tests(value, module)
            continue
        for entry in value:
            for test, inputs in entry.items():
                yield module, test, digest(inputs or {}), inputs or {}


def merge(planned: Iterable[PlannedTest]) -> dict[str, list[dict[str, Any]]]:
    """Return one catalog for ANTA: every test tied to its device, and carrying its digest."""
    catalog: dict[str, list[dict[str, Any]]] = {}
    for test in planned:
        overwrite = dict(test.inputs.get("result_overwrite") or {})
        inputs = {
            **test.inputs,
            "filters": {"tags": [test.device]},
            "result_overwrite": {**overwrite, "custom_field": test.digest},
        }
        catalog.setdefault(test.module, []).append({test.test: inputs})
    return catalog
