"""`show vxlan ...`: bindings, remote VTEPs, learned MACs and the configuration checks."""

from avdlab.net.addresses import format_address
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns, eos_mac
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.settings import Switchport, SwitchportMode
from avdlab.twin.tables.l2 import Vxlan, VxlanCheck

_CATEGORIES = {
    "localVtep": "Local VTEP Configuration Check",
    "remoteVtep": "Remote VTEP Configuration Check",
    "pd": "Platform Dependent Check",
    "cvx": "CVX Configuration Check",
    "mlag": "MLAG Configuration Check",
}
_MLAG_HINT = "Run 'show mlag config-sanity' to verify MLAG config"


def config_sanity(view: View, _: Args) -> Json:
    """No interface Vxlan1, no categories: as EOS."""
    vxlan = view.device.vxlan
    sanity = vxlan.sanity if vxlan is not None else {}
    known = [name for name in _CATEGORIES if name in sanity]
    return {"categories": {name: _category(name, sanity[name]) for name in known}, "warnings": []}


def _category(name: str, checks: tuple[VxlanCheck, ...]) -> Json:
    return {
        "description": _CATEGORIES[name],
        "allCheckPass": all(check.passed for check in checks),
        "detail": _MLAG_HINT if name == "mlag" else "",
        "hasWarning": False,
        "items": [
            {
                "name": check.name,
                "checkPass": check.passed,
                "hasWarning": False,
                "detail": check.detail,
            }
            for check in checks
        ],
    }


def config_sanity_text(view: View, args: Args) -> str:
    widths = (38, 8, 0)
    lines = [columns(widths, ("Category", "Result", "Detail")), columns(widths, ("-" * 34,) * 3)]
    lines[1] = columns(widths, ("-" * 34, "-" * 8, "-" * 50))
    for category in config_sanity(view, args)["categories"].values():
        result = "OK" if category["allCheckPass"] else "FAIL"
        lines.append(columns(widths, (category["description"], result, category["detail"])))
        for item in category["items"]:
            result = "OK" if item["checkPass"] else "FAIL"
            lines.append(columns(widths, (f"  {item['name']}", result, item["detail"])))
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------ VNIs
def vni(view: View, args: Args) -> Json:
    vxlan = view.device.vxlan
    if vxlan is None:
        return {"vxlanIntfs": {}}
    wanted = args.get("vni")
    vlans = {
        str(number): {
            "vlan": vlan,
            "dynamicVlan": False,
            "source": "static",
            "interfaces": _tags(view, vxlan, vlan),
        }
        for vlan, number in sorted(vxlan.vlans.items())
        if wanted in (None, str(number))
    }
    vrfs = {
        str(number): {"vrfName": vrf, "vlan": vlan, "source": "evpn"}
        for vrf, (vlan, number) in sorted(vxlan.vrfs.items())
        if wanted in (None, str(number))
    }
    return {"vxlanIntfs": {vxlan.name: {"vniBindings": vlans, "vniBindingsToVrf": vrfs}}}


def _tags(view: View, vxlan: Vxlan, vlan: int) -> Json:
    """Return the ports of the VLAN with the tag that each uses; 0 for untagged."""
    present = view.device.vlans.get(vlan)
    ports = present.interfaces if present is not None else ()
    tags = {name: {"dot1q": _tag(view, name, vlan)} for name in ports}
    return tags | {vxlan.name: {"dot1q": vlan}}


def _tag(view: View, name: str, vlan: int) -> int:
    switchport = scope.settings_of(view, name).switchport or Switchport()
    if switchport.mode is SwitchportMode.TRUNK and switchport.native_vlan != vlan:
        return vlan
    return 0


def vni_text(view: View, args: Args) -> str:
    text = ""
    for name, bindings in vni(view, args)["vxlanIntfs"].items():
        widths = (11, 11, 12, 19, 10)
        rule = columns(widths, ["-" * width for width in widths])
        heads = columns(widths, ("VNI", "VLAN", "Source", "Interface", "802.1Q Tag"))
        lines = [f"VNI to VLAN Mapping for {name}", heads, rule]
        for number, binding in bindings["vniBindings"].items():
            first = (number, str(binding["vlan"]), binding["source"])
            for port, tag in binding["interfaces"].items():
                shown = str(tag["dot1q"] or "untagged")
                lines.append(columns(widths, (*first, port, shown)))
                first = ("", "", "")
        text += "\n".join(lines) + "\n\n" + _vrf_vnis(name, bindings["vniBindingsToVrf"])
    return text


def _vrf_vnis(name: str, bindings: Json) -> str:
    width = max([10, *(len(binding["vrfName"]) for binding in bindings.values())])
    widths = (11, 10, width, 12)
    lines = [
        f"VNI to dynamic VLAN Mapping for {name}",
        columns(widths, ("VNI", "VLAN", "VRF", "Source")),
        columns(widths, ["-" * size for size in widths]),
    ]
    for number, binding in bindings.items():
        cells = (number, str(binding["vlan"]), binding["vrfName"], binding["source"])
        lines.append(columns(widths, cells))
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------ VTEPs
def vtep(view: View, _: Args) -> Json:
    vxlan = view.device.vxlan
    if vxlan is None:
        return {"interfaces": {}}
    return {"interfaces": {vxlan.name: {"vteps": [format_address(v) for v in sorted(vxlan.vteps)]}}}


def vtep_text(view: View, _: Args) -> str:
    vxlan = view.device.vxlan
    if vxlan is None:
        return ""
    flood = {address for addresses in vxlan.flood.values() for address in addresses}
    rows = [
        f"{format_address(address):<16} {'flood, unicast' if address in flood else 'unicast'}"
        for address in sorted(vxlan.vteps)
    ]
    heads = ["VTEP             Tunnel Type(s)", "---------------- --------------"]
    total = ["", f"Total number of remote VTEPS:  {len(vxlan.vteps)}"]
    return "\n".join([f"Remote VTEPS for {vxlan.name}:", "", *heads, *rows, *total]) + "\n"


def flood_vtep(view: View, _: Args) -> Json:
    vxlan = view.device.vxlan
    if vxlan is None:
        return {"vxlanIntfs": {}}
    lists = {
        str(vlan): {"remoteVtepAddr": [format_address(address) for address in addresses]}
        for vlan, addresses in sorted(vxlan.flood.items())
    }
    return {"vxlanIntfs": {vxlan.name: {"floodVtepLists": lists}}}


def flood_text(view: View, _: Args) -> str:
    vxlan = view.device.vxlan
    if vxlan is None:
        return ""
    lines = [f"          VXLAN Flood VTEP Table for {vxlan.name}", "-" * 80, ""]
    lines += ["VLANS            Ip Address", "-----------      " + "-" * 45]
    for vlan, addresses in sorted(vxlan.flood.items()):
        shown = " ".join(format_address(address) for address in addresses) or "none"
        lines.append(f"{vlan:<16} {shown}")
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------ MACs
def address_table_text(view: View, _: Args) -> str:
    lines = ["          Vxlan Mac Address Table", "-" * 70, ""]
    lines.append("VLAN  Mac Address     Type      Prt  VTEP             Moves   Last Move")
    lines.append("----  -----------     ----      ---  ----             -----   ---------")
    remote = [entry for entry in view.device.macs if entry.vtep is not None]
    for entry in sorted(remote, key=lambda entry: (entry.vlan, entry.mac)):
        address = format_address(entry.vtep or 0)
        lines.append(f"{entry.vlan:>4}  {eos_mac(entry.mac)}  EVPN      Vx1  {address:<16} 1")
    lines.append(f"Total Remote Mac Addresses for this criterion: {len(remote)}")
    return "\n".join(lines) + "\n"


COMMANDS = (
    show(
        "show vxlan config-sanity [detail]",
        Level.COMPUTED,
        json=config_sanity,
        text=config_sanity_text,
        note="the checks of the platform and of CVX are constants",
    ),
    show("show vxlan vni [<vni>]", Level.COMPUTED, json=vni, text=vni_text),
    show("show vxlan vtep", Level.COMPUTED, json=vtep, text=vtep_text),
    show("show vxlan flood vtep", Level.COMPUTED, json=flood_vtep, text=flood_text),
    show("show vxlan address-table [evpn]", Level.COMPUTED, text=address_table_text),
)
