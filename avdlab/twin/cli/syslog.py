"""The log of one device: what `send log` wrote, with the severity and time of each message."""

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from avdlab.twin.cli.outcome import NOTHING, Output, invalid
from avdlab.twin.config.read.management.syslog import severity

if TYPE_CHECKING:  # the session hands itself in; it imports the node, which holds the log
    from avdlab.twin.cli.exec import CliSession
    from avdlab.twin.cli.show.registry import Args

_SIZE = 1000  # messages, the buffer that EOS keeps unless told otherwise
_MNEMONICS = {
    "emergencies": (0, "EMERG"),
    "alerts": (1, "ALERT"),
    "critical": (2, "CRIT"),
    "errors": (3, "ERR"),
    "warnings": (4, "WARNING"),
    "notifications": (5, "NOTICE"),
    "informational": (6, "INFO"),
    "debugging": (7, "DEBUG"),
}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One message: `%SYS-6-LOGMSG_INFO: ...` of an agent."""

    at: float  # seconds since the epoch
    severity: int  # RFC 5424 6.2.1: 0 emergency .. 7 debug
    agent: str
    text: str


class LogBuffer:
    """The last messages, the oldest dropped first."""

    def __init__(self) -> None:
        self._entries: deque[LogEntry] = deque(maxlen=_SIZE)

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        return tuple(self._entries)

    def add(self, entry: LogEntry) -> None:
        self._entries.append(entry)

    def clear(self) -> None:
        self._entries.clear()


def send(session: "CliSession", args: "Args", _: str | None) -> Output:
    """`send log [level L] message TEXT`: write into the device's own log."""
    level = args.get("level", "informational")
    try:
        number, mnemonic = _MNEMONICS[severity(level)]
    except (ValueError, IndexError):
        raise invalid(3, level) from None
    who = f"Message from {session.user.name} on command-api"
    text = f"%SYS-{number}-LOGMSG_{mnemonic}: {who}: {args['text']}"
    session.node.log.add(LogEntry(session.node.clock(), number, "ConfigAgent", text))
    return NOTHING


def clear(session: "CliSession", _: "Args", __: str | None) -> Output:
    """`clear logging`."""
    session.node.log.clear()
    return NOTHING
