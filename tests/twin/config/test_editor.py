"""Editing line by line: replacement, removal, modes and refusals as on EOS."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdlab.twin.config.editor import SEMANTIC, SYNTAX, Editor, Rejected
from avdlab.twin.config.loader import load
from avdlab.twin.config.tree import EMPTY, indented


def edited(*commands: str, base: str = "") -> list[str]:
    editor = Editor(load(base).config)
    for command in commands:
        editor.execute(command)
    return [line.strip() for line in indented(editor.config().children)]


@pytest.mark.parametrize(
    ("commands", "left"),
    [
        (["description a", "description b c"], ["description b c"]),
        (["mtu 1500", "mtu 9000"], ["mtu 9000"]),
        (["ip address 1.0.0.1/24", "ip address 1.0.0.2/24"], ["ip address 1.0.0.2/24"]),
        (
            ["ip address 1.0.0.1/24", "ip address 2.0.0.1/24 secondary"],
            ["ip address 1.0.0.1/24", "ip address 2.0.0.1/24 secondary"],
        ),
        (["ip address 1.0.0.1/24", "no ip address"], []),
        (
            ["switchport mode access", "switchport mode trunk"],
            ["switchport mode trunk"],
        ),
        (
            ["switchport trunk group A", "switchport trunk group B"],
            ["switchport trunk group A", "switchport trunk group B"],
        ),
        (["switchport access vlan 10", "no switchport access vlan"], []),
        (["switchport access vlan 10", "default switchport access vlan"], []),
        (["no switchport"], ["no switchport"]),
        (["no switchport", "switchport"], []),
        (["shutdown"], ["shutdown"]),
        (["shutdown", "no shutdown"], []),
        (["no autostate"], ["no autostate"]),
        (["no autostate", "autostate"], ["autostate"]),
        (
            ["switchport trunk allowed vlan 10-12", "switchport trunk allowed vlan add 13,20"],
            ["switchport trunk allowed vlan 10-13,20"],
        ),
        (
            ["switchport trunk allowed vlan 10-12", "switchport trunk allowed vlan remove 11"],
            ["switchport trunk allowed vlan 10,12"],
        ),
        (["switchport trunk allowed vlan none"], ["switchport trunk allowed vlan none"]),
    ],
)
def test_commands_of_an_interface(commands, left):
    assert edited("interface Ethernet1", *commands)[1:] == left


@pytest.mark.parametrize(
    ("commands", "left"),
    [
        (["neighbor A remote-as 1", "neighbor A remote-as 2"], ["neighbor A remote-as 2"]),
        (
            ["neighbor A remote-as 1", "neighbor B remote-as 1"],
            ["neighbor A remote-as 1", "neighbor B remote-as 1"],
        ),
        (["neighbor A remote-as 1", "neighbor A bfd", "no neighbor A"], []),
        (["neighbor A remote-as 1", "no neighbor A remote-as"], []),
        (
            [
                "neighbor A route-map X in",
                "neighbor A route-map Y in",
                "neighbor A route-map Z out",
            ],
            ["neighbor A route-map Y in", "neighbor A route-map Z out"],
        ),
        (["maximum-paths 4 ecmp 4", "maximum-paths 2"], ["maximum-paths 2"]),
        (["no bgp default ipv4-unicast"], ["no bgp default ipv4-unicast"]),
        (
            ["address-family ipv4", "neighbor A activate", "no neighbor A activate"],
            ["address-family ipv4", "no neighbor A activate"],
        ),
        (
            ["vrf R", "route-target import evpn 1:1", "route-target import evpn 2:2"],
            ["vrf R", "route-target import evpn 1:1", "route-target import evpn 2:2"],
        ),
        (
            ["address-family evpn", "neighbor A activate", "exit", "no neighbor A"],
            ["address-family evpn"],
        ),
    ],
)
def test_commands_of_bgp(commands, left):
    assert edited("router bgp 65000", *commands)[1:] == left


def test_numbers_and_names_are_printed_in_order():
    lines = edited("vlan 20", "vlan 3", "interface Ethernet10", "interface Ethernet2")
    assert lines == ["vlan 3", "vlan 20", "interface Ethernet2", "interface Ethernet10"]


def test_ranges_open_every_member():
    lines = edited("vlan 10-11,20", "name X", "interface Et1-2,Po7", "mtu 9000")
    assert lines.count("name X") == 3
    assert lines.count("mtu 9000") == 3
    assert "interface Port-Channel7" in lines


def test_a_vlan_range_in_bgp_is_one_mac_vrf():
    assert edited("router bgp 1", "vlan 10-12", "redistribute learned")[1] == "vlan 10-12"


def test_a_command_of_an_outer_mode_leaves_the_inner_ones():
    editor = Editor()
    for command in ("router bgp 1", "address-family evpn", "vrf RED"):
        editor.execute(command)
    assert editor.path == ("router bgp 1", "vrf RED")
    editor.execute("hostname a")
    assert editor.path == ()


def test_exit_and_end_leave_modes():
    editor = Editor()
    for command in ("router bgp 1", "vrf RED", "exit"):
        editor.execute(command)
    assert editor.path == ("router bgp 1",)
    editor.execute("vrf RED")
    editor.execute("end")
    assert editor.path == ()


@pytest.mark.parametrize(
    ("commands", "message", "code"),
    [
        (["foo bar"], "Invalid input (at token 0: 'foo')", SYNTAX),
        (["router bgp 1", "neighbour A"], "Invalid input (at token 0: 'neighbour')", SYNTAX),
        (
            ["router bgp 1", "neighbor A remote-as 65x"],
            "Invalid input (at token 3: '65x')",
            SYNTAX,
        ),
        (["no foo"], "Invalid input (at token 1: 'foo')", SYNTAX),
        (["no"], "Incomplete command (at token 0: 'no')", SYNTAX),
        (["interface Ethernet1", "mtu"], "Incomplete command (at token 0: 'mtu')", SYNTAX),
        (["interface Ethernet1", "mtu 5"], "Invalid input (at token 1: '5')", SYNTAX),
        (
            ["router bgp 1", "router bgp 2"],
            "BGP is already running with AS number 1",
            SEMANTIC,
        ),
    ],
)
def test_refusals_in_the_words_of_eos(commands, message, code):
    editor = Editor()
    for command in commands[:-1]:
        editor.execute(command)
    before = editor.config()
    with pytest.raises(Rejected) as caught:
        editor.execute(commands[-1])
    assert (caught.value.message, caught.value.code) == (message, code)
    assert editor.config() == before


def test_banner_keeps_its_text():
    editor = Editor()
    editor.execute("banner motd", "two  spaces\n   indented")
    editor.execute("banner login\nhello\nEOF")
    bodies = {line.text: line.body for line in editor.config().children}
    assert bodies == {"banner motd": "two  spaces\n   indented", "banner login": "hello"}


def test_no_removes_a_whole_mode():
    assert edited("no router bgp 65000", base="router bgp 65000\n   bgp always-compare-med\n") == []
    assert edited("no vlan 11", base="vlan 10-12\n") == ["vlan 10", "vlan 12"]
    assert edited("no interface Vlan10", base="interface Vlan10\n   mtu 9000\n") == []


def test_route_map_keeps_its_lines_when_the_action_changes():
    base = "route-map A permit 10\n   set local-preference 200\n"
    lines = edited("route-map A deny 10", base=base)
    assert lines == ["route-map A deny 10", "set local-preference 200"]


def test_access_lists_keep_the_order_of_entry():
    rules = ["permit ip any host 10.0.0.9", "deny ip any any", "permit icmp any any"]
    assert edited("ip access-list A", *rules)[1:] == rules


def test_no_shutdown_is_kept_where_it_decides():
    assert "no shutdown" in edited("management api http-commands", "no shutdown")
    base = "interface defaults\n   ethernet\n      shutdown\n"
    assert edited("interface Ethernet1", "no shutdown", base=base)[-1] == "no shutdown"


def test_switchport_is_kept_where_ports_start_routed():
    base = "switchport default mode routed\n"
    assert edited("interface Ethernet1", "switchport", base=base)[-1] == "switchport"


SOME = """
no default interface Ethernet1 et1-3 vlan 10 10-12 router bgp ospf 65000 neighbor 10.0.0.1 A
peer group remote-as vrf RED exit end ip address 10.0.0.1/24 route 0.0.0.0/0 switchport trunk
allowed add none shutdown description banner motd comment route-map permit ! ² -1 : / 9-1
"""
WORDS = st.sampled_from(SOME.split())


@settings(max_examples=300)
@given(st.lists(st.lists(WORDS | st.text(max_size=6), max_size=6), max_size=8))
def test_no_input_breaks_the_editor(lines):
    editor = Editor(EMPTY)
    for line in lines:
        with contextlib.suppress(Rejected):
            editor.execute(" ".join(line))
    editor.config()
