"""State of a WAN router: the paths to its peers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DpsPath:
    """One path of dynamic path selection: from a local address to an address of the peer.

    `state` is EOS's (ipsecEstablished, routeResolved ...); `reason` says why a path is down.
    """

    name: str  # path1 ...
    peer: int  # router address of the peer
    group: str
    interface: str
    source: int
    destination: int
    state: str
    node: str = ""  # the peer in the fabric: for the engine, not for shows
    ipsec: bool = False
    dynamic: bool = False  # the peer was learned, not configured
    reason: str = ""

    @property
    def up(self) -> bool:
        return not self.reason
