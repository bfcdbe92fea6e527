"""`show stun ...`: whether a server is configured. STUN messages are not modelled."""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.wan import read_wan


def server(view: View, _: Args) -> Json:
    enabled = bool(read_wan(view.config).stun_server)
    return {"enabled": enabled, "pid": 4000 if enabled else 0}


def translations(_: View, __: Args) -> Json:
    """No address is ever learned from a server."""
    return {"bindings": {}}


COMMANDS = (
    show("show stun server status", Level.MIRRORED, json=server, note="configured or not"),
    show(
        "show stun client translations [<address>] [<udp>]",
        Level.ACCEPTED,
        json=translations,
        note="STUN is not modelled: always empty",
    ),
)
