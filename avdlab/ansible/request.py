"""What a task asks for, and what it is answered: values that travel as JSON lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

Slice = dict[str, Any]  # the result of a task on one host, as Ansible shows it
LOCALHOST = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Request:
    """One task of a play. Every host of the play asks with the same one but for `host`."""

    task: str  # the same for all hosts of one run of a task
    host: str
    action: str  # lab, fault
    inventory: Path
    hosts: frozenset[str]  # of the play, what --limit left of them
    options: Mapping[str, Any] = field(default_factory=dict)
    check: bool = False
    diff: bool = False
    extra_vars: tuple[str, ...] = ()
    vault_password_file: Path | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read what a client sent."""
        vault = data.get("vault_password_file")
        return cls(
            data["task"],
            data["host"],
            data["action"],
            Path(data["inventory"]).expanduser().absolute(),
            frozenset(data["hosts"]),
            data["options"],
            data["check"],
            data["diff"],
            tuple(data["extra_vars"]),
            Path(vault) if vault else None,
        )

    def path(self, option: str) -> Path | None:
        """Return an option that is a path."""
        value = self.options.get(option)
        return Path(value).expanduser().absolute() if value else None

    def chosen(self, devices: Sequence[str]) -> tuple[str, ...]:
        """Return the devices that the task is about: those of the play, or all from localhost."""
        whole = not (self.hosts - LOCALHOST)
        return tuple(name for name in sorted(devices) if whole or name in self.hosts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result for each device, and what all of them share."""

    devices: Mapping[str, Slice]
    shared: Slice = field(default_factory=dict)
    outside: Mapping[str, str] = field(default_factory=dict)  # host -> why it has no result

    def slice(self, host: str) -> Slice:
        """Return what the task says on a host; on localhost, what it says of the whole fabric."""
        if host in self.devices:
            return {"changed": False, **self.shared, **self.devices[host]}
        if host in LOCALHOST:
            return self._whole()
        reason = self.outside.get(host, "it is no device of this lab")
        return {"changed": False, "skipped": True, "skip_reason": f"{host}: {reason}"}

    def _whole(self) -> Slice:
        found = self.devices
        whole: Slice = {
            "changed": any(part.get("changed") for part in found.values()),
            **self.shared,
            "devices": dict(found),
        }
        failed = [name for name, part in found.items() if part.get("failed")]
        if failed:
            whole["failed"] = True
            whole["msg"] = "\n".join(str(found[name].get("msg", name)) for name in failed)
        elif found and all(part.get("skipped") for part in found.values()):
            whole |= next(iter(found.values()))
        diffs = [d for part in found.values() for d in part.get("diff", ())]
        return whole | ({"diff": diffs} if diffs else {})
