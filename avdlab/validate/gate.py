"""The gate of a deployment: tests that must pass before its commits are confirmed.

A commit under its timer is not saved, so tests of the startup-config are left out.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from avdlab.backends.base import EapiTarget
from avdlab.errors import InputError
from avdlab.validate.access import Evidence, over_eapi
from avdlab.validate.catalog import read_catalog
from avdlab.validate.policy import Policy
from avdlab.validate.suite import suite_of_catalogs
from avdlab.validate.validation import validate

OWN = "catalog"  # the lab's own catalogs
NEED_SAVED = frozenset({"VerifyRunningConfigDiffs"})


def catalogs_of(chosen: str, own: Mapping[str, str], devices: Sequence[str]) -> Mapping[str, str]:
    """Return device -> catalog, JSON text: the lab's own, or one ANTA catalog file for all.

    Raises InputError for a file that is none, and for a gate without a single test.
    """
    if chosen == OWN:
        texts = {device: own[device] for device in devices if device in own}
    else:
        texts = dict.fromkeys(devices, json.dumps(_read(Path(chosen))))
    kept = {device: json.dumps(_without(json.loads(text))) for device, text in texts.items()}
    if not any(read_catalog(device, text) for device, text in kept.items()):
        raise InputError(f"the gate '{chosen}' has no test for the chosen devices")
    return kept


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as exc:
        raise InputError(f"the gate's catalog {path} cannot be read: {exc}") from exc
    if not isinstance(data, dict):
        raise InputError(f"the gate's catalog {path} is no ANTA catalog")
    return data


def _without(catalog: Any) -> Any:  # noqa: ANN401  (modules may be nested, tests carry any input)
    """Leave out the tests that look at the startup-config."""
    if isinstance(catalog, dict):
        return {key: _without(value) for key, value in catalog.items()}
    if isinstance(catalog, list):
        return [entry for entry in catalog if not NEED_SAVED & set(entry)]
    return catalog


def gate(
    targets: Sequence[EapiTarget],
    catalogs: Mapping[str, str],
    *,
    lab: str,
    evidence: Evidence | None,
    policy: Policy,
    budget: float,
) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return what a transaction asks after its commits: the tests that still fail, in words."""

    access = over_eapi(targets, evidence=evidence)
    suite = suite_of_catalogs(catalogs)

    def ask(_: Sequence[str]) -> tuple[str, ...]:
        results = validate(access, suite, lab=lab, policy=policy, wait=budget)
        return tuple(
            f"{test.device}: {test.test}: {'; '.join(test.messages)}" for test in results.failed
        )

    return ask
