"""Faults on a running lab: brought about, recorded, and healed."""

import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Protocol

from avdlab.backends.base import Backend, Capability, EapiTarget, LinkControl
from avdlab.errors import AvdlabError, CannotRunError, InputError
from avdlab.events import Reporter
from avdlab.faults import record
from avdlab.faults.catalog import CONFIG_FAULTS
from avdlab.faults.edits import Target
from avdlab.faults.model import LINK_EFFECTS, Fault, Kind
from avdlab.faults.text import ConfigText
from avdlab.state import LabFolder
from avdlab.topology.model import Topology
from avdlab.validate.intent import Intent, read_intent


class RunningLab(Protocol):
    """What is needed of a lab (lab.py)."""

    folder: LabFolder
    reporter: Reporter

    @property
    def backend(self) -> Backend: ...

    def targets(self, devices: frozenset[str] | None = None) -> tuple[EapiTarget, ...]: ...

    def configs(self) -> Mapping[str, str]: ...

    def structured(self) -> Mapping[str, Mapping[str, Any]]: ...

    def topology(self) -> Topology: ...


class LabFaults:
    """The faults of one lab. A cable and a node have one fault at a time, the newest."""

    def __init__(self, lab: RunningLab) -> None:
        self._lab = lab

    @property
    def active(self) -> tuple[Fault, ...]:
        """The faults in force, oldest first."""
        return record.read(self._lab.folder.path)

    def add(self, fault: Fault) -> Fault:
        """Bring a fault about; no-op where it is in force. Returns it, with what differs.

        Raises CannotRunError where the backend cannot, InputError where it has no place,
        ConfigRejectedError, DeviceError.
        """
        self.check(fault)
        chosen = self._placed(fault)
        active = self.active
        if chosen in active:
            return chosen
        others = tuple(old for old in active if not old.same_place(chosen))
        record.write(self._lab.folder.path, (*others, chosen))
        try:
            self._apply(chosen)
        except AvdlabError:
            record.write(self._lab.folder.path, active)
            raise
        return chosen

    def heal(self, faults: Iterable[Fault] | None = None) -> tuple[Fault, ...]:
        """Undo faults, or all of them; what cannot be healed stays recorded.

        Goes on after a fault that cannot be healed, and raises its error at the end.
        """
        chosen = tuple(self.active if faults is None else faults)
        healed: list[Fault] = []
        errors: list[AvdlabError] = []
        for fault in reversed(chosen):  # devices last brought down come back first
            try:
                self._heal(fault)
                healed.append(fault)
            except AvdlabError as exc:
                errors.append(exc)
        if errors:
            raise errors[0]
        return tuple(healed)

    def _heal(self, fault: Fault) -> None:
        left = tuple(old for old in self.active if not old.same_place(fault))
        if fault.kind is Kind.LINK:
            self._links().set_link(fault.target[0], fault.target[1], None)
        elif fault.kind is Kind.NODE:
            self._lab.backend.start(fault.target)
        else:
            self._configure(fault.target[0], left)
        record.write(self._lab.folder.path, left)

    @contextmanager
    def healing(self) -> Iterator["LabFaults"]:
        """Heal on the way out what was brought about inside; SIGTERM and Ctrl-C are ways out."""
        before = set(self.active)
        try:
            with _ended_by_signals():
                yield self
        finally:
            self.heal([fault for fault in self.active if fault not in before])

    def flap(
        self,
        fault: Fault,
        *,
        count: int,
        period: float,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take a cable down and up again, `count` times; it is up at the end, and on Ctrl-C."""
        with self.healing():
            for _ in range(count):
                self.add(fault)
                pause(period / 2)
                self.heal([fault])
                pause(period / 2)

    def reload(self, node: str) -> None:
        """Power a node off and on: it boots from its startup-config."""
        self.check(Fault(Kind.NODE, (node,), "stop"))
        try:
            self._lab.backend.stop([node])
        finally:
            self._lab.backend.start([node])

    def check(self, fault: Fault) -> None:
        """Refuse what the backend cannot do, before anything is touched. Raises CannotRunError."""
        backend = self._lab.backend
        needed = Capability.NODE_STOP
        if fault.kind is Kind.CONFIG:
            return
        if fault.kind is Kind.LINK:
            needed = LINK_EFFECTS[fault.effect][1]
        if needed not in backend.capabilities:
            can = sorted(name for name, (_, c) in LINK_EFFECTS.items() if c in backend.capabilities)
            hint = f"It can: {', '.join(can) or 'nothing'}."
            if fault.effect == "down":
                hint += " Or shut the port: avdlab fault config DEVICE interface-shut --at PORT"
            raise CannotRunError(
                f"the backend {backend.name} cannot do '{fault.effect}'", hint=hint
            )

    # ------------------------------------------------------------------ how
    def _placed(self, fault: Fault) -> Fault:
        """Find the place of a configuration fault, so that the record says what differs."""
        if fault.kind is not Kind.CONFIG:
            return fault
        device = fault.target[0]
        text = self._text(device, [f for f in self.active if not f.same_place(fault)])
        return Fault(
            fault.kind, fault.target, fault.effect, at=fault.at, what=self._edit(fault, text)[0]
        )

    def _apply(self, fault: Fault) -> None:
        if fault.kind is Kind.LINK:
            self._links().set_link(fault.target[0], fault.target[1], fault.link)
        elif fault.kind is Kind.NODE:
            self._lab.backend.stop(fault.target)
        else:
            self._configure(fault.target[0], self.active)

    def _links(self) -> LinkControl:
        backend = self._lab.backend
        if not isinstance(backend, LinkControl):
            raise CannotRunError(f"the backend {backend.name} has no faults of cables")
        return backend

    # ------------------------------------------------------------------ configurations
    def _configure(self, device: str, faults: Iterable[Fault]) -> None:
        """Give a device its lab config with these faults in it."""
        from avdlab.deploy import deploy

        targets = self._lab.targets(frozenset({device}))
        deploy(
            targets,
            {device: self._text(device, faults)},
            folder=self._lab.folder.path,
            lab_targets=self._lab.targets(),
            keep=False,
        )

    def _text(self, device: str, faults: Iterable[Fault]) -> str:
        text = self._lab.configs()[device]
        for fault in faults:
            if fault.kind is Kind.CONFIG and fault.target[0] == device:
                text = self._edit(fault, text)[1]
        return text

    def _edit(self, fault: Fault, text: str) -> tuple[str, str]:
        """Return what differs, and the text with the fault."""
        named = CONFIG_FAULTS[fault.effect]
        intent = self._intent()
        target = Target(intent, intent.devices[fault.target[0]], ConfigText(text))
        found = [edit for edit in named.find(target) if fault.at in edit.what]
        if not found:
            where = f" at '{fault.at}'" if fault.at else ""
            raise InputError(f"{fault.target[0]} has no place for '{fault.effect}'{where}")
        return found[0].what, found[0].text

    def _intent(self) -> Intent:
        structured = self._lab.structured()
        if not structured:
            raise CannotRunError(
                "configuration faults need the design, and this lab was made from texts alone",
                hint="Give its inventory to: avdlab up -i INVENTORY --configs DIR",
            )
        return read_intent(structured, self._lab.topology())


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end what runs inside as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def places(lab: RunningLab, name: str, device: str) -> Sequence[str]:
    """Return where a device has a place for a configuration fault, in the words of `--at`."""
    intent = read_intent(lab.structured(), lab.topology())
    target = Target(intent, intent.devices[device], ConfigText(lab.configs()[device]))
    return [edit.what for edit in CONFIG_FAULTS[name].find(target)]
