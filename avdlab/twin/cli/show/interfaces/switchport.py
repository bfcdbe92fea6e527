"""`show interfaces [X] switchport`: layer-2 settings, and the VLANs that a trunk may carry."""

from avdlab.net.interfaces import short
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns, number_ranges
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.settings import Switchport, SwitchportMode
from avdlab.twin.tables.l2 import StpState
from avdlab.twin.tables.ports import Port, PortKind

_MODES = {SwitchportMode.TRUNK_PHONE: "trunkPhone", SwitchportMode.DOT1Q_TUNNEL: "dot1qTunnel"}


def switchport(view: View, args: Args) -> Json:
    """Members of a Port-Channel are listed with the bundle, not alone."""
    ports = scope.asked_ports(view, args, PortKind.ETHERNET, PortKind.PORT_CHANNEL)
    return {
        "switchports": {
            port.name: {"enabled": True, "switchportInfo": _info(view, port)}
            for port in ports
            if not port.routed and port.channel is None
        }
    }


def _info(view: View, port: Port) -> Json:
    settings = scope.settings_of(view, port.name).switchport or Switchport()
    native = settings.native_vlan
    return {
        "mode": _MODES.get(settings.mode, settings.mode.value),
        "macLearning": True,
        "dot1qEthertype": 33024,  # 0x8100
        "accessVlanId": settings.access_vlan,
        "accessVlanName": _vlan_name(view, settings.access_vlan),
        "trunkingNativeVlanId": native if native is not None else 0,
        "trunkingNativeVlanName": _vlan_name(view, native),
        "nativeVlanTagging": native is None,
        "trunkAllowedVlans": "ALL" if settings.allowed is None else number_ranges(settings.allowed),
        "trunkGroups": sorted(settings.trunk_groups),
        "dynamicAllowedVlans": {},
        "staticTrunkGroups": sorted(settings.trunk_groups),
        "dynamicTrunkGroups": [],
        "sourceportFilterMode": "enabled",
    }


def _vlan_name(view: View, number: int | None) -> str:
    vlan = view.device.vlans.get(number) if number is not None else None
    return vlan.name if vlan is not None else "Inactive"


def switchport_text(view: View, args: Args) -> str:
    found = switchport(view, args)["switchports"]
    return "\n".join(_block(name, entry["switchportInfo"]) for name, entry in found.items())


def _block(name: str, facts: Json) -> str:
    mode = {"access": "static access"}.get(facts["mode"], facts["mode"])
    native = facts["trunkingNativeVlanId"]
    rows = [
        ("Name", short(name)),
        ("Switchport", "Enabled"),
        ("Administrative Mode", mode),
        ("Operational Mode", mode),
        ("MAC Address Learning", "enabled"),
        ("Dot1q ethertype/TPID", "0x8100 (active)"),
        ("Dot1q VLAN Tag", "Allowed"),
        ("Access Mode VLAN", f"{facts['accessVlanId']} ({facts['accessVlanName']})"),
        ("Trunking Native Mode VLAN", f"{native} ({facts['trunkingNativeVlanName']})"),
        ("Administrative Native VLAN tagging", "enabled" if not native else "disabled"),
        ("Trunking VLANs Enabled", facts["trunkAllowedVlans"]),
        ("Static Trunk Groups", ", ".join(facts["staticTrunkGroups"])),
        ("Dynamic Trunk Groups", ""),
        ("Source interface filtering", "enabled"),
    ]
    return "".join(f"{label}: {value}".rstrip() + "\n" for label, value in rows)


def trunk_text(view: View, args: Args) -> str:
    """`show interfaces trunk`: the trunks, and which VLANs they carry."""
    found = {
        name: entry["switchportInfo"]
        for name, entry in switchport(view, args)["switchports"].items()
        if entry["switchportInfo"]["mode"].startswith("trunk")
    }
    widths = (15, 15, 15, 0)
    lines = [columns(widths, ("Port", "Mode", "Status", "Native vlan"))]
    for name, facts in found.items():
        native = str(facts["trunkingNativeVlanId"] or "none")
        lines.append(columns(widths, (short(name), "trunk", "trunking", native)))
    lines += ["", f"{'Port':<15} Vlans allowed"]
    for name, facts in found.items():
        allowed = facts["trunkAllowedVlans"].replace("ALL", "All")
        lines.append(f"{short(name):<15} {allowed}")
    for title, chosen in (
        ("Vlans allowed and active in management domain", _active),
        ("Vlans in spanning tree forwarding state", _forwarding),
    ):
        lines += ["", f"{'Port':<15} {title}"]
        lines += [f"{short(name):<15} {chosen(view, name) or 'None'}" for name in found]
    return "\n".join(lines) + "\n"


def _active(view: View, name: str) -> str:
    return number_ranges(
        vlan.number for vlan in view.device.vlans.values() if name in vlan.interfaces
    )


def _forwarding(view: View, name: str) -> str:
    blocked = any(
        name in instance.ports and instance.ports[name].state is StpState.DISCARDING
        for instance in view.device.stp.values()
    )
    return "" if blocked else _active(view, name)


_ASKED = "show interfaces [<interface>]"
COMMANDS = (
    show(f"{_ASKED} switchport", Level.MIRRORED, json=switchport, text=switchport_text),
    show(f"{_ASKED} trunk", Level.COMPUTED, text=trunk_text),
)
