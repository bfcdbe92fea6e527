"""How to tell a twin that is met elsewhere, and what its answers rest on.

A stand-in node of GNS3, or somebody's twin among the devices of an inventory, answers eAPI as a
switch does. It says what it is in `show version`, and its answers are no better than the twin's.
"""

from collections.abc import Collection, Mapping
from typing import Any

MARK = "avdlab-twin"  # in its internalVersion
NOT_CEOS = "not cEOS"
SOFTWARE = "software"  # among the details of a node's status


def is_twin(version: Mapping[str, Any]) -> bool:
    """Tell from the JSON of `show version` whether a twin answered."""
    return MARK in str(version.get("internalVersion", ""))


def software(version: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what a node's status says of a twin that answered `show version`, else nothing."""
    if not is_twin(version):
        return {}
    return {SOFTWARE: f"avdlab's twin of EOS {version.get('version', '')}, {NOT_CEOS}"}


def note(twins: Collection[str], devices: Collection[str]) -> str:
    """Say which devices are twins, "" where none is: what holds on them may not on a switch."""
    if not twins:
        return ""
    whose = "every device" if set(devices) <= set(twins) else ", ".join(sorted(twins))
    return f"{whose}: avdlab's twin answers, {NOT_CEOS}"


def evidence(commands: Collection[str]) -> Mapping[str, str]:
    """Return command -> the level (F0 ... F3) on which a twin answers it."""
    from avdlab.twin.eapi import coverage  # knows all commands, so it loads slowly

    return {command: str(coverage.evidence(command)["level"]) for command in commands}
