"""The outcome of a ping, as the walk over the routing tables found it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PingResult:
    """`received` of `sent`; `reason` says where and why packets were lost, "" when none were."""

    sent: int
    received: int
    reason: str = ""
    unreachable: bool = False  # no route at all: EOS prints "Network is unreachable"
