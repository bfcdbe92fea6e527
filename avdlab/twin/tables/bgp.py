"""BGP state: sessions, paths and tables (IPv4 unicast per VRF, EVPN)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from avdlab.net.addresses import Prefix
from avdlab.twin.config.settings import Afi
from avdlab.twin.tables.l2 import Segment


class SessionState(StrEnum):
    """`state` of a peer as EOS prints it."""

    IDLE = "Idle"
    CONNECT = "Connect"
    ACTIVE = "Active"
    OPEN_SENT = "OpenSent"
    OPEN_CONFIRM = "OpenConfirm"
    ESTABLISHED = "Established"


@dataclass(frozen=True, slots=True)
class AddPaths:
    """Who of a session offered to send and to receive additional paths (RFC 7911)."""

    send: bool = False
    receive: bool = True
    peer_sends: bool = False
    peer_receives: bool = True


@dataclass(frozen=True, slots=True)
class BgpSession:
    """One peer in one VRF. `reason` tells people why it is not established."""

    vrf: str
    peer_address: str  # dotted quad, or fe80::...%Et1 for an unnumbered peer
    peer_as: int  # configured remote-as, 0 when none
    local_as: int
    state: SessionState
    peer_node: str | None = None
    peer_vrf: str = "default"
    local_address: int | None = None
    local_interface: str | None = None  # egress, for single-hop sessions
    peer_router_id: int | None = None
    ebgp: bool = False
    families: frozenset[Afi] = frozenset()  # negotiated
    configured_families: frozenset[Afi] = frozenset()
    admin_down: bool = False
    peer_group: str | None = None
    description: str = ""
    bfd: bool = False
    prefixes_received: Mapping[Afi, int] = field(default_factory=dict)
    prefixes_accepted: Mapping[Afi, int] = field(default_factory=dict)
    prefixes_sent: Mapping[Afi, int] = field(default_factory=dict)
    # of those received: they carry traffic; they lead others of the same cost
    best_paths: Mapping[Afi, int] = field(default_factory=dict)
    leading_paths: Mapping[Afi, int] = field(default_factory=dict)
    reason: str = ""
    add_paths: Mapping[Afi, AddPaths] = field(default_factory=dict)
    drops: Mapping[str, int] = field(default_factory=dict)  # the rest: reason -> number
    # on a timeline: the session's name, and whether it is late or held (protocols/pending.py)
    fact: tuple[str, ...] = ()
    timing: str = ""


class Origin(StrEnum):
    IGP = "Igp"
    EGP = "Egp"
    INCOMPLETE = "Incomplete"


@dataclass(frozen=True, slots=True)
class Attributes:
    """Path attributes that travel."""

    next_hop: int
    as_path: tuple[int, ...] = ()
    origin: Origin = Origin.IGP
    local_preference: int = 100
    med: int | None = None
    communities: frozenset[str] = frozenset()
    ext_communities: frozenset[str] = frozenset()  # "Route-Target-AS:10:10", "TunnelEncap:..." ...
    originator_id: int | None = None
    cluster_list: tuple[int, ...] = ()
    aggregator: tuple[int, int] | None = None
    as_set: frozenset[int] = frozenset()  # of an aggregate with as-set
    confederation: tuple[int, ...] = ()  # AS_CONFED_SEQUENCE (RFC 5065), before the path
    large_communities: frozenset[str] = frozenset()  # "65001:1:2" (RFC 8092)
    atomic: bool = False  # ATOMIC_AGGREGATE: the AS path leaves out who contributed
    d_path: tuple[str, ...] = ()  # EVPN domains that a gateway took the route through, latest first


def path_text(attributes: Attributes) -> str:
    """Return the AS path as EOS prints it: `(65101 65102) 65001 {65003,65004}`."""
    words = [str(asn) for asn in attributes.as_path]
    if attributes.confederation:
        words.insert(0, f"({' '.join(map(str, attributes.confederation))})")
    if attributes.as_set:
        words.append("{" + ",".join(str(asn) for asn in sorted(attributes.as_set)) + "}")
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class BgpPath:
    """One candidate in a table, after selection. Flags as EOS prints them in `routeType`."""

    attributes: Attributes
    peer_address: str  # "" when originated here
    peer_router_id: int
    local: bool
    ebgp: bool
    valid: bool
    best: bool  # EOS: routeType.active, unless it is inactive
    ecmp: bool = False
    ecmp_head: bool = False
    ecmp_contributor: bool = False
    inactive: bool = False  # the best, and another protocol's route is used: routeBestInactive
    suppressed: bool = False  # by an aggregate with summary-only
    weight: int = 0
    not_best_reason: str = ""
    source: str = ""  # how a local path came: connected, static, network, aggregate ...
    imported_rd: str | None = None  # VRF paths imported from EVPN: the RD they came from
    vni: int | None = None
    router_mac: str | None = None
    label: int | None = None  # MPLS label of a VPN route
    esi: str | None = None  # Ethernet segment of a MAC address
    own_hop: int = 0  # of a route that was brought in from another protocol: its next hop there


class EvpnType(StrEnum):
    AUTO_DISCOVERY = "auto-discovery"
    MAC_IP = "mac-ip"
    IMET = "imet"
    ETHERNET_SEGMENT = "ethernet-segment"
    IP_PREFIX = "ip-prefix"


class EvpnKey(NamedTuple):
    """The NLRI of an EVPN route. Fields that its type lacks are None."""

    type: EvpnType
    rd: str
    eti: int = 0
    mac: str | None = None
    address: int | None = None  # MAC/IP address, or IMET originator
    prefix: Prefix | None = None
    esi: str | None = None
    domain: str = "local"


@dataclass(frozen=True, slots=True)
class EvpnEntry:
    key: EvpnKey
    paths: tuple[BgpPath, ...]
    vni: int | None = None


@dataclass(frozen=True, slots=True)
class Bgp:
    """All BGP state of one device."""

    asn: int
    router_ids: Mapping[str, int]  # VRF -> router id
    sessions: tuple[BgpSession, ...]
    # VRF -> prefix -> paths, the best first
    tables: Mapping[str, Mapping[Prefix, tuple[BgpPath, ...]]]
    evpn: Mapping[EvpnKey, EvpnEntry] = field(default_factory=dict)
    tables6: Mapping[str, Mapping[Prefix, tuple[BgpPath, ...]]] = field(default_factory=dict)
    # VPN-IPv4 and VPN-IPv6: keys have an RD and a prefix, as those of EVPN's type 5
    vpn: Mapping[Afi, Mapping[EvpnKey, EvpnEntry]] = field(default_factory=dict)
    segments: Sequence[Segment] = ()  # Ethernet segments of this device
