"""`show ip interface [brief]`: the interfaces that take part in IPv4."""

from avdlab.net.addresses import InterfaceAddress, format_ipv4
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.settings import InterfaceSettings
from avdlab.twin.tables.ports import InterfaceStatus, Port, PortKind

_NONE = InterfaceAddress(0, 0)


def _ip_ports(view: View, args: Args) -> list[Port]:
    return [port for port in scope.asked_ports(view, args) if _has_ip(view, port)]


def _has_ip(view: View, port: Port) -> bool:
    if port.kind is PortKind.VXLAN:
        return False
    settings = scope.settings_of(view, port.name)
    return bool(_shown(settings) != _NONE or settings.dhcp or settings.unnumbered)


def _shown(settings: InterfaceSettings) -> InterfaceAddress:
    """A virtual address stands in the tables as a primary one would."""
    if settings.address is not None:
        return settings.address
    return settings.virtual[0] if settings.virtual else _NONE


def brief(view: View, args: Args) -> Json:
    return {
        "interfaces": {port.name: _brief(view, port) for port in _ip_ports(view, args)},
    }


def _brief(view: View, port: Port) -> Json:
    return {
        "name": port.name,
        "interfaceStatus": port.status.value,
        "lineProtocolStatus": port.line.value,
        "mtu": port.mtu,
        "ipv4Routable240": False,
        "ipv4Routable0": False,
        "nonRoutableClassEIntf": False,
        "interfaceAddress": {"ipAddr": _address(_shown(scope.settings_of(view, port.name)))},
    }


def _address(address: InterfaceAddress) -> Json:
    return {"address": format_ipv4(address.address), "maskLen": address.length}


def brief_text(view: View, args: Args) -> str:
    return _brief_table(view, _ip_ports(view, args))


def _brief_table(view: View, ports: list[Port]) -> str:
    widths = (15, 19, 10, 13, 9, 0)
    heads = ("Interface", "IP Address", "Status", "Protocol", "MTU", "Owner")
    lines = [" " * 78 + "Address", columns(widths, heads)]
    lines.append(columns(widths, ("-" * 15, "-" * 18, "-" * 10, "-" * 12, "-" * 8, "-" * 7)))
    lines += [columns(widths, _brief_row(view, port)) for port in ports]
    return "\n".join(lines) + "\n"


def _brief_row(view: View, port: Port) -> tuple[str, ...]:
    address = _shown(scope.settings_of(view, port.name))
    status = {InterfaceStatus.CONNECTED: "up", InterfaceStatus.DISABLED: "admin down"}
    shown = str(address) if address != _NONE else "unassigned"
    state = status.get(port.status, "down")
    return (port.name, shown, state, _line(port), str(port.mtu))


def _line(port: Port) -> str:
    return port.line.value.lower()


def show_ip_interface(view: View, args: Args) -> Json:
    return {"interfaces": {port.name: _detail(view, port) for port in _ip_ports(view, args)}}


def _detail(view: View, port: Port) -> Json:
    settings = scope.settings_of(view, port.name)
    secondary = [_address(address) for address in settings.secondary]
    virtual = [_address(address) for address in settings.virtual[1:]]
    proxy_arp = "ip proxy-arp" in settings.other
    return {
        "name": port.name,
        "description": port.description,
        "lineProtocolStatus": port.line.value,
        "interfaceStatus": port.status.value,
        "enabled": port.status is not InterfaceStatus.DISABLED,
        "mtu": port.mtu,
        "vrf": settings.vrf,
        "proxyArp": proxy_arp,
        "localProxyArp": "ip local-proxy-arp" in settings.other,
        "gratuitousArp": False,
        "directedBroadcastEnabled": False,
        "urpf": "disable",
        "addresslessForwarding": "isInvalid",
        "maxMssIngress": 0,
        "maxMssEgress": 0,
        "interfaceAddress": {
            "primaryIp": _address(settings.address or _NONE),
            "secondaryIps": {entry["address"]: entry for entry in secondary},
            "secondaryIpsOrderedList": secondary,
            "virtualIp": _address(settings.virtual[0] if settings.virtual else _NONE),
            "virtualSecondaryIps": {entry["address"]: entry for entry in virtual},
            "virtualSecondaryIpsOrderedList": virtual,
            "broadcastAddress": "255.255.255.255",
            "dhcp": settings.dhcp,
        },
    }


def show_ip_interface_text(view: View, args: Args) -> str:
    return "".join(_block(view, port) for port in _ip_ports(view, args))


def _block(view: View, port: Port) -> str:
    settings = scope.settings_of(view, port.name)
    down = "administratively down" if port.status is InterfaceStatus.DISABLED else "down"
    state = "up" if port.status is InterfaceStatus.CONNECTED else down
    lines = [
        f"{port.name} is {state}, line protocol is {port.line.value.lower()} ({port.status.value})"
    ]
    if port.description:
        lines.append(f"  Description: {port.description}")
    if settings.address is not None:
        lines.append(f"  Internet address is {settings.address}")
    lines += [f"  Secondary address is {address}" for address in settings.secondary]
    lines += [f"  Virtual IP address is {address}" for address in settings.virtual]
    if settings.vrf != "default":
        lines.append(f'  VPN Routing/Forwarding "{settings.vrf}"')
    proxy = show_ip_interface(view, {"interface": port.name})["interfaces"][port.name]["proxyArp"]
    lines += [
        "  Broadcast address is 255.255.255.255",
        "  IPv6 Interface Forwarding : None",
        f"  Proxy-ARP is {'enabled' if proxy else 'disabled'}",
        "  Local Proxy-ARP is disabled",
        "  Gratuitous ARP is ignored",
        f"  IP MTU {port.mtu} bytes",
    ]
    return "\n".join(lines) + "\n"


def vrf_brief(view: View, args: Args) -> Json:
    return {"interfaces": {port.name: _brief(view, port) for port in _of_vrf(view, args)}}


def _of_vrf(view: View, args: Args) -> list[Port]:
    vrfs = scope.asked_vrfs(view, args)
    return [port for port in _ip_ports(view, {}) if scope.settings_of(view, port.name).vrf in vrfs]


def vrf_brief_text(view: View, args: Args) -> str:
    return _brief_table(view, _of_vrf(view, args))


COMMANDS = (
    show(
        "show ip interface vrf <vrf> brief",
        Level.COMPUTED,
        json=vrf_brief,
        text=vrf_brief_text,
    ),
    show(
        "show ip interface brief",
        Level.COMPUTED,
        json=brief,
        text=brief_text,
        note="addresses are configured, states computed",
    ),
    show("show ip interface <interface> brief", Level.COMPUTED, json=brief, text=brief_text),
    show(
        "show ip interface [<interface>]",
        Level.COMPUTED,
        json=show_ip_interface,
        text=show_ip_interface_text,
        revision=2,
        note="addresses are configured, states computed",
    ),
)
