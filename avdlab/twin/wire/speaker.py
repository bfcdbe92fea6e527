"""Which protocol frames a node sends on which port, as its running-config asks. Pure.

Nothing here waits for the computed state: a BGP speaker keeps trying to reach its peers, and a VTEP
with peers has packets for them. What the far end makes of it, the engine decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from avdlab.net import interfaces as names
from avdlab.net.addresses import InterfaceAddress, Prefix, parse_ipv4, parse_prefix
from avdlab.twin.config.settings import DeviceSettings, InterfaceSettings
from avdlab.twin.protocols.lldp import system_name
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.protocols.vlan import carried
from avdlab.twin.wire import frames

SYSTEM = "avdlab twin (wire node): not EOS, not cEOS"


@dataclass(frozen=True, slots=True)
class Speech:
    """What a port says every interval: protocol -> frame."""

    port: str
    frames: Mapping[str, bytes]

    @property
    def sends(self) -> tuple[str, ...]:
        return tuple(sorted(self.frames))


def speech(switch: Switch, port: str, mac: bytes, vteps: frozenset[int]) -> Speech:
    """Return what a port says. `vteps`: the VTEP addresses of other nodes."""
    interface = switch.interface(port)
    if interface.shutdown:
        return Speech(port, {})
    said = {
        **dict(_lldp(switch, interface, mac)),
        **dict(_lacp(switch, interface, mac)),
    }
    for spoken in _behind(switch, interface):
        for protocol, frame in _over_ip(switch, spoken, mac, vteps):
            said.setdefault(protocol, frame)  # one frame of each protocol stands for all of them
    return Speech(port, said)


def _lldp(switch: Switch, interface: InterfaceSettings, mac: bytes) -> Iterator[tuple[str, bytes]]:
    if switch.settings.system.lldp_enabled and interface.lldp_transmit:
        chassis = frames.mac_bytes(switch.system_mac)
        said = frames.Lldp(chassis, interface.name, system_name(switch), SYSTEM)
        yield "lldp", frames.lldp(mac, said)


def _lacp(switch: Switch, interface: InterfaceSettings, mac: bytes) -> Iterator[tuple[str, bytes]]:
    group = interface.channel_group
    if group is not None and group.mode != "on":
        number = names.split(interface.name)[1][-1]
        system = frames.mac_bytes(switch.system_mac)
        actor = frames.Lacp(system, group.number & 0xFFFF, number, group.mode == "active")
        yield "lacp", frames.lacp(mac, actor)


# ---------------------------------------------------------------------------------- over IPv4
@dataclass(frozen=True, slots=True)
class _Spoken:
    """A routed interface behind a port, its address, and the tag that its frames carry there."""

    interface: InterfaceSettings
    address: InterfaceAddress | None
    vlan: int | None = None


def _behind(switch: Switch, port: InterfaceSettings) -> Iterator[_Spoken]:
    """Yield the routed interfaces behind a port: itself or its Port-Channel, or the SVIs."""
    above = switch.channel_of(port.name)
    logical = switch.interface(above) if above else port
    if logical.switchport is None:
        yield _Spoken(logical, _address(switch.settings, logical))
        return
    numbers = carried(switch.settings, logical.switchport)
    for number in sorted(numbers):
        svi = switch.settings.interfaces.get(f"Vlan{number}")
        if svi is not None and not svi.shutdown and svi.address is not None:
            native = logical.switchport.native_vlan == number
            yield _Spoken(svi, svi.address, None if native else number)


def _address(settings: DeviceSettings, interface: InterfaceSettings) -> InterfaceAddress | None:
    lender = settings.interfaces.get(interface.unnumbered or "")
    return lender.address if lender is not None else interface.address


def _over_ip(
    switch: Switch, spoken: _Spoken, mac: bytes, vteps: frozenset[int]
) -> Iterator[tuple[str, bytes]]:
    own = spoken.address.address if spoken.address is not None else 0
    if own:
        yield "arp", frames.tagged(frames.arp(mac, own, own), spoken.vlan)
    session = _session(switch.settings, spoken)
    if session is not None:
        yield "bgp", frames.tagged(frames.bgp_keepalive(mac, *session), spoken.vlan)
    tunnel = _tunnel(switch.settings, spoken, vteps)
    if tunnel is not None:
        yield "vxlan", frames.tagged(frames.vxlan(mac, *tunnel), spoken.vlan)


def _session(settings: DeviceSettings, spoken: _Spoken) -> tuple[int, int] | None:
    """Return the ends of a session that uses the interface: a connected peer, else a farther one.

    A session to a loopback may use any interface of its VRF: which, the routing tables say, and
    they rest on this very frame where the underlay is BGP.
    """
    vrf = settings.bgp.vrfs.get(spoken.interface.vrf) if settings.bgp else None
    if vrf is None or vrf.shutdown:
        return None
    own = spoken.address
    source = own.address if own is not None else 0
    if spoken.interface.name in vrf.neighbors:
        return source, 0  # unnumbered: between link-local addresses, which nobody configures
    numbers = (_number(name) for name, n in vrf.neighbors.items() if not n.shutdown)
    peers = sorted(number for number in numbers if number is not None)
    if own is not None:
        for peer in peers:
            if own.prefix.contains(peer) and peer != own.address:
                return own.address, peer
        for listen in vrf.listen_ranges:
            if (found := _prefix(listen.prefix)) is not None and own.prefix.covers(found):
                return own.address, found.network + 1
    subnets = [
        interface.address.prefix
        for interface in settings.interfaces.values()
        if interface.address is not None and interface.address.length < 32
    ]
    farther = [peer for peer in peers if not any(s.contains(peer) for s in subnets)]
    return (source, farther[0]) if farther and spoken.interface.vrf == "default" else None


def _tunnel(
    settings: DeviceSettings, spoken: _Spoken, vteps: frozenset[int]
) -> tuple[int, int, int] | None:
    """Return source, destination and a VNI of a tunnel that may leave by the interface."""
    own, others = vtep(settings), sorted(vteps)
    if own is None or settings.vxlan is None or spoken.interface.vrf != "default":
        return None
    others = [other for other in others if other != own]
    vnis = sorted({*settings.vxlan.vlans.values(), *settings.vxlan.vrfs.values()})
    return (own, others[0], vnis[0]) if others and vnis else None


def vtep(settings: DeviceSettings) -> int | None:
    """Return the address from which a node's VXLAN packets come."""
    source = settings.interfaces.get(settings.vxlan.source or "") if settings.vxlan else None
    return source.address.address if source is not None and source.address is not None else None


def _number(text: str) -> int | None:
    try:
        return parse_ipv4(text)
    except ValueError:  # a peer group, an interface, or an IPv6 address
        return None


def _prefix(text: str) -> Prefix | None:
    try:
        return parse_prefix(text)
    except ValueError:
        return None
