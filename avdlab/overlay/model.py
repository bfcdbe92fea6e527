"""The lab's configurations: intended configs, and what the lab changes in them and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class LabUser:
    """The user that the harness logs in with. The password never reaches logs or reports."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OverlayChange:
    """One difference between the intended and the lab configuration of a device."""

    device: str
    what: str
    why: str
    lines: tuple[
        tuple[int, str], ...
    ] = ()  # of the intended config that are left out: number, text


@dataclass(frozen=True, slots=True)
class LabDevice:
    """One device as the lab runs it. `structured_config` is empty for labs made from text."""

    name: str
    config: str
    structured_config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabConfigs:
    devices: Mapping[str, LabDevice]
    changes: tuple[OverlayChange, ...] = ()
