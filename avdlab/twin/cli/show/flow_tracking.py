"""`show flow tracking ...`: the trackers as they are configured. No flow is ever seen."""

from avdlab.twin.cli.show.registry import Args, Json, Level, ShowCommand, View, show
from avdlab.twin.config.read.management.wan import FlowTracking, Tracker, read_wan

KINDS = ("hardware", "sampled")


def tracking(view: View, kind: str) -> Json:
    found = read_wan(view.config).flows.get(kind, FlowTracking())
    return {
        "running": found.running,
        "standardTimeStampCounters": False,
        "trackers": {
            name: _tracker(tracker, running=found.running)
            for name, tracker in found.trackers.items()
        },
    }


def _tracker(tracker: Tracker, *, running: bool) -> Json:
    """EOS calls a tracker active that has an exporter while tracking runs."""
    return {
        "active": running and bool(tracker.exporters),
        "activeInterval": tracker.interval,
        "inactiveTimeout": tracker.inactive_timeout,
        "groups": {},
        "exporters": {
            name: {
                "localIntf": exporter.local_interface,
                "templateInterval": exporter.template_interval,
                "collectors": {address: {"port": 4739} for address in exporter.collectors},
            }
            for name, exporter in tracker.exporters.items()
        },
    }


def _command(kind: str) -> ShowCommand:
    def to_json(view: View, _: Args) -> Json:
        return tracking(view, kind)

    return show(
        f"show flow tracking {kind}",
        Level.MIRRORED,
        json=to_json,
        note="as configured; no flow is seen",
    )


COMMANDS = tuple(_command(kind) for kind in KINDS)
