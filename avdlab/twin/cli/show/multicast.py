"""`show ip igmp snooping`, as configured, and `show pim ipv4 ...`, of the whole fabric.

PIM's text is that of public captures of EOS; of its JSON none is known: it is unconverted.
"""

from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns, up_or_down_time
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.switch import read_switch


def snooping(view: View, _: Args) -> Json:
    switch = read_switch(view.config)
    return {
        "igmpSnoopingState": _state(switch.igmp_snooping),
        "reportFlooding": "disabled",
        "robustness": 2,
        "immediateLeave": "enabled",
        "vlans": {
            str(number): {
                "igmpSnoopingState": _state(
                    switch.igmp_snooping and number not in switch.no_igmp_snooping
                ),
                "floodingTraffic": True,
                "maxGroups": 65534,
                "immediateLeave": "default",
                "pruningActive": False,
            }
            for number in sorted(view.device.vlans)
        },
    }


def _state(on: bool) -> str:
    return "enabled" if on else "disabled"


def snooping_text(view: View, args: Args) -> str:
    facts = snooping(view, args)
    lines = [
        "   Global IGMP Snooping configuration:",
        "-------------------------------------------",
        f"IGMP snooping                  : {facts['igmpSnoopingState'].capitalize()}",
        "IGMPv2 immediate leave         : Enabled",
        f"Robustness variable            : {facts['robustness']}",
        "Report flooding                : Disabled",
        "",
    ]
    for number, entry in facts["vlans"].items():
        lines += [
            f"Vlan {number} :",
            "----------",
            f"IGMP snooping                  : {entry['igmpSnoopingState'].capitalize()}",
            "IGMPv2 immediate leave         : Default",
            "Multicast router learning mode : pim-dvmrp",
            f"IGMP max group limit           : No limit set ({entry['maxGroups']})",
            "Recent attempt to exceed limit : No",
            "CGMP interoperability mode     : Disabled",
            "",
        ]
    return "\n".join(lines) + "\n"


_NEIGHBOR_WIDTHS = (17, 21, 9, 9, 7, 9)
_PORT_WIDTHS = (13, 21, 7, 9, 6, 4, 13, 8, 11)


def pim_neighbors_text(view: View, _: Args) -> str:
    """An entry expires with its holdtime, and every hello of the neighbor begins it anew."""
    lines = [
        "PIM Neighbor Table for default VRF",
        columns(
            _NEIGHBOR_WIDTHS,
            ("Neighbor Address", "Interface", "Uptime", "Expires", "Mode", "Transport"),
        ),
    ]
    for port in view.device.pim:
        for neighbor in port.heard if port.vrf == "default" else ():
            key = str(neighbor.address)
            age = view.now - scope.changed_at(view, "pim", port.interface, key)
            expires = neighbor.hold - age % neighbor.hello
            row = (format_ipv4(neighbor.address), port.interface, up_or_down_time(age))
            cells = (*row, up_or_down_time(expires), "sparse", "datagram")
            lines.append(columns(_NEIGHBOR_WIDTHS, cells))
    return "\n".join(lines) + "\n"


def pim_interfaces_text(view: View, _: Args) -> str:
    """Return the interfaces that PIM runs on, with the designated router of each."""
    heads = ("Address", "Interface", "Mode", "Neighbor", "Hello", "DR", "DR Address")
    lines = [
        columns(_PORT_WIDTHS, (*heads, "PktsQed", "PktsDropped")),
        columns(_PORT_WIDTHS, ("", "", "", "Count", "Intvl", "Pri")),
    ]
    for port in view.device.pim:
        if port.vrf == "default":
            row = (format_ipv4(port.address), port.interface, "sparse", str(len(port.heard)))
            elected = (str(port.hello), str(port.priority), format_ipv4(port.designated))
            lines.append(columns(_PORT_WIDTHS, (*row, *elected, "0", "0")))
    return "\n".join(lines) + "\n"


COMMANDS = (
    show(
        "show pim ipv4 neighbor",
        Level.COMPUTED,
        text=pim_neighbors_text,
        note="neighbors are computed; of the default VRF",
    ),
    show(
        "show pim ipv4 interface",
        Level.COMPUTED,
        text=pim_interfaces_text,
        note="neighbors and designated routers are computed, packets are not counted",
    ),
    show(
        "show ip igmp snooping",
        Level.MIRRORED,
        json=snooping,
        text=snooping_text,
        note="as configured; no groups are learned",
    ),
)
