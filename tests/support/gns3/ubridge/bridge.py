"""A bridge: two ports, the filters between them, and a capture."""

import struct
import time
from typing import BinaryIO

from loop import Loop
from ports import Port

BURST = 64  # frames of one port before others get their turn
_LINKTYPES = {"DLT_EN10MB": 1}


class BridgeError(Exception):
    """A command that the bridge cannot obey: the protocol's code and text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Bridge:
    """Moves frames between its two ports while it runs."""

    def __init__(self, name: str, loop: Loop) -> None:
        self.name = name
        self.ports: list[Port] = []
        self.filters: dict[str, object] = {}
        self.running = False
        self._loop = loop
        self._capture: BinaryIO | None = None

    def add(self, port: Port) -> None:
        """Give the bridge one of its two ports."""
        if len(self.ports) == 2:
            port.close()
            raise BridgeError(206, f"bridge '{self.name}' has two NIOs already")
        self.ports.append(port)

    def remove(self, key: tuple[str, ...]) -> None:
        """Close a port."""
        for port in self.ports:
            if port.key == key:
                self._loop.forget(port.fileno())
                port.close()
                self.ports.remove(port)
                return
        raise BridgeError(214, f"NIO {' '.join(key)} not found in bridge '{self.name}'")

    def start(self) -> None:
        """Let frames flow."""
        if len(self.ports) != 2:
            raise BridgeError(209, f"bridge '{self.name}' must have 2 NIOs to be started")
        if self.running:
            return
        for port, other in (self.ports, self.ports[::-1]):
            self._loop.watch(port.fileno(), lambda port=port, other=other: self._pump(port, other))
        self.running = True

    def stop(self) -> None:
        """Let no frame flow."""
        if not self.running:
            raise BridgeError(210, f"bridge '{self.name}' is not running")
        for port in self.ports:
            self._loop.forget(port.fileno())
        self.running = False

    def close(self) -> None:
        """Close everything; a tap vanishes with it."""
        self.stop_capture()
        for port in self.ports:
            self._loop.forget(port.fileno())
            port.close()
        self.ports, self.running = [], False

    # ------------------------------------------------------------------ frames
    def _pump(self, source: Port, target: Port) -> None:
        for _ in range(BURST):
            try:
                frame = source.read()
            except OSError:  # nothing more, or the other side refused an earlier one
                return
            self._pass(frame, target)

    def _pass(self, frame: bytes, target: Port) -> None:
        wait = 0.0
        for keep in self.filters.values():
            verdict = keep(frame)  # type: ignore[operator]
            if verdict is None:
                return
            frame, held = verdict
            wait += held
        if self._capture is not None:
            self._record(frame)
        if wait:
            self._loop.later(wait, lambda: _send(target, frame))
        else:
            _send(target, frame)

    # ------------------------------------------------------------------ capture
    def start_capture(self, path: str, linktype: str = "DLT_EN10MB") -> None:
        """Write every frame that passes to a pcap file."""
        from pathlib import Path

        self.stop_capture()
        self._capture = Path(path).open("wb", buffering=0)  # noqa: SIM115
        header = (0xA1B2C3D4, 2, 4, 0, 0, 65535, _LINKTYPES.get(linktype, 1))
        self._capture.write(struct.pack("=IHHiIII", *header))

    def stop_capture(self) -> None:
        """Close the pcap file."""
        if self._capture is not None:
            self._capture.close()
            self._capture = None

    def _record(self, frame: bytes) -> None:
        now = time.time()
        size = len(frame)
        record = struct.pack("=IIII", int(now), int(now % 1 * 1_000_000), size, size) + frame
        if self._capture is not None:
            self._capture.write(record)


def _send(port: Port, frame: bytes) -> None:
    try:  # noqa: SIM105
        port.write(frame)
    except (OSError, ValueError):
        pass  # an interface that is down, a peer that is gone, a port closed meanwhile
