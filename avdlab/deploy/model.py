"""What a deployment is asked to do, and what it did, per device."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from avdlab.deploy.text import Line
from avdlab.errors import RejectedLine

# A gate is asked with the names of the devices that committed; it returns what is wrong, in words.
Gate = Callable[[Sequence[str]], Sequence[str]]


class Phase(StrEnum):
    """The phases of a transaction, in order."""

    OPEN = "open"
    LOAD = "load"
    DIFF = "diff"
    COMMIT = "commit"
    GATE = "gate"
    CONFIRM = "confirm"
    SAVE = "save"


@dataclass(frozen=True, slots=True)
class Load:
    """What one device is given: a whole configuration, or lines merged into the one it has."""

    lines: tuple[Line, ...]
    replace: bool = True


@dataclass(frozen=True, slots=True)
class Options:
    """How a transaction is run. Times are seconds."""

    timeout: float = 60.0  # of one eAPI request
    health_timeout: float = 15.0  # for eAPI to answer after the commit
    gate_timeout: float = 0.0  # for the gate's tests, after eAPI answers
    timer: float | None = None  # of the commits; None: longer than gate and slowest commit
    max_workers: int = 64
    save: bool = True


@dataclass(frozen=True, slots=True)
class How:
    """How people want a deployment to be done."""

    serial: str = ""  # a rollout in batches of this size: 4, 25%; "": one transaction
    timer: float | None = None  # seconds of the commit timers; None: as long as is needed
    gate: str = ""  # "catalog": the lab's own tests; a file: an ANTA catalog; "": eAPI answers
    gate_timeout: float = 30.0  # seconds for the gate's tests to pass


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
    recovered: str = ""  # what was done about an earlier deployment that died
    batches: tuple[tuple[str, ...], ...] = ()  # of a rollout: one transaction each

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, device in self.devices.items() if device.changed))
