"""One switch: its identity and everything that was computed about it. Show commands read this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from avdlab.net.release import Release
from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.tables.bgp import Bgp
from avdlab.twin.tables.igp import IsisInstance, OspfInstance
from avdlab.twin.tables.l2 import ArpEntry, MacEntry, Mlag, StpInstance, Vlan, Vxlan
from avdlab.twin.tables.mpls import Mpls
from avdlab.twin.tables.multicast import PimPort
from avdlab.twin.tables.ports import LldpNeighbor, Port, PortChannel
from avdlab.twin.tables.rib import Rib
from avdlab.twin.tables.tunnels import Tunnel
from avdlab.twin.tables.wan import DpsPath

SOFTWARE = "4.34.2F"  # the EOS release that a twin says it runs, unless its description says so


@dataclass(frozen=True, slots=True)
class Identity:
    """What the factory gave the device; deterministic from the fabric's name and the node's."""

    node: str
    serial: str
    system_mac: str  # aa:bb:cc:dd:ee:ff, universally administered, unicast
    model: str = "cEOSLab"
    software: str = SOFTWARE
    release: Release | None = None  # None: the release that the twin is modelled on
    # interface -> its own MAC address, where it is known; link-local addresses are made from it
    port_macs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeviceState:
    """The computed state of one device, a pure function of configs, cabling, endpoints, faults.

    When a node is powered off, nothing asks for its state; others see its cables dark.
    """

    identity: Identity
    settings: DeviceSettings
    ports: Mapping[str, Port]
    lldp: Mapping[str, tuple[LldpNeighbor, ...]]
    port_channels: Mapping[str, PortChannel]
    vlans: Mapping[int, Vlan]
    stp: Mapping[str, StpInstance]
    mlag: Mlag
    vxlan: Vxlan | None
    ribs: Mapping[str, Rib]  # VRF -> routes, "default" always there
    bgp: Bgp | None
    arp: Sequence[ArpEntry] = ()
    macs: Sequence[MacEntry] = ()
    converged: bool = True
    notes: Sequence[str] = ()
    ospf: tuple[OspfInstance, ...] = ()
    isis: tuple[IsisInstance, ...] = ()
    dps: tuple[DpsPath, ...] = ()
    tunnels: Mapping[int, Tunnel] = field(default_factory=dict)  # endpoint -> tunnel
    mpls: Mpls | None = None
    ribs6: Mapping[str, Rib] = field(default_factory=dict)  # VRF -> IPv6 routes
    pim: tuple[PimPort, ...] = ()
