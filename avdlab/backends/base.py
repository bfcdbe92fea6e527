"""The backend seam: what a lab asks of the twin, of GNS3, of anything that runs nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from avdlab.events import Reporter
from avdlab.overlay.model import LabUser
from avdlab.topology.model import Topology


class Capability(StrEnum):
    """Extra powers that a backend may announce."""

    LINK_CARRIER = "link-carrier"  # cut a link so that both ports lose carrier
    LINK_BLACKHOLE = "link-blackhole"
    NODE_STOP = "node-stop"
    SSH = "ssh"  # knows where a device answers SSH
    EVIDENCE = "evidence"  # knows the level of evidence of its own answers


@dataclass(frozen=True, slots=True)
class EapiTarget:
    """Where and how a device answers eAPI."""

    device: str
    host: str
    port: int
    user: LabUser
    tls: bool = True

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class LabSpec:
    """What a backend builds: the topology and each device's first-boot configuration."""

    name: str
    folder: Path  # .avdlab/<lab>
    topology: Topology
    seeds: Mapping[str, str]  # device -> startup-config of its first boot
    user: LabUser


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One thing that `apply` would do, for people: verb create/remove/change/start, what, why."""

    verb: str
    what: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.what}" + (f" ({self.why})" if self.why else "")


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between the spec and what is there. Empty: nothing to do."""

    spec: LabSpec
    changes: tuple[PlannedChange, ...] = ()


class NodeState(StrEnum):
    """The stages that a node passes, in order; `absent` before it is made."""

    ABSENT = "absent"
    STOPPED = "stopped"
    RUNNING = "running"
    TCP = "tcp"
    EAPI = "eapi"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class NodeStatus:
    node: str
    state: NodeState
    reason: str = ""  # why it is not further
    address: str = ""  # host:port of eAPI
    details: Mapping[str, str] = field(default_factory=dict)


class Backend(Protocol):
    """Small on purpose: an extra power is a Capability with its own protocol."""

    name: str
    capabilities: frozenset[Capability]

    def plan(self, spec: LabSpec) -> Plan:
        """Compare the spec with what is there. Raises CannotRunError, BackendError."""

    def apply(self, plan: Plan, reporter: Reporter) -> None:
        """Make it so. Idempotent; resumes after a kill."""

    def status(self) -> tuple[NodeStatus, ...]:
        """Say what is really there, now."""

    def address(self, node: str) -> EapiTarget:
        """Say where a device answers eAPI."""

    def start(self, nodes: Sequence[str]) -> None:
        """Power nodes on."""

    def stop(self, nodes: Sequence[str]) -> None:
        """Power nodes off."""

    def destroy(self) -> None:
        """Remove everything that carries the lab's name. Idempotent."""


@runtime_checkable
class LinkControl(Protocol):
    """Capability LINK_CARRIER."""

    def set_link(self, a: str, b: str, *, up: bool) -> None:
        """Cut or heal the cable between two `node:interface` ends."""


@dataclass(frozen=True, slots=True)
class SshTarget:
    """Where a device answers SSH."""

    device: str
    host: str
    port: int
    user: LabUser


@runtime_checkable
class SshAccess(Protocol):
    """Capability SSH."""

    def ssh(self, node: str) -> SshTarget:
        """Say where a device answers SSH."""


@runtime_checkable
class EvidenceSource(Protocol):
    """Capability EVIDENCE."""

    def evidence(self, command: str) -> str:
        """Return the level (F0 ... F4) of the answer to a show command."""
