"""ANTA catalogs as planned tests: what shall run on which device, before ANTA is even imported.

A planned test keeps its raw inputs. Its digest names them, so that (device, test, digest) tells two
instances of one test apart and stays the same from run to run. The digest travels through ANTA in
`result_overwrite.custom_field`, the one field that comes back with each result.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from avdlab.errors import InputError, Problem

# inputs that steer ANTA and say nothing about what is tested
_STEERING = {"filters", "result_overwrite"}


class Source(StrEnum):
    """Who asks for a test."""

    AVD = "avd"  # AVD's catalog
    AVDLAB = "avdlab"  # derived from the design by us
    FABRIC = "fabric"  # a comparison of what several devices answer
    USER = "user"  # a catalog of the user's own


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """One test of one device."""

    device: str
    module: str  # e.g. anta.tests.routing.bgp; "" for comparisons of several devices
    test: str  # class name
    digest: str
    inputs: Mapping[str, Any] = field(compare=False, repr=False)
    source: Source = field(default=Source.AVD, compare=False)

    @property
    def name(self) -> str:
        """Return `leaf1-VerifyBGPPeerSession-3f2a91`: how reports and pytest call it."""
        return f"{self.device}-{self.test}-{self.digest}"

    @property
    def category(self) -> str:
        """Return what it is about, as ANTA sorts its tests into modules; comparisons: fabric."""
        return self.module.rpartition(".")[2] or "fabric"


def digest(inputs: Mapping[str, Any]) -> str:
    """Return a short name of the inputs, without those that only steer ANTA."""
    own = {key: value for key, value in inputs.items() if key not in _STEERING}
    text = json.dumps(own, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def planned(
    device: str, module: str, test: str, inputs: Mapping[str, Any], source: Source
) -> PlannedTest:
    """Plan a test with its inputs."""
    return PlannedTest(device, module, test, digest(inputs), inputs, source)


def read_catalog(device: str, text: str) -> tuple[PlannedTest, ...]:
    """Read a device's catalog, JSON text. Raises InputError.

    A test that is listed twice with the same inputs is one test, as it is for ANTA.
    """
    try:
        data = json.loads(text)
        found = [planned(device, *entry, Source.AVD) for entry in entries(data or {})]
    except (ValueError, TypeError, AttributeError) as exc:
        raise InputError(
            [Problem(f"not an ANTA catalog: {exc}", host=device, hint="Build it again.")]
        ) from exc
    return tuple(dict.fromkeys(found))


def entries(
    data: Mapping[str, Any], package: str = ""
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield module, test and inputs of a catalog; modules may be nested as ANTA allows."""
    for key, value in data.items():
        module = f"{package}.{key}" if package else key
        if isinstance(value, dict):
            yield from entries(value, module)
            continue
        for entry in value:
            for test, inputs in entry.items():
                yield module, test, inputs or {}


def merge(tests: Iterable[PlannedTest]) -> dict[str, list[dict[str, Any]]]:
    """Return one catalog for ANTA: every test tied to its device, and carrying its digest."""
    catalog: dict[str, list[dict[str, Any]]] = {}
    for test in tests:
        overwrite = dict(test.inputs.get("result_overwrite") or {})
        inputs = {
            **test.inputs,
            "filters": {"tags": [test.device]},
            "result_overwrite": {**overwrite, "custom_field": test.digest},
        }
        catalog.setdefault(test.module, []).append({test.test: inputs})
    return catalog
