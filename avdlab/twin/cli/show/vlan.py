"""`show vlan ...`, the MAC address table and ARP."""

from avdlab.net import interfaces
from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.interfaces.vxlan import all_bindings
from avdlab.twin.cli.show.layout import ago, columns, eos_mac, wrapped
from avdlab.twin.cli.show.registry import Args, Json, Level, ShowError, View, show
from avdlab.twin.tables.l2 import ArpEntry, MacEntry, Vlan


def vlan(view: View, args: Args) -> Json:
    return {
        "sourceDetail": "",
        "vlans": {str(entry.number): _vlan(view, entry) for entry in _asked(view, args)},
    }


def _asked(view: View, args: Args) -> list[Vlan]:
    present = view.device.vlans
    wanted = args.get("vlan")
    if wanted is None:
        return [present[number] for number in sorted(present)]
    if not wanted.isdigit() or int(wanted) not in present:
        message = f"VLAN {wanted} not found in current VLAN database"
        raise ShowError(message, {"vlans": {}, "sourceDetail": ""})
    return [present[int(wanted)]]


def _vlan(view: View, entry: Vlan) -> Json:
    return {
        "name": _name(entry),
        "status": "active" if entry.active else "suspended",
        "dynamic": entry.dynamic,
        "interfaces": {name: {"privatePromoted": False} for name in _members(view, entry)},
    }


def _name(entry: Vlan) -> str:
    """EOS names a dynamic VLAN by its number."""
    return f"VLAN{entry.number:04d}" if entry.dynamic else entry.name


def _members(view: View, entry: Vlan) -> list[str]:
    """The ports, and what EOS lists with them: Cpu where there is an SVI, Vxlan1 for a VNI."""
    names = sorted(entry.interfaces, key=interfaces.sort_key)
    svi = view.device.ports.get(f"Vlan{entry.number}")
    if svi is not None:
        names.insert(0, "Cpu")
    vxlan = view.device.vxlan
    if vxlan is not None and entry.number in all_bindings(vxlan):
        names.append(vxlan.name)
    return names


def vlan_text(view: View, args: Args) -> str:
    widths = (5, 32, 9, 31)
    lines = [columns(widths, ("VLAN", "Name", "Status", "Ports"))]
    lines.append(columns(widths, ["-" * width for width in widths]))
    for entry in _asked(view, args):
        number = f"{entry.number}{'*' if entry.dynamic else ''}"
        status = "active" if entry.active else "suspended"
        names = [_short(name) for name in _members(view, entry)]
        first = (number, _name(entry)[:32], status)
        for ports in wrapped(names, widths[3]):
            lines.append(columns(widths, (*first, ports)))
            first = ("", "", "")
    if any(entry.dynamic for entry in _asked(view, args)):
        lines += ["", "* indicates a Dynamic VLAN"]
    return "\n".join(lines) + "\n"


def _short(name: str) -> str:
    return interfaces.short(name) if interfaces.is_interface(name) else name


def dynamic(view: View, _: Args) -> Json:
    numbers = sorted(entry.number for entry in view.device.vlans.values() if entry.dynamic)
    return {"dynamicVlans": {"evpn": {"vlanIds": numbers}} if numbers else {}}


def trunk_groups(view: View, _: Args) -> Json:
    """Only VLANs that belong to a group are listed."""
    vlans = view.device.settings.vlans
    return {
        "trunkGroups": {
            str(number): {"names": sorted(vlans[number].trunk_groups)}
            for number in sorted(vlans)
            if vlans[number].trunk_groups
        }
    }


def trunk_groups_text(view: View, _: Args) -> str:
    """Every VLAN is listed, with or without a group."""
    vlans = view.device.settings.vlans
    lines = [f"{'VLAN':<16}Trunk Groups", f"{'----':<16}{'-' * 70}"]
    lines += [
        f"{number:<16}{', '.join(sorted(vlans[number].trunk_groups))}".rstrip()
        for number in sorted(vlans)
    ]
    return "\n".join(lines) + "\n"


def internal_policy(view: View, _: Args) -> Json:
    first, last = view.device.settings.internal_vlans
    return {"policy": "ascending", "startVlanId": first, "endVlanId": last}


# ------------------------------------------------------------------------------------ MAC, ARP
def macs(view: View, args: Args) -> Json:
    entries = [
        {
            "vlanId": entry.vlan,
            "macAddress": entry.mac,
            "entryType": "dynamic" if entry.dynamic else "static",
            "interface": entry.interface,
            "moves": 1,
            "lastMove": scope.changed_at(view, "mac", entry.mac),
        }
        for entry in _asked_macs(view, args)
    ]
    return {
        "unicastTable": {"tableEntries": entries},
        "multicastTable": {"tableEntries": []},
        "disabledMacLearningVlans": [],
    }


def _asked_macs(view: View, args: Args) -> list[MacEntry]:
    entries = [
        entry
        for entry in view.device.macs
        if args.get("vlan") in (None, str(entry.vlan))
        and args.get("interface") in (None, entry.interface)
    ]
    return sorted(entries, key=lambda entry: (entry.vlan, entry.mac))


def macs_text(view: View, args: Args) -> str:
    widths = (7, 17, 11, 10, 0)
    entries = _asked_macs(view, args)
    lines = ["          Mac Address Table", "-" * 66, ""]
    lines.append(columns(widths, ("Vlan", "Mac Address", "Type", "Ports", "Moves   Last Move")))
    lines.append(columns(widths, ("----", "-----------", "----", "-----", "-----   ---------")))
    for entry in entries:
        kind = "DYNAMIC" if entry.dynamic else "STATIC"
        cells = (f"{entry.vlan:>4}", f"  {eos_mac(entry.mac)}", kind, _short(entry.interface))
        moved = ago(view.now - scope.changed_at(view, "mac", entry.mac))
        since = f"1       {moved} ago" if entry.dynamic else ""
        lines.append(columns(widths, (*cells, since)))
    lines.append(f"Total Mac Addresses for this criterion: {len(entries)}")
    lines += ["", "          Multicast Mac Address Table", "-" * 66, ""]
    lines.append(columns(widths, ("Vlan", "Mac Address", "Type", "Ports")))
    lines.append(columns(widths, ("----", "-----------", "----", "-----")))
    lines.append("Total Mac Addresses for this criterion: 0")
    return "\n".join(lines) + "\n"


def arp(view: View, args: Args) -> Json:
    entries = _asked_arp(view, args)
    static = sum(1 for entry in entries if entry.static)
    return {
        "dynamicEntries": len(entries) - static,
        "staticEntries": static,
        "notLearnedEntries": 0,
        "totalEntries": len(entries),
        "ipV4Neighbors": [
            {
                "address": format_ipv4(entry.address),
                "hwAddress": eos_mac(entry.mac),
                "interface": _behind(entry),
                "age": 0,
            }
            for entry in entries
        ],
    }


def _asked_arp(view: View, args: Args) -> list[ArpEntry]:
    vrfs = scope.asked_vrfs(view, args)
    wanted = [entry for entry in view.device.arp if entry.vrf in vrfs]
    return sorted(wanted, key=lambda entry: (entry.vrf, entry.address))


def _behind(entry: ArpEntry) -> str:
    """Behind an SVI EOS also names the port, or that it is not learned."""
    beyond = entry.port is not None and entry.port != entry.interface
    return f"{entry.interface}, {entry.port}" if beyond else entry.interface


def arp_text(view: View, args: Args) -> str:
    widths = (15, 10, 14, 0)
    lines = [columns(widths, ("Address", "Age (sec)", "Hardware Addr", "Interface"))]
    for entry in _asked_arp(view, args):
        age = "N/A" if entry.static else "0:00:00"
        cells = (format_ipv4(entry.address), age, eos_mac(entry.mac), _behind(entry))
        lines.append(columns(widths, cells))
    return "\n".join(lines) + "\n"


COMMANDS = (
    show("show vlan", Level.COMPUTED, json=vlan, text=vlan_text),
    show("show vlan brief", Level.COMPUTED, json=vlan, text=vlan_text),
    show("show vlan dynamic", Level.COMPUTED, json=dynamic),
    show("show vlan internal allocation policy", Level.MIRRORED, json=internal_policy),
    show(
        "show vlan trunk group",
        Level.MIRRORED,
        json=trunk_groups,
        text=trunk_groups_text,
        note="as configured",
    ),
    show("show vlan <vlan>", Level.COMPUTED, json=vlan, text=vlan_text),
    show(
        "show mac address-table [vlan <vlan>] [interface <interface>]",
        Level.COMPUTED,
        json=macs,
        text=macs_text,
        note="MACs of talking endpoints and of EVPN; moves are a constant",
    ),
    show("show arp [vrf <vrf>]", Level.COMPUTED, json=arp, text=arp_text, note="ages are zero"),
    show("show ip arp [vrf <vrf>]", Level.COMPUTED, json=arp, text=arp_text, note="ages: zero"),
)
