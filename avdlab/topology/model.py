"""The lab as a graph: nodes, links, and endpoints with their NICs and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NodeKind(StrEnum):
    DEVICE = "device"  # configured by this inventory
    ENDPOINT = "endpoint"  # a connected server, firewall ...
    EXTERNAL = "external"  # a network device that the inventory does not configure


@dataclass(frozen=True, slots=True)
class EndpointNic:
    """A NIC of an endpoint, or a bond of several (`members` not empty)."""

    name: str
    members: tuple[str, ...] = ()
    mode: str = ""  # of a bond: lacp-active, lacp-passive, static


@dataclass(frozen=True, slots=True)
class EndpointAddress:
    """An address that the lab gives an endpoint in a VLAN; `vlan` None is untagged."""

    nic: str
    vlan: int | None = None
    address: str | None = None  # A.B.C.D/len; None: a MAC only
    gateway: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A vertex of the topology."""

    name: str
    kind: NodeKind
    role: str = ""  # AVD node type, or server, firewall ...
    platform: str = ""
    fabric: str = ""
    group: str = ""  # MLAG domain: its members are drawn side by side
    management_interface: str = ""
    management_address: str = ""  # A.B.C.D/len of the lab config
    management_vrf: str = ""
    interfaces: tuple[str, ...] = ()  # all ports that configuration or cabling names, EOS order
    nics: tuple[EndpointNic, ...] = ()
    addresses: tuple[EndpointAddress, ...] = ()
    open_ports: tuple[str, ...] = ()  # ports, and channels of them, that the design does not cable
    absent_ports: tuple[str, ...] = ()  # the same, where the lab leaves out what is plugged in
    channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # port-channel -> members
    dc: str = ""  # AVD's dc_name and pod_name: what is drawn together
    pod: str = ""
    serial_number: str = ""  # of the design; "" where it does not say
    system_mac: str = ""


@dataclass(frozen=True, slots=True, order=True)
class LinkEnd:
    node: str
    interface: str

    def __str__(self) -> str:
        return f"{self.node}:{self.interface}"


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A cable. `a` sorts before `b`."""

    a: LinkEnd
    b: LinkEnd

    @classmethod
    def between(cls, a: LinkEnd, b: LinkEnd) -> "Link":
        return cls(*sorted((a, b)))


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """A BGP session of two devices, `a` sorts before `b`; family bgp, or evpn over loopbacks."""

    a: str
    b: str
    family: str
    vrf: str = "default"
    one_sided: bool = False  # only one of the two configures it


@dataclass(frozen=True, slots=True)
class Topology:
    name: str
    nodes: Mapping[str, Node]
    links: tuple[Link, ...]
    notes: tuple[str, ...] = field(default=())
    sessions: tuple[Session, ...] = ()

    @property
    def devices(self) -> tuple[Node, ...]:
        return tuple(n for _, n in sorted(self.nodes.items()) if n.kind is NodeKind.DEVICE)
