"""Layer-2 state: VLANs, spanning tree, MLAG, VXLAN, MAC and ARP entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Vlan:
    """A VLAN as the device has it: `interfaces` forward it (names, Vxlan1 and Cpu excluded)."""

    number: int
    name: str
    active: bool = True
    dynamic: bool = False  # internal VLAN of a routed port or of an L3 VNI
    interfaces: tuple[str, ...] = ()


class StpState(StrEnum):
    FORWARDING = "forwarding"
    DISCARDING = "discarding"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class StpPort:
    interface: str
    role: str  # root, designated, alternate, backup, disabled
    state: StpState
    cost: int
    edge: bool = False
    guard: str = ""


@dataclass(frozen=True, slots=True)
class StpInstance:
    """One spanning-tree instance, e.g. `MST0`."""

    name: str
    priority: int
    bridge_mac: str
    root_priority: int
    root_mac: str
    root_port: str | None
    root_cost: int
    ports: Mapping[str, StpPort] = field(default_factory=dict)


class MlagStatus(StrEnum):
    """`state` of `show mlag`."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class MlagInterface:
    """One `mlag N`: status is EOS's, e.g. active-full, active-partial, inactive, disabled."""

    number: int
    local: str
    status: str
    local_up: bool
    peer_up: bool
    peer: str | None = None


# feature -> attribute -> (local value, peer value)
Inconsistencies = Mapping[str, Mapping[str, tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Mlag:
    """State of MLAG. `peer` names the peer node in the fabric: for the engine, not for shows."""

    status: MlagStatus
    negotiation: str  # connected, connecting, disconnected ...
    peer_link_status: str  # up, down, lowerLayerDown ...
    local_interface_status: str
    role: str = "inactive"  # primary, secondary, inactive
    peer: str | None = None
    peer_mac: str | None = None
    system_id: str = "00:00:00:00:00:00"
    interfaces: tuple[MlagInterface, ...] = ()
    # config-sanity; empty when consistent
    global_inconsistencies: Inconsistencies = field(default_factory=dict)
    interface_inconsistencies: Mapping[str, Inconsistencies] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VxlanCheck:
    """One row of `show vxlan config-sanity`."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Vxlan:
    """State of interface Vxlan1."""

    name: str
    source_interface: str | None
    source: int | None  # VTEP address in use
    up: bool
    vlans: Mapping[int, int]  # VLAN -> VNI
    vrfs: Mapping[str, tuple[int, int]]  # VRF -> (dynamic VLAN, VNI)
    flood: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # VLAN -> VTEPs
    vteps: Sequence[int] = ()
    router_mac: str | None = None  # shared router MAC on an MLAG pair
    heard: Mapping[int, int] = field(default_factory=dict)  # VLAN -> VNI (fabric/heard_vnis.py)
    sanity: Mapping[str, tuple[VxlanCheck, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """An Ethernet segment of EVPN multihoming. `forwarders`: VLAN -> the elected VTEP."""

    esi: str
    interface: str  # "" of a gateway's domains
    single_active: bool
    algorithm: str
    vteps: tuple[int, ...]
    forwarders: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MacEntry:
    vlan: int
    mac: str
    interface: str  # Ethernet5, Port-Channel5, Vxlan1, Router, Cpu ...
    dynamic: bool = True
    vtep: int | None = None
    vteps: tuple[int, ...] = ()  # all that lead to a multihomed station


@dataclass(frozen=True, slots=True)
class ArpEntry:
    vrf: str
    address: int
    mac: str
    interface: str  # the routed interface, e.g. Vlan11
    port: str | None = None  # the L2 port behind it, or Vxlan1
    static: bool = False
