"""The clock of a twin: the computer's, and ahead of it by what people skipped."""

import time
from collections.abc import Callable


class VirtualClock:
    """Seconds since the epoch. Call it to read it."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._ahead = 0.0

    def __call__(self) -> float:
        return self._real() + self._ahead

    def skip(self, seconds: float) -> None:
        """Go ahead; there is no way back."""
        self._ahead += max(seconds, 0.0)
