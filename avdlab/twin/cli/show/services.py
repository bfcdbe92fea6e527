"""`show hostname`."""

from avdlab.twin.cli.show.registry import Args, Json, Level, View, show


def hostname(view: View, _: Args) -> Json:
    system = view.device.settings.system
    fqdn = f"{system.hostname}.{system.domain}" if system.domain else system.hostname
    return {"hostname": system.hostname, "fqdn": fqdn}


def hostname_text(view: View, args: Args) -> str:
    names = hostname(view, args)
    return f"Hostname: {names['hostname']}\nFQDN:     {names['fqdn']}\n"


COMMANDS = (show("show hostname", Level.MIRRORED, json=hostname, text=hostname_text),)
