"""An error of avdlab as results of hosts: who is to blame fails with the reason, and only they."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from avdlab.ansible.request import LOCALHOST, Outcome, Request, Slice
from avdlab.errors import (
    AvdlabError,
    ConfigRejectedError,
    DeviceError,
    InputError,
    NotReadyError,
)


def failure(error: AvdlabError, request: Request) -> Outcome:
    """Return a failed result for every host of the play, in full on those that the error names."""
    facts = {"failed": True, "exit_code": error.exit_code, **_facts(error)}
    blamed = _blamed(error, request.hosts - LOCALHOST)
    if not blamed:  # it concerns all: said in full once
        blamed = dict.fromkeys(sorted(request.hosts)[:1], str(error))
    names = ", ".join(sorted(blamed))
    devices: dict[str, Slice] = {
        host: {**facts, "msg": blamed.get(host) or f"nothing was done because of {names}"}
        for host in request.hosts - LOCALHOST
    }
    return Outcome(devices, {"failed": True, "msg": str(error), **facts})


def _facts(error: AvdlabError) -> dict[str, Any]:
    match error:
        case InputError():
            return {"problems": [asdict(problem) for problem in error.problems]}
        case ConfigRejectedError():
            return {"rejected": [asdict(line) for line in error.rejected]}
        case _:
            return {}


def _blamed(error: AvdlabError, hosts: frozenset[str]) -> Mapping[str, str]:
    """Return host -> the part of the error that is about it."""
    match error:
        case InputError():
            parts = [(problem.host, str(problem)) for problem in error.problems]
            if not all(_names(host, hosts) for host, _ in parts):
                return {}  # somebody must say what is about no host of this play
        case ConfigRejectedError():
            parts = [(line.device, str(line)) for line in error.rejected]
        case NotReadyError():
            parts = [(host, f"{host}: {reason}") for host, reason in error.reasons.items()]
        case DeviceError():
            parts = [(error.device, str(error))]
        case _:
            return {}
    found: dict[str, list[str]] = {}
    for text, message in parts:
        for host in _names(text, hosts):
            found.setdefault(host, []).append(message)
    return {host: "\n".join(messages) for host, messages in found.items()}


def _names(text: str, hosts: frozenset[str]) -> Sequence[str]:
    """Return the hosts that a text like `leaf1, leaf2 and 3 more` names."""
    words = set(re.split(r"[\s,]+", text))
    return sorted(hosts & words)
