"""The IPv6 addresses of `show interfaces`: those configured, and the link-local one."""

from ipaddress import IPv6Address, IPv6Interface

from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.registry import Json, View
from avdlab.twin.tables.ports import Port

_STATES: Json = {"active": True, "leastpref": False, "dadfailed": False}


def link_local(mac: str) -> str:
    """RFC 4291 appendix A: the universal bit is turned, ff:fe stands in the middle."""
    turned = int(mac.replace(":", ""), 16) ^ (0x02 << 40)
    identifier = (turned >> 24) << 40 | 0xFFFE << 24 | turned & 0xFFFFFF
    return str(IPv6Address(0xFE80 << 112 | identifier))


def addresses(view: View, port: Port) -> Json | None:
    """Return `interfaceAddressIp6`, None where there is no IPv6. EOS turns it on by itself on the
    SVIs of L3 VNIs."""
    settings = scope.settings_of(view, port.name)
    on = settings.ipv6_enabled or settings.ipv6_addresses or _of_l3_vni(view, port)
    if not on or not port.mac:
        return None
    found = [IPv6Interface(text) for text in settings.ipv6_addresses]
    return {
        "linkLocalIp6": {"address": link_local(port.mac), "subnet": "fe80::/64", **_STATES},
        "globalUnicastIp6s": [
            {"address": str(a.ip), "subnet": str(a.network), **_STATES} for a in found
        ],
        "globalAddressesAreVirtual": False,
        "addrSource": "manual",
    }


def _of_l3_vni(view: View, port: Port) -> bool:
    vxlan = view.device.vxlan
    if vxlan is None:
        return False
    dynamic = {*vxlan.heard, *(vlan for vlan, _ in vxlan.vrfs.values())}
    return port.name in {f"Vlan{vlan}" for vlan in dynamic}
