"""The thread that moves frames between the NICs and the station.

A thread, because a convergence of the engine takes longer than a neighbor waits for a hello.
"""

import logging
import os
import selectors
import threading
import time
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue

from avdlab.twin.wire.nics import Nic
from avdlab.twin.wire.picture import Picture
from avdlab.twin.wire.station import Out, Station

logger = logging.getLogger(__name__)

LOOK = 2.0  # how often carrier is looked at
TELL = 0.5  # pictures come no faster than this
BURST = 64  # frames of one NIC before the others get their turn


class Wire(threading.Thread):
    """Runs a station on NICs (EOS name -> NIC name); `tell`, `ended` are called in this thread."""

    def __init__(
        self,
        station: Station,
        nics: Mapping[str, str],
        tell: Callable[[Picture], None],
        ended: Callable[[], None],
    ) -> None:
        super().__init__(name="wire", daemon=True)
        self._station = station
        self._nics = dict(nics)
        self._tell = tell
        self._ended = ended
        self._open: dict[str, Nic] = {}
        self._configs: SimpleQueue[str | None] = SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._awake, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._awake, selectors.EVENT_READ)
        self._told = (-1, 0.0)  # version, when
        self._look = 0.0

    # ------------------------------------------------------------------ from other threads
    def configure(self, text: str) -> None:
        """Hand the node's running-config over."""
        self._configs.put(text)
        os.write(self._wake, b".")

    def stop(self) -> None:
        """End the thread."""
        self._configs.put(None)
        os.write(self._wake, b".")
        self.join()

    # ------------------------------------------------------------------ in this thread
    def run(self) -> None:
        """Serve until `stop`; `ended` is called however it ends."""
        try:
            self._serve()
        finally:
            self._ended()

    def _serve(self) -> None:
        while self._commands():
            now = time.monotonic()
            if now >= self._look:
                self._look = now + LOOK
                self._carrier(now)
            self._send(self._station.tick(now))
            self._report(now)
            for key, _ in self._selector.select(self._wait()):
                self._read(key.data)
        for name in tuple(self._open):
            self._close(name)
        self._selector.close()

    def _wait(self) -> float:
        due = min(self._look, self._station.due())
        if self._station.flooding.version != self._told[0]:
            due = min(due, self._told[1] + TELL)
        return max(0.0, due - time.monotonic())

    def _commands(self) -> bool:
        """Take what other threads handed over; tell whether to go on."""
        try:
            while os.read(self._awake, 512):
                pass
        except BlockingIOError:
            pass
        latest = None
        try:
            while (text := self._configs.get_nowait()) is not None:
                latest = text
        except Empty:
            if latest is not None:
                self._send(self._station.configure(latest, time.monotonic()))
            return True
        return False

    def _carrier(self, now: float) -> None:
        """Open NICs that came, close those that went, and look who has carrier."""
        ports = {}
        for port, name in self._nics.items():
            try:
                if port not in self._open:
                    self._open[port] = Nic(name)
                    self._selector.register(self._open[port], selectors.EVENT_READ, port)
                if self._open[port].carrier():
                    ports[port] = self._open[port].mac
            except OSError as exc:
                if port in self._open:
                    logger.warning("%s (%s): %s", port, name, exc.strerror)
                    self._close(port)
        self._station.plug(ports, now)

    def _close(self, port: str) -> None:
        nic = self._open.pop(port)
        self._selector.unregister(nic)
        nic.close()

    def _read(self, port: str | None) -> None:
        if port is None or port not in self._open:
            return  # woken up
        for _ in range(BURST):
            try:
                frame = self._open[port].receive()
            except OSError:
                self._look = 0.0  # the NIC is down or gone: look at once
                return
            if frame is None:
                return
            self._send(self._station.receive(port, frame, time.monotonic()))

    def _send(self, out: list[Out]) -> None:
        for port, frame in out:
            nic = self._open.get(port)
            if nic is not None:
                nic.send(frame)

    def _report(self, now: float) -> None:
        version = self._station.flooding.version
        if version != self._told[0] and now >= self._told[1] + TELL:
            self._told = (version, now)
            self._tell(self._station.picture())
