"""`show ipv6 ...`: the addresses that are configured. The twin computes no IPv6 routing."""

from ipaddress import IPv6Interface

from avdlab.twin.cli.show.interfaces.ipv6 import link_local
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show
from avdlab.twin.cli.show.routing.bgp import common
from avdlab.twin.config.settings import InterfaceSettings

_NO_ROUTING = "addresses as configured; the twin computes no IPv6 routing"


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


def _bgp(view: View, _: Args) -> Json:
    """IPv6 peerings are not modelled; a configuration that has them gets no made-up answer."""
    bgp = view.device.settings.bgp
    if bgp is None:
        raise ShowError("BGP inactive")
    if any(":" in peer for vrf in bgp.vrfs.values() for peer in vrf.neighbors):
        raise ShowError("IPv6 BGP peers are not modelled by the twin")
    return {
        "vrfs": {
            name: {
                "vrf": name,
                "routerId": common.router_id(view, name),
                "asn": str(bgp.asn),
                "peers": {},
                "peerList": [],
            }
            for name in bgp.vrfs
        }
    }


def _bgp_text(view: View, args: Args) -> str:
    _bgp(view, args)
    return ""


COMMANDS = (
    show("show ipv6 interface [<interface>]", Level.MIRRORED, json=interface, note=_NO_ROUTING),
    *(
        show(
            f"show ipv6 bgp {what} vrf all",
            Level.MIRRORED,
            json=_bgp,
            text=_bgp_text,
            note="no IPv6 peers are modelled",
        )
        for what in ("summary", "peers [<peer>]")
    ),
)
