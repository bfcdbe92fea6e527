"""A hand-made leaf of an EVPN fabric, and a way to ask it show commands."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from avdlab.net.addresses import parse_interface_address, parse_ipv4, parse_prefix
from avdlab.twin.cli.show.catalog import find
from avdlab.twin.cli.show.registry import View
from avdlab.twin.config.settings import (
    Afi,
    BgpSettings,
    BgpVrfSettings,
    ChannelGroup,
    DeviceSettings,
    EapiSettings,
    InterfaceSettings,
    MlagSettings,
    NeighborSettings,
    Switchport,
    SwitchportMode,
    SystemSettings,
    UserSettings,
    VrfSettings,
    VxlanSettings,
)
from avdlab.twin.device import DeviceState, Identity
from avdlab.twin.tables.bgp import (
    Attributes,
    Bgp,
    BgpPath,
    BgpSession,
    EvpnEntry,
    EvpnKey,
    EvpnType,
    SessionState,
)
from avdlab.twin.tables.l2 import (
    ArpEntry,
    MacEntry,
    Mlag,
    MlagInterface,
    MlagStatus,
    StpInstance,
    StpPort,
    StpState,
    Vlan,
    Vxlan,
    VxlanCheck,
)
from avdlab.twin.tables.ping import PingResult
from avdlab.twin.tables.ports import (
    InterfaceStatus,
    LacpMember,
    LineProtocol,
    LldpNeighbor,
    Port,
    PortChannel,
    PortKind,
)
from avdlab.twin.tables.rib import Rib, Route, RouteType, Via

MAC = "00:1c:73:00:00:11"
NOW, BOOTED = 1_000_600.0, 1_000_000.0


def port(name: str, kind: PortKind, *, up: bool = True, **more: Any) -> Port:
    status = InterfaceStatus.CONNECTED if up else InterfaceStatus.DISABLED
    line = LineProtocol.UP if up else LineProtocol.DOWN
    speed = 10**9 if kind in (PortKind.ETHERNET, PortKind.PORT_CHANNEL) else 0
    mac = "" if kind in (PortKind.LOOPBACK, PortKind.VXLAN) else MAC
    fields = {"mtu": 1500, "bandwidth": speed, "mac": mac} | more
    return Port(name, kind, status, line, **fields)


def ports() -> dict[str, Port]:
    trunk, routed = {"mtu": 9214}, {"routed": True}
    found = [
        port("Ethernet1", PortKind.ETHERNET, description="to spine1", **routed),
        port("Ethernet2", PortKind.ETHERNET, description="to spine2", **routed),
        port("Ethernet3", PortKind.ETHERNET, channel="Port-Channel3", **trunk),
        port("Ethernet5", PortKind.ETHERNET, channel="Port-Channel5", **trunk),
        port("Ethernet6", PortKind.ETHERNET, up=False, **trunk),
        port("Ethernet7", PortKind.ETHERNET, **trunk),
        port("Port-Channel3", PortKind.PORT_CHANNEL, **trunk),
        port("Port-Channel5", PortKind.PORT_CHANNEL, **trunk),
        port("Management1", PortKind.MANAGEMENT, **routed),
        port("Loopback0", PortKind.LOOPBACK, mtu=65535, **routed),
        port("Loopback1", PortKind.LOOPBACK, mtu=65535, **routed),
        port("Vlan10", PortKind.VLAN, **routed),
        port("Vlan4093", PortKind.VLAN, **routed),
        port("Vxlan1", PortKind.VXLAN, mtu=0),
    ]
    return {entry.name: entry for entry in found}


def interfaces() -> dict[str, InterfaceSettings]:
    routed = {
        "Ethernet1": ("10.0.0.1/31", "default"),
        "Ethernet2": ("10.0.0.3/31", "default"),
        "Loopback0": ("192.168.255.3/32", "default"),
        "Loopback1": ("192.168.254.3/32", "default"),
        "Vlan4093": ("10.255.252.0/31", "default"),
        "Management1": ("172.16.1.11/24", "MGMT"),
    }
    found = {
        name: InterfaceSettings(name, address=parse_interface_address(address), vrf=vrf)
        for name, (address, vrf) in routed.items()
    }
    trunk = Switchport(SwitchportMode.TRUNK)
    settings = [
        InterfaceSettings("Ethernet3", channel_group=ChannelGroup(3, "active")),
        InterfaceSettings("Ethernet5", channel_group=ChannelGroup(5, "active")),
        InterfaceSettings("Ethernet6", shutdown=True, switchport=Switchport()),
        InterfaceSettings("Ethernet7", switchport=Switchport(access_vlan=10)),
        InterfaceSettings("Port-Channel3", switchport=trunk),
        InterfaceSettings("Port-Channel5", switchport=trunk, mlag=5, description="srv1"),
        InterfaceSettings("Vlan10", vrf="RED", virtual=(parse_interface_address("10.1.10.1/24"),)),
        InterfaceSettings("Vxlan1"),
    ]
    return found | {entry.name: entry for entry in settings}


def settings() -> DeviceSettings:
    vrfs = ("default", True), ("RED", True), ("MGMT", False)
    overlay = NeighborSettings(
        "EVPN", is_peer_group=True, ebgp_multihop=3, send_community=frozenset({"extended"})
    )
    neighbors = {
        "EVPN": overlay,
        "10.0.0.0": NeighborSettings("10.0.0.0", remote_as=65001),
        "192.168.255.1": NeighborSettings("192.168.255.1", peer_group="EVPN", remote_as=65001),
    }
    return DeviceSettings(
        system=SystemSettings(
            hostname="leaf1",
            domain="lab.test",
            users={"admin": UserSettings("admin", 15, "network-admin")},
            eapi=EapiSettings(shutdown=False, vrfs={"MGMT": True}),
        ),
        interfaces=interfaces(),
        mlag=MlagSettings(
            "PAIR", "Vlan4093", parse_ipv4("10.255.252.1"), "Port-Channel3", reload_delay=300
        ),
        vxlan=VxlanSettings(source="Loopback1", vlans={10: 10010}, vrfs={"RED": 50001}),
        vrfs={name: VrfSettings(name, routing) for name, routing in vrfs},
        bgp=BgpSettings(
            65101,
            vrfs={
                "default": BgpVrfSettings("default", neighbors=neighbors),
                "RED": BgpVrfSettings("RED", rd="192.168.255.3:1"),
            },
        ),
    )


def ribs() -> dict[str, Rib]:
    up1 = Via("Ethernet1", parse_ipv4("10.0.0.0"))
    up2 = Via("Ethernet2", parse_ipv4("10.0.0.2"))
    tunnel = Via(vtep=parse_ipv4("192.168.254.4"), vni=50001, router_mac="00:1c:73:00:00:22")
    connected = RouteType.CONNECTED
    default = Rib.of(
        [
            route("10.0.0.0/31", connected, 0, Via("Ethernet1"), directly_connected=True),
            route("192.168.255.3/32", connected, 0, Via("Loopback0"), directly_connected=True),
            route("192.168.254.4/32", RouteType.EBGP, 200, up1, up2),
            route("10.99.0.0/16", RouteType.STATIC, 1, drop=True),
        ]
    )
    red = Rib.of([route("10.1.20.0/24", RouteType.EBGP, 200, tunnel)])
    return {"default": default, "RED": red, "MGMT": Rib()}


def route(prefix: str, kind: RouteType, preference: int, *vias: Via, **more: Any) -> Route:
    return Route(parse_prefix(prefix), kind, preference, 0, vias, **more)


def bgp() -> Bgp:
    spine = parse_ipv4("192.168.255.1")
    underlay = BgpSession(
        *("default", "10.0.0.0", 65001, 65101, SessionState.ESTABLISHED),
        local_address=parse_ipv4("10.0.0.1"),
        local_interface="Ethernet1",
        peer_router_id=spine,
        ebgp=True,
        families=frozenset({Afi.IPV4}),
        configured_families=frozenset({Afi.IPV4}),
        prefixes_received={Afi.IPV4: 4},
        prefixes_accepted={Afi.IPV4: 3},
    )
    down = BgpSession(
        *("default", "10.0.0.2", 65001, 65101, SessionState.ACTIVE),
        ebgp=True,
        configured_families=frozenset({Afi.IPV4}),
        reason="no answer",
    )
    overlay = BgpSession(
        *("default", "192.168.255.1", 65001, 65101, SessionState.ESTABLISHED),
        local_address=parse_ipv4("192.168.255.3"),
        peer_router_id=spine,
        ebgp=True,
        families=frozenset({Afi.EVPN}),
        configured_families=frozenset({Afi.EVPN}),
        peer_group="EVPN",
        description="spine1",
        prefixes_received={Afi.EVPN: 2},
        prefixes_accepted={Afi.EVPN: 2},
    )
    remote = BgpPath(
        Attributes(
            parse_ipv4("192.168.254.4"),
            (65001, 65102),
            ext_communities=frozenset({"Route-Target-AS:10:10010", "TunnelEncap:tunnelTypeVxlan"}),
        ),
        *("192.168.255.1", spine, False, True, True, True),
        ecmp=True,
        ecmp_head=True,
        ecmp_contributor=True,
    )
    local = BgpPath(Attributes(0), "", parse_ipv4("192.168.255.3"), True, False, True, True)
    prefix = parse_prefix("10.1.20.0/24")
    keys = [
        (EvpnKey(EvpnType.IMET, "192.168.255.4:10", address=parse_ipv4("192.168.254.4")), remote),
        (EvpnKey(EvpnType.IMET, "192.168.255.3:10", address=parse_ipv4("192.168.254.3")), local),
        (EvpnKey(EvpnType.IP_PREFIX, "192.168.255.4:1", prefix=prefix), remote),
        (EvpnKey(EvpnType.MAC_IP, "192.168.255.4:10", mac="00:50:00:00:00:01"), remote),
    ]
    default = {
        parse_prefix("192.168.255.3/32"): (local,),
        parse_prefix("192.168.254.4/32"): (remote, replace(remote, best=False, ecmp_head=False)),
    }
    return Bgp(
        65101,
        {"default": parse_ipv4("192.168.255.3"), "RED": parse_ipv4("192.168.255.3")},
        (overlay, underlay, down),
        {"default": default, "RED": {}},
        {key: EvpnEntry(key, (path,), 50001 if key.prefix else 10010) for key, path in keys},
    )


def stp() -> dict[str, StpInstance]:
    names = ("Ethernet7", "Port-Channel3", "Port-Channel5")
    found = {name: StpPort(name, "designated", StpState.FORWARDING, 20000) for name in names}
    found["Ethernet7"] = replace(found["Ethernet7"], role="alternate", state=StpState.DISCARDING)
    return {"MST0": StpInstance("MST0", 4096, MAC, 4096, MAC, None, 0, found)}


def mlag() -> Mlag:
    entry = MlagInterface(5, "Port-Channel5", "active-full", True, True, "Port-Channel5")
    return Mlag(
        *(MlagStatus.ACTIVE, "connected", "up", "up", "primary", "leaf2"),
        peer_mac="00:1c:73:00:00:22",
        system_id="02:1c:73:00:00:11",
        interfaces=(entry,),
    )


def vxlan() -> Vxlan:
    checks = (VxlanCheck("Loopback IP Address", True),)
    return Vxlan(
        *("Vxlan1", "Loopback1", parse_ipv4("192.168.254.3"), True),
        vlans={10: 10010},
        vrfs={"RED": (4092, 50001)},
        flood={10: (parse_ipv4("192.168.254.4"),)},
        vteps=(parse_ipv4("192.168.254.4"),),
        router_mac="02:1c:73:00:00:11",
        sanity={"localVtep": checks, "pd": checks, "mlag": checks},
    )


def lacp(number: int, member: str, *, active: bool = True) -> PortChannel:
    reason = "" if active else "waiting for LACP response"
    partner = "02:00:00:00:00:05" if active else None
    entry = LacpMember(member, active, "active", reason, partner, number)
    return PortChannel(f"Port-Channel{number}", (entry,), MAC, number)


def device() -> DeviceState:
    spine = LldpNeighbor("spine1.lab.test", "00:1c:73:00:00:01", "Ethernet1", "to leaf1")
    return DeviceState(
        identity=Identity("leaf1", "TWIN0001", MAC),
        settings=settings(),
        ports=ports(),
        lldp={"Ethernet1": (spine,)},
        port_channels={
            "Port-Channel3": lacp(3, "Ethernet3"),
            "Port-Channel5": lacp(5, "Ethernet5"),
        },
        vlans={
            10: Vlan(10, "BLUE", interfaces=("Ethernet7", "Port-Channel3", "Port-Channel5")),
            4092: Vlan(4092, "VLAN4092", dynamic=True),
            4093: Vlan(4093, "MLAG", interfaces=("Port-Channel3",)),
        },
        stp=stp(),
        mlag=mlag(),
        vxlan=vxlan(),
        ribs=ribs(),
        bgp=bgp(),
        arp=(ArpEntry("default", parse_ipv4("10.0.0.0"), "00:1c:73:00:00:01", "Ethernet1"),),
        macs=(
            MacEntry(10, "00:50:00:00:00:01", "Vxlan1", vtep=parse_ipv4("192.168.254.4")),
            MacEntry(10, "00:50:00:00:00:02", "Port-Channel5"),
        ),
    )


def answer_ping(_vrf: str, target: int, _src: int | None, size: int, df: bool, repeat: int) -> Any:
    """Only the first spine answers, and only packets that fit."""
    answers = target == parse_ipv4("10.0.0.0") and not (df and size > 1500)
    return PingResult(repeat, repeat if answers else 0, unreachable=target == 0)


Change = Callable[..., View]


@pytest.fixture
def leaf() -> View:
    return View(device(), NOW, BOOTED, {("bgp", "default", "10.0.0.0"): NOW - 90.0}, answer_ping)


@pytest.fixture
def changed(leaf: View) -> Change:
    """Return the leaf with some fields of its state replaced."""
    return lambda **fields: replace(leaf, device=replace(leaf.device, **fields))


@pytest.fixture
def bare_switch(changed: Change) -> View:
    """A switch without configuration: two ports, nothing connected."""
    names = ("Ethernet1", "Ethernet2")
    down = {name: port(name, PortKind.ETHERNET, up=False) for name in names}
    return changed(
        settings=DeviceSettings(),
        ports=down,
        lldp={},
        port_channels={},
        vlans={1: Vlan(1, "default")},
        stp={},
        mlag=Mlag(MlagStatus.DISABLED, "", "", ""),
        vxlan=None,
        ribs={"default": Rib()},
        bgp=None,
        arp=(),
        macs=(),
    )


def _found(command: str) -> tuple[Any, Any]:
    found = find(command)
    assert found is not None, f"no such command: {command}"
    return found


@pytest.fixture
def json_of() -> Callable[[View, str], Any]:
    def ask(view: View, command: str) -> Any:
        entry, args = _found(command)
        return entry.json(view, args)

    return ask


@pytest.fixture
def text_of() -> Callable[[View, str], str]:
    def ask(view: View, command: str) -> str:
        entry, args = _found(command)
        return str(entry.text(view, args))

    return ask
