"""How to tell a twin that is met elsewhere, and what its answers rest on.

A stand-in node of GNS3, or somebody's twin among the devices of an inventory, answers eAPI as a
switch does. It says what it is in `show version`, and its answers are no better than the twin's.
"""

from collections.abc import Mapping
from typing import Any

MARK = "avdlab-twin"  # in its internalVersion


def is_twin(version: Mapping[str, Any]) -> bool:
    """Tell from the JSON of `show version` whether a twin answered."""
    return MARK in str(version.get("internalVersion", ""))


def level(command: str) -> str:
    """Return the level (F0 ... F3) on which a twin answers a command."""
    from avdlab.twin.eapi.coverage import evidence  # knows all commands, so it loads slowly

    return str(evidence(command)["level"])
