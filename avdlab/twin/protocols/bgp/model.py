"""What the BGP solver takes and gives: the seam between the layers below and BGP/EVPN."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.protocols.pending import NOTHING, Pending
from avdlab.twin.tables.bgp import Bgp
from avdlab.twin.tables.floods import FloodLists
from avdlab.twin.tables.l2 import ArpEntry, MacEntry, Vxlan
from avdlab.twin.tables.ports import Port
from avdlab.twin.tables.rib import Rib, Route
from avdlab.twin.tables.tunnels import Tunnel


@dataclass(frozen=True, slots=True)
class LocalMac:
    """A MAC (and maybe its address) learned on a local port of a VLAN, to be told by type 2."""

    vlan: int
    mac: str
    address: int | None = None
    interface: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One powered-on device as BGP sees it. `ribs` hold every route but BGP's, per VRF; `ribs6`
    those of IPv6. `tunnels`: endpoint -> the tunnel there that next hops may resolve over."""

    node: str
    settings: DeviceSettings
    ports: Mapping[str, Port]
    ribs: Mapping[str, Rib]
    vxlan: Vxlan | None  # flood lists and VTEPs not filled in yet
    router_mac: str  # system MAC, or the MLAG system-id where the configuration says so
    mlag_peer: str | None = None
    local_macs: tuple[LocalMac, ...] = ()
    ribs6: Mapping[str, Rib] = field(default_factory=dict)
    tunnels: Mapping[int, Tunnel] = field(default_factory=dict)
    pending: Pending = NOTHING  # sessions that come late, and those that still hold


@dataclass(frozen=True, slots=True)
class Outcome:
    """What BGP computed for one device."""

    bgp: Bgp
    routes: Mapping[str, Sequence[Route]] = field(default_factory=dict)  # VRF -> candidates
    routes6: Mapping[str, Sequence[Route]] = field(default_factory=dict)
    # VRF -> routing table: BGP's routes over those it was given
    ribs: Mapping[str, Rib] = field(default_factory=dict)
    ribs6: Mapping[str, Rib] = field(default_factory=dict)
    flood: FloodLists = field(default_factory=FloodLists)
    vteps: Sequence[int] = ()
    remote_macs: Sequence[MacEntry] = ()
    remote_arp: Sequence[ArpEntry] = ()
    converged: bool = True
    notes: Sequence[str] = ()


# (node, routed interface) -> broadcast domain: equal numbers can talk at layer 2 right now.
Segments = Mapping[tuple[str, str], int]
