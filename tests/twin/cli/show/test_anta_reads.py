"""ANTA's own tests read the twin's answers without an error: every test of AVD's index.

The device is a leaf whose state was made by hand; so a verdict tells that keys, types and words are
right, not that a fabric is.
"""

import asyncio
import importlib
from typing import Any

import pytest
from anta.device import AntaDevice
from anta.models import AntaCommand

from avdlab.twin.cli.show.catalog import find
from avdlab.twin.cli.show.registry import ShowError, View

HARDWARE = "DCS-7050SX3-48YC8"  # a model that ANTA does not skip tests for


class ViewDevice(AntaDevice):
    """A device that answers from a view, in this process."""

    def __init__(self, view: View) -> None:
        super().__init__("leaf1", disable_cache=True)
        self.view = view
        self.is_online = self.established = True
        self.hw_model = HARDWARE

    @property
    def _keys(self) -> tuple[Any, ...]:
        return (self.name,)

    async def _collect(self, command: AntaCommand, *, collection_id: str | None = None) -> None:
        found = find(command.command)
        assert found is not None, f"the twin does not know: {command.command}"
        entry, args = found
        answer = entry.json if command.ofmt == "json" else entry.text
        assert answer is not None, f"no {command.ofmt} for: {command.command}"
        if command.revision is not None:
            assert entry.revision == command.revision, command.command
        try:
            command.output = answer(self.view, args)
        except ShowError as error:
            command.errors = [error.message]

    async def refresh(self) -> None:
        """It is always there."""


PING = {"hosts": [{"destination": "10.0.0.0", "source": "10.0.0.1", "size": 100, "repeat": 1}]}
LLDP = {
    "require_fqdn": False,
    "neighbors": [{"port": "Ethernet1", "neighbor_device": "spine1", "neighbor_port": "Ethernet1"}],
}
PEERS = {"bgp_peers": [{"peer_address": "10.0.0.0"}, {"peer_address": "192.168.255.1"}]}
UP = {"interfaces": [{"name": "Ethernet1", "status": "up"}, {"name": "Vxlan1", "status": "up"}]}

PATHS = {
    "paths": [
        {
            "peer": "10.255.0.1",
            "path_group": "internet",
            "source_address": "10.0.0.1",
            "destination_address": "10.0.0.9",
        }
    ]
}

# (test of AVD's index, inputs, verdict on the leaf)
INDEX: list[tuple[str, dict[str, Any] | None, str]] = [
    ("connectivity.VerifyLLDPNeighbors", LLDP, "success"),
    ("connectivity.VerifyReachability", PING, "success"),
    ("configuration.VerifyZeroTouch", None, "success"),
    ("hardware.VerifyEnvironmentCooling", {"states": ["ok"]}, "success"),
    ("hardware.VerifyEnvironmentPower", {"states": ["ok"]}, "failure"),
    ("hardware.VerifyEnvironmentSystemCooling", None, "success"),
    ("hardware.VerifyInventory", None, "success"),
    ("hardware.VerifyTemperature", None, "success"),
    ("hardware.VerifyTransceiversManufacturers", {"manufacturers": ["Arista"]}, "success"),
    ("hardware.VerifyTransceiversTemperature", None, "success"),
    ("interfaces.VerifyIllegalLACP", None, "success"),
    ("interfaces.VerifyInterfaceDiscards", None, "success"),
    ("interfaces.VerifyInterfaceErrDisabled", None, "success"),
    ("interfaces.VerifyInterfaceErrors", None, "success"),
    ("interfaces.VerifyInterfaceUtilization", None, "success"),
    ("interfaces.VerifyInterfacesStatus", UP, "success"),
    ("interfaces.VerifyPortChannels", None, "success"),
    ("interfaces.VerifyStormControlDrops", None, "success"),
    ("logging.VerifyLoggingErrors", None, "success"),
    ("mlag.VerifyMlagConfigSanity", None, "success"),
    ("mlag.VerifyMlagInterfaces", None, "success"),
    ("mlag.VerifyMlagStatus", None, "success"),
    ("path_selection.VerifySpecificPath", PATHS, "failure"),
    ("routing.bgp.VerifyBGPPeerSession", PEERS, "success"),
    (
        "routing.generic.VerifyIPv4RoutePresencePerVRF",
        {"route_entries": [{"prefix": "192.168.254.4/32"}]},
        "success",
    ),
    ("routing.generic.VerifyRoutingProtocolModel", {"model": "multi-agent"}, "success"),
    ("routing.ospf.VerifyOSPFMaxLSA", None, "skipped"),
    ("routing.ospf.VerifyOSPFNeighborState", None, "skipped"),
    ("security.VerifyAPIHttpsSSL", {"profile": "LAB"}, "failure"),
    (
        "security.VerifySpecificIPSecConn",
        {"ip_security_connections": [{"peer": "10.255.0.1"}]},
        "failure",
    ),
    ("stp.VerifySTPCounters", None, "success"),
    ("system.VerifyAgentLogs", None, "success"),
    ("system.VerifyCoredump", None, "success"),
    ("system.VerifyFileSystemUtilization", None, "success"),
    ("system.VerifyMaintenance", None, "success"),
    ("system.VerifyMemoryUtilization", None, "success"),
    ("system.VerifyNTP", None, "failure"),
    ("system.VerifyReloadCause", None, "success"),
    ("vxlan.VerifyVxlanConfigSanity", None, "success"),
]


def verdict(name: str, inputs: dict[str, Any] | None, view: View) -> tuple[str, list[str]]:
    module, _, test = name.rpartition(".")
    made = getattr(importlib.import_module(f"anta.tests.{module}"), test)(
        ViewDevice(view), inputs=inputs
    )
    asyncio.run(made.test())
    return str(made.result.result), made.result.messages


@pytest.mark.parametrize(("name", "inputs", "expected"), INDEX, ids=[row[0] for row in INDEX])
def test_avd_index(name, inputs, expected, leaf):
    found, messages = verdict(name, inputs, leaf)
    assert found == expected, messages


def test_bgp_inactive_fails_the_test(changed):
    found, messages = verdict("routing.bgp.VerifyBGPPeerSession", PEERS, changed(bgp=None))
    assert found == "failure"
    assert any("BGP inactive" in message for message in messages)


def test_peer_that_is_not_there_fails(leaf):
    found, _ = verdict("routing.bgp.VerifyBGPPeerSession", _peer("10.0.0.99"), leaf)
    assert found == "failure"


def test_peer_that_is_down_fails(leaf):
    found, messages = verdict("routing.bgp.VerifyBGPPeerSession", _peer("10.0.0.2"), leaf)
    assert found == "failure"
    assert any("Active" in message for message in messages)


def _peer(address: str) -> dict[str, Any]:
    return {"bgp_peers": [{"peer_address": address}]}


# (test beyond AVD's index, inputs, verdict on the leaf)
EVPN_PEER = {"peer_address": "192.168.255.1"}
MORE: list[tuple[str, dict[str, Any] | None, str]] = [
    (
        "connectivity.VerifyReachability",
        {"hosts": [PING["hosts"][0] | {"df_bit": True}]},
        "success",
    ),
    ("interfaces.VerifyL2MTU", {"mtu": 9214}, "success"),
    ("interfaces.VerifyL3MTU", {"mtu": 1500}, "success"),
    ("interfaces.VerifyLoopbackCount", {"number": 2}, "success"),
    ("interfaces.VerifySVI", None, "success"),
    (
        "interfaces.VerifyInterfaceIPv4",
        {"interfaces": [{"name": "Ethernet1", "primary_ip": "10.0.0.1/31"}]},
        "success",
    ),
    (
        "interfaces.VerifyLACPInterfacesStatus",
        {"interfaces": [{"name": "Ethernet5", "portchannel": "Port-Channel5"}]},
        "success",
    ),
    ("mlag.VerifyMlagReloadDelay", {"reload_delay": 300, "reload_delay_non_mlag": 0}, "success"),
    ("mlag.VerifyMlagPrimaryPriority", {"primary_priority": 32767}, "success"),
    (
        "routing.bgp.VerifyBGPPeerMPCaps",
        {"bgp_peers": [EVPN_PEER | {"capabilities": ["l2VpnEvpn"], "strict": True}]},
        "success",
    ),
    ("routing.bgp.VerifyBGPPeerASNCap", {"bgp_peers": [EVPN_PEER]}, "success"),
    ("routing.bgp.VerifyBGPPeerRouteRefreshCap", {"bgp_peers": [EVPN_PEER]}, "success"),
    (
        "routing.bgp.VerifyBGPTimers",
        {"bgp_peers": [EVPN_PEER | {"hold_time": 180, "keep_alive_time": 60}]},
        "success",
    ),
    (
        "routing.bgp.VerifyBGPAdvCommunities",
        {"bgp_peers": [EVPN_PEER | {"advertised_communities": ["extended"]}]},
        "success",
    ),
    ("routing.bgp.VerifyBGPPeerDropStats", {"bgp_peers": [EVPN_PEER]}, "success"),
    ("routing.bgp.VerifyBGPPeerUpdateErrors", {"bgp_peers": [EVPN_PEER]}, "success"),
    ("routing.bgp.VerifyBGPPeersHealth", {"address_families": [{"afi": "evpn"}]}, "success"),
    (
        "routing.bgp.VerifyBGPPeersHealth",
        {"address_families": [{"afi": "ipv4", "safi": "unicast"}]},
        "failure",
    ),
    (
        "routing.bgp.VerifyBGPPeerCount",
        {"address_families": [{"afi": "evpn", "num_peers": 1}]},
        "success",
    ),
    (
        "routing.bgp.VerifyBGPNlriAcceptance",
        {"bgp_peers": [EVPN_PEER | {"capabilities": ["l2VpnEvpn"]}]},
        "success",
    ),
    (
        "routing.bgp.VerifyEVPNType2Route",
        {"vxlan_endpoints": [{"address": "0050.0000.0001", "vni": 10010}]},
        "success",
    ),
    (
        "evpn.VerifyEVPNType5Routes",
        {"prefixes": [{"address": "10.1.20.0/24", "vni": 50001}]},
        "success",
    ),
    (
        "routing.bgp.VerifyBGPRoutePaths",
        {
            "route_entries": [
                {
                    "prefix": "192.168.254.4/32",
                    "paths": [{"nexthop": "192.168.254.4", "origin": "Igp"}],
                }
            ]
        },
        "success",
    ),
    ("routing.generic.VerifyRoutingTableSize", {"minimum": 1, "maximum": 20}, "success"),
    (
        "routing.generic.VerifyRoutingTableEntry",
        {"vrf": "default", "routes": ["192.168.254.4"]},
        "success",
    ),
    (
        "routing.generic.VerifyIPv4RouteNextHops",
        {"route_entries": [{"prefix": "192.168.254.4/32", "nexthops": ["10.0.0.0", "10.0.0.2"]}]},
        "success",
    ),
    ("services.VerifyHostname", {"hostname": "leaf1"}, "success"),
    ("stp.VerifySTPBlockedPorts", None, "failure"),
    ("stp.VerifySTPMode", {"mode": "mstp", "vlans": [10]}, "success"),
    ("stp.VerifySTPRootPriority", {"priority": 4096}, "success"),
    ("system.VerifyUptime", {"minimum": 60}, "success"),
    ("vlan.VerifyVlanStatus", {"vlans": [{"vlan_id": 10, "status": "active"}]}, "success"),
    (
        "vlan.VerifyVlanInternalPolicy",
        {"policy": "ascending", "start_vlan_id": 1006, "end_vlan_id": 4094},
        "success",
    ),
    ("vxlan.VerifyVxlan1Interface", None, "success"),
    (
        "vxlan.VerifyVxlan1ConnSettings",
        {"source_interface": "Loopback1", "udp_port": 4789},
        "success",
    ),
    ("vxlan.VerifyVxlanVniBinding", {"bindings": {10010: 10, 50001: "RED"}}, "success"),
    ("vxlan.VerifyVxlanVtep", {"vteps": ["192.168.254.4"]}, "success"),
]


@pytest.mark.parametrize(("name", "inputs", "expected"), MORE, ids=[row[0] for row in MORE])
def test_beyond_the_index(name, inputs, expected, leaf):
    found, messages = verdict(name, inputs, leaf)
    assert found == expected, messages
