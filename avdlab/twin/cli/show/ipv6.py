"""`show ipv6 interface`: the addresses that are configured."""

from ipaddress import IPv6Interface

from avdlab.twin.cli.show.interfaces.ipv6 import link_local
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show
from avdlab.twin.config.settings import InterfaceSettings

_NOTE = "addresses as configured"


def interface(view: View, args: Args) -> Json:
    """EOS refuses the command where no interface has IPv6."""
    wanted = args.get("interface")
    found = {
        name: settings
        for name, settings in view.device.settings.interfaces.items()
        if (settings.ipv6_enabled or settings.ipv6_addresses) and wanted in (None, name)
    }
    if not found:
        raise ShowError("No IPv6 configured interfaces", {"interfaces": {}})
    return {"interfaces": {name: _interface(view, entry) for name, entry in found.items()}}


def _interface(view: View, settings: InterfaceSettings) -> Json:
    port = view.device.ports.get(settings.name)
    up = port is not None and port.up
    return {
        "name": settings.name,
        "linkStatus": "up" if up else "down",
        "lineProtocolStatus": "up" if up else "down",
        "mtu": port.mtu if port is not None else 1500,
        "vrf": settings.vrf,
        "linkLocal": {
            "address": link_local(view.device.identity.system_mac),
            "subnet": "fe80::/64",
        },
        "addresses": [_address(text) for text in settings.ipv6_addresses],
    }


def _address(text: str) -> Json:
    parsed = IPv6Interface(text)
    return {"address": str(parsed.ip), "subnet": str(parsed.network), "active": True}


COMMANDS = (show("show ipv6 interface [<interface>]", Level.MIRRORED, json=interface, note=_NOTE),)
