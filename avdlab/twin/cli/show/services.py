"""`show hostname`, name servers, and recovery from errors."""

from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.hosts import NameServer, read_hosts
from avdlab.twin.config.read.management.switch import read_switch

# The causes that EOS 4.34 lists; those without a timer of their own print N/A.
_RECOVERABLE = (
    *("acl", "arp-inspection", "bpduguard", "dot1x-session-replace", "hitless-reload-down"),
    *("lacp-rate-limit", "link-flap", "loopprotectguard", "no-internal-vlan", "portchannelguard"),
    *("portsec", "speed-misconfigured", "stp-no-portid", "storm-control", "tapagg", "uplink"),
)
_FIXED = ("lacp-no-portid", "mlagasu", "mlagdualprimary", "mlagissu")
_INTERVAL = 300


def fqdn(view: View) -> str:
    """Return the host name with its domain, if there is one."""
    system = view.device.settings.system
    return f"{system.hostname}.{system.domain}" if system.domain else system.hostname


def hostname(view: View, _: Args) -> Json:
    return {"hostname": view.device.settings.system.hostname, "fqdn": fqdn(view)}


def hostname_text(view: View, args: Args) -> str:
    names = hostname(view, args)
    return f"Hostname: {names['hostname']}\nFQDN:     {names['fqdn']}\n"


# ------------------------------------------------------------------------------------ DNS
def _servers(view: View) -> list[NameServer]:
    found = read_hosts(view.config).name_servers
    return sorted(found, key=lambda server: (server.priority, server.vrf != "default"))


def name_servers(view: View, _: Args) -> Json:
    return {
        "nameServerConfigs": [
            {"ipAddr": server.address, "vrf": server.vrf, "priority": server.priority}
            for server in _servers(view)
        ],
        "v4NameServers": [server.address for server in _servers(view) if ":" not in server.address],
        "v6NameServers": [server.address for server in _servers(view) if ":" in server.address],
    }


def name_servers_text(view: View, _: Args) -> str:
    servers = _servers(view)
    lines = [f"{len(servers)} IP Name Servers configured:" if servers else "No Name Servers"]
    lines += [f" {s.address} (VRF: {s.vrf}, priority: {s.priority})" for s in servers]
    return "\n".join(lines) + "\n"


def lookup(view: View, args: Args) -> Json:
    return {"messages": [lookup_text(view, args)]}


def lookup_text(_: View, args: Args) -> str:
    """The lab has no resolver that answers; what nslookup prints then."""
    return (
        "Server:\t\t127.0.0.1\nAddress:\t127.0.0.1#53\n\nNon-authoritative answer:\n"
        f"*** Can't find {args['domain']}: No answer\n\n"
    )


# ------------------------------------------------------------------------------------ errdisable
def recovery_text(view: View, _: Args) -> str:
    """`show errdisable recovery`: every cause, whether its port comes back, and after how long."""
    switch = read_switch(view.config)
    widths = (30, 15, 14)
    lines = [columns(widths, ("Errdisable Reason", "Timer Status", "Timer Interval"))]
    lines.append(columns(widths, ["-" * width for width in widths]))
    for cause in sorted({*_RECOVERABLE, *_FIXED, *switch.recovery_causes}):
        enabled = "Enabled" if cause in switch.recovery_causes else "Disabled"
        seconds = str(switch.recovery_causes.get(cause) or switch.recovery_interval)
        cells = (cause, enabled, "N/A" if cause in _FIXED else seconds)
        lines.append(columns(widths, cells))
    return "\n".join(lines) + "\n\n"


COMMANDS = (
    show("show hostname", Level.MIRRORED, json=hostname, text=hostname_text),
    show("show ip name-server", Level.MIRRORED, json=name_servers, text=name_servers_text),
    show(
        "bash timeout <seconds> nslookup <domain>",
        Level.MIRRORED,
        json=lookup,
        text=lookup_text,
        note="constant: nothing is resolved, the lab has no resolver",
    ),
    show("show errdisable recovery", Level.MIRRORED, text=recovery_text),
)
