"""Reader of `logging ...`."""

from dataclasses import dataclass, field

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Config, Line

SEVERITIES = (
    *("emergencies", "alerts", "critical", "errors"),
    *("warnings", "notifications", "informational", "debugging"),
)


@dataclass(frozen=True, slots=True)
class LogHost:
    address: str
    vrf: str = "default"
    port: int = 514
    protocol: str = "udp"


@dataclass(slots=True)
class LogSettings:
    """Where messages go; a level is a severity's name, "" where that output is off."""

    enabled: bool = True
    buffered: str = "debugging"
    console: str = "errors"
    monitor: str = "errors"
    trap: str = "informational"
    persistent: bool = False
    synchronous: str = ""
    hosts: list[LogHost] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)  # VRF -> interface
    facility: str = "local4"
    hostname: str = ""  # fqdn, ipv4, or the plain name
    timestamp: str = ""  # high-resolution, or as `traditional` has it
    sequence_numbers: bool = False
    repeat_messages: bool = False


TOP: Commands[LogSettings] = Commands("")


def read_logging(config: Config) -> LogSettings:
    """Read where the device logs to."""
    found = LogSettings()
    TOP.read(config.children, found)
    return found


def severity(word: str) -> str:
    """Return the severity's name for a name or its number. Raises ValueError for neither."""
    if word in SEVERITIES:
        return word
    return SEVERITIES[int(word)]


@TOP.on("logging on")
def _on(log: LogSettings, _args: Args, _line: Line) -> None:
    log.enabled = True


@TOP.on("no logging on")
def _off(log: LogSettings, _args: Args, _line: Line) -> None:
    log.enabled = False


@TOP.on("logging buffered|console|monitor|trap [<number>] [<level>]")
def _level(log: LogSettings, _args: Args, line: Line) -> None:
    """`logging buffered 1000 notifications`: the first number is the size of the buffer."""
    words = [word for word in line.words[2:] if word in SEVERITIES]
    if words:
        setattr(log, line.words[1], words[0])


@TOP.on("no logging buffered|console|monitor|trap")
def _no_level(log: LogSettings, _args: Args, line: Line) -> None:
    setattr(log, line.words[2], "")


@TOP.on("logging persistent [<size...>]")
def _persistent(log: LogSettings, _args: Args, _line: Line) -> None:
    log.persistent = True


@TOP.on("logging synchronous [level <level>]")
def _synchronous(log: LogSettings, args: Args, _line: Line) -> None:
    log.synchronous = args.get("level", "critical")


@TOP.on("no logging synchronous")
def _no_synchronous(log: LogSettings, _args: Args, _line: Line) -> None:
    log.synchronous = ""


@TOP.on("logging facility <facility>")
def _facility(log: LogSettings, args: Args, _line: Line) -> None:
    log.facility = args["facility"]


@TOP.on("logging [vrf <vrf>] host <address> [<rest...>]")
def _host(log: LogSettings, args: Args, _line: Line) -> None:
    words = args.get("rest", "").split()
    protocol = words[words.index("protocol") + 1] if "protocol" in words[:-1] else "udp"
    ports = [int(word) for word in words if word.isdigit()]
    port = ports[0] if ports else 514
    log.hosts.append(LogHost(args["address"], args.get("vrf", "default"), port, protocol))


@TOP.on("logging [vrf <vrf>] source-interface|local-interface <interface>")
def _source(log: LogSettings, args: Args, _line: Line) -> None:
    log.sources[args.get("vrf", "default")] = args["interface"]


@TOP.on("logging format timestamp <format...>")
def _timestamp(log: LogSettings, args: Args, _line: Line) -> None:
    log.timestamp = args["format"]


@TOP.on("logging format hostname <format>")
def _hostname(log: LogSettings, args: Args, _line: Line) -> None:
    log.hostname = args["format"]


@TOP.on("logging format sequence-numbers")
def _numbers(log: LogSettings, _args: Args, _line: Line) -> None:
    log.sequence_numbers = True


@TOP.on("logging repeat-messages")
def _repeat(log: LogSettings, _args: Args, _line: Line) -> None:
    log.repeat_messages = True


@TOP.on("no logging repeat-messages")
def _no_repeat(log: LogSettings, _args: Args, _line: Line) -> None:
    log.repeat_messages = False
