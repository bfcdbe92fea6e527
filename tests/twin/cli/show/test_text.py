"""Text is laid out as EOS does it: people read it, and templates parse it."""

import re
from dataclasses import replace

import pytest

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.cli.show.layout import (
    eos_mac,
    long_time,
    number_ranges,
    up_or_down_time,
    wrapped,
)
from avdlab.twin.cli.show.registry import ShowError


def test_empty_texts_are_exactly_empty(leaf, text_of):
    for command in (
        *("show agent logs crash", "show logging threshold errors"),
        "show logging threshold errors last 10 minutes",
    ):
        assert text_of(leaf, command) == ""


def test_version_names_the_twin(leaf, json_of, text_of):
    facts = json_of(leaf, "show version")
    assert re.match(r"^\d+\.\d+\.\d+", facts["version"])
    assert "avdlab-twin" in facts["internalVersion"]
    assert facts["modelName"] == "cEOSLab"
    assert facts["uptime"] == 600.0
    text = text_of(leaf, "show version")
    assert text.startswith("Arista cEOSLab\n")
    assert "System MAC address: 001c.7300.0011\n" in text
    assert "Uptime: 0 hours and 10 minutes\n" in text


def test_ntp_is_never_synchronised_without_a_server(leaf, changed, text_of):
    assert text_of(leaf, "show ntp status") == "NTP is disabled.\n"
    system = replace(leaf.device.settings.system, ntp_servers=("10.0.0.250",))
    with_servers = changed(settings=replace(leaf.device.settings, system=system))
    assert text_of(with_servers, "show ntp status").splitlines()[0] == "unsynchronised"


def test_clock(leaf, text_of):
    assert text_of(leaf, "show clock").splitlines()[0] == "Mon Jan 12 13:56:40 1970"


def test_disk_usage_has_percentages(leaf, text_of):
    lines = text_of(leaf, "bash timeout 10 df -h").splitlines()
    assert lines[0].split()[:5] == ["Filesystem", "Size", "Used", "Avail", "Use%"]
    assert all(re.fullmatch(r"\d+%", line.split()[4]) for line in lines[1:])


def test_bgp_summary(leaf, text_of):
    lines = text_of(leaf, "show ip bgp summary").splitlines()
    assert lines[0] == "BGP summary information for VRF default"
    assert lines[1] == "Router identifier 192.168.255.3, local AS number 65101"
    rows = [" ".join(line.split()) for line in lines[4:]]
    expected = (
        "10.0.0.0 4 65001 5 5 0 0 00:01:30 Estab 4 3",
        "10.0.0.2 4 65001 0 0 0 0 00:10:00 Active",
    )
    assert rows[0] == expected[0]
    assert rows[1] == expected[1]


def test_evpn_summary_has_the_overlay_only(leaf, text_of):
    text = text_of(leaf, "show bgp evpn summary")
    assert "192.168.255.1" in text
    assert "10.0.0.0" not in text


def test_routes(leaf, text_of):
    text = text_of(leaf, "show ip route")
    assert text.startswith("VRF: default\n")
    assert "Gateway of last resort is not set\n" in text
    assert " C        10.0.0.0/31\n           directly connected, Ethernet1\n" in text
    assert (
        " B E      192.168.254.4/32 [200/0]\n"
        "           via 10.0.0.0, Ethernet1\n"
        "           via 10.0.0.2, Ethernet2\n"
    ) in text
    tunnel = "via VTEP 192.168.254.4 VNI 50001 router-mac 00:1c:73:00:00:22"
    assert tunnel in text_of(leaf, "show ip route vrf RED")
    assert "! IP routing not enabled" in text_of(leaf, "show ip route vrf MGMT")


def test_routes_of_a_vrf_that_is_not_there(leaf, text_of):
    with pytest.raises(ShowError, match="IP Routing table for VRF BLUE does not exist"):
        text_of(leaf, "show ip route vrf BLUE")


def test_mlag(leaf, text_of):
    lines = dict(
        re.split(r"\s*:\s+", line, maxsplit=1)
        for line in text_of(leaf, "show mlag").splitlines()
        if " : " in line
    )
    assert lines["state"] == "Active"
    assert lines["peer-config"] == "consistent"
    assert lines["Active-full"] == "1"


def test_vxlan_vni(leaf, text_of):
    text = text_of(leaf, "show vxlan vni")
    assert "10010       10          static       Ethernet7           untagged\n" in text
    assert "50001       4092       RED        evpn\n" in text


def test_evpn_table(leaf, text_of):
    text = text_of(leaf, "show bgp evpn route-type imet")
    assert " * >Ec    RD: 192.168.255.4:10 imet 192.168.254.4\n" in text
    assert " * >      RD: 192.168.255.3:10 imet 192.168.254.3\n" in text
    assert "ip-prefix" not in text


def test_tables_of_ports(leaf, text_of):
    status = text_of(leaf, "show interfaces status")
    assert re.search(r"^Et3 +connected +in Po3 +full +1G ", status, re.M)
    assert re.search(r"^Et6 +disabled +1 ", status, re.M)
    assert re.search(
        r"^Et1 +spine1.lab.test +Ethernet1 +120$", text_of(leaf, "show lldp neighbors"), re.M
    )
    assert re.search(
        r"^Vlan10 +10.1.10.1/24 +up +up ", text_of(leaf, "show ip interface brief"), re.M
    )
    assert "Po5(U)          LACP(a)      Et5(PG+)" in text_of(leaf, "show port-channel dense")
    assert re.search(
        r"^10 +BLUE +active +Cpu, Et7, Po3, Po5, Vx1$", text_of(leaf, "show vlan"), re.M
    )


def test_ping_prints_what_linux_prints(leaf, text_of):
    text = text_of(leaf, "ping vrf default 10.0.0.0 source Loopback0 size 100 repeat 2")
    first = "PING 10.0.0.0 (10.0.0.0) from 192.168.255.3 : 72(100) bytes of data."
    assert text.splitlines()[0] == first
    assert "80 bytes from 10.0.0.0: icmp_seq=2 ttl=64" in text
    assert "2 packets transmitted, 2 received, 0% packet loss" in text


def test_ping_that_fails(leaf, text_of):
    assert "5 packets transmitted, 0 received, 100% packet loss" in text_of(leaf, "ping 10.9.9.9")
    assert "Network is unreachable" in text_of(leaf, "ping 0.0.0.0")
    assert "1 received" in text_of(leaf, "ping 10.0.0.0 size 9000 repeat 1")
    assert "0 received" in text_of(leaf, "ping 10.0.0.0 size 9000 df-bit repeat 1")
    with pytest.raises(ShowError, match="VRF 'BLUE' is not active"):
        text_of(leaf, "ping vrf BLUE 10.0.0.0")
    with pytest.raises(ShowError, match="No source interface Vlan10"):
        text_of(leaf, "ping 10.0.0.0 source vlan10")
    assert "Name or service not known" in text_of(leaf, "ping nowhere")


def test_layout():
    assert eos_mac("00:1c:73:ab:cd:ef") == "001c.73ab.cdef"
    assert up_or_down_time(3725) == "01:02:05"
    assert up_or_down_time(3 * 86400 + 4 * 3600) == "3d04h"
    assert long_time(90061) == "1 day, 1 hour, 1 minute, 1 second"
    assert long_time(0) == "0 seconds"
    assert number_ranges([1, 2, 3, 10, 12, 13]) == "1-3,10,12-13"
    assert wrapped(["Et1", "Et2", "Et3"], 9) == ["Et1, Et2,", "Et3"]


def test_lldp_of_a_port_without_a_neighbor(leaf, json_of):
    found = json_of(leaf, "show lldp neighbors detail")["lldpNeighbors"]
    assert found["Ethernet2"] == {"lldpNeighborInfo": []}
    neighbor = found["Ethernet1"]["lldpNeighborInfo"][0]["neighborInterfaceInfo"]
    assert neighbor["interfaceId"] == '"Ethernet1"'
    assert neighbor["interfaceId_v2"] == "Ethernet1"


def test_address_spelling_of_the_peer_is_kept(leaf, changed, json_of):
    """An unnumbered peer is known by its link-local address and interface."""
    session = replace(leaf.device.bgp.sessions[1], peer_address="fe80::1%Et1")
    view = changed(bgp=replace(leaf.device.bgp, sessions=(session,)))
    peers = json_of(view, "show bgp summary vrf all")["vrfs"]["default"]["peers"]
    assert list(peers) == ["fe80::1%Et1"]
    assert parse_ipv4("10.0.0.1") == session.local_address
