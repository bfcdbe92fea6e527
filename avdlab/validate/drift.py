"""Drift: what runs against what is intended, by a configuration session that is never committed."""

from collections.abc import Mapping, Sequence

from avdlab.backends.base import EapiTarget
from avdlab.deploy import deploy
from avdlab.errors import AvdlabError, ConfigRejectedError
from avdlab.validate.devices import AT_ONCE

NAME = "VerifyRunningConfig"
DESCRIPTION = "Verifies that the running-config is the intended one."
_LINES = 60  # of a difference that is shown


def differences(
    targets: Sequence[EapiTarget], configs: Mapping[str, str]
) -> Mapping[str, tuple[str, bool]]:
    """Return device -> (the session diff or what went wrong, whether it could be compared).

    A device that cannot be compared does not keep the others from it.
    """
    known = [target for target in targets if target.device in configs]
    found: dict[str, tuple[str, bool]] = {}
    for start in range(0, len(known), AT_ONCE):
        found |= _of_some(known[start : start + AT_ONCE], configs)
    return found


def _of_some(
    targets: Sequence[EapiTarget], configs: Mapping[str, str]
) -> dict[str, tuple[str, bool]]:
    try:
        return _compared(targets, configs)
    except AvdlabError as exc:
        if len(targets) == 1:
            return {targets[0].device: (_words(exc), False)}
    found: dict[str, tuple[str, bool]] = {}
    for target in targets:
        found |= _of_some([target], configs)
    return found


def _compared(
    targets: Sequence[EapiTarget], configs: Mapping[str, str]
) -> dict[str, tuple[str, bool]]:
    own = {target.device: configs[target.device] for target in targets}
    done = deploy(targets, own, check=True)
    return {device: (_short(result.diff), True) for device, result in done.devices.items()}


def _words(exc: AvdlabError) -> str:
    if isinstance(exc, ConfigRejectedError):
        return "the intended configuration is rejected: " + "; ".join(map(str, exc.rejected))
    return exc.message


def _short(diff: str) -> str:
    """Return the lines that differ, without the header that names the files."""
    lines = [line for line in diff.splitlines() if line[:3] not in {"---", "+++"}]
    left = len(lines) - _LINES
    return "\n".join([*lines[:_LINES], *([f"... {left} more lines"] if left > 0 else [])]).strip()
