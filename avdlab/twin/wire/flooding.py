"""Records of all nodes, kept equal along the wires: flooding by announcement and request.

A changed record is announced on every port; who lacks it asks the announcer for it and, once it is
whole, announces it on. Hellos carry a digest of everything known, so two neighbors that differ,
because frames were lost or a wire was new, compare their lists. An origin refreshes its state now
and then; what is not refreshed ages out, with the configuration that belongs to it.

Pure: messages and the time go in, messages to send come out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from avdlab.twin.wire.messages import (
    CHUNK,
    DIGEST,
    ENTRIES,
    Entry,
    Fragment,
    Hello,
    Kind,
    Message,
    Summary,
    Want,
)

REFRESH = 60.0  # an origin writes its state anew
MAX_AGE = 3 * REFRESH
RETRY = 1.0  # until a record is asked for again, and a list sent again on the same port
Key = tuple[bytes, Kind]


@dataclass(frozen=True, slots=True)
class Send:
    """An effect: a message for one port, or for every port but `besides`."""

    message: Message
    port: str | None = None
    besides: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    sequence: int
    written: float  # by this node's clock
    body: bytes


@dataclass(slots=True)
class _Pending:
    """A record on its way."""

    sequence: int
    asked: float
    count: int = 0
    pieces: dict[int, bytes] = field(default_factory=dict)


class Flooding:
    """What one node knows of all, itself included. `node` names this boot of it."""

    def __init__(self, node: bytes) -> None:
        self.node = node
        self.version = 0  # moves when the content of a record does
        self._records: dict[Key, Record] = {}
        self._pending: dict[Key, _Pending] = {}
        self._listed: dict[str, float] = {}  # port -> when a list was last sent
        self._digest: bytes | None = None

    # ------------------------------------------------------------------ what is known
    @property
    def digest(self) -> bytes:
        """Return a short name for everything known."""
        if self._digest is None:
            text = b"".join(
                origin + bytes((kind,)) + record.sequence.to_bytes(8, "big")
                for (origin, kind), record in sorted(self._records.items())
            )
            self._digest = blake2b(text, digest_size=DIGEST).digest()
        return self._digest

    def bodies(self, kind: Kind) -> dict[bytes, bytes]:
        """Return origin -> body of all records of a kind."""
        return {origin: r.body for (origin, k), r in sorted(self._records.items()) if k is kind}

    # ------------------------------------------------------------------ events
    def publish(self, kind: Kind, body: bytes, now: float) -> list[Send]:
        """Make this the node's own record; an equal one is not sent again."""
        known = self._records.get((self.node, kind))
        if known is not None and known.body == body:
            return []
        self.version += 1
        return self._write(kind, body, now)

    def _write(self, kind: Kind, body: bytes, now: float) -> list[Send]:
        known = self._records.get((self.node, kind))
        record = Record(known.sequence + 1 if known else 1, now, body)
        self._install((self.node, kind), record)
        return [Send(Summary((self._entry((self.node, kind), now),)))]

    def receive(self, port: str, message: Message, now: float) -> list[Send]:
        """Take a message that came in on a port."""
        match message:
            case Hello(digest=digest):
                return list(self._list(port, now)) if digest != self.digest else []
            case Summary(entries):
                return list(self._compare(port, entries, now))
            case Want(entry):
                return list(self._pieces(port, (entry.origin, entry.kind), now))
            case Fragment():
                return self._collect(port, message, now)

    def tick(self, now: float) -> list[Send]:
        """Let time pass: refresh what is ours, forget what nobody refreshes."""
        own = self._records.get((self.node, Kind.STATE))
        sends = []
        if own is not None and now - own.written >= REFRESH:
            sends = self._write(Kind.STATE, own.body, now)
        for key in [key for key in self._records if self._age(key, now) >= MAX_AGE]:
            del self._records[key]
            self._digest = None
            self.version += 1
        return sends

    # ------------------------------------------------------------------ lists
    def _list(self, port: str, now: float) -> Iterator[Send]:
        if now - self._listed.get(port, -RETRY) < RETRY:
            return
        self._listed[port] = now
        entries = tuple(self._entry(key, now) for key in sorted(self._records))
        for at in range(0, len(entries), ENTRIES):
            yield Send(Summary(entries[at : at + ENTRIES]), port)

    def _compare(self, port: str, entries: tuple[Entry, ...], now: float) -> Iterator[Send]:
        newer = []
        for entry in entries:
            key = (entry.origin, entry.kind)
            known = self._records.get(key)
            sequence = known.sequence if known else 0
            if sequence > entry.sequence:
                newer.append(self._entry(key, now))
            elif sequence < entry.sequence and entry.age < MAX_AGE and entry.origin != self.node:
                pending = self._pending.get(key)
                if pending is None or (pending.sequence, RETRY) <= (
                    entry.sequence,
                    now - pending.asked,
                ):
                    self._pending[key] = _Pending(entry.sequence, now)
                    yield Send(Want(entry), port)
        if newer:
            yield Send(Summary(tuple(newer)), port)

    # ------------------------------------------------------------------ pieces
    def _pieces(self, port: str, key: Key, now: float) -> Iterator[Send]:
        record = self._records.get(key)
        if record is None:
            return
        entry, body = self._entry(key, now), record.body
        count = max(1, -(-len(body) // CHUNK))
        for index in range(count):
            piece = body[index * CHUNK : (index + 1) * CHUNK]
            yield Send(Fragment(entry, index, count, piece), port)

    def _collect(self, port: str, piece: Fragment, now: float) -> list[Send]:
        entry = piece.entry
        key = (entry.origin, entry.kind)
        pending = self._pending.get(key)
        if pending is None or entry.sequence < pending.sequence:
            return []  # nobody asked for it
        if (entry.sequence, piece.count) != (pending.sequence, pending.count):
            pending.sequence, pending.count, pending.pieces = entry.sequence, piece.count, {}
        pending.pieces[piece.index] = piece.data
        pending.asked = now
        if len(pending.pieces) < pending.count:
            return []
        del self._pending[key]
        body = b"".join(data for _, data in sorted(pending.pieces.items()))
        known = self._records.get(key)
        if known is None or known.body != body:
            self.version += 1
        self._install(key, Record(entry.sequence, now - entry.age, body))
        return [Send(Summary((self._entry(key, now),)), besides=port)]

    def _install(self, key: Key, record: Record) -> None:
        self._records[key] = record
        self._digest = None

    # ------------------------------------------------------------------ age
    def _entry(self, key: Key, now: float) -> Entry:
        return Entry(*key, self._records[key].sequence, int(self._age(key, now)))

    def _age(self, key: Key, now: float) -> float:
        """A configuration is as old as the state of its node: it is not sent again to stay."""
        if key[0] == self.node:
            return 0.0
        record = self._records.get((key[0], Kind.STATE)) or self._records[key]
        return max(0.0, now - record.written)
