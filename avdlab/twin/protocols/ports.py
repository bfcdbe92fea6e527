"""Interfaces and their states: physical ports, Port-Channels, SVIs, loopbacks, management."""

from collections.abc import Mapping
from dataclasses import replace

from avdlab.net import interfaces as names
from avdlab.twin.config.read.numbers import mac_text
from avdlab.twin.config.settings import InterfaceSettings
from avdlab.twin.protocols import gre
from avdlab.twin.protocols.links import Carrier
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.tables.l2 import Vlan
from avdlab.twin.tables.ports import (
    InterfaceStatus,
    LineProtocol,
    Port,
    PortChannel,
    PortKind,
)

GIGABIT = 1_000_000_000
LAYER2_MTU = 9214  # EOS: `show interfaces` of a switchport, whatever `mtu` says
LOOPBACK_MTU = 65535
DYNAMIC_SVI_MTU = 9164  # EOS: SVIs of L3 VNIs, 50 bytes below 9214

_KINDS = {
    "Ethernet": PortKind.ETHERNET,
    "Port-Channel": PortKind.PORT_CHANNEL,
    "Management": PortKind.MANAGEMENT,
    "Loopback": PortKind.LOOPBACK,
    "Vlan": PortKind.VLAN,
    "Vxlan": PortKind.VXLAN,
    "Tunnel": PortKind.TUNNEL,
}


def kind_of(name: str) -> PortKind:
    """Return the kind of an interface by its name."""
    if names.is_subinterface(name):
        return PortKind.SUBINTERFACE
    return _KINDS.get(names.split(name)[0], PortKind.OTHER)


def physical(switch: Switch, carrier: Carrier, assume_up: bool) -> dict[str, Port]:
    """Return the Ethernet ports. `assume_up`: one without a cable is connected, as on vEOS."""
    found = {}
    for number, name in enumerate(switch.physical(), start=1):
        settings = switch.interface(name)
        end = (switch.node, name)
        dark = "" if carrier.lit(end) else carrier.dark.get(end, "" if assume_up else "no cable")
        found[name] = _port(
            switch,
            settings,
            down=dark,
            line=LineProtocol.NOT_PRESENT if dark == "no cable" else LineProtocol.DOWN,
            mac=switch.system_mac if settings.switchport is None else _mac(switch, number),
            channel=switch.channel_of(name),
        )
        if end in carrier.waiting and found[name].status is not InterfaceStatus.DISABLED:
            found[name] = replace(found[name], status=InterfaceStatus.ERRDISABLED)
    return found


def channels(
    switch: Switch, bundles: Mapping[str, PortChannel], members: Mapping[str, Port]
) -> dict[str, Port]:
    """Return the Port-Channels: up while at least one member bundles."""
    found = {}
    for name in switch.channels():
        active = bundles[name].active
        settings = switch.interface(name)
        port = _port(
            switch,
            settings,
            down="" if active else "no member is bundled",
            line=LineProtocol.LOWER_LAYER_DOWN,
            mac=members[active[0]].mac if active else "",
            bandwidth=sum(members[member].bandwidth for member in active),
        )
        found[name] = port if active else _unsized(port)
    return found


def _unsized(port: Port) -> Port:
    """EOS: an MTU of 0 for a Port-Channel without members."""
    return Port(
        port.name,
        port.kind,
        port.status,
        port.line,
        0,
        0,
        port.mac,
        port.description,
        port.routed,
        reason=port.reason,
    )


def subinterfaces(switch: Switch, parents: Mapping[str, Port]) -> dict[str, Port]:
    """Return the subinterfaces: up with their parent, once they have an encapsulation."""
    found = {}
    for name, settings in switch.settings.interfaces.items():
        if not names.is_subinterface(name):
            continue
        parent = parents.get(names.base(name))
        reason = "" if parent and parent.up else f"{names.base(name)} is down"
        if settings.dot1q is None:
            reason = reason or "no encapsulation"
        mtu = settings.mtu or (parent.mtu if parent else switch.settings.default_mtu)
        found[name] = _port(
            switch, settings, down=reason, line=LineProtocol.LOWER_LAYER_DOWN, mtu=mtu
        )
    return found


def standing(switch: Switch) -> dict[str, Port]:
    """Return interfaces that need nothing else: loopbacks, management, and what is not computed.

    The out-of-band network behind management ports is part of every lab, so they are up.
    """
    found = {}
    for name, settings in switch.settings.interfaces.items():
        kind = kind_of(name)
        if kind is PortKind.LOOPBACK:
            found[name] = _port(switch, settings, mtu=LOOPBACK_MTU, mac="")
        elif kind is PortKind.MANAGEMENT:
            found[name] = _port(switch, settings, bandwidth=GIGABIT)
        elif kind is PortKind.OTHER:
            found[name] = _port(switch, settings)
    return found


def tunnels(switch: Switch, under: Mapping[str, Port]) -> dict[str, Port]:
    """Return the tunnels: up with what they run over."""
    found = {}
    for name, settings in switch.settings.interfaces.items():
        if kind_of(name) is PortKind.TUNNEL:
            mtu = gre.MTU if settings.tunnel and settings.tunnel.mode == "gre" else None
            down = gre.why_down(switch, settings.tunnel, under)
            found[name] = _port(switch, settings, down=down, mtu=settings.mtu or mtu)
    return found


def svis(
    switch: Switch, vlans: Mapping[int, Vlan], bridged: frozenset[int], dynamic: Mapping[str, int]
) -> dict[str, Port]:
    """Return the SVIs. `bridged`: VLANs that VXLAN carries now; `dynamic`: VRF -> its VLAN."""
    found = {}
    for name, settings in switch.settings.interfaces.items():
        if kind_of(name) is PortKind.VLAN:
            vlan = vlans.get(names.split(name)[1][0])
            reason = _svi_down(settings, vlan, bridged)
            found[name] = _port(switch, settings, down=reason, line=LineProtocol.LOWER_LAYER_DOWN)
    for vrf, number in dynamic.items():
        settings = InterfaceSettings(f"Vlan{number}", vrf=vrf)
        found[settings.name] = _port(switch, settings, mtu=DYNAMIC_SVI_MTU)
    return found


def _svi_down(settings: InterfaceSettings, vlan: Vlan | None, bridged: frozenset[int]) -> str:
    """EOS autostate: an SVI is up while a port, or VXLAN, forwards its VLAN."""
    if vlan is None or vlan.dynamic:
        return "VLAN does not exist"
    if not vlan.active:
        return "VLAN is suspended"
    if not settings.autostate or vlan.interfaces or vlan.number in bridged:
        return ""
    return "no port forwards the VLAN"


def vxlan(switch: Switch, reason: str) -> dict[str, Port]:
    """Return the Vxlan interface, if it is configured; `reason` says why it is down."""
    settings = switch.settings
    if settings.vxlan is None:
        return {}
    interface = switch.interface(settings.vxlan.name)
    return {interface.name: _port(switch, interface, down=reason, mtu=0, mac="")}


def _port(
    switch: Switch,
    settings: InterfaceSettings,
    *,
    down: str = "",
    line: LineProtocol = LineProtocol.DOWN,
    mtu: int | None = None,
    mac: str | None = None,
    bandwidth: int | None = None,
    channel: str | None = None,
) -> Port:
    kind = kind_of(settings.name)
    status, protocol, reason = InterfaceStatus.CONNECTED, LineProtocol.UP, ""
    if settings.shutdown:
        status, protocol, reason = InterfaceStatus.DISABLED, LineProtocol.DOWN, "shut down"
    elif down:
        status, protocol, reason = InterfaceStatus.NOTCONNECT, line, down
    return Port(
        settings.name,
        kind,
        status,
        protocol,
        _mtu(switch, settings) if mtu is None else mtu,
        (switch.speed if kind is PortKind.ETHERNET else 0) if bandwidth is None else bandwidth,
        switch.macs.get(settings.name, switch.system_mac if mac is None else mac),
        settings.description,
        settings.switchport is None,
        channel,
        reason=reason,
    )


def _mtu(switch: Switch, settings: InterfaceSettings) -> int:
    if settings.switchport is not None:
        return LAYER2_MTU
    if kind_of(settings.name) is PortKind.MANAGEMENT:
        return settings.mtu or 1500
    return settings.mtu or switch.settings.default_mtu


def _mac(switch: Switch, number: int) -> str:
    """Give a switchport an address of its own, after the system's."""
    return mac_text(int(switch.system_mac.replace(":", ""), 16) + number)
