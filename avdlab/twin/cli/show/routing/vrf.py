"""`show vrf` and `show ip virtual-router`."""

from avdlab.net import interfaces
from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns, eos_mac, ruled, wrapped
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.switch import read_switch


def vrf(view: View, args: Args) -> Json:
    names = scope.all_vrfs(view)
    if "vrf" in args:
        names = scope.asked_vrfs(view, args)
    return {"vrfs": {name: _vrf(view, name, number) for number, name in enumerate(names)}}


def _vrf(view: View, name: str, number: int) -> Json:
    v4, v6 = _members(view, name)
    return {
        "routeDistinguisher": _rd(view, name),
        "vrfState": "up",
        "vrfId": number,
        "interfaces": sorted({*v4, *v6}, key=interfaces.sort_key),
        "interfacesV4": v4,
        "interfacesV6": v6,
        "protocols": {
            "ipv4": _protocol(scope.routing_enabled(view, name)),
            "ipv6": _protocol(False),
        },
    }


def _protocol(routing: bool) -> Json:
    state = "up" if routing else "down"
    return {"supported": True, "protocolState": "up", "routingState": state}


def _rd(view: View, name: str) -> str:
    settings = view.device.settings.vrfs.get(name)
    if settings is not None and settings.rd is not None:
        return settings.rd
    bgp = view.device.settings.bgp
    configured = bgp.vrfs.get(name) if bgp is not None else None
    return (configured.rd or "") if configured is not None else ""


def _members(view: View, name: str) -> tuple[list[str], list[str]]:
    v4, v6 = _l3_vni_interface(view, name), []
    for port in sorted(view.device.ports, key=interfaces.sort_key):
        settings = scope.settings_of(view, port)
        if settings.vrf != name:
            continue
        if settings.address or settings.virtual or settings.dhcp or settings.unnumbered:
            v4.append(port)
        if settings.ipv6_enabled or settings.ipv6_addresses:
            v6.append(port)
    return sorted(v4, key=interfaces.sort_key), v6


def _l3_vni_interface(view: View, name: str) -> list[str]:
    """Return the SVI of the dynamic VLAN behind the VRF's VNI."""
    vxlan = view.device.vxlan
    if vxlan is not None and name == "default":
        return [f"Vlan{vlan}" for vlan in vxlan.heard]
    if vxlan is None or name not in vxlan.vrfs:
        return []
    svi = f"Vlan{vxlan.vrfs[name][0]}"
    return [svi] if svi in view.device.ports else []


def vrf_text(view: View, args: Args) -> str:
    facts = vrf(view, args)["vrfs"]
    width = max(13, *(len(name) + 3 for name in facts))
    rds = max(15, *(len(entry["routeDistinguisher"]) for entry in facts.values()))
    widths = (width, rds, 15, 19, 21)
    lines = ["Maximum number of VRFs allowed: 1023"]
    lines.append(columns(widths, ("   VRF", "RD", "Protocols", "State", "Interfaces")))
    lines.append(columns(widths, ["-" * size for size in widths]))
    for name, entry in facts.items():
        lines += _vrf_lines(name, entry, widths)
    return "\n".join(lines) + "\n"


def _vrf_lines(name: str, entry: Json, widths: tuple[int, ...]) -> list[str]:
    routed = "routing" if entry["protocols"]["ipv4"]["routingState"] == "up" else "no routing"
    states = [f"v4:{routed},", "v6:no routing"]
    ports = wrapped([interfaces.short(port) for port in entry["interfaces"]], widths[4])
    height = max(len(states), len(ports))
    lines = []
    for row in range(height):
        head = (f"   {name}", entry["routeDistinguisher"] or "<not set>", "ipv4,ipv6")
        cells = head if row == 0 else ("", "", "")
        state = states[row] if row < len(states) else ""
        port = ports[row] if row < len(ports) else ""
        lines.append(columns(widths, (*cells, state, port)))
    return lines


def virtual_router(view: View, _: Args) -> Json:
    mac = view.device.settings.virtual_router_mac
    found = [
        {
            "interface": port,
            "vrfName": settings.vrf,
            "virtualIps": [{"ip": format_ipv4(address.address)} for address in settings.varp],
            "protocolStatus": "up" if view.device.ports[port].up else "down",
        }
        for port in sorted(view.device.ports, key=interfaces.sort_key)
        if (settings := scope.settings_of(view, port)).varp
    ]
    macs = [{"macAddress": mac, "macType": "varp"}] if mac is not None else []
    return {"virtualMacs": macs, "virtualRouters": found}


def virtual_router_text(view: View, args: Args) -> str:
    facts = virtual_router(view, args)
    mac = facts["virtualMacs"][0]["macAddress"] if facts["virtualMacs"] else "00:00:00:00:00:00"
    rows = [
        (
            interfaces.short(entry["interface"]),
            entry["vrfName"],
            ", ".join(address["ip"] for address in entry["virtualIps"]),
            entry["protocolStatus"],
            "active",
        )
        for entry in facts["virtualRouters"]
    ]
    heads = ("Interface", "Vrf", "Virtual IP Address", "Protocol", "State")
    return (
        "IP virtual router is configured with MAC address: "
        f"{eos_mac(mac)}\nIP router is not configured with Mlag peer MAC address\n"
        "MAC address advertisement interval: 30 seconds\n\nProtocol: U - Up, D - Down, "
        "T - Testing, UN - Unknown\n          NP - Not Present, LLD - Lower Layer Down\n\n"
        + ruled((15, 13, 23, 14, 13), heads, rows)
    )


# ------------------------------------------------------------------------------------ forwarding
def routing(view: View, _: Args) -> Json:
    """`show ip`: what the default VRF routes."""
    switch = read_switch(view.config)
    return {
        "v4RoutingEnabled": scope.routing_enabled(view, "default"),
        "v6RoutingEnabled": switch.ipv6_routing,
        "v4IntfForwarding": scope.routing_enabled(view, "default") and switch.ipv6_interfaces,
        "v6IntfForwarding": switch.ipv6_interfaces,
        "v4EcmpInfo": {"v4EcmpRouteSupport": True},
        "v6EcmpInfo": {"v6EcmpRouteSupport": True},
        "v4uRpfState": "globallyDisabled",
        "v6uRpfState": "globallyDisabled",
        "multicastRouting": {
            "ipMulticastEnabled": switch.multicast_routing,
            "ip6MulticastEnabled": False,
        },
    }


def routing_text(view: View, args: Args) -> str:
    facts = routing(view, args)
    multicast = facts["multicastRouting"]["ipMulticastEnabled"]
    rows = [
        ("IP Routing", facts["v4RoutingEnabled"]),
        ("IP Multicast Routing", multicast),
        ("IPv6 Multicast Routing", False),
        ("IPv6 Unicast Routing", facts["v6RoutingEnabled"]),
        ("IPv6 Interfaces Forwarding", facts["v6IntfForwarding"]),
    ]
    return "\n" + "".join(f"{name} : {'Enabled' if on else 'Disabled'}\n" for name, on in rows)


COMMANDS = (
    show("show ip", Level.MIRRORED, json=routing, text=routing_text),
    show("show vrf [<vrf>]", Level.MIRRORED, json=vrf, text=vrf_text),
    show(
        "show ip virtual-router",
        Level.COMPUTED,
        json=virtual_router,
        text=virtual_router_text,
        revision=2,
    ),
)
