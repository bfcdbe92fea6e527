"""What the engine is given: devices' settings, cables, endpoints and faults. Nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.device import Identity
from avdlab.twin.protocols.pending import NOTHING, Pending

# What a cable may swallow: LLDP, LACP, ARP, TCP port 179, UDP port 4789, or every frame. Without
# ARP no IPv4 passes; OSPF and IS-IS stand and fall with it too.
PROTOCOLS = frozenset({"lldp", "lacp", "arp", "bgp", "vxlan", "all"})


@dataclass(frozen=True, slots=True, order=True)
class Plug:
    """One end of a cable: a node (device or endpoint) and its interface or NIC name."""

    node: str
    interface: str


@dataclass(frozen=True, slots=True, order=True)
class Cable:
    """A cable between two plugs, in sorted order. Use `Cable.between`."""

    a: Plug
    b: Plug

    @classmethod
    def between(cls, a: Plug, b: Plug) -> "Cable":
        return cls(*sorted((a, b)))


@dataclass(frozen=True, slots=True)
class Bond:
    """NICs bundled by an endpoint: `mode` is lacp-active, lacp-passive or static."""

    name: str
    nics: tuple[str, ...]
    mode: str = "lacp-active"


@dataclass(frozen=True, slots=True)
class EndpointAddress:
    """An address of an endpoint. `nic` names a NIC or bond; `vlan` None is untagged."""

    nic: str
    mac: str
    vlan: int | None = None
    address: int | None = None
    length: int = 24
    gateway: int | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A connected host: NICs, bonding, MACs and addresses. Silent hosts teach no MACs."""

    name: str
    nics: tuple[str, ...]
    bonds: tuple[Bond, ...] = ()
    addresses: tuple[EndpointAddress, ...] = ()
    talking: bool = True
    lldp: bool = False


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults in force. Cut cables lose carrier at both ends; stopped nodes are powered off.

    `dropped`: cables that swallow the frames of some protocols (PROTOCOLS), in both directions, and
    keep their carrier.
    """

    cut: frozenset[Cable] = frozenset()
    stopped: frozenset[str] = frozenset()
    dropped: Mapping[Cable, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FabricInputs:
    """The whole input of one computation. Equal inputs give equal states, byte for byte."""

    name: str
    identities: Mapping[str, Identity]
    settings: Mapping[str, DeviceSettings]
    cables: frozenset[Cable]
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    faults: Faults = Faults()
    # a port without a cable is connected, as the ports of a vEOS are: for recorded labs
    assume_uncabled_up: bool = False
    pending: Pending = NOTHING  # what a timeline keeps back (fabric/timeline.py)
