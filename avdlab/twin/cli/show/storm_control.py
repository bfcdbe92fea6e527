"""`show storm-control`: the configured levels; nothing storms in a twin, so no drops."""

from avdlab.net.interfaces import short
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.switch import StormLevel, read_switch


def storm_control(view: View, args: Args) -> Json:
    levels = read_switch(view.config).storm_control
    found = {
        port.name: {name: _level(level) for name, level in levels[port.name].items()}
        for port in scope.asked_ports(view, args)
        if port.name in levels
    }
    return {
        "aggregateTrafficClasses": {},
        "interfaces": {
            name: {"trafficTypes": traffic, "active": True, "reason": ""}
            for name, traffic in found.items()
        },
    }


def _level(level: StormLevel) -> Json:
    return {
        "level": level.value,
        "thresholdType": "packetsPerSecond" if level.pps else "percentage",
        "rate": 0,
        "currentRate": 0,
        "drop": 0,
    }


def storm_control_text(view: View, args: Args) -> str:
    widths = (11, 16, 12, 8, 11, 9, 0)
    heads = ("Port", "Type", "Level", "Rate", "Status", "Drops", "Reason")
    lines = [columns(widths, heads)]
    for name, entry in storm_control(view, args)["interfaces"].items():
        for traffic, facts in entry["trafficTypes"].items():
            unit = "pps" if facts["thresholdType"] == "packetsPerSecond" else "%"
            level = f"{facts['level']:g} {unit}"
            lines.append(columns(widths, (short(name), traffic, level, "0", "active", "0")))
    return "\n".join(lines) + "\n"


COMMANDS = (
    show(
        "show storm-control [<interface>]",
        Level.MIRRORED,
        json=storm_control,
        text=storm_control_text,
        note="levels are configured; drops are zero",
    ),
)
