"""A terminal on a telnet port: a console of GNS3.

GNS3's consoles speak telnet (RFC 854) as little as they must: they offer to echo and to suppress
go-ahead, and send a terminal's bytes. What else they ask for is refused.
"""

import asyncio
import os
import sys
import time
from dataclasses import dataclass, field

ESCAPE = 0x1D  # ^], as telnet(1) has it
QUIET_SECONDS = 1.0  # after a piped input: so long without a word, and the session ends
LOOK_SECONDS = 0.2

# RFC 854, 857, 858
IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
ECHO, SUPPRESS_GO_AHEAD = 1, 3
THEIRS, OURS = {ECHO, SUPPRESS_GO_AHEAD}, {SUPPRESS_GO_AHEAD}  # what is agreed to


@dataclass(slots=True)
class Decoder:
    """Takes what a telnet server sends apart: text for the terminal, and answers for the server."""

    _command: bytearray = field(default_factory=bytearray)
    _theirs: set[int] = field(default_factory=set)  # options that the server uses, by agreement
    _ours: set[int] = field(default_factory=set)

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """Return the text in the data and the answers to the commands in it."""
        text, answers = bytearray(), bytearray()
        for byte in data:
            if not self._command:
                if byte == IAC:
                    self._command.append(byte)
                else:
                    text.append(byte)
                continue
            self._command.append(byte)
            if not _whole(self._command):
                continue
            verb, option = self._command[1], self._command[-1]
            if verb == IAC:
                text.append(IAC)
            elif verb in {DO, DONT, WILL, WONT}:
                answers += self._answer(verb, option)
            self._command.clear()
        return bytes(text), bytes(answers)

    def _answer(self, verb: int, option: int) -> bytes:
        """Agree to what a console needs, and refuse the rest.

        What holds already is not answered (RFC 854): GNS3 answers every answer, for ever.
        """
        theirs = verb in {WILL, WONT}
        agreed, wanted = (self._theirs, THEIRS) if theirs else (self._ours, OURS)
        on = verb in {WILL, DO} and option in wanted
        if on == (option in agreed) and (on or verb in {WONT, DONT}):
            return b""
        (agreed.add if on else agreed.discard)(option)
        yes, no = (DO, DONT) if theirs else (WILL, WONT)
        return bytes([IAC, yes if on else no, option])


def _whole(command: bytearray) -> bool:
    verb = command[1]
    if verb == SB:
        return command.endswith(bytes([IAC, SE]))
    return len(command) == 3 if verb in {DO, DONT, WILL, WONT} else True


def encode(data: bytes) -> bytes:
    """Return what is sent for bytes that a person typed."""
    return data.replace(bytes([IAC]), bytes([IAC, IAC]))


async def join(host: str, port: int, first: bytes = b"") -> None:
    """Join this terminal, or a pipe, with a telnet port; `first` is typed for the person.

    Ends with ^], with the server's end of the session, or, for a pipe, when all is said. Raises
    OSError.
    """
    reader, writer = await asyncio.open_connection(host, port)
    keyboard = _Keyboard(writer)
    writer.write(encode(first))
    try:
        keyboard.listen()
        await _show(reader, writer, keyboard)
    finally:
        keyboard.close()
        writer.close()


@dataclass(slots=True)
class _Keyboard:
    """Sends what comes in on stdin. `ended` when it has ended, `left` when ^] was typed."""

    writer: asyncio.StreamWriter
    ended: bool = False
    left: bool = False

    def listen(self) -> None:
        descriptor = sys.stdin.fileno()
        try:
            asyncio.get_running_loop().add_reader(descriptor, self._readable, descriptor)
        except PermissionError:  # a file, and /dev/null, cannot be waited for (epoll_ctl(2))
            self._take(sys.stdin.buffer.read())
            self.ended = True

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())

    def _readable(self, descriptor: int) -> None:
        data = os.read(descriptor, 1024)
        if not data:
            self.close()
            self.ended = True
        self._take(data)

    def _take(self, data: bytes) -> None:
        before, escape, _ = data.partition(bytes([ESCAPE]))
        self.writer.write(encode(before))
        self.left = self.left or bool(escape)


async def _show(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, keyboard: _Keyboard
) -> None:
    decoder = Decoder()
    last = time.monotonic()
    while not keyboard.left:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                data = await reader.read(4096)
        except TimeoutError:
            if keyboard.ended and time.monotonic() - last > QUIET_SECONDS:
                return
            continue
        if not data:
            return
        text, answers = decoder.feed(data)
        if text:
            last = time.monotonic()
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
        writer.write(answers)
