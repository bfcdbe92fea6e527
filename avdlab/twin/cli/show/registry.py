"""The table of show commands: pattern, level of evidence, revisions, JSON and text renderers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from avdlab.twin.cli.syslog import LogEntry
from avdlab.twin.config.patterns import Pattern
from avdlab.twin.config.tree import EMPTY, Config
from avdlab.twin.device import DeviceState
from avdlab.twin.tables.ping import PingResult

Json = dict[str, Any]
Args = Mapping[str, str]


class Level(StrEnum):
    """How far an answer can be trusted (docs/twin.md)."""

    ACCEPTED = "F0"  # stored and echoed, no effect
    MIRRORED = "F1"  # from this node's own configuration, or a constant
    COMPUTED = "F2"  # from the state of the whole fabric
    VERIFIED = "F3"  # computed, and compared with recordings of real EOS
    LIVE = "F4"  # a real device answered


@dataclass(frozen=True, slots=True)
class View:
    """What a show command may look at. Times are seconds since the epoch, on the twin's clock."""

    device: DeviceState
    now: float
    booted: float
    # last change of named things: ("bgp", vrf, peer) -> time, ("port", name) -> time ...
    changed: Mapping[tuple[str, ...], float]
    ping: Callable[[str, int, int | None, int, bool, int], PingResult]
    # ping(vrf, destination, source address or None, size, df, repeat)
    startup_saved: bool = True
    config: Config = EMPTY  # the running-config, for answers that mirror it
    log: tuple[LogEntry, ...] = ()
    # the computed state of another device, by its node; None where there is none
    other: Callable[[str], DeviceState | None] = lambda _: None


class ShowError(Exception):
    """The command parsed but failed at run time: eAPI error 1000 with this text.

    `partial` is the JSON that EOS prints beside the error, if any.
    """

    def __init__(self, message: str, partial: Json | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.partial = partial or {}


@dataclass(frozen=True, slots=True)
class ShowCommand:
    """One command. `json` None: unconverted (eAPI error 1003); `text` None: rendered from JSON."""

    pattern: Pattern
    level: Level
    json: Callable[[View, Args], Json] | None = None
    text: Callable[[View, Args], str] | None = None
    revision: int = 1  # newest revision of the JSON model that is served
    note: str = ""  # which keys are constants, which are computed


def show(
    pattern: str,
    level: Level,
    *,
    json: Callable[[View, Args], Json] | None = None,
    text: Callable[[View, Args], str] | None = None,
    revision: int = 1,
    note: str = "",
) -> ShowCommand:
    """Build an entry of a module's `COMMANDS` tuple."""
    return ShowCommand(Pattern.of(pattern), level, json, text, revision, note)
