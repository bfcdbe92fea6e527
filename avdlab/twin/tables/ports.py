"""State of interfaces: ports, port-channels, LLDP neighbors."""

from dataclasses import dataclass
from enum import StrEnum


class PortKind(StrEnum):
    ETHERNET = "Ethernet"
    SUBINTERFACE = "Subinterface"
    PORT_CHANNEL = "Port-Channel"
    VLAN = "Vlan"
    LOOPBACK = "Loopback"
    MANAGEMENT = "Management"
    VXLAN = "Vxlan"
    TUNNEL = "Tunnel"
    OTHER = "Other"


class InterfaceStatus(StrEnum):
    """`interfaceStatus` as EOS prints it."""

    CONNECTED = "connected"
    NOTCONNECT = "notconnect"
    DISABLED = "disabled"
    ERRDISABLED = "errdisabled"


class LineProtocol(StrEnum):
    """`lineProtocolStatus` as EOS prints it."""

    UP = "up"
    DOWN = "down"
    LOWER_LAYER_DOWN = "lowerLayerDown"
    NOT_PRESENT = "notPresent"


@dataclass(frozen=True, slots=True)
class Port:
    """One interface of one device. `reason` says in a few words why it is down ("" when up)."""

    name: str
    kind: PortKind
    status: InterfaceStatus
    line: LineProtocol
    mtu: int
    bandwidth: int  # bit/s; 0 where EOS prints 0
    mac: str  # aa:bb:cc:dd:ee:ff; "" for loopbacks
    description: str = ""
    routed: bool = False
    channel: str | None = None  # the Port-Channel that it bundles in
    err_disabled: tuple[str, ...] = ()
    reason: str = ""

    @property
    def up(self) -> bool:
        return self.line is LineProtocol.UP


@dataclass(frozen=True, slots=True)
class LldpNeighbor:
    """What one LLDP frame told: the system and port at the other end of a cable."""

    system_name: str
    chassis_id: str  # aa:bb:cc:dd:ee:ff
    port_id: str
    port_description: str = ""
    management_address: int | None = None
    is_device: bool = True  # False: a connected endpoint
    ttl: int = 120


@dataclass(frozen=True, slots=True)
class LacpMember:
    """State of one member of a Port-Channel."""

    interface: str
    active: bool  # bundled: collecting and distributing
    mode: str  # active, passive, on
    reason: str = ""  # why it is not bundled
    partner_system: str | None = None
    partner_key: int | None = None
    partner_port: int | None = None
    fast: bool = False  # the short timeout, as this end and as the partner asks for it
    partner_fast: bool = False


@dataclass(frozen=True, slots=True)
class PortChannel:
    name: str
    members: tuple[LacpMember, ...]
    actor_system: str  # the MLAG system-id on an MLAG port-channel
    actor_key: int
    fallback: str | None = None  # the fallback mode in force

    @property
    def active(self) -> tuple[str, ...]:
        return tuple(member.interface for member in self.members if member.active)

    @property
    def inactive(self) -> tuple[LacpMember, ...]:
        return tuple(member for member in self.members if not member.active)
