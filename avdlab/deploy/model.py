"""What a deployment did, per device."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from avdlab.errors import RejectedLine


@dataclass(frozen=True, slots=True)
class DeviceDeployment:
    device: str
    diff: str  # the session diff as EOS printed it, secrets removed; "": nothing to change
    committed: bool
    saved: bool = False
    rejected: tuple[RejectedLine, ...] = ()
    error: str = ""

    @property
    def changed(self) -> bool:
        return bool(self.diff.strip())


@dataclass(frozen=True, slots=True)
class Deployment:
    devices: Mapping[str, DeviceDeployment] = field(default_factory=dict)
    check: bool = False  # nothing was committed on purpose

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, device in self.devices.items() if device.changed))
