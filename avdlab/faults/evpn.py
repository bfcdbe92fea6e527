"""Configuration faults of VXLAN and EVPN."""

import re
from collections.abc import Iterator

from avdlab.faults.bgp import BGP
from avdlab.faults.edits import ConfigFault, Edit, Target, edit
from avdlab.validate.intent.hosts import hosts_of
from avdlab.validate.intent.model import MacVrf

VXLAN = "interface Vxlan1"


def _vnis(target: Target) -> list[tuple[int, int]]:
    return sorted(target.device.vxlan.vlans.items()) if target.device.vxlan else []


def wrong_vni(target: Target) -> Iterator[Edit]:
    used = {vni for _, vni in _vnis(target)}
    for vlan, vni in _vnis(target):
        other = next(n for n in range(vni + 5000, vni + 9000) if n not in used)
        by = f"vxlan vlan {vlan} vni {other}"
        text = target.text.replace(VXLAN, pattern=rf"vxlan vlan {vlan} vni \d+", by=by)
        yield from edit(by, text)


def wrong_vrf_vni(target: Target) -> Iterator[Edit]:
    for vrf, vni in sorted(target.device.vxlan.vrfs.items()) if target.device.vxlan else ():
        by = f"vxlan vrf {vrf} vni {vni + 7000}"
        text = target.text.replace(VXLAN, pattern=rf"vxlan vrf {re.escape(vrf)} vni \d+", by=by)
        yield from edit(by, text)


def _mac_vrfs(target: Target) -> Iterator[str]:
    """Yield the sections of VLANs and bundles under router bgp that have a VNI."""
    known = dict(_vnis(target))
    for vrf in target.device.mac_vrfs:
        if vrf.vlans & set(known):
            yield _section(vrf)


def _section(vrf: MacVrf) -> str:
    return f"vlan-aware-bundle {re.escape(vrf.name)}" if vrf.bundle else f"vlan {vrf.name}"


def rt_mismatch(target: Target) -> Iterator[Edit]:
    for section in _mac_vrfs(target):
        for way in ("both", "import", "export"):
            pattern = rf"(route-target {way}) \S+"
            text = target.text.replace(BGP, section, pattern=pattern, by=r"\1 64999:64999")
            yield from edit(f"{section}: route-target {way} 64999:64999", text)


def rt_import_only(target: Target) -> Iterator[Edit]:
    """Import something else than what is exported: only one direction breaks."""
    for section in _mac_vrfs(target):
        text = target.text.replace(
            BGP, section, pattern=r"route-target both (\S+)", by=r"route-target export \1"
        )
        yield from edit(f"{section}: nothing imported", text)


def vrf_rt_mismatch(target: Target) -> Iterator[Edit]:
    for vrf in _evpn_vrfs(target):
        for way in ("import", "export"):
            pattern = rf"(route-target {way} evpn) \S+"
            section = f"vrf {re.escape(vrf)}"
            text = target.text.replace(BGP, section, pattern=pattern, by=r"\1 64999:64999")
            yield from edit(f"vrf {vrf}: route-target {way} evpn 64999:64999", text)


def _evpn_vrfs(target: Target) -> list[str]:
    vxlan = target.device.vxlan
    return sorted(set(target.device.ip_vrfs) & set(vxlan.vrfs)) if vxlan else []


def vrf_leak(target: Target) -> Iterator[Edit]:
    """Import another VRF's routes: what the design keeps apart is joined."""
    vrfs = _evpn_vrfs(target)
    for vrf in vrfs:
        for other in vrfs:
            for rt in sorted(target.device.ip_vrfs[other].exports) if other != vrf else ():
                line = f"route-target import evpn {rt}"
                text = target.text.add(BGP, f"vrf {re.escape(vrf)}", line=line)
                yield from edit(f"vrf {vrf} imports {rt} of {other}", text)


def no_redistribute_learned(target: Target) -> Iterator[Edit]:
    """MACs are not told: of VLANs that have endpoints here, else there is nothing to tell."""
    here = {host.vlan for host in hosts_of(target.intent) if target.device.name in host.devices}
    vrfs = (
        v for v in target.device.mac_vrfs if v.vlans & here and v.vlans & set(dict(_vnis(target)))
    )
    for section in (_section(vrf) for vrf in vrfs):
        text = target.text.delete(BGP, section, pattern=r"redistribute learned.*")
        yield from edit(f"{section}: no redistribute learned", text)


def vrf_not_redistributed(target: Target) -> Iterator[Edit]:
    for vrf in _evpn_vrfs(target):
        section = f"vrf {re.escape(vrf)}"
        text = target.text.delete(BGP, section, pattern=r"redistribute connected.*")
        yield from edit(f"vrf {vrf}: no redistribute connected", text)


def vlan_not_in_bgp(target: Target) -> Iterator[Edit]:
    for section in _mac_vrfs(target):
        yield from edit(f"no {section} under BGP", target.text.delete(BGP, pattern=section))


def duplicate_vtep(target: Target) -> Iterator[Edit]:
    vxlan = target.device.vxlan
    if vxlan is None:
        return
    for other in target.intent.devices.values():
        if other.vxlan and other.vxlan.source not in {"", vxlan.source}:
            by = f"ip address {other.vxlan.source}/32"
            section = f"interface {vxlan.source_interface}"
            text = target.text.replace(section, pattern=r"ip address \S+", by=by)
            yield from edit(f"{section}: {by}, as {other.name} has", text)


FAULTS = (
    ConfigFault("duplicate-vtep", 16, "duplicate VTEP address", duplicate_vtep),
    ConfigFault("wrong-vni", 17, "VLAN to VNI differs", wrong_vni),
    ConfigFault("rt-mismatch", 19, "route target of a VLAN differs", rt_mismatch),
    ConfigFault("rt-import-only", 19, "route target asymmetric (nothing imported)", rt_import_only),
    ConfigFault("vrf-rt-mismatch", 19, "route target of a VRF differs", vrf_rt_mismatch),
    ConfigFault("wrong-vrf-vni", 20, "VRF to VNI differs", wrong_vrf_vni),
    ConfigFault("no-redistribute-learned", 32, "MACs of a VLAN not told", no_redistribute_learned),
    ConfigFault("vrf-not-redistributed", 32, "prefixes of a VRF not told", vrf_not_redistributed),
    ConfigFault("vlan-not-in-bgp", 32, "VLAN missing under BGP", vlan_not_in_bgp),
    ConfigFault("vrf-leak", 34, "VRF imports another VRF", vrf_leak),
)
