"""Tunnels that next hops resolve over, besides the routing table: EOS's tunnel RIB."""

from dataclasses import dataclass
from enum import StrEnum

from avdlab.twin.tables.rib import Via


class TunnelKind(StrEnum):
    """Who made a tunnel, as `show tunnel fib` names it."""

    DPS = "DPS"
    LDP = "LDP"
    ISIS_SR = "IS-IS SR IPv4"


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A way to one address that leaves the routing table aside. `vias` carry the labels."""

    endpoint: int
    kind: TunnelKind
    node: str  # where it ends
    vias: tuple[Via, ...] = ()
    metric: int = 0
    index: int = 0
    hops: int = 1  # of a DPS tunnel: the paths that it is made of
