"""`show storm-control`: the configured levels; nothing storms in a twin, so no drops."""

from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show


def storm_control(view: View, args: Args) -> Json:
    found = {port.name: _traffic(view, port.name) for port in scope.asked_ports(view, args)}
    return {
        "aggregateTrafficClasses": {},
        "interfaces": {
            name: {"trafficTypes": traffic, "active": True, "reason": ""}
            for name, traffic in found.items()
            if traffic
        },
    }


def _traffic(view: View, name: str) -> Json:
    """Read `storm-control <type> level [pps] <value>`."""
    lines = [line.split() for line in scope.settings_of(view, name).other]
    return {
        words[1]: {
            "level": float(words[-1]) if words[-1].replace(".", "", 1).isdigit() else 0.0,
            "thresholdType": "packetsPerSecond" if "pps" in words else "percentage",
            "rate": 0,
            "currentRate": 0,
            "drop": 0,
        }
        for words in lines
        if words[0] == "storm-control" and len(words) > 3
    }


COMMANDS = (
    show(
        "show storm-control [<interface>]",
        Level.MIRRORED,
        json=storm_control,
        note="levels are configured; drops are zero",
    ),
)
