"""State of the link-state protocols: OSPF neighbors, IS-IS adjacencies, instances."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OspfNeighbor:
    """A neighbor as `show ip ospf neighbor` tells it. `state` is EOS's: full, exStart, 2Ways ..."""

    router_id: int
    interface: str
    address: int
    state: str
    priority: int
    dr_state: str | None  # DR, backupDR, DROther; None on point-to-point links
    area: int
    designated: int = 0
    backup: int = 0
    node: str = ""
    reason: str = ""
    far: str = ""  # the neighbor's interface
    timing: str = ""  # late or held (protocols/pending.py)


@dataclass(frozen=True, slots=True)
class Lsa:
    """One entry of an OSPF database. `kind`: router, network, summary, asbr, nssa or external."""

    kind: str
    area: int | None  # None: the whole domain
    link_id: int
    router_id: int  # of the advertising router
    links: int = 0  # of a router LSA


@dataclass(frozen=True, slots=True)
class OspfInstance:
    """One `router ospf` process. `areas`: area -> its interfaces that are up."""

    instance: int
    vrf: str
    router_id: int
    neighbors: tuple[OspfNeighbor, ...] = ()
    areas: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    database: tuple[Lsa, ...] = ()
    max_lsa: int = 12000
    asbr: bool = False  # it brings routes in from outside
    kinds: Mapping[int, str] = field(default_factory=dict)  # area -> stub or nssa, "" for normal
    shutdown: bool = False


@dataclass(frozen=True, slots=True)
class IsisAdjacency:
    """An adjacency of one level. `state` is up or down, `reason` why it is down."""

    interface: str
    level: int
    system_id: str
    hostname: str
    state: str
    address: int | None = None
    snpa: str = ""
    point_to_point: bool = False
    area: str = ""
    router_id: int | None = None
    node: str = ""
    reason: str = ""
    far: str = ""  # the neighbor's interface
    timing: str = ""  # late or held (protocols/pending.py)


@dataclass(frozen=True, slots=True)
class IsisCircuit:
    """An interface of the instance: metric and number of adjacencies that are up, per level."""

    interface: str
    levels: frozenset[int]
    metric: int
    passive: bool
    point_to_point: bool
    adjacencies: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IsisInstance:
    name: str
    system_id: str
    area: str
    levels: frozenset[int]
    router_id: int | None = None
    adjacencies: tuple[IsisAdjacency, ...] = ()
    circuits: tuple[IsisCircuit, ...] = ()
    shutdown: bool = False
    vrf: str = "default"
