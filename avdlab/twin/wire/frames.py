"""The frames of the protocols that adjacencies rest on: written, and told apart when heard. Pure.

LLDP (IEEE 802.1AB), LACP (IEEE 802.1AX 6.4), ARP (RFC 826), TCP port 179 with a BGP KEEPALIVE
(RFC 4271 4.4), UDP port 4789 (RFC 7348). They are real enough for a filter on the link, a capture
and another implementation to know them; the state is computed by the engine, not from them.
"""

import struct
from dataclasses import dataclass

ETHERTYPE = 0x88B5  # IEEE 802 local experimental ethertype 1: the wire nodes' own
LLDP, LACP, ARP, IPV4, DOT1Q, QINQ = 0x88CC, 0x8809, 0x0806, 0x0800, 0x8100, 0x88A8
BGP_PORT, VXLAN_PORT = 179, 4789
_TCP, _UDP = 6, 17
_NEAREST_BRIDGE = bytes.fromhex("0180c200000e")
_SLOW_PROTOCOLS = bytes.fromhex("0180c2000002")
BROADCAST = b"\xff" * 6


def mac_bytes(mac: str) -> bytes:
    """Return the six octets of `aa:bb:cc:dd:ee:ff`."""
    return bytes.fromhex(mac.replace(":", ""))


def protocol(frame: bytes) -> str | None:
    """Tell which protocol a frame belongs to, a VLAN tag or two aside; None for any other."""
    kind, at = _ethertype(frame)
    if kind == LLDP:
        return "lldp"
    if kind == LACP and frame[at : at + 1] == b"\x01":  # the subtype: others are marker and OAM
        return "lacp"
    if kind == ARP:
        return "arp"
    return _over_ipv4(frame, at) if kind == IPV4 else None


def _ethertype(frame: bytes) -> tuple[int, int]:
    """Return the ethertype and where its payload starts; (0, 0) for what is no frame."""
    at = 12
    for _ in range(3):
        if len(frame) < at + 2:
            return 0, 0
        kind = int.from_bytes(frame[at : at + 2], "big")
        if kind not in (DOT1Q, QINQ):
            return kind, at + 2
        at += 4
    return 0, 0


def _over_ipv4(frame: bytes, at: int) -> str | None:
    if len(frame) < at + 20:
        return None
    ports = at + (frame[at] & 0x0F) * 4
    if len(frame) < ports + 4:
        return None
    pair = struct.unpack_from("!HH", frame, ports)
    if frame[at + 9] == _TCP and BGP_PORT in pair:
        return "bgp"
    if frame[at + 9] == _UDP and pair[1] == VXLAN_PORT:
        return "vxlan"
    return None


def payload(frame: bytes) -> bytes | None:
    """Return what a frame of the wire nodes' own carries; None for other frames."""
    kind, at = _ethertype(frame)
    return frame[at:] if kind == ETHERTYPE else None


def own(source: bytes, body: bytes) -> bytes:
    """Write a frame of the wire nodes' own."""
    return BROADCAST + source + ETHERTYPE.to_bytes(2, "big") + body


# ---------------------------------------------------------------------------------- LLDP, LACP
@dataclass(frozen=True, slots=True)
class Lldp:
    """What a switch says of itself on a port."""

    chassis: bytes
    port: str
    name: str
    system: str
    ttl: int = 120


def lldp(source: bytes, said: Lldp) -> bytes:
    """Write an LLDP frame: chassis and port, TTL, system name and description."""
    tlvs = (
        (1, b"\x04" + said.chassis),  # chassis id, subtype MAC address
        (2, b"\x05" + said.port.encode()),  # port id, subtype interface name
        (3, said.ttl.to_bytes(2, "big")),
        (5, said.name.encode()[:255]),
        (6, said.system.encode()[:255]),
        (0, b""),
    )
    body = b"".join(((kind << 9) | len(value)).to_bytes(2, "big") + value for kind, value in tlvs)
    return _NEAREST_BRIDGE + source + LLDP.to_bytes(2, "big") + body


@dataclass(frozen=True, slots=True)
class Lacp:
    """The actor of a member port."""

    system: bytes
    key: int
    port: int
    active: bool


def lacp(source: bytes, actor: Lacp) -> bytes:
    """Write a LACPDU. The partner is left empty: the engine decides what bundles."""
    state = 0x3C | (1 if actor.active else 0)  # aggregation, in sync, collecting, distributing
    own_half = struct.pack(
        "!BBH6sHHHB3x", 1, 20, 0x8000, actor.system, actor.key, 0x8000, actor.port, state
    )
    partner = struct.pack("!BB18x", 2, 20)
    collector = struct.pack("!BBH12x", 3, 16, 0)
    body = b"\x01\x01" + own_half + partner + collector + bytes(52)
    return _SLOW_PROTOCOLS + source + LACP.to_bytes(2, "big") + body


# ---------------------------------------------------------------------------------- ARP, IPv4
def tagged(frame: bytes, vlan: int | None) -> bytes:
    """Put a VLAN tag on a frame."""
    if vlan is None:
        return frame
    return frame[:12] + DOT1Q.to_bytes(2, "big") + vlan.to_bytes(2, "big") + frame[12:]


def arp(source: bytes, sender: int, target: int) -> bytes:
    """Ask who has an address; the sender's own address makes it an announcement."""
    body = struct.pack("!HHBBH6sI6sI", 1, IPV4, 6, 4, 1, source, sender, bytes(6), target)
    return _padded(BROADCAST + source + ARP.to_bytes(2, "big") + body)


def bgp_keepalive(source: bytes, sender: int, target: int) -> bytes:
    """Write a segment to the peer's port 179 that carries a KEEPALIVE."""
    message = b"\xff" * 16 + struct.pack("!HB", 19, 4)
    segment = struct.pack(
        "!HHIIBBHHH", 49152 + sender % 16384, BGP_PORT, 1, 1, 5 << 4, 0x18, 16384, 0, 0
    )
    return _ipv4(source, sender, target, _TCP, segment + message, checksum_at=16)


def vxlan(source: bytes, sender: int, target: int, vni: int) -> bytes:
    """Write a VXLAN packet between two VTEPs around an empty inner frame."""
    inner = _padded(BROADCAST + source + ETHERTYPE.to_bytes(2, "big"))
    header = struct.pack("!B3xI", 0x08, vni << 8)
    length = 8 + len(header) + len(inner)
    # RFC 7348 5: the outer UDP checksum is zero
    datagram = struct.pack("!HHHH", 49152 + target % 16384, VXLAN_PORT, length, 0) + header + inner
    return _ipv4(source, sender, target, _UDP, datagram)


def _ipv4(
    source: bytes, sender: int, target: int, kind: int, body: bytes, checksum_at: int | None = None
) -> bytes:
    addresses = struct.pack("!II", sender, target)
    if checksum_at is not None:
        pseudo = addresses + struct.pack("!BBH", 0, kind, len(body))
        body = _summed(body, checksum_at, pseudo)
    header = struct.pack("!BBHHHBBH", 0x45, 0xC0, 20 + len(body), 0, 0, 64, kind, 0) + addresses
    packet = _summed(header, 10) + body
    return _padded(b"".join((BROADCAST, source, IPV4.to_bytes(2, "big"), packet)))


def _summed(data: bytes, at: int, pseudo: bytes = b"") -> bytes:
    """Fill in the Internet checksum (RFC 1071)."""
    whole = pseudo + data + bytes(len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(whole) // 2}H", whole))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return data[:at] + (~total & 0xFFFF).to_bytes(2, "big") + data[at + 2 :]


def _padded(frame: bytes) -> bytes:
    return frame + bytes(max(0, 60 - len(frame)))
