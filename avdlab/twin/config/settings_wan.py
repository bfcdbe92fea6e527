"""Typed settings of a WAN router and its provider: path groups, IPsec, topologies, DHCP."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import Prefix


@dataclass(frozen=True, slots=True)
class StaticDpsPeer:
    """`peer static router-ip A` of a path group: where the peer is reached in the underlay."""

    router: int
    name: str = ""
    addresses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PathGroup:
    """`path-group NAME id N` of `router path-selection`. `local`: interface -> STUN profiles."""

    name: str
    number: int
    ipsec_profile: str | None = None
    local: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    static_peers: tuple[StaticDpsPeer, ...] = ()
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class PathSelection:
    """`router path-selection`. `policies`: load-balance policy -> the path groups that it uses."""

    groups: Mapping[str, PathGroup] = field(default_factory=dict)
    policies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dynamic_by_stun: bool = False  # peer dynamic source stun: takes whoever asks the STUN server


@dataclass(frozen=True, slots=True)
class IpsecProfile:
    """`profile NAME` of `ip security`, with what its policies say: both ends must agree on it."""

    name: str
    secret: tuple[str, str] | None = None  # type, value
    ike: tuple[str, ...] = ()  # lines of the IKE policy, identities apart
    sa: tuple[str, ...] = ()  # lines of the SA policy
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Topologies:
    """`router adaptive-virtual-topology`. `vrfs`: VRF -> profile -> id; `profiles`: profile ->
    load-balance policy."""

    role: str = ""
    profiles: Mapping[str, str] = field(default_factory=dict)
    vrfs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WanSettings:
    """Everything of a WAN router that the engine computes with."""

    paths: PathSelection = field(default_factory=PathSelection)
    ipsec: Mapping[str, IpsecProfile] = field(default_factory=dict)
    topologies: Topologies = field(default_factory=Topologies)
    stun_servers: frozenset[str] = frozenset()  # local interfaces that answer STUN
    stun_profiles: Mapping[str, int] = field(default_factory=dict)  # profile -> server's address


@dataclass(frozen=True, slots=True)
class DhcpSubnet:
    """`subnet P` of a DHCP server. `reserved`: MAC -> address."""

    prefix: Prefix
    ranges: tuple[tuple[int, int], ...] = ()
    gateway: int | None = None
    reserved: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DhcpServer:
    """`dhcp server` of one VRF."""

    subnets: tuple[DhcpSubnet, ...] = ()
    disabled: bool = False
