"""`show queue-monitor length status`: whether LANZ is configured. The twin has no queues."""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.switch import read_switch


def status(view: View, _: Args) -> Json:
    return {
        "lanzEnabled": read_switch(view.config).lanz,
        "txLatencyEnabled": False,
        "entryList": {},
    }


COMMANDS = (
    show(
        "show queue-monitor length status",
        Level.MIRRORED,
        json=status,
        note="configured or not; there are no queues to watch",
    ),
)
