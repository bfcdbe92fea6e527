"""`show interfaces [X]`, with the keys that EOS 4.23 and 4.36 print for each kind."""

from avdlab.net.addresses import InterfaceAddress, format_ipv4
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.interfaces import ipv6, vxlan
from avdlab.twin.cli.show.interfaces.counters import idle_rates, zeroed
from avdlab.twin.cli.show.layout import eos_mac, long_time
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.tables.ports import InterfaceStatus, Port, PortKind

_HARDWARE = {
    PortKind.ETHERNET: "ethernet",
    PortKind.MANAGEMENT: "ethernet",
    PortKind.SUBINTERFACE: "subinterface",
    PortKind.PORT_CHANNEL: "portChannel",
    PortKind.VLAN: "vlan",
    PortKind.LOOPBACK: "loopback",
    PortKind.VXLAN: "vxlan",
    PortKind.TUNNEL: "tunnel",
}
_PHYSICAL = (PortKind.ETHERNET, PortKind.MANAGEMENT)


def show_interfaces(view: View, args: Args) -> Json:
    ports = scope.asked_ports(view, args)
    return {"interfaces": {port.name: interface(view, port) for port in ports}}


def interface(view: View, port: Port) -> Json:
    """Return one interface with the keys of its kind."""
    facts = _common(view, port)
    v6 = ipv6.addresses(view, port)
    if v6 is not None:
        facts["interfaceAddressIp6"] = v6
    if port.mac:
        facts["physicalAddress"] = port.mac
        facts["burnedInAddress"] = port.mac
    if port.kind in (*_PHYSICAL, PortKind.PORT_CHANNEL):
        facts["interfaceStatistics"] = idle_rates()
        facts["interfaceCounters"] = zeroed(view, port)
    if port.kind in _PHYSICAL:
        facts |= _physical(port)
    if port.kind is PortKind.PORT_CHANNEL:
        facts |= _bundle(view, port)
    if port.kind is PortKind.VXLAN and view.device.vxlan is not None:
        facts |= vxlan.details(view, view.device.vxlan)
    return facts


def _common(view: View, port: Port) -> Json:
    return {
        "name": port.name,
        "forwardingModel": _forwarding(port),
        "lineProtocolStatus": port.line.value,
        "interfaceStatus": port.status.value,
        "hardware": _HARDWARE.get(port.kind, "other"),
        "interfaceAddress": addresses(view, port),
        "description": port.description,
        "bandwidth": port.bandwidth,
        "mtu": port.mtu,
        "l3MtuConfigured": port.routed and scope.settings_of(view, port.name).mtu is not None,
        "l2Mru": 0,
        "lastStatusChangeTimestamp": scope.changed_at(view, "port", port.name),
    }


def _forwarding(port: Port) -> str:
    if port.channel is not None:
        return "dataLink"
    bridged = port.kind is PortKind.VXLAN or not _routed(port)
    return "bridged" if bridged else "routed"


def _routed(port: Port) -> bool:
    return port.routed or port.kind not in (PortKind.ETHERNET, PortKind.PORT_CHANNEL)


def addresses(view: View, port: Port) -> list[Json]:
    """Return `interfaceAddress`: one entry, all zero where only IPv6 or nothing is configured."""
    settings = scope.settings_of(view, port.name)
    configured = settings.address or settings.virtual or settings.dhcp or settings.unnumbered
    if not (configured or settings.ipv6_enabled or port.kind is PortKind.VLAN):
        return []
    secondary = [_address(address) for address in settings.secondary]
    virtual = [_address(address) for address in settings.virtual[1:]]
    return [
        {
            "primaryIp": _address(settings.address),
            "secondaryIps": {entry["address"]: entry for entry in secondary},
            "secondaryIpsOrderedList": secondary,
            "virtualIp": _address(settings.virtual[0] if settings.virtual else None),
            "virtualSecondaryIps": {entry["address"]: entry for entry in virtual},
            "virtualSecondaryIpsOrderedList": virtual,
            "broadcastAddress": "255.255.255.255",
            "dhcp": settings.dhcp,
        }
    ]


def _address(address: InterfaceAddress | None) -> Json:
    if address is None:
        return {"address": "0.0.0.0", "maskLen": 0}  # noqa: S104 - EOS's "no address"
    return {"address": format_ipv4(address.address), "maskLen": address.length}


def _physical(port: Port) -> Json:
    facts = {
        "duplex": "duplexFull",
        "autoNegotiate": "success" if port.kind is PortKind.MANAGEMENT else "unknown",
        "loopbackMode": "loopbackNone",
        "lanes": 0,
    }
    if port.channel is not None:
        facts["interfaceMembership"] = f"Member of {port.channel}"
    return facts


def _bundle(view: View, port: Port) -> Json:
    channel = view.device.port_channels.get(port.name)
    members = channel.active if channel else ()
    fallback = channel.fallback if channel else None
    ports = view.device.ports
    return {
        "memberInterfaces": {
            name: {
                "duplex": "duplexFull",
                "bandwidth": ports[name].bandwidth if name in ports else 0,
            }
            for name in members
        },
        "fallbackEnabled": fallback is not None,
        "fallbackEnabledType": f"fallback{(fallback or 'none').capitalize()}",
    }


# ------------------------------------------------------------------------------------ text
def show_interfaces_text(view: View, args: Args) -> str:
    return "".join(_block(view, port) for port in scope.asked_ports(view, args))


def _block(view: View, port: Port) -> str:
    since = long_time(view.now - scope.changed_at(view, "port", port.name))
    lines = [_headline(port), f"  Hardware is {_hardware_words(port)}"]
    if port.description:
        lines.append(f"  Description: {port.description}")
    if port.channel is not None:
        lines.append(f"  Member of {port.channel}")
    lines += _address_lines(view, port)
    if port.kind is PortKind.VXLAN and view.device.vxlan is not None:
        lines += vxlan.lines(view, view.device.vxlan)
    else:
        lines.append(_mtu_line(view, port))
    if port.kind in _PHYSICAL:
        negotiated = "on" if port.kind is PortKind.MANAGEMENT else "off"
        lines.append(
            f"  Full-duplex, {_speed(port)}, auto negotiation: {negotiated}, uni-link: n/a"
        )
    if port.kind is not PortKind.VXLAN:
        lines.append(f"  {'Up' if port.up else 'Down'} {since}")
    if port.kind in _PHYSICAL:
        lines += ["  Loopback Mode : None", *_traffic_lines(port)]
    return "\n".join(lines) + "\n"


def _headline(port: Port) -> str:
    down = "administratively down" if port.status is InterfaceStatus.DISABLED else "down"
    state = "up" if port.status is InterfaceStatus.CONNECTED else down
    return f"{port.name} is {state}, line protocol is {port.line.value.lower()} ({port.status})"


def _hardware_words(port: Port) -> str:
    kind = _HARDWARE.get(port.kind, "other")
    words = kind[0].upper() + kind[1:]
    words = words.replace("PortChannel", "Port-Channel")
    return f"{words}, address is {eos_mac(port.mac)}" if port.mac else words


def _address_lines(view: View, port: Port) -> list[str]:
    settings = scope.settings_of(view, port.name)
    found = [settings.address] if settings.address else []
    lines = [f"  Internet address is {address}" for address in found]
    lines += [f"  Internet address is virtual {address}" for address in settings.virtual[:1]]
    return [*lines, "  Broadcast address is 255.255.255.255"] if lines else []


def _mtu_line(view: View, port: Port) -> str:
    if port.kind is PortKind.TUNNEL:
        return f"  Tunnel transport MTU {port.mtu} bytes"
    width = f", BW {port.bandwidth // 1000} kbit" if port.bandwidth else ""
    if not _routed(port) or port.channel is not None:
        return f"  Ethernet MTU {port.mtu} bytes{width}"
    default = "" if scope.settings_of(view, port.name).mtu else " (default)"
    if default and width:
        default += " "  # EOS: "(default) , BW"
    return f"  IP MTU {port.mtu} bytes{default}{width}"


def _speed(port: Port) -> str:
    if not port.bandwidth:
        return "Unconfigured"
    gigabits = port.bandwidth // 10**9
    return f"{gigabits}Gb/s" if gigabits else f"{port.bandwidth // 10**6}Mb/s"


def _traffic_lines(port: Port) -> list[str]:
    return [
        f"  {1 if port.up else 0} link status changes since last clear",
        '  Last clearing of "show interface" counters never',
        "  5 minutes input rate 0 bps (0.0% with framing overhead), 0 packets/sec",
        "  5 minutes output rate 0 bps (0.0% with framing overhead), 0 packets/sec",
        "     0 packets input, 0 bytes",
        "     Received 0 broadcasts, 0 multicast",
        "     0 runts, 0 giants",
        "     0 input errors, 0 CRC, 0 alignment, 0 symbol, 0 input discards",
        "     0 PAUSE input",
        "     0 packets output, 0 bytes",
        "     Sent 0 broadcasts, 0 multicast",
        "     0 output errors, 0 collisions",
        "     0 late collision, 0 deferred, 0 output discards",
        "     0 PAUSE output",
    ]


COMMANDS = (
    show(
        "show interfaces [<interface>]",
        Level.VERIFIED,
        json=show_interfaces,
        text=show_interfaces_text,
        note="status, addresses and VXLAN are computed or configured; counters are zero",
    ),
)
