"""`show logging ...`: where messages go, and the messages that this device logged.

The twin's agents log nothing of their own accord; what `send log` wrote is there.
"""

from datetime import UTC, datetime

from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.registry import Args, Level, ShowCommand, ShowError, View, show
from avdlab.twin.cli.show.services import fqdn
from avdlab.twin.cli.syslog import LogEntry
from avdlab.twin.config.read.management.syslog import SEVERITIES, LogSettings, read_logging

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


# ------------------------------------------------------------------------------------ messages
def messages(view: View, args: Args) -> str:
    """Return the messages asked for, each on a line; nothing at all where there is none."""
    settings = read_logging(view.config)
    return "".join(f"{line(view, settings, entry)}\n" for entry in _asked(view, args))


def _asked(view: View, args: Args) -> list[LogEntry]:
    found = list(view.log)
    word = args.get("severity")
    if word is not None:
        levels = [number for number, name in enumerate(SEVERITIES) if name.startswith(word)]
        if len(levels) != 1:
            raise ShowError(f"Invalid severity {word}")
        found = [entry for entry in found if entry.severity <= levels[0]]
    count = args.get("count")
    if count is None:
        return found
    if not count.isdigit():
        raise ShowError(f"Invalid number {count}")
    unit = args.get("unit")
    if unit is None:
        return found[-int(count) :] if int(count) else []
    size = _SECONDS.get(unit.removesuffix("s"))
    if size is None:
        raise ShowError(f"Invalid time unit {unit}")
    return [entry for entry in found if entry.at >= view.now - int(count) * size]


def line(view: View, settings: LogSettings, entry: LogEntry) -> str:
    """Lay a message out as `logging format` asks."""
    name = view.device.settings.system.hostname
    if settings.hostname == "fqdn":
        name = fqdn(view)
    return f"{_stamp(settings, entry.at)} {name} {entry.agent}: {entry.text}"


def _stamp(settings: LogSettings, at: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    if settings.timestamp.startswith("high-resolution"):
        return moment.isoformat(timespec="microseconds")
    words = settings.timestamp.split()
    year = f" {moment.year}" if "year" in words else ""
    zone = " UTC" if "timezone" in words else ""
    return f"{moment:%b} {moment.day:>2}{year} {moment:%H:%M:%S}{zone}"


# ------------------------------------------------------------------------------------ settings
def logging_text(view: View, _: Args) -> str:
    """`show logging`: the outputs, then the buffer."""
    settings = read_logging(view.config)
    return _outputs(view, settings) + "\nLog Buffer:\n" + messages(view, {})


def _outputs(view: View, settings: LogSettings) -> str:
    rows = [
        f"Syslog logging: {'enabled' if settings.enabled else 'disabled'}",
        f"    Buffer logging: {_level(settings.buffered)}",
        f"    Console logging: {_level(settings.console)}",
        f"    Persistent logging: {'level debugging' if settings.persistent else 'disabled'}",
        f"    Monitor logging: {_level(settings.monitor)}",
        f"    Synchronous logging: {_level(settings.synchronous)}",
        f"    Trap logging: {_level(settings.trap)}",
        *_hosts(view, settings),
        f"    Sequence numbers: {'enabled' if settings.sequence_numbers else 'disabled'}",
        f"    Syslog facility: {settings.facility}",
        f"    Hostname format: {_HOSTNAMES.get(settings.hostname, 'Hostname only')}",
        "    Repeat logging interval: disabled",
        f"    Repeat messages: {'enabled' if settings.repeat_messages else 'disabled'}",
    ]
    return "\n".join(rows) + "\n"


_HOSTNAMES = {"fqdn": "FQDN", "ipv4": "IPv4 address"}


def _level(level: str) -> str:
    return f"level {level}" if level else "disabled"


def _hosts(view: View, settings: LogSettings) -> list[str]:
    rows = [
        f"        Logging to '{host.address}' port {host.port} in VRF {host.vrf}"
        f" via {host.protocol}"
        for host in settings.hosts
    ]
    for vrf, interface in sorted(settings.sources.items()):
        address = scope.settings_of(view, interface).address
        words = f" IP Address {str(address).partition('/')[0]}" if address is not None else ""
        rows.append(f"        Logging source-interface '{interface}'{words} in VRF {vrf}")
    return rows


_NOTE = "messages of `send log` only: the twin's agents log nothing themselves"


def _messages(pattern: str) -> ShowCommand:
    return show(pattern, Level.MIRRORED, text=messages, note=_NOTE)


COMMANDS = (
    _messages("show logging threshold <severity>"),
    _messages("show logging threshold <severity> last <count> <unit>"),
    _messages("show logging last <count> <unit> threshold <severity>"),
    _messages("show logging last <count> <unit> [<severity>]"),
    _messages("show logging <severity> last <count> <unit>"),
    _messages("show logging <count> [<severity>]"),
    show(
        "show logging",
        Level.MIRRORED,
        text=logging_text,
        note="outputs as configured; " + _NOTE,
    ),
)
