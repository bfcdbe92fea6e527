"""Messages between this process and its helpers: pickled, each with its length before it."""

import pickle
import struct
from typing import IO, Any

LENGTH = struct.Struct("!Q")


def packed(message: object) -> bytes:
    """Return a message as it goes over the stream."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def send(stream: IO[bytes], message: object) -> None:
    """Write one message."""
    send_packed(stream, packed(message))


def send_packed(stream: IO[bytes], data: bytes) -> None:
    """Write what `packed` returned."""
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:  # noqa: ANN401 - whatever the other side sent
    """Read one message. Raises EOFError when the other side is gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (size,) = LENGTH.unpack(head)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - from our own process
