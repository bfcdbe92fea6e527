"""The Ansible inventory as values: hosts with templated variables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Host:
    """A host and its variables: plain Python data, templated and decrypted."""

    name: str
    groups: tuple[str, ...]
    variables: Mapping[str, Any]
    # the AVD fabric it belongs to; "": it has eos_cli_config_gen's keys only; None: no device
    fabric: str | None
    # variable -> the files that set it, the one that wins last ("" when unknown)
    sources: Mapping[str, tuple[str, ...]]
    reason_outside: str = ""  # why it is not part of the design, for people
    connection: Mapping[str, Any] = field(default_factory=dict, repr=False)  # access.py


@dataclass(frozen=True, slots=True)
class Inventory:
    """A loaded inventory. `selected` are the names that `--limit` left over."""

    path: Path  # the inventory file or directory, absolute
    root: Path  # the folder that holds it
    hosts: Mapping[str, Host]
    selected: frozenset[str]
    notes: tuple[str, ...] = ()
    # the files and folders it was read from; empty where the same files may say something else
    consulted: tuple[str, ...] = ()

    @property
    def design_hosts(self) -> tuple[Host, ...]:
        """Hosts that AVD renders, sorted by name."""
        return tuple(h for _, h in sorted(self.hosts.items()) if h.fabric is not None)

    @property
    def fabrics(self) -> tuple[str, ...]:
        """Names of the fabrics in this inventory."""
        return tuple(sorted({h.fabric for h in self.hosts.values() if h.fabric}))
