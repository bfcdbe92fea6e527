"""State of MPLS: LDP neighbors, prefix segments, and the label forwarding table."""

from dataclasses import dataclass, field

from avdlab.net.addresses import Prefix
from avdlab.twin.tables.rib import Via

IMPLICIT_NULL = 3  # RFC 3032: "pop before me"


@dataclass(frozen=True, slots=True)
class LdpNeighbor:
    """An LDP session. `state` is operational or nonexistent (RFC 5036), `reason` why it is down."""

    router_id: int
    transport: int
    state: str
    interfaces: tuple[str, ...] = ()
    node: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PrefixSegment:
    """A prefix of IS-IS with a node segment (RFC 8667)."""

    prefix: Prefix
    index: int
    label: int
    node: str


@dataclass(frozen=True, slots=True)
class LabelRoute:
    """A row of the label forwarding table. No outgoing labels: the label is taken off."""

    label: int
    source: str  # LDP, IS-IS SR, or BGP for the label of a VRF
    prefix: Prefix | None = None
    vrf: str | None = None
    vias: tuple[Via, ...] = ()


@dataclass(frozen=True, slots=True)
class Mpls:
    """MPLS on one device."""

    neighbors: tuple[LdpNeighbor, ...] = ()
    segments: tuple[PrefixSegment, ...] = ()
    labels: tuple[LabelRoute, ...] = field(default=())
