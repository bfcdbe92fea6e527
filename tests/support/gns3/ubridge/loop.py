"""A small event loop: readable descriptors and timers, nothing else."""

import heapq
import itertools
import select
import time
from collections.abc import Callable


class Loop:
    """Calls back when a descriptor can be read or a time has come."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._readers: dict[int, Callable[[], None]] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._running = True

    def watch(self, descriptor: int, readable: Callable[[], None]) -> None:
        """Call `readable` whenever the descriptor has something."""
        self._readers[descriptor] = readable
        self._epoll.register(descriptor, select.EPOLLIN)

    def forget(self, descriptor: int) -> None:
        """Watch the descriptor no longer. Call it before the descriptor is closed."""
        if self._readers.pop(descriptor, None) is not None:
            self._epoll.unregister(descriptor)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call once, after a time."""
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), call))

    def stop(self) -> None:
        """Let `run` return, in a second at most; another thread may call it."""
        self._running = False

    def run(self) -> None:
        """Serve until `stop`."""
        while self._running:
            for descriptor, _ in self._epoll.poll(self._due()):
                reader = self._readers.get(descriptor)  # a callback before may have forgotten it
                if reader is not None:
                    reader()
            now = time.monotonic()
            while self._timers and self._timers[0][0] <= now:
                heapq.heappop(self._timers)[2]()

    def _due(self) -> float:
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else 1.0
