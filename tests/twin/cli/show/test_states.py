"""What is broken in the fabric shows in the answers."""

from dataclasses import replace

import pytest

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.cli.show.registry import ShowError
from avdlab.twin.config.settings import DeviceSettings
from avdlab.twin.tables.bgp import SessionState
from avdlab.twin.tables.l2 import Mlag, MlagInterface, MlagStatus, VxlanCheck
from avdlab.twin.tables.ports import InterfaceStatus, LacpMember, LineProtocol


def test_a_cut_cable(leaf, changed, json_of):
    ports = dict(leaf.device.ports)
    down = {"status": InterfaceStatus.NOTCONNECT, "line": LineProtocol.DOWN}
    ports["Ethernet1"] = replace(ports["Ethernet1"], **down)
    view = changed(ports=ports, lldp={})
    described = json_of(view, "show interfaces description")["interfaceDescriptions"]
    assert described["Ethernet1"]["interfaceStatus"] == "down"
    assert described["Ethernet6"]["interfaceStatus"] == "adminDown"
    linked = json_of(view, "show interfaces status")["interfaceStatuses"]["Ethernet1"]
    assert linked["linkStatus"] == "notconnect"


def test_an_err_disabled_port(leaf, changed, json_of):
    command = "show interfaces status errdisabled"
    assert json_of(leaf, command) == {"interfaceStatuses": {}}
    ports = dict(leaf.device.ports)
    ports["Ethernet7"] = replace(ports["Ethernet7"], err_disabled=("bpduguard",))
    found = json_of(changed(ports=ports), command)["interfaceStatuses"]
    assert found["Ethernet7"]["causes"] == ["bpduguard"]


def test_a_member_that_does_not_bundle(leaf, changed, json_of, text_of):
    member = LacpMember("Ethernet5", False, "active", "waiting for LACP response")
    channels = dict(leaf.device.port_channels)
    channels["Port-Channel5"] = replace(channels["Port-Channel5"], members=(member,))
    view = changed(port_channels=channels)
    found = json_of(view, "show port-channel")["portChannels"]["Port-Channel5"]
    assert found["activePorts"] == {}
    assert found["inactivePorts"] == {
        "Ethernet5": {"reasonUnconfigured": "waiting for LACP response"}
    }
    assert "waiting for LACP response" in text_of(view, "show port-channel 5")
    state = json_of(view, "show lacp interface detailed")["portChannels"]["Port-Channel5"]
    assert state["interfaces"]["Ethernet5"]["actorPortState"]["collecting"] is False


def test_mlag_disabled(changed, json_of):
    view = changed(mlag=Mlag(MlagStatus.DISABLED, "", "", ""), settings=DeviceSettings())
    assert json_of(view, "show mlag")["state"] == "disabled"
    sanity = json_of(view, "show mlag config-sanity")
    assert sanity["mlagActive"] is False
    assert sanity["globalConfiguration"] == {}


def test_mlag_peers_that_differ(leaf, changed, json_of, text_of):
    partial = MlagInterface(5, "Port-Channel5", "active-partial", True, False, "Port-Channel5")
    mlag = replace(
        leaf.device.mlag,
        interfaces=(partial,),
        global_inconsistencies={"bridging": {"vlan 20": ("active", "-")}},
        interface_inconsistencies={"Port-Channel5": {"vlan": {"trunk allowed": ("10", "10,20")}}},
    )
    view = changed(mlag=mlag)
    assert json_of(view, "show mlag")["mlagPorts"]["Active-partial"] == 1
    assert json_of(view, "show mlag")["configSanity"] == "inconsistent"
    sanity = json_of(view, "show mlag config-sanity")
    values = {"localValue": "active", "peerValue": "-"}
    assert sanity["globalConfiguration"] == {"bridging": {"globalParameters": {"vlan 20": values}}}
    assert "trunk allowed" in sanity["interfaceConfiguration"]
    text = text_of(view, "show mlag config-sanity")
    assert "vlan 20: local active, peer -" in text


def test_vxlan_checks_that_fail(leaf, changed, json_of):
    failed = (VxlanCheck("VLAN-VNI Map", False, "VLAN 20 has no VNI"),)
    sanity = {**leaf.device.vxlan.sanity, "localVtep": failed}
    view = changed(vxlan=replace(leaf.device.vxlan, sanity=sanity))
    found = json_of(view, "show vxlan config-sanity")["categories"]
    assert found["localVtep"]["allCheckPass"] is False
    assert found["mlag"]["allCheckPass"] is True
    assert json_of(changed(vxlan=None), "show vxlan config-sanity")["categories"] == {}


def test_bgp_that_is_not_configured(changed, json_of):
    for command in (
        *("show ip bgp summary", "show bgp evpn", "show bgp evpn summary"),
        *("show bgp neighbors vrf all", "show ip bgp vrf all", "show bgp instance vrf all"),
    ):
        with pytest.raises(ShowError, match=r"^BGP inactive$"):
            json_of(changed(bgp=None), command)


def test_a_session_that_is_down(leaf, json_of):
    peers = json_of(leaf, "show bgp neighbors vrf all")["vrfs"]["default"]["peerList"]
    down = next(peer for peer in peers if peer["peerAddress"] == "10.0.0.2")
    assert down["state"] == SessionState.ACTIVE
    assert "establishedTime" not in down
    assert "peerTcpInfo" not in down
    offered = down["neighborCapabilities"]["multiprotocolCaps"]["ipv4Unicast"]
    assert offered == {"advertised": False, "received": False, "enabled": False}


def test_neighbor_settings_come_from_the_peer_group(leaf, json_of):
    peers = json_of(leaf, "show bgp neighbors vrf all")["vrfs"]["default"]["peerList"]
    overlay = next(peer for peer in peers if peer["peerAddress"] == "192.168.255.1")
    assert overlay["ttl"] == 3
    assert overlay["advertisedCommunities"] == {
        "standard": False,
        "extended": True,
        "large": False,
    }
    assert "l2VpnEvpn" in overlay["neighborCapabilities"]["multiprotocolCaps"]


def test_routes_are_chosen(leaf, json_of):
    def prefixes(command: str, vrf: str = "default") -> set[str]:
        return set(json_of(leaf, command)["vrfs"][vrf]["routes"])

    assert prefixes("show ip route bgp") == {"192.168.254.4/32"}
    assert prefixes("show ip route connected") == {"10.0.0.0/31", "192.168.255.3/32"}
    assert prefixes("show ip route 192.168.254.4") == {"192.168.254.4/32"}
    assert prefixes("show ip route 192.168.0.0/16 longer-prefixes") == {
        *("192.168.254.4/32", "192.168.255.3/32"),
    }
    assert prefixes("show ip route vrf RED 10.1.20.9", "RED") == {"10.1.20.0/24"}
    assert prefixes("show ip route 10.200.0.1") == set()
    with pytest.raises(ShowError, match="not an IPv4 address"):
        prefixes("show ip route 10.0.0.999")


def test_evpn_routes_are_chosen(leaf, json_of):
    def names(command: str) -> list[str]:
        return list(json_of(leaf, command)["evpnRoutes"])

    assert names("show bgp evpn route-type ip-prefix 10.1.20.0/24 vni 50001") == [
        "RD: 192.168.255.4:1 ip-prefix 10.1.20.0/24"
    ]
    assert names("show bgp evpn route-type mac-ip 0050.0000.0001 vni 10010") == [
        "RD: 192.168.255.4:10 mac-ip 0050.0000.0001"
    ]
    assert names("show bgp evpn route-type mac-ip 0050.0000.0001 vni 99") == []
    assert len(names("show bgp evpn rd 192.168.255.4:10")) == 2
    detail = json_of(leaf, "show bgp evpn route-type ip-prefix 10.1.20.0/24")
    (entry,) = detail["evpnRoutes"].values()
    communities = entry["evpnRoutePaths"][0]["routeDetail"]["extCommunities"]
    assert "Route-Target-AS:10:10010" in communities


def test_a_vlan_that_is_not_there(leaf, json_of):
    with pytest.raises(ShowError, match="VLAN 999 not found") as caught:
        json_of(leaf, "show vlan 999")
    assert caught.value.partial == {"vlans": {}, "sourceDetail": ""}


def test_interfaces_by_range(leaf, json_of):
    found = json_of(leaf, "show interfaces et1-2,7 status")["interfaceStatuses"]
    assert list(found) == ["Ethernet1", "Ethernet2", "Ethernet7"]
    with pytest.raises(ShowError, match="Interface does not exist"):
        json_of(leaf, "show interfaces Ethernet99")


def test_rates_list_no_interface_that_status_lacks(leaf, json_of):
    rates = json_of(leaf, "show interfaces counters rates")["interfaces"]
    status = json_of(leaf, "show interfaces status")["interfaceStatuses"]
    assert set(rates) == set(status)


def test_ospf_and_isis_that_are_not_configured(leaf, json_of):
    assert json_of(leaf, "show ip ospf neighbor") == {"vrfs": {}}
    assert json_of(leaf, "show isis neighbors") == {"vrfs": {}}


def test_lock_out_is_told(leaf, changed, json_of):
    assert json_of(leaf, "show management api http-commands")["vrfs"] == ["MGMT"]
    bare = changed(settings=DeviceSettings())
    assert json_of(bare, "show management api http-commands")["enabled"] is False


def test_ping_hands_over_what_was_asked(leaf, json_of):
    asked = []

    def ping(*args: object) -> object:
        asked.append(args)
        return leaf.ping(*args)

    view = replace(leaf, ping=ping)
    json_of(view, "ping vrf RED 10.0.0.0 source 10.1.10.1 size 1400 df-bit repeat 3")
    address = parse_ipv4("10.0.0.0")
    assert asked == [("RED", address, parse_ipv4("10.1.10.1"), 1400, True, 3)]
