"""VLANs: which ones a port carries, how frames are tagged on the wire, internal VLANs."""

from collections.abc import Iterable, Mapping
from itertools import islice

from avdlab.net import interfaces as names
from avdlab.twin.config.settings import (
    DeviceSettings,
    InterfaceSettings,
    Switchport,
    SwitchportMode,
)
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.tables.l2 import Vlan

_SPARE = 3  # free numbers at the top of the internal range that EOS leaves alone

# A VLAN of a switch, or a routed interface, or an address of an endpoint: one broadcast domain
Domain = tuple[str, int | str]


def carried(settings: DeviceSettings, switchport: Switchport) -> frozenset[int]:
    """Return the VLANs that a switchport carries: allowed and existing, by EOS's trunk groups.

    EOS: a VLAN that is in a trunk group is carried only on trunks that are in one of its groups.
    """
    if switchport.mode in {SwitchportMode.ACCESS, SwitchportMode.DOT1Q_TUNNEL}:
        vlan = settings.vlans.get(switchport.access_vlan)
        return frozenset({vlan.number}) if vlan and vlan.active else frozenset()
    found = set()
    for number, vlan in settings.vlans.items():
        allowed = switchport.allowed is None or number in switchport.allowed
        grouped = not vlan.trunk_groups or vlan.trunk_groups & switchport.trunk_groups
        if allowed and grouped and vlan.active:
            found.add(number)
    return frozenset(found)


def taps(switch: Switch, port: str) -> dict[int | None, Domain]:
    """Return tag on the wire -> broadcast domain behind the port; None is untagged."""
    settings = switch.interface(port)
    if settings.switchport is None:
        return _routed_taps(switch, port, settings)
    vlans = carried(switch.settings, settings.switchport)
    if settings.switchport.mode is SwitchportMode.ACCESS:
        return dict.fromkeys([None], (switch.node, min(vlans))) if vlans else {}
    native = settings.switchport.native_vlan
    return {(None if number == native else number): (switch.node, number) for number in vlans}


def _routed_taps(
    switch: Switch, port: str, settings: InterfaceSettings
) -> dict[int | None, Domain]:
    found: dict[int | None, Domain] = {None: (switch.node, settings.name)}
    beginning = f"{port}."
    for name, sub in switch.settings.interfaces.items():
        if name.startswith(beginning) and not sub.shutdown:
            vlan = switch.settings.vlans.get(sub.bridged_vlan or 0)
            bridged = vlan is not None and vlan.active
            found[sub.dot1q] = (switch.node, vlan.number if vlan and bridged else name)
    return found


def table(switch: Switch, up: Iterable[str], dynamic: Mapping[int, str]) -> dict[int, Vlan]:
    """Return the VLANs of a switch. `up`: ports that forward; `dynamic`: internal VLANs -> name."""
    ports: dict[int, list[str]] = {}
    for port in sorted(up, key=names.sort_key):
        switchport = switch.interface(port).switchport
        if switchport is not None:
            for number in carried(switch.settings, switchport):
                ports.setdefault(number, []).append(port)
    found = {
        number: Vlan(number, vlan.name, vlan.active, interfaces=tuple(ports.get(number, ())))
        for number, vlan in switch.settings.vlans.items()
    }
    for number, name in dynamic.items():
        found[number] = Vlan(number, name, dynamic=True)
    return dict(sorted(found.items()))


def internal(switch: Switch) -> tuple[dict[int, str], dict[str, int]]:
    """Return internal VLANs -> name, and VRF -> its dynamic VLAN.

    Routed ports take from the bottom of the internal range. L3 VNIs take from the top, by name of
    their VRF, after three free numbers: so it is on all seven leaves recorded with vEOS 4.23.
    Configured VLANs are stepped over. (That release also made one for every L3 VNI it heard of
    over EVPN; this is not copied.)
    """
    first, last = switch.settings.internal_vlans
    taken = set(switch.settings.vlans)
    rising = (number for number in range(first, last + 1) if number not in taken)
    falling = (number for number in range(last, first - 1, -1) if number not in taken)
    routed = [name for name in switch.physical() if switch.interface(name).switchport is None]
    found = {number: name for name, number in zip(routed, rising, strict=False)}
    vxlan = switch.settings.vxlan
    vrfs = sorted(vxlan.vrfs) if vxlan else []
    spare = islice(falling, _SPARE, None)
    of_vrf = {vrf: n for vrf, n in zip(vrfs, spare, strict=False) if n not in found}
    found.update({number: vrf for vrf, number in of_vrf.items()})
    return found, of_vrf
