"""The backend seam: what a lab asks of the twin, of GNS3, of anything that runs nodes."""

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from avdlab.events import Reporter
from avdlab.inventory.access import Access
from avdlab.overlay.model import LabUser
from avdlab.overlay.profile import Profile
from avdlab.topology.model import Topology


class Capability(StrEnum):
    """Extra powers that a backend may announce."""

    LINK_CARRIER = "link-carrier"  # cut a link so that both ports lose carrier
    LINK_BLACKHOLE = "link-blackhole"  # frames vanish, ports stay up, timers expire
    LINK_SELECTIVE = "link-selective"  # only the frames of some protocols vanish
    LINK_IMPAIR = "link-impair"  # delay, loss, corruption
    CAPTURE = "capture"
    CONSOLE = "console"
    NODE_STOP = "node-stop"
    BORROWED = "borrowed"  # the devices are somebody else's: up and down leave them alone
    SSH = "ssh"  # knows where a device answers SSH
    EVIDENCE = "evidence"  # knows the level of evidence of its own answers
    ENDPOINTS = "endpoints"  # connected endpoints run in the lab, and talk
    INSTANT = "instant"  # what follows a change is there at once
    TRACE = "trace"  # knows the ways of packets between endpoints


@dataclass(frozen=True, slots=True)
class Behind:
    """What a port of this process leads to: a host and port as the SSH server `jump` reaches it."""

    jump: str  # user@host
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class EapiTarget:
    """Where and how a device answers eAPI."""

    device: str
    host: str
    port: int
    user: LabUser
    tls: bool = True
    enable: str = field(default="", repr=False)  # the enable secret, where the device asks for one
    behind: Behind | None = None

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
    reseed: frozenset[str] = frozenset()  # devices that shall boot with their seed once more
    access: Mapping[str, Access] = field(default_factory=dict)  # how the inventory reaches devices


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
    notes: tuple[str, ...] = ()  # what people should know before it is done


class NodeState(StrEnum):
    """The stages that a node passes, in order; `absent` before it is made."""

    ABSENT = "absent"
    STOPPED = "stopped"
    RUNNING = "running"
    NICS = "nics"  # its interfaces are there
    ADDRESS = "address"  # its management address answers
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

    @property
    def capabilities(self) -> frozenset[Capability]:
        """The extra powers that it has."""
        ...

    @property
    def profile(self) -> Profile:
        """What its nodes need changed in a configuration: the lab overlay adapts to it."""

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
class SlowBoot(Protocol):
    """A backend whose nodes boot for longer than the default `timeout`, and then need time until
    they show what was changed: sessions come up, LLDP forgets a neighbor."""

    boot_seconds: float
    convergence_seconds: float


@runtime_checkable
class PartialTopology(Protocol):
    """A backend that may leave out some of a topology's nodes."""

    def buildable(self, topology: Topology) -> Topology:
        """Return what of the topology it builds; its notes say what it leaves out and why."""


@runtime_checkable
class Settling(Protocol):
    """A backend that knows when nothing more is on its way."""

    def settled(self, seconds: float) -> bool:
        """Wait for it so long at most; tell whether it is so."""


class LinkEffect(StrEnum):
    """What a fault of a cable does. Which ones a backend has, its capabilities say."""

    CARRIER = "carrier"
    BLACKHOLE = "blackhole"
    SELECTIVE = "selective"


@dataclass(frozen=True, slots=True)
class LinkFault:
    """A fault of a cable. A selective one lets the protocols in `drop` vanish (bgp, lldp ...)."""

    effect: LinkEffect
    drop: tuple[str, ...] = ()


@runtime_checkable
class LinkControl(Protocol):
    """Capabilities LINK_CARRIER, LINK_BLACKHOLE, LINK_SELECTIVE."""

    def set_link(self, a: str, b: str, fault: LinkFault | None) -> None:
        """Put a fault on the cable between two `node:interface` ends, None heals it.

        Raises CannotRunError for an effect that is not among the backend's capabilities.
        """


@dataclass(frozen=True, slots=True)
class Impairment:
    """What a cable does to every frame, in both directions together."""

    delay_ms: int = 0
    jitter_ms: int = 0
    loss_percent: int = 0
    corrupt_percent: int = 0


@runtime_checkable
class LinkImpairment(Protocol):
    """Capability LINK_IMPAIR."""

    def impair(self, a: str, b: str, impairment: Impairment | None) -> None:
        """Worsen the cable between two `node:interface` ends, None heals it."""


@runtime_checkable
class Capture(Protocol):
    """Capability CAPTURE."""

    def start_capture(self, a: str, b: str) -> None:
        """Begin to record the frames of a cable."""

    def stop_capture(self, a: str, b: str) -> bytes:
        """End the recording and return it, in pcap form."""

    def follow(self, a: str, b: str, seconds: float | None) -> Generator[bytes, None, None]:
        """Record a cable for so long, None: until the reader ends; pcap bytes as they come."""


@dataclass(frozen=True, slots=True)
class ConsoleTarget:
    """Where a node's console answers telnet; `auxiliary` is a shell beside the console, or 0."""

    node: str
    host: str
    port: int
    auxiliary: int = 0
    behind: Behind | None = None
    auxiliary_behind: Behind | None = None


@runtime_checkable
class ConsoleAccess(Protocol):
    """Capability CONSOLE."""

    def console(self, node: str) -> ConsoleTarget:
        """Say where a node's console answers."""


@dataclass(frozen=True, slots=True)
class SshTarget:
    """Where a device answers SSH."""

    device: str
    host: str
    port: int
    user: LabUser
    behind: Behind | None = None


@runtime_checkable
class SshAccess(Protocol):
    """Capability SSH."""

    def ssh(self, node: str) -> SshTarget:
        """Say where a device answers SSH."""


@dataclass(frozen=True, slots=True)
class HostAddress:
    """An address of an endpoint: its NIC or bond, and the VLAN tag of its frames (None: none)."""

    endpoint: str
    nic: str
    tag: int | None = None

    @property
    def key(self) -> tuple[str, str, int | None]:
        return self.endpoint, self.nic, self.tag


@dataclass(frozen=True, slots=True)
class Traced:
    """How packets between two endpoints fare, over all ways that they may take, there and back."""

    reached: bool  # on some way at least
    hops: tuple[str, ...] = ()  # the devices of one way that arrives
    stops: tuple[tuple[str, str], ...] = ()  # (node, why) where other ways end


@runtime_checkable
class EndpointTrace(Protocol):
    """Capability TRACE."""

    def trace(self, pairs: Sequence[tuple[HostAddress, HostAddress]]) -> Sequence[Traced]:
        """Follow packets between addresses of endpoints."""


@runtime_checkable
class EvidenceSource(Protocol):
    """Capability EVIDENCE."""

    def evidence(self, commands: Collection[str]) -> Mapping[str, str]:
        """Return show command -> the level (F0 ... F4) of its answer."""
