"""Reading interface sections, in old and new spelling."""

import pytest

from avdlab.net.addresses import InterfaceAddress, parse_ipv4
from avdlab.twin.config.read.interfaces import read_interfaces
from avdlab.twin.config.settings import InterfaceSettings, PimInterface, SwitchportMode
from avdlab.twin.config.tree import parse_indented


def read(text: str) -> dict[str, InterfaceSettings]:
    return read_interfaces(parse_indented(text))[0]


@pytest.mark.parametrize(
    "lines",
    [
        "   no switchport\n   ip address 10.0.0.1/31\n",
        "   ip address 10.0.0.1/31\n   no switchport\n",
        "   no switchport\n   ip address 10.0.0.1 255.255.255.254\n",
    ],
)
def test_routed_port_in_any_order_and_spelling(lines: str) -> None:
    found = read("interface Ethernet1\n" + lines)["Ethernet1"]
    assert found.switchport is None
    assert found.address == InterfaceAddress(parse_ipv4("10.0.0.1"), 31)


@pytest.mark.parametrize("line", ["vrf RED", "vrf forwarding RED"])
def test_vrf_in_both_spellings(line: str) -> None:
    assert read(f"interface Vlan5\n   {line}\n")["Vlan5"].vrf == "RED"


def test_a_port_switches_by_default() -> None:
    found = read("interface Ethernet1\ninterface Loopback0\n")
    assert found["Ethernet1"].switchport is not None
    assert found["Ethernet1"].switchport.mode is SwitchportMode.ACCESS
    assert found["Loopback0"].switchport is None


def test_default_mode_and_defaults() -> None:
    text = (
        "interface Ethernet1\n"
        "interface Ethernet2\n   no shutdown\n   switchport\n"
        "interface defaults\n   ethernet\n      shutdown\n   mtu 9000\n"
        "switchport default mode routed\n"
    )
    found, defaults = read_interfaces(parse_indented(text))
    assert found["Ethernet1"].shutdown
    assert found["Ethernet1"].switchport is None
    assert not found["Ethernet2"].shutdown
    assert found["Ethernet2"].switchport is not None
    assert defaults.mtu == 9000


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("10,20-22", {10, 20, 21, 22}),
        ("none", set()),
        ("except 3-4094", {1, 2}),
        ("all", None),
    ],
)
def test_allowed_vlans(words: str, expected: set[int] | None) -> None:
    found = read(f"interface Ethernet1\n   switchport trunk allowed vlan {words}\n")["Ethernet1"]
    assert found.switchport is not None
    assert found.switchport.allowed == expected


def test_allowed_vlans_add_and_remove() -> None:
    found = read(
        "interface Port-Channel1\n   switchport trunk allowed vlan 1-5\n"
        "   switchport trunk allowed vlan add 9\n   switchport trunk allowed vlan remove 2\n"
    )["Port-Channel1"]
    assert found.switchport is not None
    assert found.switchport.allowed == frozenset({1, 3, 4, 5, 9})


def test_addresses_of_an_svi() -> None:
    found = read(
        "interface Vlan10\n   ip address 10.0.0.2/24\n   ip address 10.1.0.2/24 secondary\n"
        "   ip virtual-router address 10.0.0.1\n"
    )["Vlan10"]
    assert [str(a) for a in (found.address, *found.secondary)] == ["10.0.0.2/24", "10.1.0.2/24"]
    assert [str(a) for a in found.varp] == ["10.0.0.1/32"]


def test_bundle_settings() -> None:
    found = read(
        "interface Port-Channel7\n   mlag 7\n   port-channel min-links 2\n"
        "   port-channel lacp fallback timeout 30\n   port-channel lacp fallback static\n"
        "interface Ethernet7\n   channel-group 7 mode passive\n   lacp port-priority 10\n"
    )
    channel, member = found["Port-Channel7"], found["Ethernet7"]
    assert (channel.mlag, channel.min_links) == (7, 2)
    assert channel.lacp_fallback is not None
    assert (channel.lacp_fallback.mode, channel.lacp_fallback.timeout) == ("static", 30)
    assert member.channel_group is not None
    assert (member.channel_group.number, member.channel_group.mode) == (7, "passive")
    assert member.lacp_port_priority == 10


def test_a_senseless_value_is_left_alone() -> None:
    found = read("interface Ethernet1\n   ip address 10.0.0.300/24\n   mtu 9000\n")["Ethernet1"]
    assert found.address is None
    assert found.mtu == 9000


def test_lines_that_show_commands_mirror_are_kept() -> None:
    found = read("interface Ethernet1\n   ip proxy-arp\n   ip local-proxy-arp\n")
    assert found["Ethernet1"].other == ("ip proxy-arp", "ip local-proxy-arp")


def test_pim() -> None:
    lines = ("sparse-mode", "hello interval 5", "hello count 2.5", "dr-priority 7")
    text = "".join(f"   pim ipv4 {line}\n" for line in (*lines, "local-interface Lo0"))
    found = read(f"interface Ethernet1\n{text}")["Ethernet1"].pim
    assert found == PimInterface(True, 5, 2.5, 7, "Loopback0")
