"""What EOS before 4.30 made of the L3 VNIs that it heard of over EVPN and did not import.

Every leaf recorded with 4.23 has, below the dynamic VLANs of its own VRFs, one more for each of
them, with an SVI without address in VRF default. Which VNI got which VLAN was up to the order of
arrival; here they are taken in the order of the numbers.
"""

from dataclasses import replace

from avdlab.net import interfaces as names
from avdlab.net.release import Release
from avdlab.twin.device import DeviceState
from avdlab.twin.protocols.ports import DYNAMIC_SVI_MTU
from avdlab.twin.tables.bgp import EvpnType
from avdlab.twin.tables.l2 import Vlan
from avdlab.twin.tables.ports import InterfaceStatus, LineProtocol, Port, PortKind

_UNTIL = Release(4, 30)


def with_heard_vnis(device: DeviceState) -> DeviceState:
    """Return the device with those VLANs and SVIs, where its release makes them."""
    release, vxlan = device.identity.release, device.vxlan
    if release is None or release >= _UNTIL or vxlan is None or not vxlan.up or device.bgp is None:
        return device
    own = {vni for _, vni in vxlan.vrfs.values()}
    heard = sorted(
        {
            entry.vni
            for key, entry in device.bgp.evpn.items()
            if key.type is EvpnType.IP_PREFIX and entry.vni and entry.vni not in own
        }
    )
    top = device.settings.internal_vlans[1]
    highest = min((vlan for vlan, _ in vxlan.vrfs.values()), default=top)
    free = (vlan for vlan in range(highest - 1, 1, -1) if vlan not in device.vlans)
    taken = dict(zip(free, heard, strict=False))
    ports = {**device.ports, **{f"Vlan{vlan}": _svi(device, vlan) for vlan in taken}}
    vlans = {**device.vlans, **{v: Vlan(v, f"VLAN{v:04}", dynamic=True) for v in taken}}
    return replace(
        device,
        ports=dict(sorted(ports.items(), key=lambda item: names.sort_key(item[0]))),
        vlans=dict(sorted(vlans.items())),
        vxlan=replace(vxlan, heard=taken),
    )


def _svi(device: DeviceState, vlan: int) -> Port:
    return Port(
        f"Vlan{vlan}",
        PortKind.VLAN,
        InterfaceStatus.CONNECTED,
        LineProtocol.UP,
        DYNAMIC_SVI_MTU,
        0,
        device.identity.system_mac,
        routed=True,
    )
