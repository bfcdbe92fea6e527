"""VXLAN: the state of interface Vxlan1, its maps, and EOS's own sanity checks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import format_address
from avdlab.twin.protocols.mlag import Pair
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.tables.l2 import Vxlan, VxlanCheck
from avdlab.twin.tables.ports import Port


def why_down(switch: Switch, ports: Mapping[str, Port]) -> str:
    """Return why Vxlan1 is down. EOS: it needs an up source with an address, and a VNI."""
    vxlan = switch.settings.vxlan
    if vxlan is None or vxlan.source is None:
        return "no source interface"
    source = ports.get(vxlan.source)
    if source is None:
        return f"{vxlan.source} does not exist"
    if not source.up:
        return f"{vxlan.source} is down"
    if _address(switch, vxlan.source) is None:
        return f"{vxlan.source} has no address"
    return "" if vxlan.vlans or vxlan.vrfs else "no VNI is configured"


def source_address(switch: Switch, pair: Pair | None) -> int | None:
    """Return the VTEP's address; an MLAG pair uses the shared one where there is one."""
    vxlan = switch.settings.vxlan
    if vxlan is None:
        return None
    name = (vxlan.mlag_source if pair else None) or vxlan.source
    return _address(switch, name) if name else None


def _address(switch: Switch, name: str) -> int | None:
    """Return the address of a source interface; `vxlan encapsulation ipv6` asks for IPv6."""
    interface, vxlan = switch.interface(name), switch.settings.vxlan
    if vxlan is not None and vxlan.over_ipv6:
        return next((found.address for found in interface.addresses6), None)
    return interface.address.address if interface.address else None


def state(switch: Switch, down: str, pair: Pair | None, dynamic: Mapping[str, int]) -> Vxlan | None:
    """Return the state of Vxlan1; flood lists, VTEPs and checks come later."""
    vxlan = switch.settings.vxlan
    if vxlan is None:
        return None
    up = not down and not switch.interface(vxlan.name).shutdown
    vrfs = {vrf: (dynamic[vrf], vni) for vrf, vni in vxlan.vrfs.items() if vrf in dynamic}
    return Vxlan(
        vxlan.name,
        vxlan.source,
        source_address(switch, pair),
        up,
        dict(sorted(vxlan.vlans.items())),
        dict(sorted(vrfs.items())),
        router_mac=pair.system_id if pair and vxlan.mlag_system_id else None,
    )


def static_flood(switch: Switch) -> dict[int, tuple[int, ...]]:
    """Return VLAN -> VTEPs of the configured flood lists."""
    vxlan = switch.settings.vxlan
    if vxlan is None:
        return {}
    return {
        vlan: tuple(vxlan.flood_vlans.get(vlan, vxlan.flood))
        for vlan in vxlan.vlans
        if vlan in vxlan.flood_vlans or vxlan.flood
    }


# ---------------------------------------------------------------------------------- config-sanity
def sanity(
    switch: Switch, vxlan: Vxlan, down: str, peer: tuple[Switch, Vxlan | None] | None
) -> dict[str, tuple[VxlanCheck, ...]]:
    """Return the rows of `show vxlan config-sanity`, by category as EOS groups them.

    `pd` checks the forwarding chip, which a twin has not, and `cvx` a controller that is not
    modelled: both are constants.
    """
    return {
        "localVtep": _local(switch, vxlan, down),
        "remoteVtep": _remote(vxlan),
        "pd": (VxlanCheck("VXLAN Bridging", True), VxlanCheck("VXLAN Routing", True)),
        "cvx": (VxlanCheck("CVX Server", True, "Not in controller client mode"),),
        "mlag": _mlag(switch, vxlan, peer),
    }


def _check(name: str, failures: list[str]) -> VxlanCheck:
    return VxlanCheck(name, not failures, "; ".join(failures))


def _local(switch: Switch, vxlan: Vxlan, down: str) -> tuple[VxlanCheck, ...]:
    settings = switch.settings
    source_down = [down] if down and "VNI" not in down else []
    empty = [] if vxlan.vlans or vxlan.vrfs else ["No VLAN-VNI mapping in Vxlan1"]
    unrouted = [
        f"routing is off in VRF {vrf}"
        for vrf in vxlan.vrfs
        if vrf not in settings.vrfs or not settings.vrfs[vrf].routing
    ]
    return (
        _check("Loopback IP Address", source_down),
        _remark(_check("VLAN-VNI Map", empty + _mapped_twice(vxlan)), _missing(switch, vxlan)),
        # an empty flood list is told and passes: a lone VTEP is no error
        _remark(
            VxlanCheck("Flood List", True),
            [f"VLAN {n} has no flood list" for n in vxlan.vlans if n not in vxlan.flood],
        ),
        _remark(_check("Routing", _virtual_router(switch)), unrouted),
        VxlanCheck("VNI VRF ACL", True),  # not modelled: constant
        _check("VRF-VNI Dynamic VLAN", _undynamic(switch, vxlan)),
        VxlanCheck("Decap VRF-VNI Map", True),  # not modelled: constant
    )


def _remark(check: VxlanCheck, remarks: list[str]) -> VxlanCheck:
    """Add what is worth telling and no failure."""
    return replace(check, detail="; ".join([check.detail, *remarks] if check.detail else remarks))


def _missing(switch: Switch, vxlan: Vxlan) -> list[str]:
    """A map to a VLAN that does not exist is legal configuration: MLAG's check reports it."""
    return [f"VLAN {n} does not exist" for n in vxlan.vlans if n not in switch.settings.vlans]


def _mapped_twice(vxlan: Vxlan) -> list[str]:
    counts = Counter(vxlan.vlans.values())
    return [f"VNI {vni} is mapped twice" for vni, count in sorted(counts.items()) if count > 1]


def _undynamic(switch: Switch, vxlan: Vxlan) -> list[str]:
    configured = switch.settings.vxlan.vrfs if switch.settings.vxlan else {}
    return [f"VRF {vrf} has no dynamic VLAN" for vrf in configured if vrf not in vxlan.vrfs]


def _virtual_router(switch: Switch) -> list[str]:
    """EOS: SVIs with a virtual address need `ip virtual-router mac-address`."""
    if switch.settings.virtual_router_mac is not None:
        return []
    return [
        f"{name} has a virtual address and no virtual-router MAC is configured"
        for name, interface in sorted(
            switch.settings.interfaces.items(), key=lambda item: names.sort_key(item[0])
        )
        if interface.virtual or interface.varp
    ]


def _remote(vxlan: Vxlan) -> tuple[VxlanCheck, ...]:
    own = [
        f"{format_address(v)} is this VTEP's own address" for v in vxlan.vteps if v == vxlan.source
    ]
    return (_check("Remote VTEP", own),)


def _mlag(
    switch: Switch, vxlan: Vxlan, peer: tuple[Switch, Vxlan | None] | None
) -> tuple[VxlanCheck, ...]:
    apart = "" if peer else "MLAG peer is not connected"
    address, maps, macs = _peer_differences(switch, vxlan, peer) if peer else ([], [], [])
    return (
        _remark(_check("Peer VTEP IP", address), [apart] if apart else []),
        VxlanCheck("MLAG VTEP IP", True),  # not modelled: constant
        _check("Peer VLAN-VNI", maps),
        _check("Virtual VTEP IP", macs),
        VxlanCheck("MLAG Inactive State", True),  # not modelled: constant
    )


def _peer_differences(
    switch: Switch, vxlan: Vxlan, peer: tuple[Switch, Vxlan | None]
) -> tuple[list[str], list[str], list[str]]:
    other_switch, other = peer
    if other is None:
        return [f"{other_switch.node} has no Vxlan1"], [], []
    address = [] if vxlan.source == other.source else ["the peers' VTEP addresses differ"]
    same = switch.settings.virtual_router_mac == other_switch.settings.virtual_router_mac
    macs = [] if same else ["the peers' virtual-router MACs differ"]
    return address, _map_differences(vxlan, other), macs


def _map_differences(vxlan: Vxlan, other: Vxlan) -> list[str]:
    keys = sorted(vxlan.vlans.keys() | other.vlans.keys())
    return [
        f"VLAN {key}: VNI {vxlan.vlans.get(key, '-')} here, {other.vlans.get(key, '-')} on the peer"
        for key in keys
        if vxlan.vlans.get(key) != other.vlans.get(key)
    ]
