"""Counting what the engine reads."""

from typing import Any

import pytest

from avdlab.twin.config.coverage import coverage
from avdlab.twin.config.loader import load
from avdlab.twin.config.read.management import MIRRORED
from avdlab.twin.config.read.root import TOP as ROOT
from avdlab.twin.config.read.table import Commands

PORT: Commands[Any] = Commands("interface")
TOP: Commands[Any] = Commands("")


@PORT.on("mtu <mtu>")
@TOP.on("hostname <name>")
@TOP.on("interface <name>", opens=PORT)
def _read(*_: object) -> None:
    """Stand for a reader; only the tables are asked."""


def test_lines_are_counted_with_their_modes():
    config = load(
        "hostname a\nntp serve\ninterface Ethernet1\n   mtu 9000\n   duplex full\n"
    ).config
    counts = coverage(config, TOP)
    assert (counts.modelled, counts.accepted) == (3, 2)
    assert ((), "ntp serve", "accepted") in counts.lines
    assert (("interface Ethernet1",), "duplex full", "accepted") in counts.lines
    assert (("interface Ethernet1",), "mtu 9000", "modelled") in counts.lines


def test_lines_of_a_bgp_address_family_are_read():
    text = "router bgp 65000\n   address-family evpn\n      neighbor A activate\n"
    counts = coverage(load(text).config, ROOT)
    assert (counts.modelled, counts.accepted) == (3, 0)


def test_mirrored_lines_are_counted_apart():
    text = "snmp-server contact x\nrouter bfd\n   slow-timer 2000\n   shutdown\n"
    counts = coverage(load(text).config, ROOT, MIRRORED)
    assert (counts.modelled, counts.mirrored, counts.accepted) == (0, 3, 1)
    assert (("router bfd",), "slow-timer 2000", "accepted") in counts.lines


@pytest.mark.parametrize(
    ("mode", "line", "kind"),
    [
        ("router bgp 1\n   vlan 10", "redistribute learned", "modelled"),
        ("router bgp 1\n   vlan 10", "redistribute igmp", "accepted"),
        ("router bgp 1", "redistribute connected route-map M", "modelled"),
        ("router bgp 1", "redistribute dhcp", "accepted"),
        ("router ospf 1", "redistribute static", "modelled"),
        ("router ospf 1", "redistribute rip", "accepted"),
    ],
)
def test_what_brings_no_routes_in_is_not_modelled(mode, line, kind):
    depth = 1 + mode.count("\n")
    counts = coverage(load(f"{mode}\n{'   ' * depth}{line}\n").config, ROOT, MIRRORED)
    assert [found[2] for found in counts.lines if found[1] == line] == [kind]
