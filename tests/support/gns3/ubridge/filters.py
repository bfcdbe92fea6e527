"""What a link may do to frames: `frequency_drop`, `packet_loss`, `delay`, `corrupt`, `bpf`.

A filter takes a frame and returns it, perhaps changed, with the seconds to hold it back, or None
to drop it. It sees the frames of both directions, as ubridge's do.
"""

import random
from collections.abc import Callable, Sequence

Verdict = tuple[bytes, float] | None
Filter = Callable[[bytes], Verdict]


class FilterError(ValueError):
    """The filter cannot be made; the text goes to gns3-server."""


def make_filter(kind: str, arguments: Sequence[str]) -> Filter:
    """Build a filter from the words of the control protocol. Raises FilterError."""
    maker = _MAKERS.get(kind)
    if maker is None:
        raise FilterError(f"Unknown packet filter '{kind}'")
    try:
        return maker(*arguments)
    except TypeError as exc:
        raise FilterError(f"Wrong number of arguments for filter '{kind}'") from exc
    except ValueError as exc:
        raise FilterError(str(exc)) from exc


def _frequency_drop(frequency: str) -> Filter:
    """-1 drops everything, N every Nth frame."""
    every, seen = int(frequency), 0

    def keep(frame: bytes) -> Verdict:
        nonlocal seen
        seen += 1
        if every < 0 or (every > 0 and seen % every == 0):
            return None
        return frame, 0.0

    return keep


def _packet_loss(percent: str) -> Filter:
    limit = int(percent)

    def keep(frame: bytes) -> Verdict:
        return None if random.random() * 100 < limit else (frame, 0.0)

    return keep


def _delay(milliseconds: str, jitter: str = "0") -> Filter:
    base, spread = int(milliseconds) / 1000, int(jitter) / 1000

    def keep(frame: bytes) -> Verdict:
        return frame, max(0.0, base + random.uniform(-spread, spread))

    return keep


def _corrupt(percent: str) -> Filter:
    limit = int(percent)

    def keep(frame: bytes) -> Verdict:
        if random.random() * 100 >= limit:
            return frame, 0.0
        at = random.randrange(14, len(frame)) if len(frame) > 14 else 0
        return frame[:at] + bytes([frame[at] ^ 0xFF]) + frame[at + 1 :], 0.0

    return keep


def _bpf(expression: str, _linktype: str = "") -> Filter:
    """Drop what the expression matches."""
    from bpf import compile_expression

    matches = compile_expression(expression)

    def keep(frame: bytes) -> Verdict:
        return None if matches(frame) else (frame, 0.0)

    return keep


_MAKERS: dict[str, Callable[..., Filter]] = {
    "frequency_drop": _frequency_drop,
    "packet_loss": _packet_loss,
    "delay": _delay,
    "corrupt": _corrupt,
    "bpf": _bpf,
}
