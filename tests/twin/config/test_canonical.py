"""Printing a configuration as EOS does."""

from avdlab.twin.config.canonical import header, running_text, section
from avdlab.twin.config.loader import load


def test_what_eos_printed_is_printed_again(leaf):
    text = running_text(load(leaf).config, header=("Command: show running-config",))
    assert text == leaf


def test_printing_and_loading_changes_nothing(leaf):
    config = load(leaf).config
    assert load(running_text(config)).config == config


def test_an_empty_config_is_only_an_end():
    assert running_text(load("").config) == "!\nend\n"


def test_header_names_the_device():
    assert header("leaf1", "4.36.0F") == (
        "Command: show running-config",
        "device: leaf1 (cEOSLab, EOS-4.36.0F)",
    )


def test_sanitized_hides_secrets_and_nothing_else():
    text = (
        "username bob privilege 15 role network-admin secret sha512 $6$salt$hash\n"
        "snmp-server community public ro\n"
        "interface Ethernet1\n   description password of nobody\n"
        "router bgp 1\n   neighbor A password 7 AAAA==\n   neighbor A send-community extended\n"
    )
    shown = running_text(load(text).config, sanitized=True)
    for secret in ("$6$salt$hash", "public", "AAAA=="):
        assert secret not in shown
    assert "secret sha512 <removed>" in shown
    assert "password 7 <removed>" in shown
    assert "description password of nobody" in shown
    assert "send-community extended" in shown


def test_section_prints_matches_with_their_modes(leaf):
    config = load(leaf).config
    shown = section(config, "route-target both").splitlines()
    assert shown == ["router bgp 65101", "   vlan 10", "      route-target both 10010:10010"]
    assert section(config, "interface Ethernet1").splitlines()[0] == "interface Ethernet1"


def test_what_a_mode_would_take_for_its_own_is_printed_before_it():
    entered = (
        "router pim sparse-mode\n   vrf A\n      ipv4\n         rp address 192.0.2.1\n   !\n"
        "!\nrouter pim sparse-mode\n   !! of the mode\n   ipv4\n      rp address 192.0.2.2\n"
    )
    config = load(entered).config
    assert [line.text for line in config.children[0].children] == ["comment", "ipv4", "vrf A"]
    assert load(running_text(config)).config == config


def test_a_separator_ends_a_mode_that_has_no_lines():
    text = "address locking\n!\ndhcp server vrf A\n   dns server ipv4 192.0.2.1\n"
    loaded = load(text)
    assert loaded.rejected == ()
    assert [line.text for line in loaded.config.children] == [
        "address locking",
        "dhcp server vrf A",
    ]
