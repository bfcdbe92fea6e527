"""Addresses and prefixes of both families."""

from ipaddress import IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avdlab.net.addresses import (
    Prefix,
    format_address,
    is_link_local,
    parse_address,
    parse_any_prefix,
    parse_interface_address6,
    parse_ipv6,
)


@given(address=st.ip_addresses(), length=st.integers(0, 128))
def test_prefixes_are_those_of_the_standard_library(address: IPv6Address, length: int) -> None:
    length = min(length, 32 if address.version == 4 else 128)
    network = ip_network(
        (int(address), length) if address.version == 4 else f"{address}/{length}", strict=False
    )
    prefix = parse_any_prefix(f"{address}/{length}")
    assert str(prefix) == str(network)
    assert prefix.contains(int(address))


def test_a_prefix_covers_its_own_family_alone() -> None:
    everything = parse_any_prefix("0.0.0.0/0")
    assert everything.covers(parse_any_prefix("10.0.0.0/8"))
    assert not everything.covers(parse_any_prefix("2001:db8::/32"))
    assert not parse_any_prefix("::/0").covers(parse_any_prefix("10.0.0.0/8"))
    assert parse_any_prefix("2001:db8::/32").covers(parse_any_prefix("2001:db8:1::/48"))


def test_text_and_back() -> None:
    assert format_address(parse_address("2001:DB8:0:0::1")) == "2001:db8::1"
    assert format_address(parse_address("192.0.2.1")) == "192.0.2.1"
    found = parse_interface_address6("2001:db8::1/64")
    assert (str(found), str(found.prefix)) == ("2001:db8::1/64", "2001:db8::/64")
    assert Prefix(parse_ipv6("2001:db8::1"), 128, 128).host


def test_link_local() -> None:
    """RFC 4291 2.5.6: fe80::/10."""
    assert is_link_local(parse_ipv6("fe80::1"))
    assert is_link_local(parse_ipv6("febf::1"))
    assert not is_link_local(parse_ipv6("fec0::1"))
    assert not is_link_local(parse_address("10.0.0.1"))


@pytest.mark.parametrize("text", ["2001:db8::1", "2001:db8::/129", "10.0.0.0/8", "x::/64"])
def test_what_is_no_prefix_of_ipv6_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an IPv6"):
        parse_interface_address6(text)
