"""`show interfaces [X] switchport`: layer-2 settings, and the VLANs that a trunk may carry."""

from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import number_ranges
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.settings import Switchport, SwitchportMode
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


COMMANDS = (show("show interfaces [<interface>] switchport", Level.MIRRORED, json=switchport),)
