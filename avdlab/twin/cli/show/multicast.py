"""`show ip igmp snooping`: where it is on, as configured."""

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


COMMANDS = (
    show(
        "show ip igmp snooping",
        Level.MIRRORED,
        json=snooping,
        text=snooping_text,
        note="as configured; no groups are learned",
    ),
)
