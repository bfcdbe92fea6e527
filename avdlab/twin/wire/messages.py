"""The wire nodes' own messages: written, and read with suspicion. Pure.

    Hello      who sends, from which port, and a digest of what it knows
    Summary    records that the sender has: origin, kind, sequence number, age
    Want       a record that the sender would like to have
    Fragment   a piece of a record

A record is a node's state (kind 0) or its running-config (kind 1). Every integer is big-endian.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

VERSION = 1
CHUNK = 1200  # octets of a record in one frame: no link of a lab is narrower than 1500
MAX_FRAGMENTS = 4096  # a record of almost 5 MB
ENTRIES = 60  # of a summary in one frame
MAC = 6


class Kind(IntEnum):
    """What a record holds."""

    STATE = 0
    CONFIG = 1


class MalformedError(ValueError):
    """The octets are no message."""


@dataclass(frozen=True, slots=True)
class Hello:
    node: bytes
    port: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as a summary names it. `age` in seconds since its origin wrote it."""

    origin: bytes
    kind: Kind
    sequence: int
    age: int


@dataclass(frozen=True, slots=True)
class Summary:
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Want:
    entry: Entry


@dataclass(frozen=True, slots=True)
class Fragment:
    entry: Entry
    index: int
    count: int
    data: bytes


Message = Hello | Summary | Want | Fragment

_HELLO, _SUMMARY, _WANT, _FRAGMENT = range(1, 5)
_ENTRY = struct.Struct("!6sBQI")
_PART = struct.Struct("!HHH")
DIGEST = 8


def encode(message: Message) -> bytes:
    """Write a message."""
    match message:
        case Hello(node, port, digest):
            name = port.encode()
            return _head(_HELLO) + node + digest + bytes((len(name),)) + name
        case Summary(entries):
            body = b"".join(_entry(entry) for entry in entries)
            return _head(_SUMMARY) + bytes((len(entries),)) + body
        case Want(entry):
            return _head(_WANT) + _entry(entry)
        case Fragment(entry, index, count, data):
            return _head(_FRAGMENT) + _entry(entry) + _PART.pack(index, count, len(data)) + data


def decode(data: bytes) -> Message:
    """Read a message; padding behind it does not matter. Raises MalformedError."""
    if data[:1] != bytes((VERSION,)) or len(data) < 2:
        raise MalformedError("not a version that this node speaks")
    try:
        return _DECODERS[data[1]](data[2:])
    except KeyError:
        raise MalformedError(f"message {data[1]} is unknown") from None
    except (struct.error, IndexError, UnicodeDecodeError, ValueError) as exc:
        raise MalformedError(str(exc)) from exc


def _head(kind: int) -> bytes:
    return bytes((VERSION, kind))


def _entry(entry: Entry) -> bytes:
    return _ENTRY.pack(entry.origin, entry.kind, entry.sequence, entry.age)


def _read_entry(data: bytes, at: int = 0) -> Entry:
    origin, kind, sequence, age = _ENTRY.unpack_from(data, at)
    return Entry(origin, Kind(kind), sequence, age)


def _hello(data: bytes) -> Hello:
    length = data[MAC + DIGEST]
    name = data[MAC + DIGEST + 1 :][:length]
    if len(name) != length or not name:
        raise MalformedError("a hello without its port")
    port = name.decode("ascii")
    if not port.isprintable():
        raise MalformedError("a port that is no name")
    return Hello(data[:MAC], port, data[MAC : MAC + DIGEST])


def _summary(data: bytes) -> Summary:
    return Summary(tuple(_read_entry(data, 1 + n * _ENTRY.size) for n in range(data[0])))


def _want(data: bytes) -> Want:
    return Want(_read_entry(data))


def _fragment(data: bytes) -> Fragment:
    index, count, size = _PART.unpack_from(data, _ENTRY.size)
    piece = data[_ENTRY.size + _PART.size :][:size]
    if len(piece) != size or not 0 <= index < count <= MAX_FRAGMENTS:
        raise MalformedError("a piece that does not fit")
    return Fragment(_read_entry(data), index, count, piece)


_DECODERS: dict[int, Callable[[bytes], Message]] = {
    _HELLO: _hello,
    _SUMMARY: _summary,
    _WANT: _want,
    _FRAGMENT: _fragment,
}
