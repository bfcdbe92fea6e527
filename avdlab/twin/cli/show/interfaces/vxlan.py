"""The part of `show interfaces` that only Vxlan1 has."""

from avdlab.net.addresses import format_address
from avdlab.twin.cli.show.layout import eos_mac, number_ranges
from avdlab.twin.cli.show.registry import Json, View
from avdlab.twin.config.settings import VxlanSettings
from avdlab.twin.tables.l2 import Vxlan

_NO_ADDRESS = "0.0.0.0"  # noqa: S104 - EOS's "no address"


def all_bindings(vxlan: Vxlan) -> dict[int, tuple[int, str]]:
    """Return VLAN -> (VNI, source): configured VLANs, and the dynamic VLANs of L3 VNIs."""
    bindings = {vlan: (vni, "") for vlan, vni in vxlan.vlans.items()}
    for vlan, vni in vxlan.vrfs.values():
        bindings[vlan] = (vni, "evpn")
    bindings |= {vlan: (vni, "evpn") for vlan, vni in vxlan.heard.items()}
    return dict(sorted(bindings.items()))


def details(view: View, vxlan: Vxlan) -> Json:
    """Return the keys of Vxlan1; the control plane is EVPN or static flood lists, never CVX."""
    bindings = all_bindings(vxlan)
    settings = view.device.settings.vxlan or VxlanSettings()
    evpn = view.device.bgp is not None and bool(view.device.settings.bgp)
    facts: Json = {
        "srcIpIntf": vxlan.source_interface or "",
        "srcIpAddr": format_address(vxlan.source) if vxlan.source is not None else _NO_ADDRESS,
        "udpPort": settings.udp_port,
        "replicationMode": "headendVcs" if evpn else "headendStatic",
        "controllerClientMode": False,
        "controllerControlPlane": evpn,
        "dataPathLearningMode": not evpn,
        "staticFloodlists": bool(settings.flood or settings.flood_vlans),
        "vlanToVniMap": {
            str(vlan): {"vni": vni, "source": source} for vlan, (vni, source) in bindings.items()
        },
        "vrfToVniMap": {vrf: vni for vrf, (_, vni) in sorted(vxlan.vrfs.items())},
        "vlanToVtepList": _floods(vxlan),
        "vlanToLearnRestrict": {
            str(vlan): {"prefixList": [], "learnFrom": "learnFromAny"} for vlan in bindings
        },
        "vccImportVlan": number_ranges(bindings),
        **_CONSTANTS,
    }
    facts["mlagSharedRouterMacAddr"] = vxlan.router_mac or "00:00:00:00:00:00"
    return facts


_CONSTANTS: Json = {
    "vniInDottedNotation": False,
    "portDot1qVniMapping": False,
    "mcastRouting": False,
    "mcastGrpDecap": "",
    "use32BitVni": False,
    "floodMcastGrp": _NO_ADDRESS,
    "arpReplyRelayMode": False,
    "vtepSourcePruningAll": False,
    "vtepSetForSourcePruning": [],
    "vtepToVtepBridging": False,
    "arpLocalAddress": False,
}


def _floods(vxlan: Vxlan) -> Json:
    return {
        str(vlan): {"remoteVtepAddr": [format_address(vtep) for vtep in vteps]}
        for vlan, vteps in sorted(vxlan.flood.items())
        if vteps
    }


def lines(view: View, vxlan: Vxlan) -> list[str]:
    """Return the same as text."""
    facts = details(view, vxlan)
    text = [
        f"  Source interface is {facts['srcIpIntf']} and is active with {facts['srcIpAddr']}",
        "  Replication/Flood Mode is headend with Flood List Source: "
        + ("EVPN" if facts["controllerControlPlane"] else "CLI"),
        "  Remote MAC learning via " + ("EVPN" if facts["controllerControlPlane"] else "Datapath"),
        "  VNI mapping to VLANs",
        "  Static VLAN to VNI mapping is",
        *_in_rows([f"[{vlan}, {vni}]" for vlan, vni in sorted(vxlan.vlans.items())]),
        "  Dynamic VLAN to VNI mapping for 'evpn' is",
        *_in_rows([f"[{vlan}, {vni}]" for vlan, vni in sorted(vxlan.vrfs.values())]),
        "  Note: All Dynamic VLANs used by VCS are internal VLANs.",
        "        Use 'show vxlan vni' for details.",
        "  Static VRF to VNI mapping is",
        *(f"   [{vrf}, {vni}]" for vrf, (_, vni) in sorted(vxlan.vrfs.items())),
        "  Headend replication flood vtep list is:",
        *(
            f"    {vlan:>2} {' '.join(format_address(vtep) for vtep in vteps)}"
            for vlan, vteps in sorted(vxlan.flood.items())
            if vteps
        ),
    ]
    shared = vxlan.router_mac or "00:00:00:00:00:00"
    return [*text, f"  Shared Router MAC is {eos_mac(shared)}"]


def _in_rows(cells: list[str], per_row: int = 4) -> list[str]:
    starts = range(0, len(cells), per_row)
    return ["    " + "     ".join(cells[start : start + per_row]) for start in starts]
