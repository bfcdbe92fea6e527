"""`show cvx`, `show management cvx`: the configured roles. No client ever connects."""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.hosts import read_hosts


def server(view: View, _: Args) -> Json:
    enabled = read_hosts(view.config).cvx_server
    return {
        "enabled": enabled,
        "heartbeatInterval": 20.0,
        "heartbeatTimeout": 60.0,
        "controllerUUID": "",
    }


def connections(_: View, __: Args) -> Json:
    return {"connections": []}


def client(view: View, _: Args) -> Json:
    hosts = read_hosts(view.config)
    if hosts.cvx_client is None:
        return {"clusterStatus": {}}
    return {
        "clusterStatus": {
            "enabled": hosts.cvx_client,
            "heartbeatInterval": 20.0,
            "heartbeatTimeout": 60.0,
            "controllerStatus": {
                host: {"connectionStatus": {"state": "connecting"}} for host in hosts.cvx_hosts
            },
        }
    }


def mounts(_: View, __: Args) -> Json:
    return {"mountStates": []}


_NOTE = "the configured role; nothing connects"
COMMANDS = (
    show("show cvx", Level.MIRRORED, json=server, note=_NOTE),
    show("show cvx connections brief", Level.MIRRORED, json=connections, note="constant: none"),
    show("show cvx mounts", Level.MIRRORED, json=connections, note="constant: none"),
    show("show management cvx", Level.MIRRORED, json=client, revision=3, note=_NOTE),
    show("show management cvx mounts", Level.MIRRORED, json=mounts, note="constant: none"),
)
