"""How the devices are asked: over eAPI, batched or not, or in this process."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from avdlab.backends.base import EapiTarget, HostAddress, Traced
from avdlab.backends.eapi import run_commands
from avdlab.errors import DeviceError

if TYPE_CHECKING:
    from avdlab.validate.devices import Ask, LabAntaDevice


Evidence = Callable[[Collection[str]], Mapping[str, str]]  # commands -> their levels
Trace = Callable[[Sequence[tuple[HostAddress, HostAddress]]], Sequence[Traced]]


@dataclass(frozen=True, slots=True)
class Access:
    """The devices of a run.

    `evidence` tells the levels of commands' answers where all of them are twins; None: each says
    in `show version` what it is.
    """

    devices: tuple[str, ...]
    connect: "Callable[[str], LabAntaDevice]"
    reason: Callable[[str], str]  # why a device that ANTA left out did not answer
    evidence: Evidence | None = None
    # devices -> (what differs from the intended configuration, whether that could be compared)
    drift: Callable[[Sequence[str]], Mapping[str, tuple[str, bool]]] | None = None
    trace: Trace | None = None  # follows packets between endpoints; None: devices ping


def over_eapi(
    targets: Sequence[EapiTarget],
    *,
    intended: Mapping[str, str] | None = None,
    evidence: Evidence | None = None,
    trace: Trace | None = None,
    timeout: float = 30.0,
    batched: bool = True,
) -> Access:
    """Ask devices over eAPI: everything at once, or command by command as stock ANTA does.

    `intended` are the configurations that running ones are compared with; None: they are not.
    """
    known = {target.device: target for target in targets}

    def connect(device: str) -> "LabAntaDevice":
        from avdlab.validate.devices import BatchedDevice, EapiDevice  # ANTA imports slowly

        kind = BatchedDevice if batched else EapiDevice
        return kind(known[device], timeout)

    def drift(devices: Sequence[str]) -> Mapping[str, tuple[str, bool]]:
        from avdlab.validate.drift import differences

        return differences([known[device] for device in devices], intended or {})

    return Access(
        tuple(known),
        connect,
        lambda device: _reason(known[device]),
        evidence,
        drift if intended else None,
        trace,
    )


def in_process(
    devices: Sequence[str],
    ask: "Callable[[str], Ask]",
    evidence: Evidence,
    trace: Trace | None = None,
) -> Access:
    """Ask devices of this process: `ask(device)` returns what answers its commands."""

    def connect(device: str) -> "LabAntaDevice":
        from avdlab.validate.devices import DirectDevice

        return DirectDevice(device, ask(device))

    return Access(tuple(devices), connect, lambda _: "it is powered off", evidence, trace=trace)


def _reason(target: EapiTarget) -> str:
    """Ask a device that ANTA left out why: ANTA only logs it."""
    try:
        run_commands(target, ["show version"], timeout=5.0)
    except DeviceError as exc:
        return exc.message.removeprefix(f"{target.device}: ")
    return f"eAPI at {target.url} did not answer when the tests began; it answers now"
