"""Who and what is heard on each port, until the timer runs out. Pure."""

from dataclasses import dataclass, field
from typing import TypeVar

Peer = tuple[str, str]  # a boot of a node (hex) and its port


@dataclass(frozen=True, slots=True)
class Timers:
    """How often frames go out, and how long something counts as heard."""

    interval: float = 2.0
    hold: float = 8.0


@dataclass(slots=True)
class Adjacencies:
    """The neighbors and protocols of one node's ports."""

    timers: Timers
    _peers: dict[str, dict[Peer, float]] = field(default_factory=dict)
    _heard: dict[str, dict[str, float]] = field(default_factory=dict)

    def hello(self, port: str, peer: Peer, now: float) -> bool:
        """Note a neighbor; tell whether it is new."""
        known = self._peers.setdefault(port, {})
        new = peer not in known
        known[peer] = now
        return new

    def frame(self, port: str, protocol: str, now: float) -> bool:
        """Note a protocol's frame; tell whether it is the first for a while."""
        known = self._heard.setdefault(port, {})
        new = protocol not in known
        known[protocol] = now
        return new

    def expire(self, now: float) -> bool:
        """Forget what has not been heard for the hold time; tell whether anything went."""
        before = now - self.timers.hold
        peers = [_expired(table, before) for table in self._peers.values()]
        heard = [_expired(table, before) for table in self._heard.values()]
        return any(peers) or any(heard)

    def peers(self, port: str) -> tuple[Peer, ...]:
        """Return the neighbors on a port."""
        return tuple(sorted(self._peers.get(port, ())))

    def heard(self, port: str) -> tuple[str, ...]:
        """Return the protocols heard on a port."""
        return tuple(sorted(self._heard.get(port, ())))

    def forget(self, port: str) -> None:
        """A port lost its carrier or was shut: nothing is heard there."""
        self._peers.pop(port, None)
        self._heard.pop(port, None)


_Key = TypeVar("_Key")


def _expired(table: dict[_Key, float], before: float) -> bool:
    gone = [key for key, last in table.items() if last < before]
    for key in gone:
        del table[key]
    return bool(gone)
