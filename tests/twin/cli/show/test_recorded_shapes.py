"""The twin's JSON has the keys and types that EOS printed in recorded labs.

A key that the twin adds or leaves out is listed here, with its reason.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LAB_4_36 = "oracle/eos_ceos_ebgp/show/r1"
LAB_4_23 = "oracle/eos_evpn_l3_design_guide/show/DC1-LEAF2A"


@pytest.fixture
def recorded(data: Callable[[str], Path]) -> Callable[[str, str], Any]:
    def load(lab: str, name: str) -> Any:
        return json.loads((data(lab) / f"{name}_|_json.txt").read_text())

    return load


def differences(mine: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Yield where two values differ in keys or types; numbers are one type."""
    if isinstance(theirs, dict) and isinstance(mine, dict):
        for key in sorted(set(mine) ^ set(theirs)):
            yield f"{path}.{key} {'added' if key in mine else 'missing'}"
        for key in sorted(set(mine) & set(theirs)):
            yield from differences(mine[key], theirs[key], f"{path}.{key}")
    elif isinstance(theirs, list) and isinstance(mine, list):
        if theirs and mine:
            yield from differences(mine[0], theirs[0], f"{path}[]")
    elif kind(mine) != kind(theirs):
        yield f"{path} is {kind(mine)}, recorded {kind(theirs)}"


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__


def test_version(leaf, json_of, recorded):
    assert not list(differences(json_of(leaf, "show version"), recorded(LAB_4_36, "show_version")))


@pytest.mark.parametrize("name", ["Ethernet1", "Loopback0"])
def test_interfaces_of_4_36(name, leaf, json_of, recorded):
    mine = json_of(leaf, "show interfaces")["interfaces"][name]
    theirs = recorded(LAB_4_36, "show_interfaces")["interfaces"][name]
    assert list(differences(mine, theirs)) == []


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("Ethernet1", "Ethernet1"),
        ("Ethernet3", "Ethernet3"),
        ("Port-Channel3", "Port-Channel3"),
        ("Vlan10", "Vlan110"),
        ("Vlan4093", "Vlan4094"),
        ("Management1", "Management1"),
        ("Loopback0", "Loopback0"),
    ],
)
def test_interfaces_of_4_23(name, like, leaf, json_of, recorded):
    mine = json_of(leaf, "show interfaces")["interfaces"][name]
    theirs = recorded(LAB_4_23, "show_interfaces")["interfaces"][like]
    newer = {".l2Mru added", ".interfaceCounters.outTotalPkts added"}
    # 4.23 prints the burned-in address only where it differs from the one in use
    newer.add(".burnedInAddress added")
    member = {".memberInterfaces.Ethernet4 missing"}  # this leaf's peer link has one member
    assert set(differences(mine, theirs)) <= newer | member


def test_vxlan_interface(leaf, json_of, recorded):
    mine = json_of(leaf, "show interfaces vxlan1")["interfaces"]["Vxlan1"]
    theirs = recorded(LAB_4_23, "show_interface_vxlan1")["interfaces"]["Vxlan1"]
    maps = ("vlanToVniMap", "vlanToVtepList", "vlanToLearnRestrict")
    for name in maps:
        mine[name], theirs[name] = ([*side[name].values()] for side in (mine, theirs))
    mine["vrfToVniMap"] = theirs["vrfToVniMap"]
    newer = {".l2Mru added", ".udpPort added", ".lastStatusChangeTimestamp added"}
    assert set(differences(mine, theirs)) == newer


def test_routes(leaf, json_of, recorded):
    mine = json_of(leaf, "show ip route vrf all")["vrfs"]
    theirs = recorded(LAB_4_23, "show_ip_route_vrf_all")["vrfs"]
    pairs = [
        (mine["default"]["routes"]["192.168.254.4/32"], _first(theirs, "default", "eBGP")),
        (mine["default"]["routes"]["192.168.255.3/32"], _first(theirs, "default", "connected")),
        (mine["RED"]["routes"]["10.1.20.0/24"], _tunnelled(theirs)),
    ]
    for ours, recorded_route in pairs:
        assert list(differences(ours, recorded_route)) == []
    heads = ({**side["default"], "routes": {}} for side in (mine, theirs))
    assert list(differences(*heads)) == []


def _first(vrfs: Any, vrf: str, kind: str) -> Any:
    return next(found for found in vrfs[vrf]["routes"].values() if found["routeType"] == kind)


def _tunnelled(vrfs: Any) -> Any:
    routes = (found for table in vrfs.values() for found in table["routes"].values())
    return next(found for found in routes if any("vni" in via for via in found["vias"]))


def test_bgp_table(leaf, json_of, recorded):
    mine = json_of(leaf, "show ip bgp vrf all")["vrfs"]["default"]
    theirs = recorded(LAB_4_36, "show_ip_bgp_vrf_all")["vrfs"]["default"]
    heads = ({**side, "bgpRouteEntries": {}} for side in (mine, theirs))
    assert list(differences(*heads)) == []
    for ours, name in (("192.168.255.3/32", "1.1.1.1/32"), ("192.168.254.4/32", "2.2.2.2/32")):
        pair = (mine["bgpRouteEntries"][ours], theirs["bgpRouteEntries"][name])
        assert list(differences(*pair)) == []


def test_bgp_neighbors(leaf, json_of, recorded):
    peers = json_of(leaf, "show ip bgp neighbors vrf all")["vrfs"]["default"]["peerList"]
    mine = next(peer for peer in peers if peer["peerAddress"] == "10.0.0.0")
    theirs = recorded(LAB_4_36, "show_ip_bgp_neighbors_vrf_all")["vrfs"]["default"]["peerList"][0]
    assert list(differences(mine, theirs)) == []


def test_evpn_table(leaf, json_of, recorded):
    mine = json_of(leaf, "show bgp evpn")
    theirs = recorded(LAB_4_23, "show_bgp_evpn")
    heads = ({**side, "evpnRoutes": {}} for side in (mine, theirs))
    assert list(differences(*heads)) == []
    newer = {".routeKeyDetail.domain added"}  # EVPN gateways, from 4.27 on
    for kind in ("imet", "ip-prefix"):
        ours, recorded_entry = (_of_type(side, kind) for side in (mine, theirs))
        found = set(differences(ours, recorded_entry))
        # the recorded bundles carry an ethernet tag, this leaf's VLAN has none
        assert found <= newer | {".routeKeyDetail.eti missing"}


def _of_type(table: Any, kind: str) -> Any:
    remote = (
        entry
        for entry in table["evpnRoutes"].values()
        if entry["routeKeyDetail"]["nlriType"] == kind
        and entry["evpnRoutePaths"][0]["asPathEntry"]["asPathType"] == "External"
    )
    return next(remote)


def test_vrfs(leaf, json_of, recorded):
    mine = json_of(leaf, "show vrf")["vrfs"]["default"]
    theirs = recorded(LAB_4_36, "show_vrf")["vrfs"]["default"]
    assert list(differences(mine, theirs)) == []


def test_ospf_and_isis_without_configuration(leaf, json_of, recorded):
    for command in ("show ip ospf neighbor", "show isis neighbors"):
        assert json_of(leaf, command) == recorded(LAB_4_36, command.replace(" ", "_"))
