"""Frames: what is written is known again; anything else does no harm."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.wire import frames

MAC = bytes.fromhex("001c73000101")
A, B = parse_ipv4("10.0.0.1"), parse_ipv4("10.0.0.2")

WRITTEN = {
    "lldp": frames.lldp(MAC, frames.Lldp(MAC, "Ethernet1", "leaf1.lab", "twin")),
    "lacp": frames.lacp(MAC, frames.Lacp(MAC, 5, 1, active=True)),
    "arp": frames.arp(MAC, A, A),
    "bgp": frames.bgp_keepalive(MAC, A, B),
    "vxlan": frames.vxlan(MAC, A, B, 10010),
}


@pytest.mark.parametrize("protocol", sorted(WRITTEN))
def test_what_is_written_is_known_again(protocol):
    frame = WRITTEN[protocol]
    assert frames.protocol(frame) == protocol
    assert frames.protocol(frames.tagged(frame, 4093)) == protocol
    assert frames.protocol(frames.tagged(frames.tagged(frame, 10), 20)) == protocol
    assert len(frame) >= 60 or protocol == "lldp"


def test_own_frames_are_told_apart():
    frame = frames.own(MAC, b"body")
    assert frames.payload(frame) == b"body"
    assert frames.protocol(frame) is None
    assert all(frames.payload(other) is None for other in WRITTEN.values())


@pytest.mark.parametrize("protocol", ["bgp", "vxlan"])
def test_the_checksums_are_right(protocol):
    packet = WRITTEN[protocol][14:]
    length = int.from_bytes(packet[2:4], "big")
    assert summed(packet[:20]) == 0xFFFF
    if protocol == "bgp":
        segment = packet[20:length]
        assert summed(packet[12:20] + struct.pack("!HH", 6, len(segment)) + segment) == 0xFFFF


def summed(data: bytes) -> int:
    """Add in one's complement (RFC 1071): right data add up to all ones."""
    data += bytes(len(data) % 2)
    total = sum(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def test_an_lldp_frame_has_the_mandatory_tlvs_in_order():
    body, kinds = WRITTEN["lldp"][14:], []
    while body:
        head = int.from_bytes(body[:2], "big")
        kinds.append(head >> 9)
        body = body[2 + (head & 0x1FF) :]
    assert kinds == [1, 2, 3, 5, 6, 0]  # IEEE 802.1AB 8.2


@given(st.binary(max_size=120))
def test_any_octets_are_read_without_harm(data):
    assert frames.protocol(data) in {None, *WRITTEN}
    frames.payload(data)


@given(st.sampled_from(sorted(WRITTEN)), st.integers(0, 100))
def test_cut_frames_are_read_without_harm(protocol, length):
    assert frames.protocol(WRITTEN[protocol][:length]) in {None, protocol}
